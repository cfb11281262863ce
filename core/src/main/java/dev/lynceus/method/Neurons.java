package dev.lynceus.method;

import dev.lynceus.method.Explanation.AttentionNeuron;
import dev.lynceus.method.Explanation.Neuron;
import dev.lynceus.method.Explanation.Word;
import dev.lynceus.run.Run;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Value neurons (arXiv 2312.12141): the single output vectors that raise a target's log
/// probability.
///
/// A feed-forward neuron k of layer l writes `c_k` times column k of the down projection; its
/// increase is `logp(t | r + c_k column_k) - logp(t | r)`, `r` the stream between attention and
/// feed-forward network. An attention neuron is one dimension of one head's value at one position;
/// its increase is taken on the layer's input.
///
/// All neurons are screened by their first-order increase, then the best are measured exactly.
public final class Neurons {
  /// Candidates that are measured exactly for each one that is asked for.
  private static final int CANDIDATES = 8;

  /// The same among the neurons of one head.
  private static final int HEAD_CANDIDATES = 2;

  private final Run run;
  private final Target.Aim aim;
  private final Words words;
  private final int listed;

  /// @param aim what is explained; one token or contrast
  /// @param listed words in each list
  public Neurons(Run run, Target.Aim aim, int listed) {
    this.run = run;
    this.aim = aim;
    this.words = new Words(run.model().tokenizer());
    this.listed = listed;
  }

  /// A feed-forward neuron that was measured.
  ///
  /// @param row of it among the columns that were measured
  private record Measured(int layer, int index, int row, double coefficient, double increase) {}

  /// The best feed-forward neurons, still without their words.
  ///
  /// @param best best first
  /// @param columns what each writes where its coefficient is 1, `[neurons, width]`
  record Found(List<Measured> best, Tensor columns) {
    /// The layer of the deepest.
    int deepest() {
      return best.stream().mapToInt(Measured::layer).max().orElse(-1);
    }
  }

  /// The feed-forward neurons with the largest increase, best first.
  public List<Neuron> feedForward(int count) {
    try (Scope scope = Scope.open()) {
      Reading reading = Reading.of(run, aim);
      Found found = find(reading, count);
      return named(found, reading.lens().logits(found.columns()));
    }
  }

  /// Finds the best feed-forward neurons; its tensors belong to the scope that is open.
  Found find(Reading reading, int count) {
    RowTrace trace = reading.trace();
    List<Screened> candidates = screened(reading, count * CANDIDATES);
    List<Tensor> columns = new ArrayList<>();
    List<Tensor> bases = new ArrayList<>();
    List<Tensor> coefficients = new ArrayList<>();
    for (int l = 0; l < trace.config().layers(); l++) {
      int layer = l;
      int[] here =
          candidates.stream().filter(c -> c.layer == layer).mapToInt(Screened::index).toArray();
      if (here.length > 0) {
        Tensor index = Tensor.indices(here);
        columns.add(trace.columns(l, index));
        coefficients.add(trace.coefficients(l).indexSelect(0, index));
        bases.add(reading.middle().narrow(0, l, 1).expand(here.length, reading.middle().size(1)));
      }
    }
    Tensor all = Torch.cat(columns, 0);
    Tensor factors = Torch.cat(coefficients, 0);
    double[] increases = increases(reading, all, factors, Torch.cat(bases, 0));
    double[] c = factors.toDoubles();
    List<Measured> best =
        IntStream.range(0, increases.length)
            .mapToObj(i -> {
              Screened one = candidates.get(i);
              return new Measured(one.layer, one.index, i, c[i], increases[i]);
            })
            .sorted(Comparator.comparingDouble((Measured m) -> -m.increase))
            .limit(count)
            .toList();
    Tensor rows = Tensor.indices(best.stream().mapToInt(Measured::row).toArray());
    return new Found(best, all.indexSelect(0, rows));
  }

  private double[] increases(Reading reading, Tensor columns, Tensor factors, Tensor bases) {
    int count = (int) columns.size(0);
    int block = FrozenLens.most(reading.trace().decoder());
    double[] increases = new double[count];
    for (int start = 0; start < count; start += block) {
      try (Scope scope = Scope.open()) {
        int length = Math.min(block, count - start);
        Tensor base = bases.narrow(0, start, length);
        Tensor written =
            reading
                .lens()
                .logits(columns.narrow(0, start, length))
                .mul_(factors.narrow(0, start, length).unsqueeze(1))
                .add_(base);
        double[] before = FrozenLens.read(base, aim);
        double[] after = FrozenLens.read(written, aim);
        for (int i = 0; i < length; i++) {
          increases[start + i] = after[i] - before[i];
        }
      }
    }
    return increases;
  }

