package dev.lynceus.method;

import dev.lynceus.method.Explanation.AttentionNeuron;
import dev.lynceus.method.Explanation.Neuron;
import dev.lynceus.method.Explanation.Word;
import dev.lynceus.model.llama.LlamaConfig;
import dev.lynceus.run.Run;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

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

  private record Candidate(int layer, int head, int index, int position, double screened) {}

  /// The feed-forward neurons with the largest increase, best first.
  public List<Neuron> feedForward(int count) {
    try (Scope scope = Scope.open()) {
      RowTrace trace = new RowTrace(run, aim.row());
      int layers = trace.config().layers();
      FrozenLens lens = FrozenLens.of(trace.decoder(), trace.last());
      Tensor middle = trace.stream().narrow(0, 0, layers).add(trace.attention());
      Tensor slopes = lens.directions(middle, aim);
      List<Candidate> candidates = new ArrayList<>();
      for (int l = 0; l < layers; l++) {
        double[] screened = FirstOrder.neurons(trace, slopes.narrow(0, l, 1), l);
        for (int k = 0; k < screened.length; k++) {
          candidates.add(new Candidate(l, -1, k, -1, screened[k]));
        }
        candidates = best(candidates, count * CANDIDATES);
      }
      List<Neuron> found = new ArrayList<>();
      Tensor bases = lens.logits(middle);
      for (int l = 0; l < layers; l++) {
        int layer = l;
        List<Candidate> here = candidates.stream().filter(c -> c.layer == layer).toList();
        if (!here.isEmpty()) {
          found.addAll(measure(trace, lens, bases.narrow(0, l, 1), here));
        }
      }
      return found.stream()
          .sorted(Comparator.comparingDouble(n -> -n.increase()))
          .limit(count)
          .toList();
    }
  }

  private List<Neuron> measure(RowTrace trace, FrozenLens lens, Tensor base, List<Candidate> here) {
    try (Scope scope = Scope.open()) {
      int layer = here.getFirst().layer;
      Tensor index = Tensor.indices(here.stream().mapToInt(Candidate::index).toArray());
      Tensor columns =
          trace.weights(layer).down().weight().indexSelect(1, index).to(trace.last().dtype()).t();
      Tensor directions = lens.logits(columns.contiguous());
      Tensor coefficients = trace.coefficients(layer).indexSelect(0, index);
      double before = FrozenLens.read(base, aim)[0];
      double[] after = FrozenLens.read(directions.mul(coefficients.unsqueeze(1)).add(base), aim);
      double[] c = coefficients.toDoubles();
      List<List<Word>> raised = words.top(directions, listed);
      List<List<Word>> lowered = words.top(directions.neg(), listed);
      List<Neuron> neurons = new ArrayList<>();
      for (int i = 0; i < here.size(); i++) {
        boolean positive = c[i] >= 0;
        neurons.add(
            new Neuron(
                layer,
                here.get(i).index,
                c[i],
                after[i] - before,
                positive ? raised.get(i) : lowered.get(i),
                positive ? lowered.get(i) : raised.get(i)));
      }
      return neurons;
    }
  }

  /// The attention neurons of some heads with the largest increase, best first.
  ///
  /// @param heads `{layer, head}`
  public List<AttentionNeuron> attention(List<int[]> heads, int count) {
    try (Scope scope = Scope.open()) {
      RowTrace trace = new RowTrace(run, aim.row());
      LlamaConfig config = trace.config();
      FrozenLens lens = FrozenLens.of(trace.decoder(), trace.last());
      Tensor stream = trace.stream();
      List<AttentionNeuron> found = new ArrayList<>();
      for (int[] at : heads) {
        try (Scope inner = Scope.open()) {
          Tensor input = stream.narrow(0, at[0], 1);
          Tensor outputs = trace.outputs(at[0], at[1]).contiguous();
          Tensor moved =
              trace.values(at[0], at[1]).mul(trace.pattern(at[0]).select(0, at[1]).unsqueeze(1));
          Tensor slope = outputs.matmul(lens.directions(input, aim).reshape(-1));
          double[] screened = moved.mul(slope).toDoubles();
          List<Candidate> candidates = new ArrayList<>();
          for (int i = 0; i < screened.length; i++) {
            candidates.add(
                new Candidate(
                    at[0], at[1], i % config.headWidth(), i / config.headWidth(), screened[i]));
          }
          found.addAll(measure(lens, input, outputs, moved, best(candidates, count * 2)));
        }
      }
      return found.stream()
          .sorted(Comparator.comparingDouble(n -> -n.increase()))
          .limit(count)
          .toList();
    }
  }

  private List<AttentionNeuron> measure(
      FrozenLens lens, Tensor input, Tensor outputs, Tensor moved, List<Candidate> candidates) {
    Tensor base = lens.logits(input);
    double before = FrozenLens.read(base, aim)[0];
    int[] dimensions = candidates.stream().mapToInt(Candidate::index).toArray();
    Tensor directions = lens.logits(outputs.indexSelect(0, Tensor.indices(dimensions)));
    double[] all = moved.toDoubles();
    int width = (int) moved.size(1);
    float[] coefficients = new float[dimensions.length];
    for (int i = 0; i < coefficients.length; i++) {
      coefficients[i] = (float) all[candidates.get(i).position * width + dimensions[i]];
    }
    Tensor scaled =
        directions.mul(Tensor.of(coefficients, coefficients.length, 1).to(directions.dtype()));
    double[] after = FrozenLens.read(scaled.add(base), aim);
    List<List<Word>> raised = words.top(scaled, listed);
    List<AttentionNeuron> neurons = new ArrayList<>();
    for (int i = 0; i < coefficients.length; i++) {
      Candidate c = candidates.get(i);
      neurons.add(
          new AttentionNeuron(
              c.layer,
              c.head,
              c.index,
              c.position,
              coefficients[i],
              after[i] - before,
              raised.get(i)));
    }
    return neurons;
  }

  private static List<Candidate> best(List<Candidate> candidates, int count) {
    return new ArrayList<>(
        candidates.stream()
            .sorted(Comparator.comparingDouble(c -> -c.screened))
            .limit(count)
            .toList());
  }
}
