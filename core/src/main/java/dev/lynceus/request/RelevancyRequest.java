package dev.lynceus.request;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.relevancy.CompatibleRelevancy;
import dev.lynceus.method.relevancy.RelevancyResult;
import java.util.OptionalInt;

/// Follows each word of the answer back to the picture, or to the words of a text that is read.
///
/// @param mode which map is told
/// @param compatible whether as LVLM-Interpret computes it, with its known faults
/// @param pieces of such maps: that of a word of several tokens
/// @param maxTokens most tokens of the answer; empty = what the checkpoint says, else 32
public record RelevancyRequest(
    ModelSpec model,
    Question question,
    @Setting(otherwise = "decoder") RelevancyResult.Mode mode,
    @Setting(otherwise = "false") boolean compatible,
    @Setting(otherwise = "last") CompatibleRelevancy.Pieces pieces,
    @Setting(least = 1, most = 1_000_000) OptionalInt maxTokens)
    implements Request<RelevancyResult> {

  /// What is said where there is nothing to follow an answer back to.
  public static LynceusException blind() {
    return new LynceusException(
        ErrorCode.BAD_REQUEST,
        "there is no picture to follow the answer back to",
        "Name a picture before the question; a model that reads takes --passage, or with --raw a text"
            + " with words taken out.");
  }
}
