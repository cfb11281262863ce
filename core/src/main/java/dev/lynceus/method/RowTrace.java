package dev.lynceus.method;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.stack.Layer;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.nn.Norm;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;

/// Everything about one predicting row of a run that the log-increase methods read: the residual
/// stream at each depth, the parts that were added to it, each head's attention and output, each
/// neuron's coefficient. What a run in 16-bit arithmetic kept is handed out in float32: an increase
/// is a small difference of large numbers, and sums rounded to 16 bits would swallow it.
public final class RowTrace {
  private final Run run;
  private final int row;
  private final TextStack decoder;

  /// The trace of a row of a run that kept what [#plan] asks for, or the part of it that is read.
  ///
  /// @throws LynceusException BAD_REQUEST for a row that sees what comes after it
  public RowTrace(Run run, int row) {
    if (run.seesLater(row)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "position %d sees what comes after it in the prompt, so that nothing is predicted there"
              .formatted(row),
          "Explain words of the answer.");
    }
    this.run = run;
    this.row = row;
    this.decoder = run.model().model().decoder();
    Additive.require(decoder);
  }

  /// What a run must keep so that rows from `firstRow` on can be explained.
  public static Capture plan(TextConfig config, int firstRow) {
    return plan(config, firstRow, firstRow);
  }

  /// The same, with the attention of earlier rows too.
  ///
  /// @param firstPattern first row whose attention is kept, not after `firstRow`
  public static Capture plan(TextConfig config, int firstRow, int firstPattern) {
    Positions rows = Positions.from(firstRow);
    Positions parts = partsEverywhere(config) ? Positions.all() : rows;
    Capture plan =
        Capture.of(
            Capture.request(Point.RESID_PRE),
            Capture.request(Point.RESID_POST).layers(config.layers() - 1),
            Capture.request(Point.PATTERN).at(Positions.from(firstPattern)),
            Capture.request(Point.Z).at(rows),
            Capture.request(Point.ATTN_OUT).at(parts),
            Capture.request(Point.MLP_OUT).at(rows),
            Capture.request(Point.MLP_POST).at(rows));
    return config.norms().behind()
        ? plan.and(Capture.request(Point.LN1_POST_SCALE).at(Positions.from(firstPattern)))
            .and(Capture.request(Point.LN2_POST_SCALE).at(rows))
        : plan;
  }

  /// Numbers of a position's attention outputs up to which a run keeps those of all positions.
  private static final long FEW = 1L << 14;

  /// Whether what attention wrote is kept of all positions: it costs as much as the stream itself,
  /// which of a large model is hundreds of megabytes, and of a small one less than computing it
  /// again; see [PositionParts].
  private static boolean partsEverywhere(TextConfig config) {
    return (long) config.layers() * config.width() <= FEW;
  }

  TextStack decoder() {
    return decoder;
  }

  TextConfig config() {
    return decoder.config();
  }

  Layer weights(int layer) {
    return decoder.weights().layers().get(layer);
  }

  int row() {
    return row;
  }

  Run run() {
    return run;
  }

  /// The residual stream at this row for every depth, `[layers + 1, width]`: the input of each
  /// layer, then the output of the last.
  Tensor stream() {
    List<Tensor> rows = rows(Point.RESID_PRE);
    rows.add(row(Point.RESID_POST, config().layers() - 1));
    return join(rows);
  }

  /// The residual stream entering one layer, `[1, width]`.
  Tensor input(int layer) {
    return row(Point.RESID_PRE, layer).select(0, 0);
  }

  /// Output of the last layer, `[width]`.
  Tensor last() {
    return at(Point.RESID_POST, config().layers() - 1);
  }

  /// Attention outputs of all layers, `[layers, width]`.
  Tensor attention() {
    return join(rows(Point.ATTN_OUT));
  }

  /// Feed-forward outputs of all layers, `[layers, width]`.
  Tensor feedForward() {
    return join(rows(Point.MLP_OUT));
  }

  /// Attention probabilities from this row, `[heads, source]`.
  public Tensor pattern(int layer) {
    return wide(
        run.get(Point.PATTERN, layer)
            .select(0, 0)
            .select(1, index(Point.PATTERN, layer))
            .narrow(1, 0, row + 1));
  }

  /// Attention probabilities from the rows of some traces of the run, none after this one,
  /// `[traces, heads, source]`; 0 for positions after a row.
  Tensor patterns(int layer, List<RowTrace> traces) {
    int[] rows =
        traces.stream().mapToInt(trace -> index(Point.PATTERN, layer, trace.row)).toArray();
    return wide(
        run.get(Point.PATTERN, layer)
            .select(0, 0)
            .indexSelect(1, Tensor.indices(rows))
            .narrow(2, 0, row + 1)
            .transpose(0, 1));
  }

  /// Attention probabilities from this row at all layers, `[layers, heads, source]`.
  Tensor patterns() {
    List<Tensor> layers = new ArrayList<>();
    for (int l = 0; l < config().layers(); l++) {
      layers.add(pattern(l));
    }
    return Torch.stack(layers, 0);
  }

  /// Values of all positions up to this row, `[keyHeads, source, headWidth]`.
  public Tensor values(int layer) {
    return wide(run.cache().get(layer).values().select(0, 0).narrow(1, 0, row + 1));
  }

  /// Values that one head reads, `[source, headWidth]`.
  public Tensor values(int layer, int head) {
    return values(layer).select(0, head / (config().heads() / config().keyHeads()));
  }

  /// Coefficients of the neurons, `[inner]`.
  Tensor coefficients(int layer) {
    return at(Point.MLP_POST, layer);
  }

  /// What each head adds to this row, all layers, `[layers, heads, width]`: each head's output
  /// through its columns of the output projection. One product a layer with a block-diagonal
  /// matrix, so that each weight is read once.
  Tensor heads() {
    int layers = config().layers();
    int heads = config().heads();
    try (Scope scope = Scope.open()) {
      Tensor z = join(rows(Point.Z)).reshape(layers, 1, heads, config().headWidth());
      Tensor blocks = z.mul(identity(heads, z.dtype())).reshape(layers, heads, -1);
      List<Tensor> parts = new ArrayList<>();
      for (int l = 0; l < layers; l++) {
        parts.add(
            throughAttention(
                l, weights(l).attention().output().unbiased().apply(blocks.select(0, l))));
      }
      return scope.keep(Torch.stack(parts, 0));
    }
  }

  /// What each head adds to this row at one layer, `[heads, width]`.
  public Tensor heads(int layer) {
    try (Scope scope = Scope.open()) {
      int heads = config().heads();
      Tensor z = row(Point.Z, layer).select(0, 0);
      Tensor blocks = z.mul(identity(heads, z.dtype())).reshape(heads, -1);
      return scope.keep(
          throughAttention(layer, weights(layer).attention().output().unbiased().apply(blocks)));
    }
  }

  /// `[heads, heads, 1]`, 1 where both are the same head.
  private static Tensor identity(int heads, DType dtype) {
    float[] values = new float[heads * heads];
    for (int h = 0; h < heads; h++) {
      values[h * heads + h] = 1;
    }
    return Tensor.of(values, heads, heads, 1).to(dtype);
  }

  /// The output directions of one head, `[headWidth, width]`: rows are columns of the output
  /// projection, as they reach the stream of this row.
  public Tensor outputs(int layer, int head) {
    int width = config().headWidth();
    return throughAttention(
        layer,
        weights(layer)
            .attention()
            .output()
            .weight()
            .narrow(1, (long) head * width, width)
            .to(last().dtype())
            .t());
  }

  /// What some neurons of a layer write where their coefficient is 1, `[neurons, width]`: columns
  /// of the down projection, as they reach the stream of this row.
  ///
  /// @param index of the neurons
  Tensor columns(int layer, Tensor index) {
    Tensor columns =
        weights(layer).feedForward().down().weight().indexSelect(1, index).to(last().dtype()).t();
    return throughFeedForward(layer, columns);
  }

  /// Parts of the output of an attention as they reach the stream of this row. A norm behind it is
  /// taken with the scale that it had, so that the parts add up to what was added; slopes go back
  /// through it in the same way.
  ///
  /// @param parts or slopes, `[..., width]`
  Tensor throughAttention(int layer, Tensor parts) {
    Layer.Behind behind = weights(layer).behind();
    return behind == null
        ? parts
        : parts.mul(gain(behind.attention(), Point.LN1_POST_SCALE, layer));
  }

  /// The same of the feed-forward network.
  Tensor throughFeedForward(int layer, Tensor parts) {
    Layer.Behind behind = weights(layer).behind();
    return behind == null
        ? parts
        : parts.mul(gain(behind.feedForward(), Point.LN2_POST_SCALE, layer));
  }

  /// What a norm behind the attention divides by at this row; 1 without one.
  double attentionScale(int layer) {
    return weights(layer).behind() == null ? 1 : at(Point.LN1_POST_SCALE, layer).item();
  }

  /// What the norm behind multiplies each coordinate with, `[width]`.
  private Tensor gain(Norm norm, Point scale, int layer) {
    Tensor divisor = at(scale, layer);
    return norm.weight().to(divisor.dtype()).div(divisor);
  }

  /// An activation at this row of all layers, each `[1, 1, ...]`.
  private List<Tensor> rows(Point point) {
    List<Tensor> rows = new ArrayList<>();
    for (int l = 0; l < config().layers(); l++) {
      rows.add(row(point, l));
    }
    return rows;
  }

  private Tensor row(Point point, int layer) {
    Tensor kept = run.get(point, layer);
    int index = index(point, layer);
    return wide(kept.size(1) == 1 ? kept : kept.narrow(1, index, 1));
  }

  private static Tensor join(List<Tensor> rows) {
    return Torch.cat(rows, 1).select(0, 0);
  }

  /// An activation at this row.
  private Tensor at(Point point, int layer) {
    return wide(run.get(point, layer).select(0, 0).select(0, index(point, layer)));
  }

  /// In float32 at least.
  public static Tensor wide(Tensor kept) {
    return kept.dtype().isHalf() ? kept.to(DType.FLOAT32) : kept;
  }

  private int index(Point point, int layer) {
    return index(point, layer, row);
  }

  private int index(Point point, int layer, int row) {
    int[] positions = run.captured().positions(point, layer);
    // Rows are kept in order; most captures begin at the first row and go on without a gap.
    int guess = row - positions[0];
    if (guess >= 0 && guess < positions.length && positions[guess] == row) {
      return guess;
    }
    throw new LynceusException(
        ErrorCode.INTERNAL,
        "row " + row + " was not captured at " + point.name(layer),
        "Capture the rows that shall be explained.");
  }
}
