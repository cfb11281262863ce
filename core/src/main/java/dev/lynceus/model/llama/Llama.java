package dev.lynceus.model.llama;

import static dev.lynceus.tap.Point.ATTN_IN;
import static dev.lynceus.tap.Point.ATTN_OUT;
import static dev.lynceus.tap.Point.ATTN_SCORES;
import static dev.lynceus.tap.Point.EMBED;
import static dev.lynceus.tap.Point.EMBED_MERGED;
import static dev.lynceus.tap.Point.K;
import static dev.lynceus.tap.Point.K_IN;
import static dev.lynceus.tap.Point.K_INPUT;
import static dev.lynceus.tap.Point.K_NORM;
import static dev.lynceus.tap.Point.LN1_NORMALIZED;
import static dev.lynceus.tap.Point.LN1_OUT;
import static dev.lynceus.tap.Point.LN1_SCALE;
import static dev.lynceus.tap.Point.LN2_NORMALIZED;
import static dev.lynceus.tap.Point.LN2_OUT;
import static dev.lynceus.tap.Point.LN2_SCALE;
import static dev.lynceus.tap.Point.LN_FINAL_NORMALIZED;
import static dev.lynceus.tap.Point.LN_FINAL_OUT;
import static dev.lynceus.tap.Point.LN_FINAL_SCALE;
import static dev.lynceus.tap.Point.LOGITS;
import static dev.lynceus.tap.Point.MLP_GATE;
import static dev.lynceus.tap.Point.MLP_IN;
import static dev.lynceus.tap.Point.MLP_OUT;
import static dev.lynceus.tap.Point.MLP_POST;
import static dev.lynceus.tap.Point.MLP_PRE;
import static dev.lynceus.tap.Point.MLP_PRE_LINEAR;
import static dev.lynceus.tap.Point.PATTERN;
import static dev.lynceus.tap.Point.Q;
import static dev.lynceus.tap.Point.Q_IN;
import static dev.lynceus.tap.Point.Q_INPUT;
import static dev.lynceus.tap.Point.Q_NORM;
import static dev.lynceus.tap.Point.RESID_MID;
import static dev.lynceus.tap.Point.RESID_POST;
import static dev.lynceus.tap.Point.RESID_PRE;
import static dev.lynceus.tap.Point.RESULT;
import static dev.lynceus.tap.Point.ROTARY_COS;
import static dev.lynceus.tap.Point.ROTARY_SIN;
import static dev.lynceus.tap.Point.ROT_K;
import static dev.lynceus.tap.Point.ROT_Q;
import static dev.lynceus.tap.Point.V;
import static dev.lynceus.tap.Point.V_IN;
import static dev.lynceus.tap.Point.V_INPUT;
import static dev.lynceus.tap.Point.Z;

import dev.lynceus.model.part.Attention;
import dev.lynceus.model.part.TappedNorm;
import dev.lynceus.nn.Linear;
import dev.lynceus.nn.Masks;
import dev.lynceus.nn.Rope;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A decoder of the Llama kind: pre-norm residual layers with rotary attention and gated
/// feed-forward networks. Llama, Vicuna, Mistral, Gemma and Qwen2 differ only in values of
/// [LlamaConfig].
public final class Llama {
  private static final TappedNorm FIRST_NORM = new TappedNorm(LN1_SCALE, LN1_NORMALIZED, LN1_OUT);
  private static final TappedNorm SECOND_NORM = new TappedNorm(LN2_SCALE, LN2_NORMALIZED, LN2_OUT);
  private static final TappedNorm LAST_NORM =
      new TappedNorm(LN_FINAL_SCALE, LN_FINAL_NORMALIZED, LN_FINAL_OUT);

  private final LlamaConfig config;
  private final LlamaWeights weights;
  private final Rope rope;
  private final Attention attention;

  public Llama(LlamaConfig config, LlamaWeights weights) {
    this.config = config;
    this.weights = weights;
    this.rope = new Rope(config.attention().rope(), config.attention().rotated());
    this.attention = new Attention(ATTN_SCORES, PATTERN, 1 / Math.sqrt(config.headWidth()));
  }

