package dev.lynceus.method.dependence;

import dev.lynceus.method.Target;
import dev.lynceus.method.gradient.FlowGraph;
import dev.lynceus.method.gradient.Objective;
import dev.lynceus.model.Model;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Captured;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/// What a word loses without each head of the encoder and of the decoder, estimated by gradients:
/// what the head gives, times how the log probability depends on it, summed over all positions
/// (first order, as in attribution patching, arXiv 2310.10348). One pass back serves all heads. An
/// estimate is no measurement: some heads are silenced to tell.
///
/// @param values `[layers][heads]` by point
record HeadEstimates(Map<Point, double[][]> values) {

  /// A head.
  record Head(Point point, int layer, int head, double estimated) {
    /// Silences it at all positions.
    List<Intervention> silenced() {
      return List.of(Intervention.at(point, layer, new Op.Zero()).heads(head));
    }

    String stack() {
      return point.stack().name().toLowerCase(Locale.ROOT);
    }

    String kind() {
      return HeadEstimates.kind(point);
    }
  }

  static HeadEstimates of(Run run, Target target) {
    Model model = run.model().model();
    List<Point> points = new ArrayList<>();
    for (Stack stack : FlowGraph.stacks(model)) {
      for (Site site : List.of(Site.Z, Site.CROSS_Z)) {
        if (stack != Stack.VISION && model.has(Point.of(stack, site))) {
          points.add(Point.of(stack, site));
        }
      }
    }
    Map<Point, double[][]> values = new LinkedHashMap<>();
    try (Scope scope = Scope.open()) {
      FlowGraph graph = FlowGraph.of(run, points);
      Map<Captured.Key, Tensor> slopes = graph.back(Objective.logProbability(target));
      for (Point point : points) {
        double[][] grid = new double[model.layers(point.stack())][];
        for (int l = 0; l < grid.length; l++) {
          Tensor slope = Objects.requireNonNull(slopes.get(new Captured.Key(point, l)));
          Tensor product = graph.value(point, l).to(DType.FLOAT64).mul(slope.to(DType.FLOAT64));
          // [batch, pos, heads, width]
          grid[l] = product.sum(-1).sum(1).reshape(-1).toDoubles();
        }
        values.put(point, grid);
      }
    }
    return new HeadEstimates(values);
  }

  /// What a head of a point is.
  static String kind(Point point) {
    return point.site() == Site.CROSS_Z ? "cross-attention" : "attention";
  }

  /// All heads, the largest estimates first, either way.
  List<Head> ranked() {
    List<Head> all = new ArrayList<>();
    values.forEach((point, grid) -> {
      for (int l = 0; l < grid.length; l++) {
        for (int h = 0; h < grid[l].length; h++) {
          all.add(new Head(point, l, h, grid[l][h]));
        }
      }
    });
    all.sort(Comparator.comparingDouble(head -> -Math.abs(head.estimated())));
    return all;
  }

  /// Some of those behind the first, drawn without putting back.
  static List<Head> drawn(List<Head> ranked, int first, int count, SplittableRandom random) {
    List<Head> rest =
        new ArrayList<>(ranked.subList(Math.min(first, ranked.size()), ranked.size()));
    List<Head> some = new ArrayList<>();
    while (some.size() < count && !rest.isEmpty()) {
      some.add(rest.remove(random.nextInt(rest.size())));
    }
    return some;
  }
}
