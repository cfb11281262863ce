package dev.lynceus.method;

import dev.lynceus.method.Explanation.AttentionNeuron;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Run;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;

/// Reads the heads that raise a target most, position by position. The lens is taken of the output
/// directions of several heads at once; increases of positions, what the heads move in words, and
/// the neurons of the best heads all follow from that one product.
final class HeadReader {
  /// Heads whose neurons are looked at.
  private static final int HEADS_WITH_NEURONS = 3;

  /// A model with no more heads than this has all of them read.
  private static final int ALL = 64;

  private final Run run;
  private final Target target;
  private final Reading reading;
  private final ExplainOptions options;
  private final Progress progress;
  private final List<WordViews.HeadRow> rows = new ArrayList<>();
  private final List<AttentionNeuron> neurons = new ArrayList<>();

  /// @param reading of the first aim of the target
  HeadReader(Run run, Target target, Reading reading, ExplainOptions options, Progress progress) {
    this.run = run;
    this.target = target;
    this.reading = reading;
    this.options = options;
    this.progress = progress;
  }

  /// The heads that were read, best first.
  List<WordViews.HeadRow> rows() {
    return rows;
  }

  /// The best neurons of the best heads, best first.
  List<AttentionNeuron> neurons() {
    return Neurons.best(neurons, options.neurons());
  }

  /// Reads the best heads.
  void read(LogIncrease.Result result) {
    List<int[]> ranking = result.ranking();
    // Of a small model all are read position by position, but only the best of them in words.
    int most = ranking.size() <= ALL ? ranking.size() : options.heads();
    List<int[]> heads = ranking.subList(0, Math.min(most, ranking.size()));
    int width = reading.trace().config().headWidth();
    int group = Math.max(1, FrozenLens.most(reading.trace().decoder()) / width);
    for (int start = 0; start < heads.size(); start += group) {
      List<int[]> some = heads.subList(start, Math.min(start + group, heads.size()));
      try (Scope scope = Scope.open()) {
        Tensor outputs =
            Torch.cat(some.stream().map(at -> reading.trace().outputs(at[0], at[1])).toList(), 0);
        Tensor directions = reading.lens().logits(outputs);
        for (int i = 0; i < some.size(); i++) {
          int[] at = some.get(i);
          read(
              at[0],
              at[1],
              result.heads()[at[0]][at[1]],
              directions.narrow(0, (long) i * width, width));
          progress.at("positions", rows.size(), heads.size());
        }
      }
    }
  }

  private void read(int layer, int head, double increase, Tensor directions) {
    try (Scope scope = Scope.open()) {
      double[] positions = positions(layer, head, directions);
      boolean told = rows.size() < options.heads();
      int[] best = told ? WordViews.best(positions, options.positions()) : new int[0];
      if (options.neurons() > 0 && rows.size() < HEADS_WITH_NEURONS) {
        neurons.addAll(
            new Neurons(run, reading.aim(), options.listed())
                .attention(reading, layer, head, directions, options.neurons()));
      }
      rows.add(
          new WordViews.HeadRow(
              layer,
              head,
              increase,
              positions,
              WordViews.attention(run, target, layer, head),
              best,
              told
                  ? new Words(run.model().tokenizer())
                      .top(
                          WordViews.moved(reading.trace(), layer, head, best, directions),
                          options.listed())
                  : List.of()));
    }
  }

  /// Increase of each position alone, summed over the aims, `[T]`. Lenses of other rows differ from
  /// that of the first by a factor, and so do norms behind the attention.
  private double[] positions(int layer, int head, Tensor directions) {
    double[] sum = new double[run.batch().length()];
    for (int i = 0; i < target.aims().size(); i++) {
      Target.Aim aim = target.aims().get(i);
      try (Scope scope = Scope.open()) {
        double[] one;
        if (i == 0) {
          Tensor base = reading.inputs().narrow(0, layer, 1);
          one = LogIncrease.positions(reading.trace(), aim, layer, head, base, directions);
        } else {
          RowTrace trace = new RowTrace(run, aim.row());
          FrozenLens lens = FrozenLens.of(trace.decoder(), trace.last());
          Tensor base = lens.states(trace.input(layer));
          double behind = reading.trace().attentionScale(layer) / trace.attentionScale(layer);
          Tensor scaled = directions.mul(lens.scale() / reading.lens().scale() * behind);
          one = LogIncrease.positions(trace, aim, layer, head, base, scaled);
        }
        for (int p = 0; p < one.length; p++) {
          sum[p] += one[p];
        }
      }
    }
    return sum;
  }
}
