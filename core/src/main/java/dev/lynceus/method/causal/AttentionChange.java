package dev.lynceus.method.causal;

import dev.lynceus.run.Run;
import dev.lynceus.tap.Point;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.stream.IntStream;

/// How the attention of a layer changes when queries or keys of another run take the place of its
/// own at some positions (the QK fix of AtP*, arXiv 2403.00745).
final class AttentionChange {
  private AttentionChange() {}

  /// Probabilities with the other queries or keys minus those of the run, `[1, heads, pos,
  /// source]`, float64, in the scope that is open: `softmax(S + D) - A` with `D` the change of the
  /// scores `S`. What is forbidden stays forbidden.
  ///
  /// @param site `QUERY` or `KEY`
  /// @param base kept rotated queries and keys
  /// @param source kept what `site` says
  /// @param pattern probabilities of the run, `[1, heads, pos, source]`
  static Tensor of(Component site, Run base, Run source, int layer, Tensor pattern, Places places) {
    try (Scope scope = Scope.open()) {
      Tensor q = wide(base.get(Point.ROT_Q, layer));
      Tensor k = wide(base.get(Point.ROT_K, layer));
      Tensor own = site == Component.QUERY ? q : k;
      Tensor index = Tensor.indices(places.positions());
      Tensor moved =
          Torch.zeros(DType.FLOAT64, own.shape())
              .indexCopy_(
                  2, index, wide(source.get(site.point(), layer)).sub(own).indexSelect(2, index));
      long group = q.size(1) / k.size(1);
      Tensor keys = (site == Component.QUERY ? k : moved).repeatInterleave(group, 1);
      Tensor queries = site == Component.QUERY ? moved : q;
      double scale = 1 / Math.sqrt(q.size(3));
      Tensor change = queries.matmul(keys.transpose(2, 3)).mul(scale);
      Tensor before = pattern.to(DType.FLOAT64);
      Tensor scores =
          changed(base)
              ? before.log()
              : q.matmul(k.repeatInterleave(group, 1).transpose(2, 3))
                  .mul(scale)
                  .add(mask(base, layer));
      return scope.keep(Torch.softmax(scores.add(change), -1).sub(before));
    }
  }

  /// Whether scores of the run are not those of its queries and keys. The logarithms of the
  /// probabilities serve as well, as far as these have not vanished.
  private static boolean changed(Run base) {
    return base.interventions().stream()
        .anyMatch(c -> c.point() == Point.ATTN_SCORES || c.point() == Point.PATTERN);
  }

  private static Tensor mask(Run base, int layer) {
    int length = base.batch().length();
    int[] all = IntStream.range(0, length).toArray();
    return base.visible(layer, all, length, DType.FLOAT64);
  }

  /// `[1, pos, heads, width]` to `[1, heads, pos, width]`.
  private static Tensor wide(Tensor x) {
    return x.to(DType.FLOAT64).transpose(1, 2);
  }
}
