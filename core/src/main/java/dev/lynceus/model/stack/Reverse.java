package dev.lynceus.model.stack;

import dev.lynceus.nn.Activation;
import dev.lynceus.nn.Linear;
import dev.lynceus.nn.Masks;
import dev.lynceus.nn.Rope;
import dev.lynceus.tensor.FusedAttention;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The way back through the layers of a stack with norms before, written out: the gradient of what
/// leaves a layer becomes that of what enters it. Weights are constants, so of the forward pass
/// only what stands beside a product of two activations is needed: the inputs of the norms,
/// queries, keys and values, and the factors of the feed-forward network; its last product is not.
///
/// The forward part is that of [Block] where nothing is looked at or changed. Everything belongs to
/// the scope that is open.
public final class Reverse {
  private final StackShape.Heads heads;
  private final List<Layer> layers;

  public Reverse(StackShape.Heads heads, List<Layer> layers) {
    this.heads = heads;
    this.layers = layers;
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
  /// @param gate what enters the activation function, `[batch, pos - first, inner]`
  /// @param up `[batch, pos - first, inner]`; null without a gate
  /// @param q `[batch, heads, pos - first, headWidth]`
  /// @param k `[batch, keyHeads, pos, headWidth]`
  /// @param v `[batch, keyHeads, pos, headWidth]`
  /// @param mask additive, or null
  /// @param ordered whether, without a mask, each row sees the positions up to its own only
  /// @param table of all positions; null where they are not rotated
  /// @param added what is added after the layer, rows from the first that is wanted on, or null
  /// @param fused the attention, where it was computed
  public record Kept(
      int layer,
      Tensor input,
      int first,
      Tensor middle,
      Tensor gate,
      @Nullable Tensor up,
      Tensor q,
      Tensor k,
      Tensor v,
      @Nullable Tensor mask,
      boolean ordered,
      Rope.@Nullable Table table,
      @Nullable Tensor added,
      @Nullable FusedAttention fused) {

    private boolean causal() {
      return Reverse.causal(ordered, mask, q);
    }
  }

  /// Computes what the way back through a layer needs.
  ///
  /// @param x the stream that enters it, `[batch, pos, width]`
  /// @param around of the whole sequence
  /// @param first the first row that is wanted
  public Kept keep(int layer, Tensor x, Surroundings around, int first, Known known) {
    Layer w = layers.get(layer);
    List<Tensor> kept = new ArrayList<>();
    try (Scope scope = Scope.open()) {
      Rope.Table table = around.table();
      boolean whole = known.past != null && known.q != null;
      Tensor normalized = whole ? x : w.attentionNorm().apply(x);
      Tensor q =
          known.q != null
              ? known.q
              : rotated(
                  w.attention().queries(from(normalized, first), heads),
                  table == null ? null : table.from(first));
      q = q.transpose(1, 2);
      Tensor k;
      Tensor v;
      if (known.past == null) {
        k = rotated(w.attention().keys(normalized, heads), table).transpose(1, 2);
        v = w.attention().values(normalized, heads).transpose(1, 2);
      } else {
        k = known.past.keys();
        v = known.past.values();
      }
      Tensor mask = mask(around, first, x);
      FusedAttention fused = null;
      Tensor middle = known.middle;
      if (middle == null) {
        fused = FusedAttention.of(q, k, v, mask, causal(around.causal(), mask, q), heads.scale());
        Tensor z = fused.output().transpose(1, 2).reshape(x.size(0), q.size(2), -1);
        Tensor attended = w.attention().output().apply(z);
        middle =
            from(x, first)
                .add(w.behind() == null ? attended : w.behind().attention().apply(attended));
        fused.keptBy(scope);
      }
      Tensor gate = known.gate;
      Tensor up = known.up;
      boolean gated = w.feedForward().gate() != null;
      if (gate == null || gated && up == null) {
        Tensor fed = w.feedForwardNorm().apply(middle);
        gate = w.feedForward().first().apply(fed);
        up = gated ? w.feedForward().up().apply(fed) : null;
      }
      kept.addAll(List.of(middle, gate, q, k, v));
      if (up != null) {
        kept.add(up);
      }
      if (mask != null && mask != around.mask()) {
        kept.add(mask);
      }
      Tensor added = around.added() == null ? null : rows(around.added(), first);
      if (added != null) {
        kept.add(added);
      }
      kept.removeIf(known::holds);
      kept.forEach(scope::keep);
      return new Kept(
          layer, x, first, middle, gate, up, q, k, v, mask, around.causal(), table, added, fused);
    }
  }

  /// What leaves a layer, rows from the first that is wanted on.
  public Tensor output(Kept kept) {
    try (Scope scope = Scope.open()) {
      Layer.Behind behind = layers.get(kept.layer).behind();
      Tensor written = written(kept);
      Tensor out = kept.middle.add(behind == null ? written : behind.feedForward().apply(written));
      return scope.keep(kept.added == null ? out : out.add(kept.added));
    }
  }

  /// What the feed-forward network gives.
  private Tensor written(Kept kept) {
    FeedForward w = layers.get(kept.layer).feedForward();
    Tensor neurons = w.activation().apply(kept.gate);
    return w.down().apply(kept.up == null ? neurons : neurons.mul_(kept.up));
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
              : FusedAttention.of(kept.q, kept.k, kept.v, kept.mask, kept.causal(), heads.scale());
      FusedAttention.Slopes found = fused.back(attended(kept, middle, fused));
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
      FusedAttention fused =
          layers.get(kept.layer).behind() == null
              ? null
              : FusedAttention.of(kept.q, kept.k, kept.v, kept.mask, kept.causal(), heads.scale());
      FusedAttention.Slopes found =
          new SeenAttention(kept.q, kept.k, kept.v, mask, heads.scale())
              .back(attended(kept, middle, fused), visitor);
      return scope.keep(entering(kept, middle, found));
    }
  }

