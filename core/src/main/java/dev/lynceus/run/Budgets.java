package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.TowerInput;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.model.qformer.QFormerConfig;
import dev.lynceus.model.stack.StackShape;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.tap.Axis;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Labels;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/// How many bytes a capture will keep, known before the run.
public final class Budgets {
  private Budgets() {}

  /// Bytes of each request of a plan: exact for a run; for a generation what it keeps if the answer
  /// is as long as allowed. Reading an attention point of a generation joins its steps and fills
  /// them up with zeros, which is not counted.
  ///
  /// @param answer most tokens that will be generated; 0 for a run
  public static Map<Point, Long> estimate(
      LoadedModel model, Batch batch, Capture capture, int answer) {
    Map<Point, Long> bytes = new LinkedHashMap<>();
    Labels labels = batch.labels(model.model());
    for (Capture.Request request : capture.requests()) {
      Point point = request.point();
      long total = 0;
      if (point.stack() == Stack.QFORMER) {
        total = Capture.bytes(request, queries(model, batch, point), labels, 0);
      } else if (point.stack() == Stack.ENCODER) {
        total = Capture.bytes(request, encoder(model, batch, point), labels, 0);
      } else if (point.stack() != Stack.DECODER) {
        total = Capture.bytes(request, tower(model, batch, point), labels, 0);
      } else {
        total = Capture.bytes(request, decoder(model, batch, point, 0, batch.length()), labels, 0);
        // The last token of an answer is not passed through the model.
        for (int step = 0; step < answer - 1; step++) {
          int start = batch.length() + step;
          total += Capture.bytes(request, decoder(model, batch, point, start, 1), labels, start);
        }
      }
      bytes.put(point, total);
    }
    return bytes;
  }

  /// Refuses a plan that would pass its budget.
  static void check(LoadedModel model, Batch batch, Capture capture, int answer) {
    check(estimate(model, batch, capture, answer), capture.budget());
  }

  /// Refuses what would keep more than its budget.
  static void check(Map<Point, Long> bytes, long budget) {
    long total = bytes.values().stream().mapToLong(Long::longValue).sum();
    if (total > budget) {
      Map.Entry<Point, Long> largest =
          bytes.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
      throw new LynceusException(
          ErrorCode.OUT_OF_MEMORY,
          "this capture would keep %s, its budget is %s; the largest part is %s with %s"
              .formatted(
                  human(total),
                  human(budget),
                  largest.getKey().template(),
                  human(largest.getValue())),
          "Ask for fewer layers or positions (for example 'last'), a shorter answer (--max-tokens), add a"
              + " reducer, or raise the budget.");
    }
  }

  private static Capture.Sizes decoder(
      LoadedModel model, Batch batch, Point point, int start, int rows) {
    TextConfig text = model.model().decoder().config();
    Map<Axis, Long> sizes = new EnumMap<>(Axis.class);
    sizes.put(Axis.BATCH, (long) batch.size());
    sizes.put(Axis.POSITION, (long) rows);
    sizes.put(Axis.SOURCE, (long) start + rows);
    sizes.put(Axis.HEAD, (long) text.heads());
    sizes.put(Axis.KEY_HEAD, (long) text.keyHeads());
    sizes.put(Axis.HEAD_WIDTH, (long) text.headWidth());
    sizes.put(Axis.ROTATED, (long) text.attention().rotated());
    sizes.put(Axis.MODEL, (long) text.width(point));
    sizes.put(Axis.INNER, (long) text.inner());
    sizes.put(Axis.VOCABULARY, (long) text.scores());
    return new Capture.Sizes(text.layers(), sizes, element(model.computeType(), point));
  }

