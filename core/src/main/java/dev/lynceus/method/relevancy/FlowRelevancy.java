package dev.lynceus.method.relevancy;

import dev.lynceus.method.Inputs;
import dev.lynceus.method.Target;
import dev.lynceus.method.gradient.FlowGraph;
import dev.lynceus.method.gradient.Objective;
import dev.lynceus.model.Model;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.run.Piece;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Captured;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Relevancy where stacks read each other by cross-attention (BLIP), or where one stack reads all
/// there is (BERT): attention of every stack, weighted by how the word's logit depends on it, by
/// [FlowRules]. Exact for each token, as in [RelevancyMaps]. One pass with gradients through all
/// stacks serves all tokens; each costs one pass back.
public final class FlowRelevancy {
  private FlowRelevancy() {}

  /// What a word depends on, of one stack after the other. Each row is a share: it adds up to 1, or
  /// is all 0. Rows of several stacks are not on one scale: what is relevant in the picture is so
  /// through the words that read it.
  ///
  /// @param own what its row gained of the positions of the decoder, `[T]`
  /// @param question what it gained of the words that an encoder read, `[Q]`; empty without one
  /// @param features of what left the tower, `[positions]`; empty without one
  /// @param composed the same followed back through the tower
  /// @param tower what all patches, each counted alike, take from each position of the tower
  // Plain numbers of a result; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  record Rows(
      double[] own, double[] question, double[] features, double[] composed, double[] tower) {}

  /// The points whose gradients are needed.
  static List<Point> points(Model model) {
    List<Point> points = new ArrayList<>();
    List<Stack> stacks = FlowGraph.stacks(model);
    for (int i = 0; i < stacks.size(); i++) {
      points.add(Point.of(stacks.get(i), Site.PATTERN));
      if (i > 0) {
        points.add(Point.of(stacks.get(i), Site.CROSS_PATTERN));
      }
    }
    return points;
  }

  /// Explains several words of one run.
  static List<RelevancyMaps.Result> explain(Run run, List<Target> targets, Progress progress) {
    List<RelevancyMaps.Result> results = new ArrayList<>();
    try (Scope scope = Scope.open()) {
      Model model = run.model().model();
      progress.at("attention", 0, 0);
      FlowGraph graph = FlowGraph.of(run, points(model));
      int done = 0;
      for (Target target : targets) {
        List<Rows> rows = new ArrayList<>();
        for (Objective objective : Objective.logits(target)) {
          try (Scope inner = Scope.open()) {
            rows.add(rows(graph, run, objective));
          }
        }
        results.add(result(run, target, rows));
        progress.at("words", ++done, targets.size());
      }
    }
    return results;
  }

  /// The rows of one token, or of a piece of what is read: of a piece the mean of those at which
  /// its beginning and its end are read.
  static Rows rows(FlowGraph graph, Run run, Objective objective) {
    Model model = run.model().model();
    Map<Captured.Key, Tensor> slopes = graph.back(objective);
    List<Stack> stacks = FlowGraph.stacks(model);
    List<FlowRules.Level> levels = new ArrayList<>();
    for (Stack stack : stacks) {
      List<Tensor> self = new ArrayList<>();
      List<Optional<Tensor>> cross = new ArrayList<>();
      for (int l = 0; l < model.layers(stack); l++) {
        self.add(weights(graph, slopes, Point.of(stack, Site.PATTERN), l).orElseThrow());
        cross.add(
            levels.isEmpty()
                ? Optional.empty()
                : weights(graph, slopes, Point.of(stack, Site.CROSS_PATTERN), l));
      }
      levels.add(new FlowRules.Level(self, cross));
    }
    FlowRules rules = new FlowRules(levels);
    List<List<@Nullable Tensor>> whole = rules.relevancies(true);
    List<@Nullable Tensor> last = whole.getLast();
    int[] at = rows(run, objective);
    boolean sees = stacks.contains(Stack.VISION);
    boolean asked = stacks.contains(Stack.ENCODER);
    return new Rows(
        shares(gained(last.getLast()), at),
        asked ? shares(last.get(last.size() - 2), at) : NONE,
        sees ? shares(rules.relevancies(false).getLast().getFirst(), at) : NONE,
        sees ? shares(last.getFirst(), at) : NONE,
        sees ? divided(meanRow(gained(whole.getFirst().getFirst()))) : NONE);
  }

  private static final double[] NONE = new double[0];

  private static Optional<Tensor> weights(
      FlowGraph graph, Map<Captured.Key, Tensor> slopes, Point point, int layer) {
    if (!graph.has(point, layer)) {
      return Optional.empty();
    }
    Tensor slope = Objects.requireNonNull(slopes.get(new Captured.Key(point, layer)));
    return Optional.of(
        Rules.weights(graph.value(point, layer).to(DType.FLOAT64), slope.to(DType.FLOAT64))
            .select(0, 0));
  }

  private static @Nullable Tensor gained(@Nullable Tensor relevancy) {
    return relevancy == null ? null : relevancy.sub(FlowRules.identity(relevancy.size(0)));
  }

  /// The rows at which a target is read.
  private static int[] rows(Run run, Objective objective) {
    if (run.model().model().decoder().config().answers() != TextConfig.Answers.SPANS) {
      return objective.rows();
    }
    return switch (objective) {
      case Objective.Sum said -> {
        Piece piece = Piece.of(said.target().ids()[0], run.batch().length());
        yield IntStream.of(piece.start(), piece.end()).distinct().toArray();
      }
      case Objective.Mean whole -> whole.rows();
    };
  }

  /// The mean of some rows, divided by its sum.
  private static double[] shares(@Nullable Tensor gained, int[] rows) {
    if (gained == null) {
      return NONE;
    }
    try (Scope scope = Scope.open()) {
      return divided(gained.indexSelect(0, Tensor.indices(rows)).mean(0).toDoubles());
    }
  }

  private static double[] meanRow(@Nullable Tensor gained) {
    return gained == null ? NONE : gained.mean(0).toDoubles();
  }

  private static double[] divided(double[] values) {
    double sum = Arrays.stream(values).sum();
    return sum == 0 ? values : Arrays.stream(values).map(v -> v / sum).toArray();
  }

  private static RelevancyMaps.Result result(Run run, Target target, List<Rows> rows) {
    TokenMap seen = Inputs.seen(run);
    List<RelevancyMaps.Maps> maps = new ArrayList<>();
    if (rows.getFirst().features.length > 0) {
      for (TokenMap.View view : seen.views()) {
        maps.add(
            new RelevancyMaps.Maps(
                map(rows.stream().map(Rows::features).toList(), view),
                map(rows.stream().map(Rows::tower).toList(), view),
                map(rows.stream().map(Rows::composed).toList(), view)));
      }
    }
    return new RelevancyMaps.Result(
        target.text(),
        RelevancyMaps.mean(rows.stream().map(Rows::own).toList()),
        Double.NaN,
        maps,
        RelevancyMaps.mean(rows.stream().map(Rows::question).toList()));
  }

  private static double[] map(List<double[]> rows, TokenMap.View view) {
    double[] mean = RelevancyMaps.mean(rows);
    return IntStream.of(view.positions()).mapToDouble(p -> mean[p]).toArray();
  }
}
