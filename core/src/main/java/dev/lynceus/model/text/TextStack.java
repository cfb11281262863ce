package dev.lynceus.model.text;

import static dev.lynceus.tap.Point.EMBED;
import static dev.lynceus.tap.Point.EMBED_MERGED;
import static dev.lynceus.tap.Point.LN_FINAL_NORMALIZED;
import static dev.lynceus.tap.Point.LN_FINAL_OUT;
import static dev.lynceus.tap.Point.LN_FINAL_SCALE;
import static dev.lynceus.tap.Point.LN_PRE;
import static dev.lynceus.tap.Point.LOCAL_COS;
import static dev.lynceus.tap.Point.LOCAL_SIN;
import static dev.lynceus.tap.Point.LOGITS;
import static dev.lynceus.tap.Point.POS_EMBED;
import static dev.lynceus.tap.Point.ROTARY_COS;
import static dev.lynceus.tap.Point.ROTARY_SIN;
import static dev.lynceus.tap.Point.TYPE_EMBED;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.stack.Block;
import dev.lynceus.model.stack.Layer;
import dev.lynceus.model.stack.Past;
import dev.lynceus.model.stack.Reverse;
import dev.lynceus.model.stack.StackShape;
import dev.lynceus.model.stack.Surroundings;
import dev.lynceus.model.stack.TappedNorm;
import dev.lynceus.nn.Norm;
import dev.lynceus.nn.Rope;
import dev.lynceus.nn.RopeScaling;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A stack of layers between words and words. Llama, Vicuna, Mistral, Gemma, Qwen, Phi-3 (rotated
/// positions, gated networks), Gemma 3 (norms behind attention and networks, too, and another
/// rotation in layers with a window), OPT (learned positions, networks without gate) and BLIP
/// (norms after, attention over what left an earlier stack) differ only in values of [TextConfig].
public final class TextStack {
  private static final TappedNorm LAST_NORM =
      new TappedNorm(LN_FINAL_SCALE, LN_FINAL_NORMALIZED, LN_FINAL_OUT);

  private final TextConfig config;
  private final TextWeights weights;
  private final @Nullable Rope rope;
  private final @Nullable Rope local;
  private final StackShape shape;
  private final Block block;
  private final int deep;

  public TextStack(TextConfig config, TextWeights weights) {
    this(config, weights, 0);
  }

  /// @param deep after how many of the first layers something may be added to the residual stream
  public TextStack(TextConfig config, TextWeights weights, int deep) {
    this.config = config;
    this.weights = weights;
    this.deep = Math.min(deep, config.layers());
    RopeScaling scaling = config.attention().rope();
    this.rope = scaling == null ? null : new Rope(scaling, config.attention().rotated());
    RopeScaling near = config.attention().local();
    this.local = near == null ? null : new Rope(near, config.attention().rotated());
    this.shape = config.shape();
    this.block =
        new Block(
            Stack.DECODER,
            shape.heads(),
            config.norms().after() ? Block.Order.AFTER : Block.Order.BEFORE);
  }

  /// One pass over some positions.
  ///
  /// @param positions position ids, int64 `[batch, pos]`; `[coordinates, batch, pos]` where they
  ///   have several
  /// @param longest one more than the largest position id of the whole sequence so far
  /// @param mask additive `[batch or 1, 1, pos, source]`; null = plain causal, or nothing to hide
  /// @param windowMask the same for layers with a sliding window; null = as `mask`
  /// @param past earlier keys and values; null where the pass is the whole sequence
  /// @param later what is added to the residual stream after each of the first layers, `[batch,
  ///   pos, width]`; fewer than layers, or none
  /// @param memory what cross-attention reads, where the layers have some; null = nothing, and the
  ///   cross-attention is left out
  /// @param firstLayer where to begin; the input is the residual stream entering it
  /// @param endLayer where to end: the first layer that is not computed
  /// @param rows which rows of the last layer are computed
  public record Pass(
      Tensor positions,
      int longest,
      @Nullable Tensor mask,
      @Nullable Tensor windowMask,
      @Nullable Past past,
      List<Tensor> later,
      Surroundings.@Nullable Memory memory,
      int firstLayer,
      int endLayer,
      Rows rows) {}

  /// Which rows of the last layer are computed. The others leave nothing behind but keys and
  /// values.
  public enum Rows {
    ALL,
    /// The last one, unless something there is looked at or changed.
    LAST_IF_UNSEEN
  }

  /// Sizes and switches.
  public TextConfig config() {
    return config;
  }

  /// The weights, for methods that read directions out of them.
  public TextWeights weights() {
    return weights;
  }

  /// Whether it has a place.
  public boolean has(Point point) {
    return point.stack() == Stack.DECODER
        && switch (point.site()) {
          case POS_EMBED -> weights.positions() != null;
          case LN_PRE -> weights.entry() != null;
          case TYPE_EMBED -> weights.entry() != null && weights.entry().kinds() != null;
          case LN_FINAL_SCALE, LN_FINAL_NORMALIZED, LN_FINAL_OUT ->
              !(weights.norm() instanceof Norm.Same);
          case ADDED -> deep > 0;
          case LOCAL_COS, LOCAL_SIN -> local != null;
          default -> Block.has(point.site(), weights.layers().getFirst(), rope != null);
        };
  }

  /// The place of the queries as the attention takes them.
  public Point lastQueries() {
    return rope != null ? Point.ROT_Q : config.attention().normed() ? Point.Q_NORM : Point.Q;
  }

  /// After how many of the first layers something may be added to the residual stream (DeepStack).
  public int deep() {
    return deep;
  }

  /// Whether the way back through the layers is written out ([Reverse]).
  public boolean isReversible() {
    return !config.norms().after() && weights.layers().getFirst().cross() == null;
  }

  /// The way back through the layers, where it is written out.
  public Reverse reverse() {
    return new Reverse(shape.heads(), weights.layers());
  }

  /// Token embeddings, `[batch, pos, width]`, scaled where the family scales.
  ///
  /// @param ids int64 `[batch, pos]`
  /// @param dtype type of the arithmetic
  public Tensor embed(Tensor ids, DType dtype, Tap tap) {
    Tensor rows = Torch.embedding(weights.embedding(), ids).to(dtype);
    return tap.at(
        EMBED,
        config.embeddingScale() == 1 ? rows : rows.mul(rounded(config.embeddingScale(), dtype)));
  }

  /// What enters the first layer of tokens of one text.
  public Tensor placed(Tensor merged, Tensor positions, Tap tap) {
    return placed(merged, positions, Torch.zeros(DType.INT64, positions.shape()), tap);
  }

  /// What enters the first layer: learned positions added, and what tells texts apart, the sum
  /// through a norm, and widened to the stream, where the family has these.
  ///
  /// @param merged embeddings with visual tokens in place, `[batch, pos, width]`
  /// @param positions position ids, int64 `[batch, pos]`
  /// @param segments number of the text that each token belongs to, int64 `[batch, pos]`
  /// @throws LynceusException BAD_REQUEST if there are more positions than the table has;
  ///   BAD_CHECKPOINT if there are more texts than the model tells apart
  public Tensor placed(Tensor merged, Tensor positions, Tensor segments, Tap tap) {
    TextWeights.Entry entry = weights.entry();
    if (entry == null) {
      return summed(merged, positions, tap);
    }
    Tensor sum = summed(told(merged, segments, entry, tap), positions, tap);
    Tensor normed = tap.at(LN_PRE, entry.norm().apply(sum));
    return entry.widening() == null ? normed : entry.widening().apply(normed);
  }

  private static Tensor told(Tensor merged, Tensor segments, TextWeights.Entry entry, Tap tap) {
    Tensor kinds = entry.kinds();
    if (kinds == null) {
      return merged;
    }
    if (segments.max().item() >= kinds.size(0)) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          "the tokenizer tells %d texts apart, this model %d"
              .formatted((int) segments.max().item() + 1, kinds.size(0)),
          "Use the tokenizer files that belong to these weights.");
    }
    Tensor rows = Torch.embedding(kinds, segments).to(merged.dtype());
    return merged.add(tap.at(TYPE_EMBED, rows));
  }

  private Tensor summed(Tensor merged, Tensor positions, Tap tap) {
    TextConfig.Learned learned = config.embedding().positions();
    if (weights.positions() == null || learned == null) {
      return merged;
    }
    int length = learned.rows() - learned.offset();
    if (positions.max().item() >= length) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the sequence is longer than the %d positions that this model has learned"
              .formatted(length),
          "Shorten it; there is no reading of positions that were never learned.");
    }
    Tensor read = weights.positions().narrow(0, learned.offset(), length);
    Tensor rows = Torch.embedding(read, positions).to(merged.dtype());
    return merged.add(tap.at(POS_EMBED, rows));
  }

  /// The reference library rounds the factor to the type of the embeddings.
  private static double rounded(double factor, DType dtype) {
    return Tensor.of(new double[] {factor}, 1).to(dtype).item();
  }

  /// Runs the layers.
  ///
  /// @param x input of the first layer, `[batch, pos, width]`
  /// @return the residual stream after the last computed layer, before the last norm; of the last
  ///   row only where no other was computed
  public Tensor forward(Tensor x, Pass pass, Tap tap) {
    Rope.Table everywhere = table(rope, pass.positions(), pass.longest(), x.dtype());
    if (everywhere != null) {
      everywhere =
          new Rope.Table(
              tap.at(ROTARY_COS, everywhere.cos()), tap.at(ROTARY_SIN, everywhere.sin()));
    }
    Rope.Table near = table(local, pass.positions(), pass.longest(), x.dtype());
    if (near != null) {
      near = new Rope.Table(tap.at(LOCAL_COS, near.cos()), tap.at(LOCAL_SIN, near.sin()));
    }
    Tensor hidden = pass.firstLayer() == 0 ? tap.at(EMBED_MERGED, x) : x;
    for (int l = pass.firstLayer(); l < pass.endLayer(); l++) {
      try (Scope scope = Scope.open()) {
        hidden = scope.keep(layer(l, hidden, pass, isLocal(l) ? near : everywhere, tap));
      }
    }
    if (pass.past() != null) {
      pass.past().advance((int) x.size(1));
    }
    return hidden;
  }

  /// Whether a layer rotates as the layers with a window do.
  private boolean isLocal(int layer) {
    return local != null && config.windows()[layer] != TextConfig.UNLIMITED;
  }

  private static Rope.@Nullable Table table(
      @Nullable Rope rope, Tensor positions, int longest, DType dtype) {
    return rope == null ? null : rope.table(positions, longest, dtype);
  }

  private Rope.@Nullable Table table(int layer, Tensor positions, int longest, DType dtype) {
    return table(isLocal(layer) ? local : rope, positions, longest, dtype);
  }

  /// The places of the rotation of a layer: its cosines, its sines.
  public List<Point> rotation(int layer) {
    return isLocal(layer) ? List.of(LOCAL_COS, LOCAL_SIN) : List.of(ROTARY_COS, ROTARY_SIN);
  }

  private Tensor layer(int l, Tensor input, Pass pass, Rope.@Nullable Table table, Tap tap) {
    Layer layer = weights.layers().get(l);
    Surroundings around = around(l, pass, table);
    if (around.added() == null && deep > 0 && tap.wants(Point.ADDED, l)) {
      around = around.adding(Torch.zeros(input.dtype(), input.shape()));
    }
    boolean last =
        l == config.layers() - 1
            && pass.rows() == Rows.LAST_IF_UNSEEN
            && input.size(1) > 1
            && isReversible()
            && !tap.watches(l);
    return last
        ? block.lastRow(l, layer, input, around)
        : block.forward(l, layer, input, around, tap);
  }

  /// What the rows of a pass see in a layer.
  public Surroundings around(int layer, Pass pass, DType dtype) {
    return around(layer, pass, table(layer, pass.positions(), pass.longest(), dtype));
  }

  private Surroundings around(int l, Pass pass, Rope.@Nullable Table table) {
    Tensor mask =
        config.windows()[l] != TextConfig.UNLIMITED && pass.windowMask() != null
            ? pass.windowMask()
            : pass.mask();
    Tensor added = l < pass.later().size() ? pass.later().get(l) : null;
    Surroundings around = new Surroundings(table, mask, true, pass.past()).adding(added);
    return pass.memory() == null ? around : around.reading(pass.memory());
  }

  /// Queries of some positions of a layer, rotated where the family rotates, `[1, heads, positions,
  /// headWidth]`: for looking again at rows of an attention whose keys are cached.
  ///
  /// @param stream the residual stream entering the layer there, `[1, positions, width]`
  /// @param positions position ids as in a [Pass]
  public Tensor queries(int layer, Tensor stream, Tensor positions) {
    Layer w = weights.layers().get(layer);
    int longest = (int) positions.max().item() + 1;
    Rope.Table table = table(layer, positions, longest, stream.dtype());
    Tensor q = w.attention().queries(w.attentionNorm().apply(stream), shape.heads());
    return (table == null ? q : Rope.rotate(q, table)).transpose(1, 2);
  }

  /// Logits of the last position of the pass, `[batch, 1, vocabulary]`; of all positions, `[batch,
  /// pos, vocabulary]`, if the tap changes them or keeps more than the last. Of a model that
  /// answers with a piece of what it reads, the scores of its beginnings and ends, `[batch, pos,
  /// 2]`.
  ///
  /// @param hidden output of [#forward(Tensor, Pass, Tap)]
  public Tensor logits(Tensor hidden, Tap tap) {
    int length = (int) hidden.size(1);
    boolean everything =
        config.answers() == TextConfig.Answers.SPANS
            || tap.changes(LOGITS, 0)
            || tap.wants(LN_FINAL_OUT, 0)
            || tap.wants(LN_FINAL_NORMALIZED, 0)
            || tap.wants(LN_FINAL_SCALE, 0)
            || tap.keeps(LOGITS, 0) && beyondLast(tap.rows(LOGITS, length), length);
    Tensor rows = everything || length == 1 ? hidden : hidden.narrow(1, length - 1, 1);
    Tensor normalized = LAST_NORM.inner(weights.norm(), 0, transformed(rows), tap);
    if (everything) {
      normalized = tap.at(LN_FINAL_OUT, normalized);
    }
    Tensor logits = weights.head().apply(normalized);
    if (everything) {
      return tap.at(LOGITS, logits);
    }
    if (tap.keeps(LOGITS, 0) && tap.rows(LOGITS, length).length == 1) {
      tap.see(LOGITS, 0, logits, new int[] {length - 1});
    }
    return logits;
  }

  private Tensor transformed(Tensor states) {
    return weights.transform() == null ? states : weights.transform().apply(states);
  }

  /// States of the stream as the unembedding takes them: through the last norm, and what stands
  /// before it in families that transform them first.
  ///
  /// @param states `[..., width]`
  public Tensor finished(Tensor states) {
    return weights.norm().apply(transformed(states));
  }

  /// Whether the words are read off the residual stream, the sum of what all layers added, by one
  /// norm and one map: the scale of the norm given, a logit is then the sum of what each part adds.
  public boolean isLinearReadout() {
    return !config.norms().after()
        && weights.transform() == null
        && config.answers() == TextConfig.Answers.WORDS;
  }

  private static boolean beyondLast(int[] rows, int length) {
    return rows.length > 1 || rows.length == 1 && rows[0] != length - 1;
  }
}
