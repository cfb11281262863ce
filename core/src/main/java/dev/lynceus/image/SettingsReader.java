package dev.lynceus.image;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageProcessorSettings.Normalisation;
import dev.lynceus.image.ImageProcessorSettings.Resizing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads keys that settings of image and video processors have in common, older layouts included:
/// `size` and `crop_size` as a number or a pair, keys left out (the processor's default holds). A
/// switch that is null is off; a value that is null is refused if a step needs it.
final class SettingsReader {
  /// Pixels of a side that pictures may be brought to: as many as a picture of a file may have, in
  /// the square.
  private static final int LONGEST_SIDE = 8192;

  private final JsonNode json;
  private final String source;
  private final String known;

  /// @param source what errors call the file
  /// @param known names of processors that errors suggest
  SettingsReader(JsonNode json, String source, String known) {
    this.json = json;
    this.source = source;
    this.known = known;
    if (!json.isObject()) {
      throw wrong("the settings", "an object");
    }
  }

  String source() {
    return source;
  }

  boolean has(String key) {
    return json.has(key);
  }

  /// The value under `key`, null if it is not there or null.
  @Nullable JsonNode value(String key) {
    JsonNode node = json.get(key);
    return node == null || node.isNull() ? null : node;
  }

  <T> T orElse(String key, Function<JsonNode, T> reader, T otherwise) {
    JsonNode node = value(key);
    return node == null ? otherwise : reader.apply(node);
  }

  boolean flag(String key, boolean otherwise) {
    JsonNode node = json.get(key);
    if (node == null) {
      return otherwise;
    }
    if (node.isNull()) {
      return false;
    }
    if (!node.isBoolean()) {
      throw wrong(key, "true or false");
    }
    return node.asBoolean();
  }

  void refuseNull(boolean needed, String... keys) {
    for (String key : keys) {
      if (needed && json.has(key) && value(key) == null) {
        throw wrong(key, "given, because a step that is on needs it");
      }
    }
  }

  /// `do_rescale`, `rescale_factor`, `do_normalize`, `image_mean`, `image_std`.
  ///
  /// @param pads whether pictures are padded with the mean, which then must be a colour
  Normalisation normalisation(Normalisation defaults, boolean pads) {
    boolean rescales = flag("do_rescale", defaults.rescales());
    boolean normalises = flag("do_normalize", defaults.normalises());
    refuseNull(rescales, "rescale_factor");
    refuseNull(normalises || pads, "image_mean");
    refuseNull(normalises, "image_std");
    List<Double> mean = orElse("image_mean", n -> channels("image_mean", n), defaults.mean());
    if (pads && mean.stream().anyMatch(part -> part < 0 || part > 1)) {
      throw wrong("image_mean", "from 0 to 1, because pictures are padded with it, not " + mean);
    }
    return new Normalisation(
        rescales,
        orElse("rescale_factor", n -> scale("rescale_factor", n), defaults.factor()),
        normalises,
        mean,
        orElse("image_std", this::deviations, defaults.deviation()));
  }

  /// `do_resize`, `size`, `resample`.
  ///
  /// @param always whether a picture is resized also where `do_resize` is off
  /// @param square whether one number means a square
  /// @param longestAlone whether `longest_edge` may stand alone
  Resizing resizing(Resizing defaults, boolean always, boolean square, boolean longestAlone) {
    boolean on = flag("do_resize", defaults.on());
    refuseNull(on || always, "size", "resample");
    boolean squareOfOne = has("default_to_square") ? flag("default_to_square", square) : square;
    return new Resizing(
        on,
        orElse("size", node -> size(node, squareOfOne, longestAlone), defaults.size()),
        orElse("resample", this::filter, defaults.filter()));
  }

