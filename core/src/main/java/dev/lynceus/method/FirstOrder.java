package dev.lynceus.method;

import dev.lynceus.model.text.TextConfig;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.run.Run;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/// First-order log increase: the slope of a target's value at each layer's input, times what a part
/// adds there. It approximates [LogIncrease] closely for small parts and costs one row of the lens
/// a layer, so it serves to sum over all heads, to share an increase among zones of the prompt, and
/// to find candidates among many neurons.
public final class FirstOrder {
  private FirstOrder() {}

  /// What every position brings through all heads of all layers together, `[T]`; 0 after the row.
  public static double[] positions(Run run, Target target) {
    double[] sum = new double[run.batch().length()];
    for (double[] one : positions(run, target.aims(), done -> {})) {
      for (int p = 0; p < one.length; p++) {
        sum[p] += one[p];
      }
    }
    return sum;
  }

  /// The same for several aims of one run, one row for each. Their rows of the lens share products.
  ///
  /// @param step told how many are done, after every product
  public static double[][] positions(Run run, List<Target.Aim> aims, IntConsumer step) {
    TextStack decoder = run.model().model().decoder();
    int layers = decoder.config().layers();
    int block = Math.max(1, FrozenLens.most(decoder) / layers);
    double[][] found = new double[aims.size()][];
    for (int start = 0; start < found.length; start += block) {
      List<Target.Aim> some = aims.subList(start, Math.min(start + block, found.length));
      try (Scope scope = Scope.open()) {
        List<RowTrace> traces = some.stream().map(aim -> new RowTrace(run, aim.row())).toList();
        double[][] these = positions(traces, slopes(decoder, traces, some));
        for (int i = 0; i < these.length; i++) {
          found[start + i] = Arrays.copyOf(these[i], run.batch().length());
        }
      }
      step.accept(start + some.size());
    }
    return found;
  }

  /// The slope of each aim at the input of each layer, `[aims, layers, width]`.
  private static Tensor slopes(TextStack decoder, List<RowTrace> traces, List<Target.Aim> aims) {
    int layers = decoder.config().layers();
    if (aims.stream().anyMatch(aim -> aim.against().isPresent())) {
      return Torch.stack(
          IntStream.range(0, aims.size())
              .mapToObj(i -> {
                RowTrace trace = traces.get(i);
                return FrozenLens.of(decoder, trace.last())
                    .directions(trace.stream().narrow(0, 0, layers), aims.get(i));
              })
              .toList(),
          0);
    }
    List<FrozenLens> lenses =
        traces.stream().map(trace -> FrozenLens.of(decoder, trace.last())).toList();
    List<Tensor> rows =
        IntStream.range(0, aims.size())
            .mapToObj(i -> lenses.get(i).scaled(traces.get(i).stream().narrow(0, 0, layers)))
            .toList();
    Tensor slope = Torch.softmax(decoder.weights().head().apply(Torch.cat(rows, 0)), 1).neg();
    Tensor ones = Torch.full(slope.dtype(), 1, layers);
    for (int i = 0; i < aims.size(); i++) {
      slope.narrow(0, (long) i * layers, layers).select(1, aims.get(i).id()).add_(ones);
    }
    Tensor back = decoder.weights().head().back(slope);
    return Torch.stack(
        IntStream.range(0, aims.size())
            .mapToObj(i -> lenses.get(i).back(back.narrow(0, (long) i * layers, layers)))
            .toList(),
        0);
  }

  /// What every position brings through all heads of all layers, one row for each trace, `[source]`
  /// of the last of them.
  ///
  /// @param slopes gradients at the inputs of the layers, `[traces, layers, width]`
  static double[][] positions(List<RowTrace> traces, Tensor slopes) {
    RowTrace last = traces.stream().max(Comparator.comparingInt(RowTrace::row)).orElseThrow();
    TextConfig c = last.config();
    int count = traces.size();
    int shared = c.heads() / c.keyHeads();
    try (Scope scope = Scope.open()) {
      Tensor sum = Torch.zeros(DType.FLOAT64, count, last.row() + 1L);
      for (int l = 0; l < c.layers(); l++) {
        try (Scope inner = Scope.open()) {
          // Rows [key head, trace, head of it], so that one product serves all traces.
          Tensor along =
              last.weights(l)
                  .attention()
                  .output()
                  .back(through(traces, l, slopes.select(1, l)))
                  .reshape(count, c.keyHeads(), shared, c.headWidth())
                  .transpose(0, 1)
                  .reshape(c.keyHeads(), (long) count * shared, c.headWidth());
          Tensor read =
              along
                  .matmul(last.values(l).transpose(1, 2))
                  .reshape(c.keyHeads(), count, shared, -1)
                  .transpose(0, 1)
                  .reshape(count, c.heads(), -1);
          sum.add_(read.mul(last.patterns(l, traces)).sum(1).to(DType.FLOAT64));
        }
      }
      double[] all = sum.toDoubles();
      int length = last.row() + 1;
      return IntStream.range(0, count)
          .mapToObj(i -> Arrays.copyOfRange(all, i * length, (i + 1) * length))
          .toArray(double[][]::new);
    }
  }

  /// First-order increase of every neuron of a layer, `[inner]`.
  ///
  /// @param slope gradient at the stream between attention and feed-forward network, `[1, width]`
  static double[] neurons(RowTrace trace, Tensor slope, int l) {
    try (Scope scope = Scope.open()) {
      return neuron(trace, slope, l).to(DType.FLOAT64).toDoubles();
    }
  }

  /// The same as a tensor.
  static Tensor neuron(RowTrace trace, Tensor slope, int l) {
    return trace
        .weights(l)
        .feedForward()
        .down()
        .back(trace.throughFeedForward(l, slope))
        .reshape(-1)
        .mul(trace.coefficients(l));
  }

  /// Slopes at what attention adds, each of its own row, as slopes at its output.
  private static Tensor through(List<RowTrace> traces, int l, Tensor slopes) {
    return traces.getFirst().weights(l).behind() == null
        ? slopes
        : Torch.stack(
            IntStream.range(0, traces.size())
                .mapToObj(i -> traces.get(i).throughAttention(l, slopes.select(0, i)))
                .toList(),
            0);
  }
}
