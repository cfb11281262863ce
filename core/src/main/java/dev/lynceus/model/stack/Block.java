package dev.lynceus.model.stack;

import dev.lynceus.nn.Linear;
import dev.lynceus.nn.Norm;
import dev.lynceus.nn.Rope;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How every layer of a stack is computed, through the tap: attention and a feed-forward network,
/// each read from the residual stream and added to it; between them attention over an earlier
/// stack, where a layer has one. Norms come before each of them, or after it on the sum, so that
/// what enters a layer is in any case what left the one before.
public final class Block {
  private final Stack stack;
  private final StackShape.Heads heads;
  private final Order order;
  private final Attention attention;
  private final @Nullable CrossAttention across;
  private final TappedNorm first;
  private final TappedNorm second;

  /// Where the norms of a layer stand.
  public enum Order {
    /// Before attention and feed-forward network (Llama, ViT).
    BEFORE,
    /// After them, on the sum with the stream (BERT).
    AFTER;

    /// What is read of the stream.
    Tensor before(TappedNorm places, RowNorms norm, int l, Tensor x, Tap tap) {
      return switch (this) {
        case BEFORE -> places.apply(norm, l, x, tap);
        case AFTER -> x;
      };
    }

    /// The stream after something was added to it.
    Tensor after(TappedNorm places, RowNorms norm, int l, Tensor sum, Tap tap) {
      return switch (this) {
        case BEFORE -> sum;
        case AFTER -> places.apply(norm, l, sum, tap);
      };
    }
  }

  /// @param stack whose points are passed
  public Block(Stack stack, StackShape.Heads heads, Order order) {
    this.stack = stack;
    this.heads = heads;
    this.order = order;
    this.attention = new Attention(at(Site.ATTN_SCORES), at(Site.PATTERN), heads.scale());
    this.first = new TappedNorm(at(Site.LN1_SCALE), at(Site.LN1_NORMALIZED), at(Site.LN1_OUT));
    this.second = new TappedNorm(at(Site.LN2_SCALE), at(Site.LN2_NORMALIZED), at(Site.LN2_OUT));
    this.across = Site.CROSS_IN.isIn(stack) ? new CrossAttention(stack, heads, order) : null;
  }

  private Point at(Site site) {
    return Point.of(stack, site);
  }

  /// Whether a layer has a place.
  ///
  /// @param rotates whether queries and keys are rotated
  public static boolean has(Site site, Layer layer, boolean rotates) {
    if (site.isCross()) {
      return layer.cross() != null;
    }
    return switch (site) {
      case Q_NORM, K_NORM -> layer.attention().norms() != null;
      case ROTARY_COS, ROTARY_SIN, ROT_Q, ROT_K -> rotates;
      case POS_EMBED -> false;
      case MLP_GATE, MLP_PRE_LINEAR -> layer.feedForward().gate() != null;
      case ADDED -> false;
      case LN1_POST_IN,
          LN1_POST_SCALE,
          LN1_POST_NORMALIZED,
          LN2_POST_IN,
          LN2_POST_SCALE,
          LN2_POST_NORMALIZED ->
          layer.behind() != null;
      case LOCAL_COS, LOCAL_SIN -> false;
      default -> true;
    };
  }

  /// One layer.
  ///
  /// @param l its number
  /// @param input the residual stream, `[batch, pos, width]`
  /// @return the residual stream after it
  public Tensor forward(int l, Layer layer, Tensor input, Surroundings around, Tap tap) {
    Tensor x = tap.at(at(Site.RESID_PRE), l, input);
    Tensor read = tap.at(at(Site.ATTN_IN), l, x);
    RowNorms firstNorm = RowNorms.of(layer.attentionNorm());
    Tensor normalized = order.before(first, firstNorm, l, read, tap);
    Tensor attended;
    try (Scope scope = Scope.open()) {
      Tensor given = attend(l, layer, read, normalized, around, tap);
      if (layer.behind() != null) {
        given = behind(ATTENTION, layer.behind().attention(), l, given, tap);
      }
      attended = scope.keep(tap.at(at(Site.ATTN_OUT), l, given));
    }
    Tensor middle =
        tap.at(at(Site.RESID_MID), l, order.after(first, firstNorm, l, x.add(attended), tap));
    Surroundings.Memory memory = around.memory();
    if (layer.cross() != null && memory != null && across != null) {
      middle = across.forward(l, layer.cross(), middle, memory, tap);
    }
    return half(l, layer, middle, around, tap);
  }