  /// The same where `size` limits the pixels of a picture: `shortest_edge` and `longest_edge` are
  /// the fewest and the most.
  ///
  /// @param older whether `min_pixels` and `max_pixels` beside `size` go before it
  Resizing inPixels(Resizing defaults, Cutting.Patches patches, boolean older) {
    boolean on = flag("do_resize", defaults.on());
    refuseNull(on, "resample");
    SizeRule.PixelRange usual = (SizeRule.PixelRange) defaults.size();
    JsonNode size = value("size");
    JsonNode least = older ? value("min_pixels") : null;
    JsonNode most = older ? value("max_pixels") : null;
    if (size != null) {
      for (String key : names(size)) {
        boolean edge = key.equals("shortest_edge") || key.equals("longest_edge");
        boolean overruled =
            (key.equals("min_pixels") && least != null)
                || (key.equals("max_pixels") && most != null);
        if (!edge && !overruled) {
          throw unsupported("size " + size);
        }
      }
      least = least == null ? size.get("shortest_edge") : least;
      most = most == null ? size.get("longest_edge") : most;
      if (least == null || most == null) {
        throw wrong(
            "size", "an object with shortest_edge and longest_edge, in pixels of a picture");
      }
    }
    SizeRule.PixelRange range =
        new SizeRule.PixelRange(
            least == null ? usual.least() : pixels("size.shortest_edge (min_pixels)", least),
            most == null ? usual.most() : pixels("size.longest_edge (max_pixels)", most),
            patches.unit());
    if (range.least() > range.most()) {
      throw wrong(
          "size.shortest_edge (min_pixels)",
          "at most size.longest_edge (max_pixels), not %d above %d"
              .formatted(range.least(), range.most()));
    }
    if (range.least() > (long) LONGEST_SIDE * LONGEST_SIDE) {
      throw wrong(
          "size.shortest_edge (min_pixels)",
          "at most %d pixels, not %d".formatted(LONGEST_SIDE * LONGEST_SIDE, range.least()));
    }
    return new Resizing(on, range, orElse("resample", this::filter, defaults.filter()));
  }

  /// `patch_size`, `temporal_patch_size`, `merge_size`.
  Cutting.Patches patches(Cutting.Patches defaults) {
    Cutting.Patches patches =
        new Cutting.Patches(
            orElse("patch_size", n -> side("patch_size", n), defaults.side()),
            whole("temporal_patch_size", 1, 64, defaults.temporal()),
            whole("merge_size", 1, 64, defaults.merge()));
    if (patches.unit() > LONGEST_SIDE) {
      throw wrong(
          "patch_size times merge_size",
          "at most %d pixels, not %d".formatted(LONGEST_SIDE, patches.unit()));
    }
    return patches;
  }

