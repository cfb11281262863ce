package dev.lynceus.request;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.evidence.Evidence;
import dev.lynceus.method.evidence.EvidenceOptions;
import dev.lynceus.method.evidence.InternalConfidence;
import dev.lynceus.method.evidence.NamedBox;
import dev.lynceus.method.evidence.Thresholds;
import dev.lynceus.method.map.PatchMethod;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Judges each word of an answer by what it rests on.
///
/// @param answer that is judged; empty = the model's own
/// @param away a word that is taken out of the picture's tokens
/// @param reading how words are read out of the picture
/// @param thresholds of verdicts; empty = those that are known of the model, if there are any
/// @param map what shows what a word rests on that speaks of something absent; `none` for no maps
/// @param boxes where things lie in the picture
/// @param askClaims whether the model is asked back about all that the answer names
/// @param others other pictures, each in the place of the first one, for control
/// @param maxTokens most tokens of the model's own answer; empty = what the checkpoint says, else
///   32
public record EvidenceRequest(
    ModelSpec model,
    Question question,
    Optional<String> answer,
    Optional<Away> away,
    @Setting(otherwise = "normed") InternalConfidence.Reading reading,
    Optional<Thresholds> thresholds,
    @Setting(otherwise = EvidenceOptions.MAP) String map,
    List<NamedBox> boxes,
    @Setting(otherwise = "false") boolean askClaims,
    List<PictureRef> others,
    @Setting(least = 1, most = 1_000_000) OptionalInt maxTokens)
    implements Request<Evidence> {

  /// No map at all.
  public static final String NO_MAP = "none";

  /// How a word is taken out of the picture's tokens.
  ///
  /// @param textLayer depth that it is read at; empty = a 32nd of the depth
  /// @param imageLayer layer whose input is changed; empty = a 16th
  /// @param strength 1 takes the part along the word away; empty = 1.5
  public record Away(
      String word,
      @Setting(least = 0, most = 100_000) OptionalInt textLayer,
      @Setting(least = 0, most = 100_000) OptionalInt imageLayer,
      @Setting(least = -1_000_000, most = 1_000_000) OptionalDouble strength) {}

  public EvidenceRequest {
    boxes = List.copyOf(boxes);
    others = List.copyOf(others);
    if (!others.isEmpty() && question.pictures().isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%s has no picture to stand in the place of".formatted(others.getFirst().label()),
          "Name a picture before the question.");
    }
  }

  /// The map of a name; null for none.
  ///
  /// @throws LynceusException BAD_REQUEST for a name that is that of no map, or of several
  public static @Nullable PatchMethod method(String name) {
    if (name.equals(NO_MAP)) {
      return null;
    }
    List<PatchMethod> methods = PatchMethod.named(name);
    if (methods.size() != 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--map " + name + " names " + methods.size() + " maps",
          "Name one, for example " + EvidenceOptions.MAP + ", or none.");
    }
    return methods.getFirst();
  }
}