  /// The feed-forward network of a layer. Rows that read the memory are queries, the others words.
  private Tensor half(int l, Layer layer, Tensor middle, Surroundings around, Tap tap) {
    Surroundings.Memory memory = around.memory();
    long queries = memory == null ? middle.size(1) : memory.readers();
    FeedForward net = layer.feedForward();
    Layer.Words words = queries < middle.size(1) ? layer.words() : null;
    RowNorms norm =
        new RowNorms(layer.feedForwardNorm(), words == null ? null : words.norm(), queries);
    Tensor fed = order.before(second, norm, l, tap.at(at(Site.MLP_IN), l, middle), tap);
    Tensor written;
    try (Scope scope = Scope.open()) {
      Tensor given =
          words == null
              ? feed(l, net, fed, tap)
              : feed(l, net, words.feedForward(), queries, fed, tap);
      if (layer.behind() != null) {
        given = behind(FEED_FORWARD, layer.behind().feedForward(), l, given, tap);
      }
      written = scope.keep(tap.at(at(Site.MLP_OUT), l, given));
    }
    Tensor out = order.after(second, norm, l, middle.add(written), tap);
    if (around.added() != null) {
      out = out.add(tap.at(at(Site.ADDED), l, around.added()));
    }
    return tap.at(at(Site.RESID_POST), l, out);
  }

  /// One layer for the last row of a causal stack with norms before: keys and values of all rows,
  /// all else of one. Nothing is seen or changed.
  ///
  /// @return `[batch, 1, width]`
  public Tensor lastRow(int l, Layer layer, Tensor input, Surroundings around) {
    Projections w = layer.attention();
    long last = input.size(1) - 1;
    Tensor normalized = layer.attentionNorm().apply(input);
    Rope.Table table = around.table();
    Tensor k = rotated(w.keys(normalized, heads), table).transpose(1, 2);
    Tensor v = w.values(normalized, heads).transpose(1, 2);
    if (around.past() != null) {
      Past.Pair all = around.past().append(l, k, v);
      k = all.keys();
      v = all.values();
    }
    Tensor q = w.queries(normalized.narrow(1, last, 1).contiguous(), heads);
    q = rotated(q, table == null ? null : table.from(last)).transpose(1, 2);
    Tensor mask = around.mask();
    Tensor visible = mask == null ? null : mask.narrow(2, last, 1);
    Tensor z = attention.apply(q, k, v, visible, false, Tap.idle(), l);
    Tensor x = input.narrow(1, last, 1);
    Tensor attended = w.output().apply(z.reshape(z.size(0), 1, -1));
    Layer.Behind behind = layer.behind();
    Tensor middle = x.add(behind == null ? attended : behind.attention().apply(attended));
    Tensor fed = feed(l, layer.feedForward(), layer.feedForwardNorm().apply(middle), Tap.idle());
    Tensor out = middle.add(behind == null ? fed : behind.feedForward().apply(fed));
    return around.added() == null ? out : out.add(around.added().narrow(1, last, 1));
  }

  /// The places at the norms behind, whose output is what is added to the stream.
  private static final List<Site> ATTENTION =
      List.of(Site.LN1_POST_IN, Site.LN1_POST_SCALE, Site.LN1_POST_NORMALIZED, Site.ATTN_OUT);

  private static final List<Site> FEED_FORWARD =
      List.of(Site.LN2_POST_IN, Site.LN2_POST_SCALE, Site.LN2_POST_NORMALIZED, Site.MLP_OUT);

  private Tensor behind(List<Site> sites, Norm norm, int l, Tensor given, Tap tap) {
    List<Point> places = sites.stream().map(this::at).toList();
    return new TappedNorm(places.get(1), places.get(2), places.get(3))
        .inner(norm, l, tap.at(places.get(0), l, given), tap);
  }

  private static Tensor rotated(Tensor x, Rope.@Nullable Table table) {
    return table == null ? x : Rope.rotate(x, table);
  }

