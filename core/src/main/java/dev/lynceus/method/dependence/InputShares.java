package dev.lynceus.method.dependence;

import dev.lynceus.method.Inputs;
import dev.lynceus.method.Target;
import dev.lynceus.method.gradient.FlowGraph;
import dev.lynceus.method.gradient.Objective;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Captured;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What each input of all stacks brings to the log probability of a word: integrated gradients
/// (Sundararajan, Taly and Yan, arXiv 1703.01365), all inputs moving together on a line, features
/// of the picture from their mean and words from what stands in the place of one that is taken
/// away. Their sum is the difference of both ends, up to `gap`.
///
/// @param values by point, one for each position, nats
/// @param promised log probability of the run less that with nothing given
/// @param gap sum of all values less that
/// @param steps points of the line
record InputShares(Map<Point, double[]> values, double promised, double gap, int steps) {
  private static final int FIRST = 16;
  private static final int MOST = 128;

  /// Part of what is promised by which the sum may be off before more steps are made.
  private static final double EXACT = .01;

  /// The shares of a target.
  static InputShares of(Run run, Target target, List<GivenText> texts, Progress progress) {
    Objective objective = Objective.logProbability(target);
    List<Point> points = new ArrayList<>();
    if (Inputs.seesByReading(run.model().model())) {
      points.add(Point.vision(Site.FEATURES));
    }
    texts.stream().map(GivenText::point).distinct().forEach(points::add);
    try (Scope scope = Scope.open()) {
      FlowGraph graph = FlowGraph.of(run, points);
      Map<Captured.Key, Tensor> lines = new LinkedHashMap<>();
      for (Point point : points) {
        lines.put(new Captured.Key(point, 0), line(graph.value(point, 0), point, texts));
      }
      double promised = graph.value(objective) - moved(graph, lines, -1).value(objective);
      int steps = FIRST;
      while (true) {
        Map<Point, double[]> values = sums(graph, lines, objective, steps, progress);
        double sum = values.values().stream().flatMapToDouble(Arrays::stream).sum();
        double gap = sum - promised;
        if (Math.abs(gap) <= EXACT * Math.abs(promised) || steps >= MOST) {
          return new InputShares(values, promised, gap, steps);
        }
        steps *= 2;
      }
    }
  }

  /// From what says nothing to what was given; zero where nothing is taken away.
  private static Tensor line(Tensor value, Point point, List<GivenText> texts) {
    if (point.equals(Point.vision(Site.FEATURES))) {
      return value.sub(value.meanKeep(1));
    }
    Tensor start = value.copy();
    for (GivenText text : texts) {
      if (text.point().equals(point)) {
        Tensor blank =
            Tensor.of(text.blank(), 1, 1, text.blank().length)
                .to(value.dtype())
                .expand(1, text.positions().length, text.blank().length)
                .contiguous();
        start = start.indexCopy_(1, Tensor.indices(text.positions()), blank);
      }
    }
    return value.sub(start);
  }

  private static FlowGraph moved(FlowGraph graph, Map<Captured.Key, Tensor> lines, double share) {
    Map<Captured.Key, Tensor> added = new LinkedHashMap<>();
    lines.forEach((key, line) -> added.put(key, line.mul(share)));
    return graph.moved(added);
  }

  /// By midpoints.
  private static Map<Point, double[]> sums(
      FlowGraph graph,
      Map<Captured.Key, Tensor> lines,
      Objective objective,
      int steps,
      Progress progress) {
    Map<Point, double[]> values = new LinkedHashMap<>();
    try (Scope scope = Scope.open()) {
      Map<Captured.Key, Tensor> sums = new LinkedHashMap<>();
      lines.forEach((key, line) -> sums.put(key, Torch.zeros(DType.FLOAT64, line.shape())));
      for (int k = 0; k < steps; k++) {
        progress.at("integrated gradients", k, steps);
        try (Scope inner = Scope.open()) {
          moved(graph, lines, (k + .5) / steps - 1)
              .back(objective)
              .forEach((key, slope) ->
                  Objects.requireNonNull(sums.get(key)).add_(slope.to(DType.FLOAT64)));
        }
      }
      sums.forEach((key, sum) ->
          values.put(
              key.point(),
              sum.mul(Objects.requireNonNull(lines.get(key)).to(DType.FLOAT64))
                  .sum(-1)
                  .div((double) steps)
                  .reshape(-1)
                  .toDoubles()));
    }
    return values;
  }
}
