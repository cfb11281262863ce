package dev.lynceus.request;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.ExplainOptions;
import dev.lynceus.method.Explanation;
import dev.lynceus.method.Finding;
import dev.lynceus.method.TargetSpec;
import dev.lynceus.method.dependence.Dependence;
import java.util.List;
import java.util.OptionalInt;

/// Answers, and shows what made the model say it. Gives an [Explanation]; of a model whose logits
/// have no shares a [Dependence].
///
/// @param target what is explained
/// @param words most words of the model's own answer; empty = 12, of a model of a billion
///   parameters and more 3
/// @param heads heads that are explained position by position
/// @param patchWords which visual tokens are read in words
/// @param methods further maps of the picture, by their names; `all` for all that need no truth
/// @param check whether the first map of each word is tested
/// @param maxTokens most tokens of the answer; empty = what the checkpoint says, else 32
/// @param seed of what draws at random
@Gives({Explanation.class, Dependence.class})
public record ExplainRequest(
    ModelSpec model,
    Question question,
    @Setting(otherwise = "own-answer") TargetSpec target,
    @Setting(least = 1, most = 10_000) OptionalInt words,
    @Setting(otherwise = "6", least = 0, most = 10_000) int heads,
    @Setting(otherwise = "share") ExplainOptions.PatchReading patchWords,
    List<String> methods,
    @Setting(otherwise = "false") boolean check,
    @Setting(least = 1, most = 1_000_000) OptionalInt maxTokens,
    @Setting(otherwise = "0") long seed)
    implements Request<Finding> {
  public ExplainRequest {
    methods = List.copyOf(methods);
  }

  /// Refuses names of methods that there are not, and too few heads, before a model is loaded.
  ///
  /// @throws LynceusException BAD_REQUEST
  public void requireKnown() {
    var unused = Explained.methods(methods);
    var unusedOptions = ExplainOptions.DEFAULT.heads(heads);
  }

  /// What is said where a setting needs shares of a logit, and the model has none.
  ///
  /// @param option as the user knows it
  public static LynceusException needsShares(String option) {
    return new LynceusException(
        ErrorCode.UNSUPPORTED_MODEL,
        option
            + " is for models whose logits are sums of shares, and this one has norms between them",
        option.equals("--words")
            ? "Leave it out and name a word with --target: one is explained at a time."
            : "Leave it out; `lynceus compare` draws and judges the maps that this model has.");
  }
}
