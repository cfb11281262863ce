package dev.lynceus.method;

import dev.lynceus.run.Progress;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Log-probability increase (arXiv 2411.10950): how much the log probability of a target rises when
/// a part is added to the residual stream at the predicting row, read with the frozen-variance
/// lens.
///
/// - attention of layer l: `logp(t | x + a) - logp(t | x)`, `x` the stream entering the layer, `a`
///   the output;
/// - feed-forward network: `logp(t | r + f) - logp(t | r)`, `r = x + a`;
/// - head h: `logp(t | x + head) - logp(t | x)`, the head alone on the layer's input;
/// - position p in a head: `logp(t | x + w) - logp(t | x)`, `w` what the head moves from p alone.
///
/// Where the last norm centres, all of these are read centred; its bias is in the logits of every
/// state ([FrozenLens]).
///
/// The increases of all layers add up to the whole: from the embedding's log probability to the
/// model's. Those of heads and positions do not, since each is measured alone. They are
/// correlational: nothing is removed from the model. One pass, plus `layers * (heads + 3)` rows of
/// the lens.
///
/// @param eps epsilon of the lens
public record LogIncrease(double eps) implements Method<LogIncrease.Result> {
  /// Logits of positions that are made at once: few enough to stay in the processor's cache, 8 MiB
  /// in float32.
  private static final long BLOCK = 2L << 20;

  /// With the epsilon of the authors' code.
  public LogIncrease() {
    this(FrozenLens.EPS);
  }

  /// Increases of one target.
  ///
  /// @param embedding log probability read from the embedding at the row
  /// @param total log probability at the end; for several tokens the sum
  /// @param attention per layer
  /// @param feedForward per layer
  /// @param heads `[layers][heads]`
  public record Result(
      double embedding, double total, double[] attention, double[] feedForward, double[][] heads) {

    /// Heads by increase, largest first, as `{layer, head}`.
    public List<int[]> ranking() {
      List<int[]> order = new ArrayList<>();
      for (int l = 0; l < heads.length; l++) {
        for (int h = 0; h < heads[l].length; h++) {
          order.add(new int[] {l, h});
        }
      }
      order.sort(Comparator.comparingDouble((int[] at) -> -heads[at[0]][at[1]]));
      return order;
    }
  }

  @Override
  public String name() {
    return "log-increase";
  }

  @Override
  public Capture capture(Run.Shape shape, int firstRow) {
    return RowTrace.plan(shape.config(), firstRow);
  }

  @Override
  public Result explain(Run run, Target target, Progress progress) {
    Result sum = null;
    for (Target.Aim aim : target.aims()) {
      try (Scope scope = Scope.open()) {
        Result one = explain(new RowTrace(run, aim.row()), aim, progress);
        sum = sum == null ? one : add(sum, one);
      }
    }
    return java.util.Objects.requireNonNull(sum);
  }

  private Result explain(RowTrace trace, Target.Aim aim, Progress progress) {
    int layers = trace.config().layers();
    FrozenLens lens = FrozenLens.withEps(trace.decoder(), trace.last(), eps);
    Tensor stream = trace.stream();
    Tensor inputs = stream.narrow(0, 0, layers);
    // All rows of the lens in one product: reading the unembedding is most of the cost.
    Tensor rows =
        Torch.cat(List.of(stream, inputs.add(trace.attention()), alone(trace, inputs)), 0);
    Result result = result(lens.values(rows, aim), layers, trace.config().heads());
    progress.at("heads", layers, layers);
    return result;
  }

  /// The layer's input with each head's output added, all layers, `[layers * heads, width]`.
  static Tensor alone(RowTrace trace, Tensor inputs) {
    return trace.heads().add_(inputs.unsqueeze(1)).reshape(-1, inputs.size(1));
  }

  /// Increases from what the lens gives an aim.
  ///
  /// @param read values of the stream at all depths, of the stream between attention and
  ///   feed-forward network of each layer, and of each head alone on its layer's input
  static Result result(double[] read, int layers, int heads) {
    double[] attention = new double[layers];
    double[] feedForward = new double[layers];
    double[][] byHead = new double[layers][];
    int first = 2 * layers + 1;
    for (int l = 0; l < layers; l++) {
      double base = read[l];
      byHead[l] =
          Arrays.stream(read, first + l * heads, first + (l + 1) * heads)
              .map(v -> v - base)
              .toArray();
      attention[l] = read[layers + 1 + l] - read[l];
      feedForward[l] = read[l + 1] - read[layers + 1 + l];
    }
    return new Result(read[0], read[layers], attention, feedForward, byHead);
  }

