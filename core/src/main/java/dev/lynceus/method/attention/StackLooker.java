package dev.lynceus.method.attention;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageRegion;
import dev.lynceus.method.Inputs;
import dev.lynceus.model.Model;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Labels;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Measures how the heads of stacks look while a prompt is read: one pass a stack, whose patterns
/// are kept.
///
/// @param stack the one; empty = all that the model has
/// @param region of the first picture, in its pixels, whose share is told; empty = none
/// @param progress told which stack is measured
public record StackLooker(
    LoadedModel model, Optional<Stack> stack, Optional<ImageRegion> region, Progress progress) {
  private static final List<Stack> ALL =
      List.of(Stack.VISION, Stack.QFORMER, Stack.ENCODER, Stack.DECODER);

  /// Below it a probability adds nothing to an entropy.
  private static final double TINY = 1e-30;

  /// The looks of a prompt.
  ///
  /// @throws LynceusException UNSUPPORTED_MODEL of a model without the stack; BAD_REQUEST for the
  ///   tower without a picture
  public StackLooks explain(Prompt prompt) {
    Model asked = model.model();
    List<Stack> stacks =
        ALL.stream()
            .filter(one -> stack.isEmpty() ? asked.shape(one).isPresent() : one == stack.get())
            .filter(one -> one != Stack.VISION || !prompt.pictures().isEmpty())
            .toList();
    stack.ifPresent(asked::requireShape);
    if (stacks.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the vision tower looks at a picture, and the question comes with none",
          "Give a picture, or leave the stack out: all that the model has are measured.");
    }
    List<StackLooks.Look> looks = new ArrayList<>();
    for (Stack one : stacks) {
      progress.at("attention", looks.size(), stacks.size());
      for (Site site : sites(one)) {
        Point point = Point.of(one, site);
        if (asked.has(point)) {
          try (Run run = model.run(prompt, Capture.of(Capture.request(point)))) {
            looks.add(look(run, point));
          }
        }
      }
    }
    return new StackLooks(prompt.question().isEmpty() ? prompt.text() : prompt.question(), looks);
  }

  /// A tower reads no other stack.
  private static List<Site> sites(Stack stack) {
    return stack == Stack.VISION
        ? List.of(Site.PATTERN)
        : List.of(Site.PATTERN, Site.CROSS_PATTERN);
  }

  private boolean has(Point point, int layer) {
    return point.stack() != Stack.QFORMER
        || point.site() != Site.CROSS_PATTERN
        || model.model().queries().orElseThrow().config().crosses(layer);
  }

  private StackLooks.Look look(Run run, Point point) {
    int layers = model.model().layers(point.stack());
    Map<StackLooks.Measure, double[][]> found = new EnumMap<>(StackLooks.Measure.class);
    int heads = model.model().shape(point.stack()).orElseThrow().heads().count();
    int rows = 0;
    int columns = 0;
    double even = 0;
    for (int l = 0; l < layers; l++) {
      if (!has(point, l)) {
        continue;
      }
      try (Scope scope = Scope.open()) {
        Tensor pattern = run.get(point, l);
        rows = (int) pattern.size(2);
        columns = (int) pattern.size(3);
        even = even(pattern);
        int layer = l;
        Weights weights = weights(run, point, rows, columns);
        measured(pattern, weights)
            .forEach((measure, values) ->
                found.computeIfAbsent(measure, m -> empty(layers, heads))[layer] = values);
      }
    }
    return new StackLooks.Look(
        point.stack().name().toLowerCase(Locale.ROOT),
        point.site() == Site.CROSS_PATTERN ? "cross-attention" : "attention",
        rows,
        columns,
        even,
        found.entrySet().stream()
            .map(e -> new StackLooks.Grid(e.getKey(), e.getKey().unit(), e.getValue()))
            .toList());
  }

  private static double[][] empty(int layers, int heads) {
    double[][] all = new double[layers][heads];
    for (double[] row : all) {
      Arrays.fill(row, Double.NaN);
    }
    return all;
  }

  /// Rows see what they pay anything, which is all that they may see.
  private static double even(Tensor pattern) {
    return pattern.select(1, 0).gt(0).to(DType.FLOAT64).sum(-1).log().mean().item();
  }

  /// Factors of rows and columns.
  ///
  /// @param distance `[rows * columns]` between patches; none where rows or columns have no patches
  /// @param patches 1 where a patch looks at a patch
  /// @param region `[columns]`, 1 for its patches; none without one
  @SuppressWarnings("ArrayRecordComponent") // numbers for arithmetic
  private record Weights(
      Optional<float[]> distance, Optional<float[]> patches, Optional<float[]> region) {}

  private Weights weights(Run run, Point point, int rows, int columns) {
    Labels labels = run.batch().labels(model.model());
    TokenMap from = labels.rows(point);
    TokenMap to = labels.columns(point);
    Optional<float[]> distance = Optional.empty();
    Optional<float[]> patches = Optional.empty();
    if (from.length() == rows && to.length() == columns && point.site() == Site.PATTERN) {
      float[] far = new float[rows * columns];
      float[] both = new float[rows * columns];
      boolean any = false;
      for (TokenMap.View view : from.views()) {
        int wide = view.tile().columns();
        for (int a = 0; a < view.positions().length; a++) {
          for (int b = 0; b < view.positions().length; b++) {
            int at = view.positions()[a] * columns + view.positions()[b];
            int down = a / wide - b / wide;
            int along = a % wide - b % wide;
            far[at] = (float) Math.hypot(down, along);
            both[at] = 1;
            any = true;
          }
        }
      }
      if (any) {
        distance = Optional.of(far);
        patches = Optional.of(both);
      }
    }
    return new Weights(
        distance, patches, region.flatMap(box -> inside(run, point, to, columns, box)));
  }

  /// The columns whose patches have their middle in a box of the first picture; none where the
  /// picture is seen in several views, or columns are no patches of it.
  private static Optional<float[]> inside(
      Run run, Point point, TokenMap to, int columns, ImageRegion box) {
    TokenMap seen = Inputs.seen(run);
    List<TokenMap.View> first = seen.views().stream().filter(v -> v.image() == 0).toList();
    List<TokenMap.View> views = to.views().stream().filter(v -> v.image() == 0).toList();
    if (first.size() != 1 || views.size() != 1 || to.length() != columns) {
      return Optional.empty();
    }
    TokenMap.Tile place = first.getFirst().tile();
    TokenMap.View view = views.getFirst();
    int wide = view.tile().columns();
    float[] inside = new float[columns];
    for (int p = 0; p < view.positions().length; p++) {
      int row = p / wide;
      double x = place.left() + (p % wide + .5) * place.seenWidth() / wide;
      double y = place.top() + (row + .5) * place.seenHeight() / view.tile().rows();
      boolean within =
          x >= box.left()
              && x < box.left() + box.width()
              && y >= box.top()
              && y < box.top() + box.height();
      inside[view.positions()[p]] = within ? 1 : 0;
    }
    return Optional.of(inside);
  }

  /// `[heads]` of each measure.
  private static Map<StackLooks.Measure, double[]> measured(Tensor pattern, Weights weights) {
    Map<StackLooks.Measure, double[]> found = new EnumMap<>(StackLooks.Measure.class);
    int heads = (int) pattern.size(1);
    int rows = (int) pattern.size(2);
    int columns = (int) pattern.size(3);
    // Views of pictures are a batch: one after the other.
    Tensor p = pattern.to(DType.FLOAT32);
    found.put(
        StackLooks.Measure.ENTROPY, perHead(p.mul(p.clampMin(TINY).log()).neg().sum(-1), heads));
    found.put(StackLooks.Measure.MOST, perHead(p.mean(2).amax(-1).unsqueeze(2), heads));
    found.put(StackLooks.Measure.FIRST, perHead(p.select(3, 0), heads));
    if (rows == columns) {
      float[] same = new float[rows * columns];
      IntStream.range(0, rows).forEach(i -> same[i * columns + i] = 1);
      found.put(
          StackLooks.Measure.SELF,
          perHead(p.mul(Tensor.of(same, 1, 1, rows, columns)).sum(-1), heads));
    }
    if (weights.distance.isPresent()) {
      double[] far =
          perHead(p.mul(Tensor.of(weights.distance.get(), 1, 1, rows, columns)).sum(-1), heads);
      double[] paid =
          perHead(
              p.mul(Tensor.of(weights.patches.orElseThrow(), 1, 1, rows, columns)).sum(-1), heads);
      found.put(
          StackLooks.Measure.DISTANCE,
          IntStream.range(0, heads).mapToDouble(h -> far[h] / paid[h]).toArray());
    }
    weights.region.ifPresent(region ->
        found.put(
            StackLooks.Measure.REGION,
            perHead(
                p.select(0, 0).mul(Tensor.of(region, 1, 1, columns)).sum(-1).unsqueeze(0), heads)));
    return found;
  }

  /// Mean over views and rows of `[views, heads, rows]`.
  private static double[] perHead(Tensor values, int heads) {
    double[] all = values.mean(-1).mean(0).reshape(heads).to(DType.FLOAT64).toDoubles();
    return all;
  }
}
