package dev.lynceus.method;

import dev.lynceus.run.Run;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.List;

/// What the lens reads for one aim at every depth, made by one product with the unembedding and
/// kept, because all that explains the aim begins with it: increases of layers and heads, slopes,
/// the words of each depth. Its tensors belong to the scope that was open when it was made.
///
/// @param trace the row
/// @param lens with the frozen variance of the row
/// @param increases of layers and heads
/// @param inputs logits of the input of each layer, `[layers, vocabulary]`
/// @param middle logits of the stream between attention and feed-forward network, likewise
/// @param own logits of the stream at each depth by its own norm, `[layers + 1, vocabulary]`
/// @param inputSlopes gradient of the aim at the input of each layer, `[layers, width]`
/// @param middleSlopes the same between attention and feed-forward network
record Reading(
    RowTrace trace,
    Target.Aim aim,
    FrozenLens lens,
    LogIncrease.Result increases,
    Tensor inputs,
    Tensor middle,
    Tensor own,
    Tensor inputSlopes,
    Tensor middleSlopes) {

  /// Reads an aim of a run.
  static Reading of(Run run, Target.Aim aim) {
    RowTrace trace = new RowTrace(run, aim.row());
    FrozenLens lens = FrozenLens.of(trace.decoder(), trace.last());
    int layers = trace.config().layers();
    int heads = trace.config().heads();
    try (Scope scope = Scope.open()) {
      Tensor stream = trace.stream();
      Tensor inputs = stream.narrow(0, 0, layers);
      Tensor between = inputs.add(trace.attention());
      Tensor normed = trace.decoder().finished(stream);
      Tensor alone = lens.scaled(LogIncrease.alone(trace, inputs));
      Tensor kept = Torch.cat(List.of(lens.scaled(stream), lens.scaled(between), normed), 0);
      double[] values = new double[2 * layers + 1 + layers * heads];
      Tensor depths = read(trace, aim, kept, alone, values);
      Tensor slopes =
          lens.slopes(
              Torch.cat(
                  List.of(depths.narrow(0, 0, layers), depths.narrow(0, layers + 1L, layers)), 0),
              aim);
      return new Reading(
          trace,
          aim,
          lens,
          LogIncrease.result(values, layers, heads),
          scope.keep(depths.narrow(0, 0, layers)),
          scope.keep(depths.narrow(0, layers + 1L, layers)),
          scope.keep(depths.narrow(0, 2L * layers + 1, layers + 1L)),
          scope.keep(slopes.narrow(0, 0, layers)),
          scope.keep(slopes.narrow(0, layers, layers)));
    }
  }

  /// Logits of the rows that are kept; and the values of all others, which of a large model are
  /// made block by block and freed.
  ///
  /// @param kept rows of all depths, the last `layers + 1` of them not of this lens
  /// @param alone rows of all heads
  /// @param values filled: depths, then heads
  private static Tensor read(
      RowTrace trace, Target.Aim aim, Tensor kept, Tensor alone, double[] values) {
    int depths = (int) kept.size(0);
    int frozen = values.length - (int) alone.size(0);
    Tensor rows = Torch.cat(List.of(kept, alone), 0);
    int count = (int) rows.size(0);
    int most = Math.max(depths, FrozenLens.most(trace.decoder()));
    try (Scope scope = Scope.open()) {
      Tensor found = null;
      for (int start = 0; start < count; start += most) {
        try (Scope inner = Scope.open()) {
          int length = Math.min(most, count - start);
          Tensor logits = trace.decoder().weights().head().apply(rows.narrow(0, start, length));
          int at = Math.max(start, depths);
          if (found == null) {
            found = inner.keep(logits.narrow(0, 0, depths).copy());
            put(values, 0, found.narrow(0, 0, frozen), aim);
          }
          if (start + length > at) {
            Tensor heads = logits.narrow(0, (long) at - start, (long) start + length - at);
            put(values, frozen + at - depths, heads, aim);
          }
        }
      }
      return scope.keep(java.util.Objects.requireNonNull(found));
    }
  }

  private static void put(double[] values, int at, Tensor logits, Target.Aim aim) {
    double[] some = FrozenLens.read(logits, aim);
    System.arraycopy(some, 0, values, at, some.length);
  }
}
