package dev.lynceus.lab.measure;

import dev.lynceus.method.LogitLens;
import dev.lynceus.method.score.Estimate;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Positions;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Words that are read from tokens of a text at every depth, in the way that visual tokens are: the
/// control for them. A visual token that reads worse than a text's token does hides its word.
final class TextStudy {
  private final LoadedModel model;
  private final int layers;
  private final List<double[][]> scenes = new ArrayList<>();

  TextStudy(LoadedModel model) {
    this.model = model;
    this.layers = model.model().decoder().config().layers();
  }

  /// Adds the text of a scene, asked about one of its things.
  void add(Twin twin) {
    Exchange exchange = Exchange.about(model, twin.story(), twin.question(twin.asked()));
    int[] sentence = twin.sentence(exchange.prompt(), model.tokenizer(), twin.asked());
    // `The`, thing, `is`, colour.
    int[] positions = {sentence[1], sentence[3]};
    int noun = exchange.prompt().ids()[positions[0]];
    int colour = exchange.prompt().ids()[positions[1]];
    TextStack decoder = model.model().decoder();
    double[][] rows = new double[layers + 2][];
    try (Scope scope = Scope.open();
        Run run =
            model.run(
                exchange.prompt(), LogitLens.capture(decoder.config(), Positions.of(positions)))) {
      Tensor atNoun = LogitLens.states(run, positions[0]);
      Tensor atColour = LogitLens.states(run, positions[1]);
      for (int d = 0; d < rows.length; d++) {
        try (Scope inner = Scope.open()) {
          int depth = Math.max(0, d - 1);
          Tensor states =
              dev.lynceus.tensor.Torch.cat(
                  List.of(atNoun.narrow(0, depth, 1), atColour.narrow(0, depth, 1)), 0);
          WordRanks ranks = PatchStudy.ranks(decoder, d, states);
          rows[d] =
              new double[] {
                1.0 / ranks.rank(1, colour), 1.0 / ranks.rank(0, noun), 1.0 / ranks.rank(0, colour)
              };
        }
      }
    }
    scenes.add(rows);
  }

  /// What was found, the input embeddings first.
  List<FindingsReport.TextWords> words() {
    return IntStream.range(0, layers + 2)
        .mapToObj(d -> new FindingsReport.TextWords(d - 1, mean(d, 0), mean(d, 1), mean(d, 2)))
        .toList();
  }

  private Estimate mean(int depth, int column) {
    return Estimate.mean(
        Arrays.stream(scenes.toArray(double[][][]::new))
            .mapToDouble(scene -> scene[depth][column])
            .toArray());
  }
}