  private record Screened(int layer, int index, double increase) {}

  /// The neurons with the largest first-order increase, layer by layer.
  private static List<Screened> screened(Reading reading, int count) {
    RowTrace trace = reading.trace();
    List<Screened> candidates = new ArrayList<>();
    for (int l = 0; l < trace.config().layers(); l++) {
      try (Scope scope = Scope.open()) {
        Tensor all = FirstOrder.neuron(trace, reading.middleSlopes().narrow(0, l, 1), l);
        Tensor.TopK top = all.topk(Math.min(count, all.size(0)));
        double[] increases = top.values().toDoubles();
        int[] indices = top.indices().toInts();
        for (int i = 0; i < indices.length; i++) {
          candidates.add(new Screened(l, indices[i], increases[i]));
        }
      }
    }
    return candidates.stream()
        .sorted(Comparator.comparingDouble((Screened c) -> -c.increase))
        .limit(count)
        .sorted(Comparator.comparingInt(Screened::layer))
        .toList();
  }

  /// Neurons with the words that they raise and lower.
  ///
  /// @param directions logits of their columns, `[neurons, vocabulary]`
  List<Neuron> named(Found found, Tensor directions) {
    List<List<Word>> raised = words.top(directions, listed);
    List<List<Word>> lowered = words.top(directions.neg(), listed);
    List<Neuron> neurons = new ArrayList<>();
    for (int i = 0; i < found.best.size(); i++) {
      Measured m = found.best.get(i);
      boolean positive = m.coefficient >= 0;
      neurons.add(
          new Neuron(
              m.layer,
              m.index,
              m.coefficient,
              m.increase,
              positive ? raised.get(i) : lowered.get(i),
              positive ? lowered.get(i) : raised.get(i)));
    }
    return neurons;
  }

  /// The attention neurons of some heads with the largest increase, best first.
  ///
  /// @param heads `{layer, head}`
  public List<AttentionNeuron> attention(List<int[]> heads, int count) {
    try (Scope scope = Scope.open()) {
      Reading reading = Reading.of(run, aim);
      List<AttentionNeuron> found = new ArrayList<>();
      for (int[] at : heads) {
        try (Scope inner = Scope.open()) {
          Tensor outputs = reading.trace().outputs(at[0], at[1]);
          found.addAll(attention(reading, at[0], at[1], reading.lens().logits(outputs), count));
        }
      }
      return best(found, count);
    }
  }

  /// Candidates among the attention neurons of one head, measured, in no order.
  ///
  /// @param directions logits of the head's output directions, `[headWidth, vocabulary]`
  List<AttentionNeuron> attention(
      Reading reading, int layer, int head, Tensor directions, int count) {
    RowTrace trace = reading.trace();
    int width = trace.config().headWidth();
    Tensor moved = trace.values(layer, head).mul(trace.pattern(layer).select(0, head).unsqueeze(1));
    Tensor slope =
        trace.outputs(layer, head).matmul(reading.inputSlopes().select(0, layer).reshape(-1));
    Tensor screened = moved.mul(slope).reshape(-1);
    int[] chosen =
        screened
            .topk(Math.min((long) count * HEAD_CANDIDATES, screened.size(0)))
            .indices()
            .toInts();
    Tensor coefficients = moved.reshape(-1).indexSelect(0, Tensor.indices(chosen));
    int[] dimensions = IntStream.of(chosen).map(i -> i % width).toArray();
    Tensor scaled =
        directions.indexSelect(0, Tensor.indices(dimensions)).mul(coefficients.unsqueeze(1));
    Tensor base = reading.inputs().narrow(0, layer, 1);
    double before = FrozenLens.read(base, aim)[0];
    double[] after = FrozenLens.read(scaled.add(base), aim);
    double[] c = coefficients.toDoubles();
    List<List<Word>> raised = words.top(scaled, listed);
    return IntStream.range(0, chosen.length)
        .mapToObj(i ->
            new AttentionNeuron(
                layer,
                head,
                dimensions[i],
                chosen[i] / width,
                c[i],
                after[i] - before,
                raised.get(i)))
        .toList();
  }

  /// The neurons with the largest increase, best first.
  static List<AttentionNeuron> best(List<AttentionNeuron> neurons, int count) {
    return neurons.stream()
        .sorted(Comparator.comparingDouble((AttentionNeuron n) -> -n.increase()))
        .limit(count)
        .toList();
  }
}