  /// Increase of each position alone through one head, `[T]`; positions after the row have 0.
  ///
  /// The vectors that a head moves lie in the span of its output directions, so the lens is taken
  /// of those directions only.
  public double[] positions(Run run, Target target, int layer, int head) {
    double[] sum = new double[run.batch().length()];
    for (Target.Aim aim : target.aims()) {
      try (Scope scope = Scope.open()) {
        RowTrace trace = new RowTrace(run, aim.row());
        FrozenLens lens = FrozenLens.withEps(trace.decoder(), trace.last(), eps);
        double[] one = positions(trace, lens, aim, layer, head);
        for (int p = 0; p < one.length; p++) {
          sum[p] += one[p];
        }
      }
    }
    return sum;
  }

  private static double[] positions(
      RowTrace trace, FrozenLens lens, Target.Aim aim, int layer, int head) {
    Tensor read = lens.logits(trace.input(layer), trace.outputs(layer, head));
    return positions(
        trace, aim, layer, head, read.narrow(0, 0, 1), read.narrow(0, 1, read.size(0) - 1));
  }

  /// The same, `[source]`, where the lens has been taken.
  ///
  /// @param base logits of the layer's input, `[1, vocabulary]`
  /// @param directions logits of the head's output directions, `[headWidth, vocabulary]`
  static double[] positions(
      RowTrace trace, Target.Aim aim, int layer, int head, Tensor base, Tensor directions) {
    Tensor moved = trace.values(layer, head).mul(trace.pattern(layer).select(0, head).unsqueeze(1));
    if (aim.against().isPresent()) {
      Tensor pair =
          directions.select(1, aim.id()).sub(directions.select(1, aim.against().getAsInt()));
      return moved.matmul(pair).toDoubles();
    }
    Near near = near(aim.id(), moved, base, directions);
    double[] increases = near.increases();
    int[] far = near.far();
    double before = FrozenLens.read(base, aim)[0];
    int block = (int) Math.max(1, BLOCK / base.size(1));
    for (int start = 0; start < far.length; start += block) {
      try (Scope scope = Scope.open()) {
        int[] some = Arrays.copyOfRange(far, start, Math.min(start + block, far.length));
        Tensor rows = moved.indexSelect(0, Tensor.indices(some));
        double[] values = FrozenLens.read(rows.matmul(directions).add_(base), aim);
        for (int i = 0; i < some.length; i++) {
          increases[some[i]] = values[i] - before;
        }
      }
    }
    return increases;
  }

  /// Increases of positions that move the logits little, and the numbers of those that move them
  /// more.
  // Plain numbers on their way; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  private record Near(double[] increases, int[] far) {}

  /// How far a position may move any logit from the mean of all, weighted by their probabilities,
  /// so that [#near] holds to `NEAR^3 / 3`, which float32 cannot tell from nothing: 1.1e-6.
  private static final double NEAR = .015;

  /// With `d` what a position adds to the logits and means taken over the probabilities of the base,
  ///
  ///     log p(t | x + w) - log p(t | x) = d_t - log mean(exp(d)) = d_t - mean(d) - var(d) / 2 - R
  ///
  /// where `|R| <= r^3 / 3` if no `d` is further than `r` from the mean. Mean and variance of all
  /// positions follow from the mean and the covariance of the head's output directions, so most
  /// positions cost no row of the vocabulary.
  private static Near near(int id, Tensor moved, Tensor base, Tensor directions) {
    int rows = (int) moved.size(0);
    if (moved.dtype() == DType.FLOAT64) {
      return new Near(new double[rows], IntStream.range(0, rows).toArray());
    }
    try (Scope scope = Scope.open()) {
      Tensor probabilities = Torch.softmax(base, 1);
      Tensor centred = directions.sub(directions.matmul(probabilities.t()));
      double farthest = Math.sqrt(centred.square().sum(0).max().item());
      Tensor covariance = centred.mul(probabilities).matmul(centred.t());
      double[] first = moved.matmul(centred.select(1, id)).toDoubles();
      double[] variance = moved.matmul(covariance).mul(moved).sum(1).toDoubles();
      double[] lengths = moved.square().sum(1).sqrt().toDoubles();
      return new Near(
          IntStream.range(0, rows).mapToDouble(p -> first[p] - variance[p] / 2).toArray(),
          IntStream.range(0, rows).filter(p -> !(lengths[p] * farthest <= NEAR)).toArray());
    }
  }

  static Result add(Result a, Result b) {
    double[][] heads = new double[a.heads.length][];
    for (int l = 0; l < heads.length; l++) {
      heads[l] = add(a.heads[l], b.heads[l]);
    }
    return new Result(
        a.embedding + b.embedding,
        a.total + b.total,
        add(a.attention, b.attention),
        add(a.feedForward, b.feedForward),
        heads);
  }

  private static double[] add(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] + b[i]).toArray();
  }
}
