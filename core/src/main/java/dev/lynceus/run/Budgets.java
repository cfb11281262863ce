package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.llama.LlamaConfig;
import dev.lynceus.model.vit.VitConfig;
import dev.lynceus.tap.Axis;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.TokenMap;
import java.util.EnumMap;
import java.util.Map;

/// How many bytes a capture will keep, known before the run.
public final class Budgets {
  private Budgets() {}

  /// Bytes of each request of a plan.
  ///
  /// @param extra positions that will be generated
  public static Map<Point, Long> estimate(LoadedModel model, Batch batch, Capture capture, int extra) {
    Map<Point, Long> bytes = new EnumMap<>(Point.class);
    for (Capture.Request request : capture.requests()) {
      bytes.put(
          request.point(),
          Capture.bytes(request, sizes(model, batch, request.point(), extra), batch.tokens(0)));
    }
    return bytes;
  }

  /// Refuses a plan that would pass its budget.
  static void check(LoadedModel model, Batch batch, Capture capture, int extra) {
    Map<Point, Long> bytes = estimate(model, batch, capture, extra);
    long total = bytes.values().stream().mapToLong(Long::longValue).sum();
    if (total > capture.budget()) {
      Point largest =
          bytes.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
      throw new LynceusException(
          ErrorCode.OUT_OF_MEMORY,
          "this capture would keep %s, its budget is %s; the largest part is %s with %s"
              .formatted(
                  human(total), human(capture.budget()), largest.template(), human(bytes.get(largest))),
          "Ask for fewer layers or positions (for example 'last'), add a reducer, or raise the budget.");
    }
  }

  private static Capture.Sizes sizes(LoadedModel model, Batch batch, Point point, int extra) {
    int element = model.computeType().bytes();
    LlamaConfig text = model.model().decoder().config();
    Map<Axis, Long> sizes = new EnumMap<>(Axis.class);
    if (point.part() == Point.Part.TEXT) {
      long length = (long) batch.length() + extra;
      sizes.put(Axis.BATCH, (long) batch.size());
      sizes.put(Axis.POSITION, length);
      sizes.put(Axis.SOURCE, length);
      sizes.put(Axis.HEAD, (long) text.heads());
      sizes.put(Axis.KEY_HEAD, (long) text.keyHeads());
      sizes.put(Axis.HEAD_WIDTH, (long) text.headWidth());
      sizes.put(Axis.MODEL, (long) text.width());
      sizes.put(Axis.INNER, (long) text.inner());
      sizes.put(Axis.VOCABULARY, (long) text.vocabulary());
      return new Capture.Sizes(text.layers(), sizes, element);
    }
    if (model.model().vision().isEmpty()) {
      return new Capture.Sizes(0, sizes, element);
    }
    VitConfig vision = model.model().vision().get().config();
    boolean projector = point.part() == Point.Part.PROJECTOR;
    sizes.put(Axis.BATCH, batch.pictures().stream().mapToLong(picture -> picture.views().size()).sum());
    sizes.put(
        Axis.POSITION, point == Point.PROJECTOR_PACKED ? visualTokens(batch) : vision.positions());
    sizes.put(Axis.SOURCE, (long) vision.positions());
    sizes.put(Axis.HEAD, (long) vision.heads());
    sizes.put(Axis.HEAD_WIDTH, (long) vision.headWidth());
    sizes.put(Axis.MODEL, (long) (projector ? text.width() : vision.width()));
    sizes.put(Axis.INNER, (long) (projector ? text.width() : vision.inner()));
    sizes.put(Axis.CHANNEL, (long) vision.channels());
    sizes.put(Axis.HEIGHT, (long) vision.imageSize());
    sizes.put(Axis.WIDTH, (long) vision.imageSize());
    return new Capture.Sizes(vision.layers(), sizes, element);
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
    return unit == 0 ? bytes + " B" : String.format(java.util.Locale.ROOT, "%.1f %s", value, units[unit]);
  }
}
