package dev.lynceus.run;

import dev.lynceus.model.Stacks;
import dev.lynceus.model.mae.Mae;
import dev.lynceus.model.stack.StackShape;
import dev.lynceus.tap.Axis;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Labels;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tensor.DType;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/// How many bytes a capture will keep of one pass of one picture through a model that writes no
/// answer: one for matching, or a masked autoencoder. How many positions a place has is told by its
/// labels.
///
/// @param labels what the positions of every place are
/// @param compute type of the arithmetic
record PassBudget(Stacks model, Labels labels, DType compute) {

  /// Refuses a capture that would pass its budget.
  ///
  /// @throws dev.lynceus.error.LynceusException OUT_OF_MEMORY
  void check(Capture capture) {
    Budgets.check(estimate(capture), capture.budget());
  }

  /// Bytes of each request of a plan.
  Map<Point, Long> estimate(Capture capture) {
    Map<Point, Long> bytes = new LinkedHashMap<>();
    for (Capture.Request request : capture.requests()) {
      Point point = request.point();
      long total =
          model.has(point)
              ? Capture.bytes(
                  request,
                  new Capture.Sizes(layers(point), sizes(point), Budgets.element(compute, point)),
                  labels,
                  0)
              : 0;
      bytes.put(point, total);
    }
    return bytes;
  }

  /// Layers that have a place: of a Q-Former not all read the tower.
  private int layers(Point point) {
    int all = model.layers(point.stack());
    return point.stack() == Stack.QFORMER && point.site().isCross()
        ? (int)
            IntStream.range(0, all).filter(model.queries().orElseThrow().config()::crosses).count()
        : all;
  }

  private Map<Axis, Long> sizes(Point point) {
    Map<Axis, Long> sizes = new EnumMap<>(Axis.class);
    StackShape shape = shape(point.stack());
    long rows = positions(point);
    sizes.put(Axis.BATCH, 1L);
    sizes.put(Axis.POSITION, rows);
    sizes.put(Axis.SOURCE, rows);
    sizes.put(Axis.MEMORY, (long) labels.columns(point).length());
    sizes.put(Axis.HEAD, (long) shape.heads().count());
    sizes.put(Axis.KEY_HEAD, (long) shape.heads().shared());
    sizes.put(Axis.HEAD_WIDTH, (long) shape.heads().width());
    sizes.put(Axis.MODEL, (long) shape.width());
    sizes.put(Axis.INNER, (long) shape.inner());
    if (point == Point.vision(Site.PIXELS)) {
      long side = model.vision().orElseThrow().imageSize().orElseThrow();
      sizes.put(Axis.CHANNEL, (long) model.vision().orElseThrow().channels());
      sizes.put(Axis.HEIGHT, side);
      sizes.put(Axis.WIDTH, side);
    }
    return sizes;
  }

  /// Rows of a place: the words beside the queries of a Q-Former do not read the tower.
  private long positions(Point point) {
    return point.stack() == Stack.QFORMER
            && point.site().isCross()
            && point.site() != Site.RESID_CROSS
        ? model.queries().orElseThrow().config().queries()
        : labels.rows(point).length();
  }

  private StackShape shape(Stack stack) {
    return switch (stack) {
      case VISION -> model.vision().orElseThrow().shape();
      case QFORMER -> model.queries().orElseThrow().config().shape();
      case ENCODER -> model.textEncoder().orElseThrow().config().shape();
      case PIXELS -> ((Mae) model).decoder().shape();
      case PROJECTOR, DECODER ->
          throw new IllegalStateException("a model that writes no answer has no " + stack);
    };
  }
}
