package dev.lynceus.model.llama;

import dev.lynceus.nn.Activation;
import dev.lynceus.nn.Linear;
import dev.lynceus.nn.Masks;
import dev.lynceus.nn.Rope;
import dev.lynceus.tensor.FusedAttention;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The way back through the layers of a [Llama], written out: the gradient of what leaves a layer
/// becomes that of what enters it. Weights are constants, so of the forward pass only what stands
/// beside a product of two activations is needed: the inputs of the norms, queries, keys and
/// values, and the two factors of the feed-forward network; its last product is not.
///
/// The forward part is that of [Llama] where nothing is looked at or changed. Everything belongs to
/// the scope that is open.
public final class LlamaReverse {
  private final LlamaConfig config;
  private final LlamaWeights weights;
  private final Rope rope;

  LlamaReverse(LlamaConfig config, LlamaWeights weights, Rope rope) {
    this.config = config;
    this.weights = weights;
    this.rope = rope;
  }

  /// What is known of a layer already, from the pass that a run made; null = not kept. For rows
  /// from the first that is wanted on, but the keys and values.
  ///
  /// @param past keys and values of all positions
  /// @param q rotated queries, `[batch, pos, heads, headWidth]`
  /// @param middle the stream between attention and feed-forward network
  /// @param gate what enters the activation function
  /// @param up what its value is multiplied with
  public record Known(
      Past.@Nullable Pair past,
      @Nullable Tensor q,
      @Nullable Tensor middle,
      @Nullable Tensor gate,
      @Nullable Tensor up) {

    /// Nothing.
    public static final Known NOTHING = new Known(null, null, null, null, null);

    private boolean holds(Tensor one) {
      return one == middle
          || one == gate
          || one == up
          || past != null && (one == past.keys() || one == past.values());
    }
  }

  /// What the way back through a layer needs.
  ///
  /// @param layer its number
  /// @param input the stream that enters it, `[batch, pos, width]`
  /// @param first the first row that leaves it; those before it are not wanted
  /// @param middle `[batch, pos - first, width]`
  /// @param gate `[batch, pos - first, inner]`
  /// @param up `[batch, pos - first, inner]`
  /// @param q `[batch, heads, pos - first, headWidth]`
  /// @param k `[batch, keyHeads, pos, headWidth]`
  /// @param v `[batch, keyHeads, pos, headWidth]`
  /// @param mask additive, or null where each row sees the positions up to its own
  /// @param table of all positions
  /// @param fused the attention, where it was computed
  public record Kept(
      int layer,
      Tensor input,
      int first,
      Tensor middle,
      Tensor gate,
      Tensor up,
      Tensor q,
      Tensor k,
      Tensor v,
      @Nullable Tensor mask,
      Rope.Table table,
      @Nullable FusedAttention fused) {

    private boolean causal() {
      return mask == null && q.size(2) > 1;
    }
  }

  /// Computes what the way back through a layer needs.
  ///
  /// @param x the stream that enters it, `[batch, pos, width]`
  /// @param pass the whole sequence
  /// @param first the first row that is wanted
  public Kept keep(int layer, Tensor x, Llama.Pass pass, int first, Known known) {
    LlamaWeights.Layer w = weights.layers().get(layer);
    List<Tensor> kept = new ArrayList<>();
    try (Scope scope = Scope.open()) {
      Rope.Table table = rope.table(pass.positions(), pass.longest(), x.dtype());
      boolean whole = known.past != null && known.q != null;
      Tensor normalized = whole ? x : w.attentionNorm().apply(x);
      Tensor q =
          known.q != null
              ? known.q
              : Rope.rotate(w.queries(from(normalized, first), config), table.from(first));
      q = q.transpose(1, 2);
      Tensor k;
      Tensor v;
      if (known.past == null) {
        k = Rope.rotate(w.keys(normalized, config), table).transpose(1, 2);
        v = w.values(normalized, config).transpose(1, 2);
      } else {
        k = known.past.keys();
        v = known.past.values();
      }
      Tensor mask = mask(layer, pass, first, x);
      FusedAttention fused = null;
      Tensor middle = known.middle;
      if (middle == null) {
        fused = FusedAttention.of(q, k, v, mask, mask == null && q.size(2) > 1, scale());
        Tensor z = fused.output().transpose(1, 2).reshape(x.size(0), q.size(2), -1);
        middle = from(x, first).add(w.output().apply(z));
        fused.keptBy(scope);
      }
      Tensor gate = known.gate;
      Tensor up = known.up;
      if (gate == null || up == null) {
        Tensor fed = w.feedForwardNorm().apply(middle);
        gate = w.gate().apply(fed);
        up = w.up().apply(fed);
      }
      kept.addAll(List.of(middle, gate, up, q, k, v, table.cos(), table.sin()));
      if (mask != null) {
        kept.add(mask);
      }
      kept.removeIf(known::holds);
      kept.forEach(scope::keep);
      return new Kept(layer, x, first, middle, gate, up, q, k, v, mask, table, fused);
    }
  }