  private static Capture.Sizes tower(LoadedModel model, Batch batch, Point point) {
    Map<Axis, Long> sizes = new EnumMap<>(Axis.class);
    if (!(model.model() instanceof VisionLanguageModel eyes) || eyes.vision().isEmpty()) {
      return new Capture.Sizes(0, sizes, 0);
    }
    StackShape vision = eyes.vision().get().shape();
    TowerInput input = eyes.input(batch.pictures());
    long[] pixels = input.pixels();
    long text = eyes.decoder().config().width();
    long width = vision.width();
    boolean projector = point.stack() == Stack.PROJECTOR;
    boolean seen = point == Point.vision(Site.PIXELS);
    sizes.put(Axis.BATCH, seen ? pixels[0] : input.inputs());
    sizes.put(
        Axis.POSITION,
        point == Point.PROJECTOR_PACKED ? visualTokens(batch) : input.positions(point));
    sizes.put(Axis.SOURCE, (long) input.positions());
    sizes.put(Axis.HEAD, (long) vision.heads().count());
    sizes.put(Axis.KEY_HEAD, (long) vision.heads().count());
    sizes.put(Axis.HEAD_WIDTH, (long) vision.heads().width());
    sizes.put(Axis.ROTATED, (long) vision.heads().width());
    sizes.put(
        Axis.MODEL,
        projector ? text : point == Point.vision(Site.FEATURES) ? eyes.featureWidth() : width);
    sizes.put(Axis.JOINED, (long) eyes.joinedWidth());
    sizes.put(Axis.INNER, projector ? eyes.projectorInner() : (long) vision.inner());
    sizes.put(Axis.CHANNEL, pixels[1]);
    sizes.put(Axis.HEIGHT, pixels[2]);
    sizes.put(Axis.WIDTH, pixels[3]);
    return new Capture.Sizes(vision.layers(), sizes, element(model.computeType(), point));
  }

  private static Capture.Sizes queries(LoadedModel model, Batch batch, Point point) {
    Map<Axis, Long> sizes = new EnumMap<>(Axis.class);
    if (model.model().queries().isEmpty() || !(model.model() instanceof VisionLanguageModel eyes)) {
      return new Capture.Sizes(0, sizes, 0);
    }
    QFormerConfig config = model.model().queries().get().config();
    long words = batch.beside().stream().mapToInt(TokenMap::length).max().orElse(0);
    boolean reads = point.site().isCross();
    long rows = config.queries() + (reads && point.site() != Site.RESID_CROSS ? 0 : words);
    sizes.put(Axis.BATCH, (long) batch.pictures().size());
    sizes.put(Axis.POSITION, rows);
    sizes.put(Axis.SOURCE, rows);
    sizes.put(Axis.MEMORY, (long) eyes.featureTokens());
    sizes.put(Axis.HEAD, (long) config.heads());
    sizes.put(Axis.KEY_HEAD, (long) config.heads());
    sizes.put(Axis.HEAD_WIDTH, (long) config.shape().heads().width());
    sizes.put(Axis.MODEL, (long) config.width());
    sizes.put(Axis.INNER, (long) config.inner());
    int layers =
        reads
            ? (int) IntStream.range(0, config.layers()).filter(config::crosses).count()
            : config.layers();
    return new Capture.Sizes(layers, sizes, element(model.computeType(), point));
  }

  private static Capture.Sizes encoder(LoadedModel model, Batch batch, Point point) {
    Map<Axis, Long> sizes = new EnumMap<>(Axis.class);
    if (model.model().textEncoder().isEmpty()
        || !(model.model() instanceof VisionLanguageModel eyes)) {
      return new Capture.Sizes(0, sizes, 0);
    }
    StackShape shape = model.model().textEncoder().get().config().shape();
    long words = batch.beside().stream().mapToInt(TokenMap::length).max().orElse(0);
    sizes.put(Axis.BATCH, (long) batch.beside().size());
    sizes.put(Axis.POSITION, words);
    sizes.put(Axis.SOURCE, words);
    sizes.put(Axis.MEMORY, (long) eyes.featureTokens());
    sizes.put(Axis.HEAD, (long) shape.heads().count());
    sizes.put(Axis.KEY_HEAD, (long) shape.heads().shared());
    sizes.put(Axis.HEAD_WIDTH, (long) shape.heads().width());
    sizes.put(Axis.MODEL, (long) shape.width());
    sizes.put(Axis.INNER, (long) shape.inner());
    return new Capture.Sizes(shape.layers(), sizes, element(model.computeType(), point));
  }

  /// Bytes of one number: the divisors of norms are float32 at least, and so is what turns the
  /// queries and keys of a tower.
  static int element(DType compute, Point point) {
    int bytes = compute.bytes();
    boolean wide =
        point.template().endsWith("hook_scale")
            || point == Point.vision(Site.ROTARY_COS)
            || point == Point.vision(Site.ROTARY_SIN);
    return wide ? Math.max(bytes, 4) : bytes;
  }

  private static long visualTokens(Batch batch) {
    return batch.prompts().stream()
        .flatMap(prompt -> prompt.tokens().grids().stream())
        .mapToLong(TokenMap.ImageGrid::tokens)
        .sum();
  }

  /// Bytes as a reader likes them, for example `1.4 GiB`.
  public static String human(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0
        ? bytes + " B"
        : String.format(java.util.Locale.ROOT, "%.1f %s", value, units[unit]);
  }
}
