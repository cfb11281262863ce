package dev.lynceus.tensor;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Fused attention with a graph of its own, so that one can go back through it without holding the
/// probabilities. Its threads multiply one beside the other, both ways; as the graph holds nothing
/// else, no other product has to do with one thread for that.
///
/// Everything belongs to the scope that is open.
public final class FusedAttention {
  private final Tensor q;
  private final Tensor k;
  private final Tensor v;
  private final Tensor recorded;

  private FusedAttention(Tensor q, Tensor k, Tensor v, Tensor recorded) {
    this.q = q;
    this.k = k;
    this.v = v;
    this.recorded = recorded;
  }

  /// Gradients with respect to queries, keys and values, each in their shape.
  public record Slopes(Tensor q, Tensor k, Tensor v) {}

  /// Attention as [Torch#scaledDotProductAttention].
  public static FusedAttention of(
      Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, boolean causal, double scale) {
    Tensor queries = q.detach().requiresGrad();
    Tensor keys = k.detach().requiresGrad();
    Tensor values = v.detach().requiresGrad();
    return new FusedAttention(
        queries, keys, values, Torch.fusedAttention(queries, keys, values, mask, causal, scale));
  }

  /// What was attended, `[b, h, t, d]`.
  public Tensor output() {
    return recorded.detach();
  }

  /// The way back.
  ///
  /// @param slope gradient with respect to [#output()], of its shape
  public Slopes back(Tensor slope) {
    List<Tensor> found =
        Threads.oneEach(
            q.size(2) * k.size(2) * q.size(3),
            () ->
                Torch.gradients(recorded, slope, List.of(q, k, v)).stream()
                    .map(one -> one.orElseThrow())
                    .toList());
    return new Slopes(found.get(0), found.get(1), found.get(2));
  }

  /// Keeps what the way back needs beyond the innermost scope.
  public FusedAttention keptBy(Scope scope) {
    for (Tensor one : List.of(q, k, v, recorded)) {
      scope.keep(one);
    }
    return this;
  }
}