  /// What leaves a layer, rows from the first that is wanted on.
  public Tensor output(Kept kept) {
    try (Scope scope = Scope.open()) {
      Tensor neurons = config.activation().apply(kept.gate).mul_(kept.up);
      return scope.keep(kept.middle.add(weights.layers().get(kept.layer).down().apply(neurons)));
    }
  }

  /// The way back through a layer.
  ///
  /// @param slope gradient of what leaves it, `[batch, pos - first, width]`
  /// @return that of what enters it, `[batch, pos, width]`
  public Tensor back(Kept kept, Tensor slope) {
    try (Scope scope = Scope.open()) {
      Tensor middle = feedForward(kept, slope);
      FusedAttention fused =
          kept.fused != null
              ? kept.fused
              : FusedAttention.of(kept.q, kept.k, kept.v, kept.mask, kept.causal(), scale());
      FusedAttention.Slopes found = fused.back(attended(kept, middle));
      return scope.keep(entering(kept, middle, found));
    }
  }

  /// The way back through a layer for several slopes of one sequence, with a look at the attention
  /// probabilities and the slopes with respect to them.
  ///
  /// @param slopes `[slopes, pos - first, width]`
  /// @return `[slopes, pos, width]`
  public Tensor back(Kept kept, Tensor slopes, SeenAttention.Visitor visitor) {
    try (Scope scope = Scope.open()) {
      Tensor middle = feedForward(kept, slopes);
      Tensor mask =
          kept.causal()
              ? Masks.causal(columns(kept.input), columns(kept.input), middle.dtype())
              : kept.mask;
      FusedAttention.Slopes found =
          new SeenAttention(kept.q, kept.k, kept.v, mask, scale())
              .back(attended(kept, middle), visitor);
      return scope.keep(entering(kept, middle, found));
    }
  }

  /// From what leaves a layer to the stream between attention and feed-forward network.
  private Tensor feedForward(Kept kept, Tensor slope) {
    LlamaWeights.Layer w = weights.layers().get(kept.layer);
    try (Scope scope = Scope.open()) {
      Tensor neurons = back(w.down(), slope);
      Activation.Slope activated = config.activation().slope(kept.gate, kept.up);
      Tensor fed = back(w.gate(), neurons.mul(activated.slope()));
      fed.add_(back(w.up(), neurons.mul_(activated.value())));
      return scope.keep(w.feedForwardNorm().back(kept.middle, fed).add_(slope));
    }
  }

  /// On to what was attended, `[batch, heads, pos - first, headWidth]`.
  private Tensor attended(Kept kept, Tensor middle) {
    Tensor z = back(weights.layers().get(kept.layer).output(), middle);
    return LlamaWeights.heads(z, config.heads()).transpose(1, 2);
  }

  /// On to what enters the layer.
  private Tensor entering(Kept kept, Tensor middle, FusedAttention.Slopes slopes) {
    LlamaWeights.Layer w = weights.layers().get(kept.layer);
    Rope.Table back = kept.table.back();
    Tensor k = Rope.rotate(slopes.k().transpose(1, 2), back);
    Tensor q = Rope.rotate(slopes.q().transpose(1, 2), back.from(kept.first));
    if (w.headNorms() != null) {
      // What entered these norms is one product away, and not worth its memory.
      Tensor read = w.attentionNorm().apply(kept.input);
      k = w.headNorms().key().back(LlamaWeights.heads(w.key().apply(read), config.keyHeads()), k);
      Tensor own = w.query().apply(from(read, kept.first));
      q = w.headNorms().query().back(LlamaWeights.heads(own, config.heads()), q);
    }
    Tensor normalized = back(w.key(), k.flatten(2, 3));
    normalized.add_(back(w.value(), slopes.v().transpose(1, 2).flatten(2, 3)));
    rows(normalized, kept.first).add_(back(w.query(), q.flatten(2, 3)));
    Tensor input = w.attentionNorm().back(kept.input, normalized);
    rows(input, kept.first).add_(middle);
    return input;
  }

  private static Tensor back(Linear map, Tensor slope) {
    return map.back(slope.flatten(0, 1)).reshape(slope.size(0), slope.size(1), map.in());
  }

  private @Nullable Tensor mask(int layer, Llama.Pass pass, int first, Tensor x) {
    Tensor mask =
        config.windows()[layer] < pass.longest() && pass.windowMask() != null
            ? pass.windowMask()
            : pass.mask();
    int rows = columns(x) - first;
    if (mask != null) {
      return mask.narrow(2, first, rows);
    }
    // A row in the middle sees more than its number among those that are wanted.
    return first == 0 || rows == 1 ? null : Masks.causal(rows, columns(x), x.dtype());
  }

  private static int columns(Tensor x) {
    return (int) x.size(1);
  }

  private static Tensor from(Tensor x, int first) {
    return first == 0 ? x : rows(x, first).contiguous();
  }

  /// Rows from one on; what is written into them is written into the whole.
  private static Tensor rows(Tensor x, int first) {
    return x.narrow(1, first, x.size(1) - first);
  }

  private double scale() {
    return 1 / Math.sqrt(config.headWidth());
  }
}