  private Tensor attend(
      int l, Layer layer, Tensor input, Tensor normalized, Surroundings around, Tap tap) {
    Projections w = layer.attention();
    Tensor forQ = tap.at(at(Site.Q_IN), l, own(Site.Q_INPUT, l, layer, input, normalized, tap));
    Tensor q = tap.at(at(Site.Q), l, Projections.split(w.query().apply(forQ), heads.count()));
    Tensor forK = tap.at(at(Site.K_IN), l, own(Site.K_INPUT, l, layer, input, normalized, tap));
    Tensor k = tap.at(at(Site.K), l, Projections.split(w.key().apply(forK), heads.shared()));
    Tensor forV = tap.at(at(Site.V_IN), l, own(Site.V_INPUT, l, layer, input, normalized, tap));
    Tensor v = tap.at(at(Site.V), l, w.values(forV, heads)).transpose(1, 2);
    if (w.norms() != null) {
      q = tap.at(at(Site.Q_NORM), l, w.norms().query().apply(q));
      k = tap.at(at(Site.K_NORM), l, w.norms().key().apply(k));
    }
    if (around.table() != null) {
      q = tap.at(at(Site.ROT_Q), l, Rope.rotate(q, around.table()));
      k = tap.at(at(Site.ROT_K), l, Rope.rotate(k, around.table()));
    }
    q = q.transpose(1, 2);
    k = k.transpose(1, 2);
    if (around.past() != null) {
      Past.Pair all = around.past().append(l, k, v);
      k = all.keys();
      v = all.values();
    }
    boolean causal = around.causal() && around.mask() == null && q.size(2) > 1;
    Tensor attended =
        around.segments() == null
            ? attention.apply(q, k, v, around.mask(), causal, tap, l)
            : attention.apart(q, k, v, around.segments(), tap, l);
    Tensor z = tap.at(at(Site.Z), l, attended);
    return HeadParts.output(at(Site.RESULT), l, w.output(), heads, z, tap);
  }

  /// What one of the projections reads: the common norm, and its own norm of its own copy of the
  /// stream at the positions where that was changed.
  private Tensor own(Site copy, int l, Layer layer, Tensor input, Tensor normalized, Tap tap) {
    Point point = at(copy);
    if (!tap.wants(point, l)) {
      return normalized;
    }
    Tensor seen = tap.at(point, l, input);
    if (!tap.changes(point, l)) {
      return normalized;
    }
    return switch (order) {
      case BEFORE -> TappedNorm.where(seen, input, layer.attentionNorm().apply(seen), normalized);
      case AFTER -> seen;
    };
  }

  private Tensor feed(int l, FeedForward w, Tensor fed, Tap tap) {
    Tensor entering = tap.at(at(Site.MLP_PRE), l, w.first().apply(fed));
    Tensor neurons = w.activation().apply(entering);
    if (w.gate() != null) {
      Tensor activated = tap.at(at(Site.MLP_GATE), l, neurons);
      Tensor up = tap.at(at(Site.MLP_PRE_LINEAR), l, w.up().apply(fed));
      boolean reusable = !tap.wants(at(Site.MLP_GATE), l) && !activated.recordsGradient();
      neurons = reusable ? activated.mul_(up) : activated.mul(up);
    }
    return w.down().apply(tap.at(at(Site.MLP_POST), l, neurons));
  }

  /// The same with one network for the first rows and another for the rest, both without gate.
  private Tensor feed(int l, FeedForward w, FeedForward rest, long rows, Tensor fed, Tap tap) {
    Tensor entering = byRows(w.up(), rest.up(), rows, fed);
    Tensor neurons = w.activation().apply(tap.at(at(Site.MLP_PRE), l, entering));
    return byRows(w.down(), rest.down(), rows, tap.at(at(Site.MLP_POST), l, neurons));
  }

  private static Tensor byRows(Linear first, Linear rest, long rows, Tensor x) {
    Tensor above = first.apply(x.narrow(1, 0, rows).contiguous());
    Tensor below = rest.apply(x.narrow(1, rows, x.size(1) - rows).contiguous());
    return Torch.cat(List.of(above, below), 1);
  }
}
