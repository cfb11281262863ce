package dev.lynceus.model.stack;

import dev.lynceus.nn.Linear;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;

/// What the heads of an attention write: together, and where somebody looks, head by head.
final class HeadParts {
  private HeadParts() {}

  /// What the heads write together, `[batch, pos, width]`.
  ///
  /// @param result the place of what each head writes
  /// @param map the output projection
  /// @param z `[batch, pos, heads, headWidth]`
  static Tensor output(Point result, int l, Linear map, StackShape.Heads heads, Tensor z, Tap tap) {
    if (tap.wants(result, l)) {
      Tensor parts = parts(map, heads, z);
      Tensor seen = tap.at(result, l, parts);
      // Looking must not change the last bits of the sum, nor may an edit of nothing.
      if (tap.changes(result, l) && seen.sub(parts).abs().max().item() != 0) {
        return map.plusBias(seen.sum(2));
      }
    }
    return map.apply(z.reshape(z.size(0), z.size(1), -1));
  }

  /// What each head adds to the residual stream: `[batch, pos, heads, width]`.
  private static Tensor parts(Linear output, StackShape.Heads heads, Tensor z) {
    List<Tensor> parts = new ArrayList<>();
    for (int h = 0; h < heads.count(); h++) {
      Linear head = output.columns((long) h * heads.width(), heads.width());
      parts.add(head.apply(z.select(2, h)));
    }
    return Torch.stack(parts, 2);
  }
}
