package dev.lynceus.request;

import dev.lynceus.method.TargetSpec;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.method.score.Comparison;
import java.util.List;
import java.util.OptionalInt;

/// Explains one word by several methods that map the picture, and judges them on equal terms.
///
/// @param target the word
/// @param methods by their names; none = all
/// @param view which picture, or which tile of it
/// @param box where the reason is, `[left, top, right, bottom]` in pixels of the picture; none =
///   not known
/// @param steps points of the curves of deletion and insertion; 0 = no curves
/// @param noises noisy pictures that the maps are compared on; 0 = none
/// @param noise their deviation, in units of the normalised pixels
/// @param seed of chance and noise
/// @param maxTokens most tokens of the answer; empty = what the checkpoint says, else 32
public record CompareRequest(
    ModelSpec model,
    Question question,
    @Setting(otherwise = "own-answer") TargetSpec target,
    List<String> methods,
    @Setting(otherwise = "0", least = 0, most = 10_000) int view,
    @Setting(least = 0, most = 1_000_000_000) List<Integer> box,
    @Setting(otherwise = "16", least = 0, most = 10_000) int steps,
    @Setting(otherwise = "1", least = 0, most = 10_000) int noises,
    @Setting(otherwise = "0.02", least = 0, most = 1_000_000) double noise,
    @Setting(otherwise = "0") long seed,
    @Setting(least = 1, most = 1_000_000) OptionalInt maxTokens)
    implements Request<Comparison> {
  public CompareRequest {
    methods = List.copyOf(methods);
    box = Box.checked(box);
    var unused = chosen(methods);
  }

  /// The methods of these names; all of them where none is named.
  ///
  /// @throws dev.lynceus.error.LynceusException BAD_REQUEST for a name that is none
  static List<PatchMethod> chosen(List<String> names) {
    return PatchMethod.named(names.isEmpty() ? "all" : String.join(",", names));
  }
}