  /// One pass over some positions.
  ///
  /// @param positions position ids, int64 `[batch, pos]`
  /// @param longest length of the whole sequence so far
  /// @param mask additive `[batch or 1, 1, pos, source]`; null = plain causal, or nothing to hide
  /// @param windowMask the same for layers with a sliding window; null = as `mask`
  /// @param past earlier keys and values; null where the pass is the whole sequence
  /// @param firstLayer where to begin; the input is the residual stream entering it
  /// @param endLayer where to end: the first layer that is not computed
  /// @param rows which rows of the last layer are computed
  public record Pass(
      Tensor positions,
      int longest,
      @Nullable Tensor mask,
      @Nullable Tensor windowMask,
      @Nullable Past past,
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
  public LlamaConfig config() {
    return config;
  }

  /// The weights, for methods that read directions out of them.
  public LlamaWeights weights() {
    return weights;
  }

  /// Whether it has a place.
  public boolean has(Point point) {
    return switch (point.site()) {
      case Q_NORM, K_NORM -> config.attention().normed();
      default -> point.stack() == Stack.DECODER;
    };
  }

  /// The way back through the layers.
  public LlamaReverse reverse() {
    return new LlamaReverse(config, weights, rope);
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
    Rope.Table table = rope.table(pass.positions(), pass.longest(), x.dtype());
    table = new Rope.Table(tap.at(ROTARY_COS, table.cos()), tap.at(ROTARY_SIN, table.sin()));
    Tensor hidden = pass.firstLayer() == 0 ? tap.at(EMBED_MERGED, x) : x;
    for (int l = pass.firstLayer(); l < pass.endLayer(); l++) {
      try (Scope scope = Scope.open()) {
        hidden = scope.keep(layer(l, hidden, pass, table, tap));
      }
    }
    if (pass.past() != null) {
      pass.past().advance((int) x.size(1));
    }
    return hidden;
  }

  private Tensor layer(int l, Tensor input, Pass pass, Rope.Table table, Tap tap) {
    if (l == config.layers() - 1
        && pass.rows() == Rows.LAST_IF_UNSEEN
        && input.size(1) > 1
        && !tap.watches(l)) {
      return lastRow(l, input, pass, table);
    }
    LlamaWeights.Layer w = weights.layers().get(l);
    Tensor x = tap.at(RESID_PRE, l, input);

    Tensor attentionInput = tap.at(ATTN_IN, l, x);
    Tensor normalized = FIRST_NORM.apply(w.attentionNorm(), l, attentionInput, tap);
    Tensor attended;
    try (Scope scope = Scope.open()) {
      attended =
          scope.keep(
              tap.at(ATTN_OUT, l, attend(l, w, attentionInput, normalized, pass, table, tap)));
    }
    Tensor middle = tap.at(RESID_MID, l, x.add(attended));

    Tensor feedInput = tap.at(MLP_IN, l, middle);
    Tensor fed = SECOND_NORM.apply(w.feedForwardNorm(), l, feedInput, tap);
    Tensor written;
    try (Scope scope = Scope.open()) {
      written = scope.keep(tap.at(MLP_OUT, l, feedForward(l, w, fed, tap)));
    }
    return tap.at(RESID_POST, l, middle.add(written));
  }

  /// The last layer for the last row: keys and values of all rows, all else of one.
  private Tensor lastRow(int l, Tensor input, Pass pass, Rope.Table table) {
    LlamaWeights.Layer w = weights.layers().get(l);
    long last = input.size(1) - 1;
    Tensor normalized = w.attentionNorm().apply(input);
    Tensor k = Rope.rotate(w.keys(normalized, config), table).transpose(1, 2);
    Tensor v = w.values(normalized, config).transpose(1, 2);
    if (pass.past() != null) {
      Past.Pair all = pass.past().append(l, k, v);
      k = all.keys();
      v = all.values();
    }
    Rope.Table own = new Rope.Table(table.cos().narrow(1, last, 1), table.sin().narrow(1, last, 1));
    Tensor q = w.queries(normalized.narrow(1, last, 1).contiguous(), config);
    q = Rope.rotate(q, own).transpose(1, 2);
    Tensor mask = mask(l, pass);
    Tensor visible = mask == null ? null : mask.narrow(2, last, 1);
    Tensor z = attention.apply(q, k, v, visible, false, Tap.idle(), l);
    Tensor x = input.narrow(1, last, 1);
    Tensor middle = x.add(w.output().apply(z.reshape(z.size(0), 1, -1)));
    return middle.add(feedForward(l, w, w.feedForwardNorm().apply(middle), Tap.idle()));
  }

  private @Nullable Tensor mask(int l, Pass pass) {
    return config.windows()[l] < pass.longest() && pass.windowMask() != null
        ? pass.windowMask()
        : pass.mask();
  }

  private Tensor attend(
      int l,
      LlamaWeights.Layer w,
      Tensor input,
      Tensor normalized,
      Pass pass,
      Rope.Table table,
      Tap tap) {
    Tensor forQ = tap.at(Q_IN, l, own(Q_INPUT, l, w, input, normalized, tap));
    Tensor q = tap.at(Q, l, LlamaWeights.heads(w.query().apply(forQ), config.heads()));
    Tensor forK = tap.at(K_IN, l, own(K_INPUT, l, w, input, normalized, tap));
    Tensor k = tap.at(K, l, LlamaWeights.heads(w.key().apply(forK), config.keyHeads()));
    Tensor forV = tap.at(V_IN, l, own(V_INPUT, l, w, input, normalized, tap));
    Tensor v = tap.at(V, l, w.values(forV, config));
    if (w.headNorms() != null) {
      q = tap.at(Q_NORM, l, w.headNorms().query().apply(q));
      k = tap.at(K_NORM, l, w.headNorms().key().apply(k));
    }
    q = tap.at(ROT_Q, l, Rope.rotate(q, table)).transpose(1, 2);
    k = tap.at(ROT_K, l, Rope.rotate(k, table)).transpose(1, 2);
    v = v.transpose(1, 2);
    if (pass.past() != null) {
      Past.Pair all = pass.past().append(l, k, v);
      k = all.keys();
      v = all.values();
    }
    Tensor mask = mask(l, pass);
    boolean causal = mask == null && q.size(2) > 1;
    Tensor z = tap.at(Z, l, attention.apply(q, k, v, mask, causal, tap, l));
    if (tap.wants(RESULT, l)) {
      Tensor parts = result(w.output(), z);
      Tensor seen = tap.at(RESULT, l, parts);
      // Looking must not change the last bits of the sum, nor may an edit of nothing.
      if (tap.changes(RESULT, l) && seen.sub(parts).abs().max().item() != 0) {
        return w.output().plusBias(seen.sum(2));
      }
    }
    return w.output().apply(z.reshape(z.size(0), z.size(1), -1));
  }

  /// What one of the projections reads: the common norm, and its own norm of its own copy of the
  /// stream at the positions where that was changed.
  private static Tensor own(
      Point copy, int l, LlamaWeights.Layer w, Tensor input, Tensor normalized, Tap tap) {
    if (!tap.wants(copy, l)) {
      return normalized;
    }
    Tensor seen = tap.at(copy, l, input);
    return tap.changes(copy, l)
        ? TappedNorm.where(seen, input, w.attentionNorm().apply(seen), normalized)
        : normalized;
  }

  private Tensor feedForward(int l, LlamaWeights.Layer w, Tensor fed, Tap tap) {
    Tensor gate = tap.at(MLP_PRE, l, w.gate().apply(fed));
    Tensor activated = tap.at(MLP_GATE, l, config.activation().apply(gate));
    Tensor up = tap.at(MLP_PRE_LINEAR, l, w.up().apply(fed));
    boolean reusable = !tap.wants(MLP_GATE, l) && !activated.recordsGradient();
    Tensor neurons = reusable ? activated.mul_(up) : activated.mul(up);
    return w.down().apply(tap.at(MLP_POST, l, neurons));
  }

  /// What each head adds to the residual stream: `[batch, pos, heads, width]`.
  private Tensor result(Linear output, Tensor z) {
    List<Tensor> parts = new ArrayList<>();
    for (int h = 0; h < config.heads(); h++) {
      Linear head = output.columns((long) h * config.headWidth(), config.headWidth());
      parts.add(head.apply(z.select(2, h)));
    }
    return Torch.stack(parts, 2);
  }

  /// Rotated queries of some positions of a layer, `[1, heads, positions, headWidth]`: for looking
  /// again at rows of an attention whose keys are cached.
  ///
  /// @param stream the residual stream entering the layer there, `[1, positions, width]`
  public Tensor queries(int layer, Tensor stream, int[] positions) {
    LlamaWeights.Layer w = weights.layers().get(layer);
    Tensor ids = Tensor.indices(positions).unsqueeze(0);
    Rope.Table table =
        rope.table(ids, java.util.Arrays.stream(positions).max().orElse(0) + 1, stream.dtype());
    Tensor q = w.queries(w.attentionNorm().apply(stream), config);
    return Rope.rotate(q, table).transpose(1, 2);
  }

  /// The mask of some rows of a layer over the first `source` positions, `[1, 1, positions,
  /// source]`.
  public Tensor rowMask(int layer, int[] positions, int source, DType dtype) {
    return Masks.causal(positions, source, config.windows()[layer], dtype);
  }

  /// Logits of the last position of the pass, `[batch, 1, vocabulary]`; of all positions, `[batch,
  /// pos, vocabulary]`, if the tap changes them or keeps more than the last.
  ///
  /// @param hidden output of [#forward(Tensor, Pass, Tap)]
  public Tensor logits(Tensor hidden, Tap tap) {
    int length = (int) hidden.size(1);
    boolean everything =
        tap.changes(LOGITS, 0)
            || tap.wants(LN_FINAL_OUT, 0)
            || tap.wants(LN_FINAL_NORMALIZED, 0)
            || tap.wants(LN_FINAL_SCALE, 0)
            || tap.keeps(LOGITS, 0) && beyondLast(tap.rows(LOGITS, length), length);
    Tensor rows = everything || length == 1 ? hidden : hidden.narrow(1, length - 1, 1);
    Tensor normalized = LAST_NORM.inner(weights.norm(), 0, rows, tap);
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

  private static boolean beyondLast(int[] rows, int length) {
    return rows.length > 1 || rows.length == 1 && rows[0] != length - 1;
  }
}
