package dev.lynceus.request;

import dev.lynceus.method.attention.StackLooks;
import java.util.List;
import java.util.Optional;

/// How the heads of each stack look while the question is read: spread, reach, resting places.
///
/// @param stack whose heads; empty = of all stacks
/// @param box a region of the first picture, `[left, top, right, bottom]` in its pixels, whose
///   share is told; none = not told
public record LooksRequest(
    ModelSpec model,
    Question question,
    Optional<Pile> stack,
    @Setting(least = 0, most = 1_000_000_000) List<Integer> box)
    implements Request<StackLooks> {
  public LooksRequest {
    box = Box.checked(box);
  }
}
