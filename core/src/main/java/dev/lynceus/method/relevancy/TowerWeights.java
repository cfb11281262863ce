package dev.lynceus.method.relevancy;

import dev.lynceus.method.gradient.TowerGraph;
import dev.lynceus.model.TowerInput;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.run.Run;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The weights of all layers of the tower that something reads, for one gradient of what enters the
/// decoder.
///
/// @param layers `[views, pos, pos]` for each layer, the first layer first
/// @param offset positions before the first patch: 1 with a class token
record TowerWeights(List<Tensor> layers, int offset) {

  /// The weights for a gradient.
  ///
  /// @param graph recorded from the tower's attention
  static TowerWeights of(Run run, TowerGraph graph, Tensor slope) {
    TowerInput input = ((VisionLanguageModel) run.model().model()).input(run.batch().pictures());
    List<Tensor> weights = new ArrayList<>();
    try (Scope scope = Scope.open()) {
      List<Optional<Tensor>> slopes = graph.back(slope);
      for (int l = 0; l < slopes.size(); l++) {
        if (slopes.get(l).isPresent()) {
          weights.add(scope.keep(Rules.weights(graph.values().get(l), slopes.get(l).get())));
        }
      }
    }
    return new TowerWeights(weights, input.positions() - input.patches());
  }

  /// Views.
  int views() {
    return (int) layers.getFirst().size(0);
  }

  /// Positions of a view.
  int positions() {
    return (int) layers.getFirst().size(1);
  }

  /// What rows gain on their way from the tower's last layer to its first, `[views, pos]`.
  ///
  /// @param rows one for each view
  double[][] gained(double[][] rows) {
    try (Scope scope = Scope.open()) {
      Tensor start = rows(rows);
      return split(Rules.down(start, layers).sub(start).toDoubles());
    }
  }

  /// Rows followed back to the tower's input, what they began with included, `[views, pos]`.
  double[][] followed(double[][] rows) {
    try (Scope scope = Scope.open()) {
      return split(Rules.down(rows(rows), layers).toDoubles());
    }
  }

  private Tensor rows(double[][] rows) {
    List<Tensor> all = new ArrayList<>();
    for (double[] row : rows) {
      all.add(Tensor.of(row, 1, row.length));
    }
    return Torch.stack(all, 0).to(layers.getFirst().dtype());
  }

  private double[][] split(double[] flat) {
    double[][] rows = new double[views()][positions()];
    for (int v = 0; v < rows.length; v++) {
      System.arraycopy(flat, v * positions(), rows[v], 0, positions());
    }
    return rows;
  }
}
