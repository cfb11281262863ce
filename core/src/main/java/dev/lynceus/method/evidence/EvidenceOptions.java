package dev.lynceus.method.evidence;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import org.jspecify.annotations.Nullable;

/// What is asked about an answer.
///
/// @param reading how words are read out of the picture
/// @param maxTokens most tokens of the model's answer
/// @param thresholds for verdicts; null for none
/// @param away word that is taken out of the picture; null for none
/// @param projection how; null for the standard one
public record EvidenceOptions(
    InternalConfidence.Reading reading,
    int maxTokens,
    @Nullable Thresholds thresholds,
    @Nullable String away,
    @Nullable ProjectAway projection) {

  /// Scores alone.
  public static final EvidenceOptions DEFAULT =
      new EvidenceOptions(InternalConfidence.Reading.NORMED, 32, null, null, null);

  public EvidenceOptions {
    if (away != null && away.isBlank()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "there is no word to take away", "Name one after --project-away.");
    }
  }
}