  private static List<String> names(JsonNode node) {
    return node.properties().stream()
        .filter(entry -> !entry.getValue().isNull())
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  private SizeRule size(JsonNode node, boolean square, boolean longestAlone) {
    if (node.isNumber()) {
      int side = side("size", node);
      return square ? new SizeRule.Exact(side, side) : new SizeRule.ShortestEdge(side);
    }
    if (node.isArray() && node.size() == 2) {
      return new SizeRule.Exact(side("size", node.get(0)), side("size", node.get(1)));
    }
    String keys = String.join(" ", names(node));
    return switch (keys) {
      case "height width" -> new SizeRule.Exact(key(node, "height"), key(node, "width"));
      case "shortest_edge" -> new SizeRule.ShortestEdge(key(node, "shortest_edge"));
      case "longest_edge shortest_edge" ->
          new SizeRule.ShortestAndLongestEdge(
              key(node, "shortest_edge"), key(node, "longest_edge"));
      case "max_height max_width" ->
          new SizeRule.MaxHeightWidth(key(node, "max_height"), key(node, "max_width"));
      // The reference processors of the other types refuse longest_edge alone, too.
      default -> {
        if (longestAlone && keys.equals("longest_edge")) {
          yield new SizeRule.LongestEdge(key(node, "longest_edge"));
        }
        throw unsupported("size " + node);
      }
    };
  }

  /// `crop_size`: a side, a pair, or an object of height and width.
  Extent cropSize(JsonNode node) {
    if (node.isNumber()) {
      return new Extent(side("crop_size", node), side("crop_size", node));
    }
    if (node.isArray() && node.size() == 2) {
      return extent("crop_size", node);
    }
    if (node.isObject() && node.has("height") && node.has("width")) {
      return new Extent(key(node, "height"), key(node, "width"));
    }
    throw unsupported("crop_size " + node);
  }

  private ResampleFilter filter(JsonNode node) {
    for (ResampleFilter filter : ResampleFilter.values()) {
      if (node.isIntegralNumber() && node.asInt() == filter.id()) {
        return filter;
      }
    }
    throw unsupported("resample " + node);
  }

  Extent extent(String key, JsonNode pair) {
    if (!pair.isArray() || pair.size() != 2) {
      throw wrong(key, "[height, width]");
    }
    return new Extent(side(key, pair.get(0)), side(key, pair.get(1)));
  }

  private List<Double> channels(String key, JsonNode node) {
    if (node.isNumber()) {
      double value = number(key, node);
      return List.of(value, value, value);
    }
    if (!node.isArray() || node.size() != 3) {
      throw wrong(key, "three numbers");
    }
    List<Double> values = new ArrayList<>();
    for (JsonNode value : node) {
      values.add(number(key, value));
    }
    return values;
  }

  /// The side under `key` of an object.
  int key(JsonNode node, String key) {
    JsonNode value = node.get(key);
    if (value == null) {
      throw wrong(key, "a whole number above 0");
    }
    return side(key, value);
  }

  private int side(String key, JsonNode node) {
    if (!node.isIntegralNumber() || !node.canConvertToInt() || node.asInt() <= 0) {
      throw wrong(key, "a whole number above 0");
    }
    if (node.asInt() > LONGEST_SIDE) {
      throw wrong(key, "at most %d pixels, not %s".formatted(LONGEST_SIDE, node));
    }
    return node.asInt();
  }

  private long pixels(String key, JsonNode node) {
    if (!node.isIntegralNumber() || !node.canConvertToLong() || node.asLong() <= 0) {
      throw wrong(key, "a whole number above 0");
    }
    return node.asLong();
  }

  /// A whole number of a range.
  int whole(String key, int least, int most, int otherwise) {
    JsonNode node = value(key);
    if (node == null) {
      return otherwise;
    }
    if (!node.isIntegralNumber() || node.asLong() < least || node.asLong() > most) {
      throw wrong(key, "a whole number from %d to %d, not %s".formatted(least, most, node));
    }
    return node.asInt();
  }

  private List<Double> deviations(JsonNode node) {
    List<Double> values = channels("image_std", node);
    if (node.isArray()) {
      node.forEach(value -> scale("image_std", value));
    } else {
      scale("image_std", node);
    }
    return values;
  }

  /// What pixels are multiplied with or divided by: above zero, in the range of float32.
  double scale(String key, JsonNode node) {
    double value = number(key, node);
    float single = (float) value;
    if (single < Float.MIN_NORMAL || 1 / single < Float.MIN_NORMAL) {
      throw wrong(key, "above zero, not %s".formatted(node));
    }
    return value;
  }

  private double number(String key, JsonNode node) {
    if (!node.isNumber()) {
      throw wrong(key, "a number");
    }
    if (!Float.isFinite((float) node.asDouble())) {
      throw wrong(key, "a number that float32 can hold, not %s".formatted(node));
    }
    return node.asDouble();
  }

  LynceusException wrong(String key, String expected) {
    return new LynceusException(
        ErrorCode.BAD_CHECKPOINT,
        source + ": " + key + " must be " + expected,
        "Use the file that belongs to these weights.");
  }

  LynceusException unsupported(String what) {
    return new LynceusException(
        ErrorCode.UNSUPPORTED_MODEL,
        source + " asks for " + what + ", which this version does not know",
        "Use a checkpoint whose processor is one of " + known + ".");
  }
}
