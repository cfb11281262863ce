package dev.lynceus.method.evidence;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.run.Prompt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is asked about an answer.
///
/// @param reading how words are read out of the picture
/// @param maxTokens most tokens of the model's answer
/// @param thresholds for verdicts; null for none
/// @param away word that is taken out of the picture; null for none
/// @param projection how; null for the standard one
/// @param map what shows what a word rests on that speaks of something absent; null where neither
///   that nor the map of each decisive word is looked for
/// @param boxes of things in the picture; empty where none are known
/// @param claims whether the model is asked back about what the answer's words claim even where no
///   threshold needs it
/// @param others the same question about other pictures, for control; empty for none
public record EvidenceOptions(
    InternalConfidence.Reading reading,
    int maxTokens,
    @Nullable Thresholds thresholds,
    @Nullable String away,
    @Nullable ProjectAway projection,
    @Nullable PatchMethod map,
    List<NamedBox> boxes,
    boolean claims,
    List<Prompt> others) {

  /// The map that is used unless another is named.
  public static final String MAP = "top-heads";

  /// Scores alone.
  public static final EvidenceOptions DEFAULT =
      new EvidenceOptions(InternalConfidence.Reading.NORMED, 32, null, null, null);

  public EvidenceOptions {
    boxes = List.copyOf(boxes);
    others = List.copyOf(others);
    if (away != null && away.isBlank()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "there is no word to take away", "Name one after --project-away.");
    }
  }

  /// Without other pictures.
  public EvidenceOptions(
      InternalConfidence.Reading reading,
      int maxTokens,
      @Nullable Thresholds thresholds,
      @Nullable String away,
      @Nullable ProjectAway projection,
      @Nullable PatchMethod map,
      List<NamedBox> boxes,
      boolean claims) {
    this(reading, maxTokens, thresholds, away, projection, map, boxes, claims, List.of());
  }

  /// Without boxes, with the usual map, asked back where a threshold needs it.
  public EvidenceOptions(
      InternalConfidence.Reading reading,
      int maxTokens,
      @Nullable Thresholds thresholds,
      @Nullable String away,
      @Nullable ProjectAway projection) {
    this(
        reading,
        maxTokens,
        thresholds,
        away,
        projection,
        PatchMethod.named(MAP).getFirst(),
        List.of(),
        false);
  }

  /// Whether the model is asked back about what words claim.
  boolean askClaims() {
    return claims || thresholds != null && thresholds.needClaims();
  }
}