  /// From what leaves a layer to the stream between attention and feed-forward network.
  private Tensor feedForward(Kept kept, Tensor slope) {
    Layer w = layers.get(kept.layer);
    FeedForward net = w.feedForward();
    try (Scope scope = Scope.open()) {
      Tensor given =
          w.behind() == null ? slope : w.behind().feedForward().back(written(kept), slope);
      Tensor neurons = back(net.down(), given);
      Tensor fed;
      if (kept.up == null) {
        // Several slopes may share what entered the function.
        Tensor ones = Torch.full(kept.gate.dtype(), 1, kept.gate.shape());
        Tensor local = net.activation().slope(kept.gate, ones).slope();
        fed = back(net.up(), neurons.mul(local));
      } else {
        Activation.Slope activated = net.activation().slope(kept.gate, kept.up);
        fed = back(net.first(), neurons.mul(activated.slope()));
        fed.add_(back(net.up(), neurons.mul_(activated.value())));
      }
      return scope.keep(w.feedForwardNorm().back(kept.middle, fed).add_(slope));
    }
  }

  /// On to what was attended, `[batch, heads, pos - first, headWidth]`.
  ///
  /// @param fused the attention, where a norm behind it needs what it gave
  private Tensor attended(Kept kept, Tensor middle, @Nullable FusedAttention fused) {
    Layer w = layers.get(kept.layer);
    Tensor slope = middle;
    if (w.behind() != null && fused != null) {
      Tensor z = fused.output().transpose(1, 2).flatten(2, 3);
      slope = w.behind().attention().back(w.attention().output().apply(z), middle);
    }
    return Projections.split(back(w.attention().output(), slope), heads.count()).transpose(1, 2);
  }

  /// On to what enters the layer.
  private Tensor entering(Kept kept, Tensor middle, FusedAttention.Slopes slopes) {
    Layer w = layers.get(kept.layer);
    Projections maps = w.attention();
    Rope.Table back = kept.table == null ? null : kept.table.back();
    Tensor k = rotated(slopes.k().transpose(1, 2), back);
    Tensor q = rotated(slopes.q().transpose(1, 2), back == null ? null : back.from(kept.first));
    if (maps.norms() != null) {
      // What entered these norms is one product away, and not worth its memory.
      Tensor read = w.attentionNorm().apply(kept.input);
      Tensor keys = Projections.split(maps.key().apply(read), heads.shared());
      k = maps.norms().key().back(keys, k);
      Tensor own = maps.query().apply(from(read, kept.first));
      q = maps.norms().query().back(Projections.split(own, heads.count()), q);
    }
    Tensor normalized = back(maps.key(), k.flatten(2, 3));
    normalized.add_(back(maps.value(), slopes.v().transpose(1, 2).flatten(2, 3)));
    rows(normalized, kept.first).add_(back(maps.query(), q.flatten(2, 3)));
    Tensor input = w.attentionNorm().back(kept.input, normalized);
    rows(input, kept.first).add_(middle);
    return input;
  }

  private static Tensor back(Linear map, Tensor slope) {
    return map.back(slope.flatten(0, 1)).reshape(slope.size(0), slope.size(1), map.in());
  }

  private static Tensor rotated(Tensor x, Rope.@Nullable Table table) {
    return table == null ? x : Rope.rotate(x, table);
  }

  private static boolean causal(boolean ordered, @Nullable Tensor mask, Tensor q) {
    return ordered && mask == null && q.size(2) > 1;
  }

  private static @Nullable Tensor mask(Surroundings around, int first, Tensor x) {
    int rows = columns(x) - first;
    if (around.mask() != null) {
      return first == 0 ? around.mask() : around.mask().narrow(2, first, rows);
    }
    // A row in the middle sees more than its number among those that are wanted.
    return !around.causal() || first == 0 || rows == 1
        ? null
        : Masks.causal(rows, columns(x), x.dtype());
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
}
