package dev.lynceus.image;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads [ImageProcessorSettings] out of JSON, older layouts included: `size` and `crop_size` as a
/// number or a pair, keys left out (the processor's default holds), `feature_extractor_type`. A
/// switch that is null is off; a value that is null is refused if a step needs it.
final class SettingsParser {
  /// Pixels of a side that pictures may be brought to: as many as a picture of a file may have, in
  /// the square.
  private static final int LONGEST_SIDE = 8192;

  private final JsonNode json;
  private final String source;

  /// `source` is what errors call the file.
  SettingsParser(JsonNode json, String source) {
    this.json = json;
    this.source = source;
  }

  ImageProcessorSettings parse(@Nullable ImageProcessorType fallback) {
    if (!json.isObject()) {
      throw wrong("the settings", "an object");
    }
    ImageProcessorType type = type(fallback);
    ImageProcessorSettings defaults = ImageProcessorSettings.defaults(type);
    boolean doPad = flag("do_pad", defaults.doPad());
    if (doPad && type != ImageProcessorType.LLAVA && value("pad_size") != null) {
      throw unsupported("do_pad with pad_size");
    }
    boolean doCenterCrop = flag("do_center_crop", defaults.doCenterCrop());
    JsonNode crop = value("crop_size");
    if (doCenterCrop && crop == null && type == ImageProcessorType.SIGLIP) {
      throw wrong("crop_size", "given, because do_center_crop is on");
    }
    boolean doResize = flag("do_resize", defaults.doResize());
    boolean doRescale = flag("do_rescale", defaults.doRescale());
    boolean doNormalize = flag("do_normalize", defaults.doNormalize());
    boolean tiles = type == ImageProcessorType.LLAVA_NEXT;
    ImageProcessorSettings.@Nullable Splitting splitting = defaults.splitting();
    boolean splits = splitting != null;
    refuseNull(doResize || tiles || splits, "size", "resample");
    refuseNull(splits, "max_image_size");
    refuseNull(doCenterCrop || tiles, "crop_size");
    refuseNull(doRescale, "rescale_factor");
    refuseNull(doNormalize || (doPad && type == ImageProcessorType.LLAVA), "image_mean");
    refuseNull(doNormalize, "image_std");
    refuseNull(tiles, "image_grid_pinpoints");
    return new ImageProcessorSettings(
        type,
        doPad,
        doResize,
        orElse("size", node -> size(node, splits), defaults.size()),
        orElse("resample", this::filter, defaults.resample()),
        doCenterCrop,
        crop == null ? defaults.cropSize() : cropSize(crop),
        doRescale,
        orElse("rescale_factor", n -> scale("rescale_factor", n), defaults.rescaleFactor()),
        doNormalize,
        orElse("image_mean", n -> channels("image_mean", n), defaults.imageMean()),
        orElse("image_std", this::deviations, defaults.imageStd()),
        splitting == null ? null : splitting(splitting),
        tiles
            ? orElse("image_grid_pinpoints", this::pinpoints, defaults.imageGridPinpoints())
            : List.of());
  }

  private void refuseNull(boolean needed, String... keys) {
    for (String key : keys) {
      if (needed && json.has(key) && value(key) == null) {
        throw wrong(key, "given, because a step that is on needs it");
      }
    }
  }

  private ImageProcessorType type(@Nullable ImageProcessorType fallback) {
    JsonNode name = value("image_processor_type");
    if (name == null) {
      name = value("feature_extractor_type");
    }
    if (name != null) {
      return ImageProcessorType.named(name.asString(), source);
    }
    if (fallback != null) {
      return fallback;
    }
    throw new LynceusException(
        ErrorCode.UNSUPPORTED_MODEL,
        source + " names no image_processor_type",
        "Add one of " + ImageProcessorType.known() + ".");
  }

  private ImageProcessorSettings.Splitting splitting(ImageProcessorSettings.Splitting defaults) {
    JsonNode most = value("max_image_size");
    return new ImageProcessorSettings.Splitting(
        flag("do_image_splitting", defaults.on()),
        most == null ? defaults.side() : key(most, "longest_edge"));
  }

  private SizeRule size(JsonNode node, boolean longestAlone) {
    if (node.isNumber()) {
      // None of the known processors makes a square of a single number.
      return new SizeRule.ShortestEdge(side("size", node));
    }
    if (node.isArray() && node.size() == 2) {
      return new SizeRule.Exact(side("size", node.get(0)), side("size", node.get(1)));
    }
    List<String> keys = new ArrayList<>();
    node.properties().stream()
        .filter(entry -> !entry.getValue().isNull())
        .forEach(entry -> keys.add(entry.getKey()));
    keys.sort(null);
    return switch (String.join(" ", keys)) {
      case "height width" -> new SizeRule.Exact(key(node, "height"), key(node, "width"));
      case "shortest_edge" -> new SizeRule.ShortestEdge(key(node, "shortest_edge"));
      case "longest_edge shortest_edge" ->
          new SizeRule.ShortestAndLongestEdge(
              key(node, "shortest_edge"), key(node, "longest_edge"));
      case "max_height max_width" ->
          new SizeRule.MaxHeightWidth(key(node, "max_height"), key(node, "max_width"));
      // The reference processors of the other types refuse longest_edge alone, too.
      default -> {
        if (longestAlone && String.join(" ", keys).equals("longest_edge")) {
          yield new SizeRule.LongestEdge(key(node, "longest_edge"));
        }
        throw unsupported("size " + node);
      }
    };
  }

  private Extent cropSize(JsonNode node) {
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

  private List<Extent> pinpoints(JsonNode node) {
    if (!node.isArray() || node.isEmpty()) {
      throw wrong("image_grid_pinpoints", "a list of [height, width]");
    }
    List<Extent> extents = new ArrayList<>();
    for (JsonNode pair : node) {
      extents.add(extent("image_grid_pinpoints", pair));
    }
    return extents;
  }

  private Extent extent(String key, JsonNode pair) {
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

  private int key(JsonNode node, String key) {
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
  private double scale(String key, JsonNode node) {
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

  private boolean flag(String key, boolean otherwise) {
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

  private <T> T orElse(String key, Function<JsonNode, T> reader, T otherwise) {
    JsonNode node = value(key);
    return node == null ? otherwise : reader.apply(node);
  }

  private @Nullable JsonNode value(String key) {
    JsonNode node = json.get(key);
    return node == null || node.isNull() ? null : node;
  }

  private LynceusException wrong(String key, String expected) {
    return new LynceusException(
        ErrorCode.BAD_CHECKPOINT,
        source + ": " + key + " must be " + expected,
        "Use the file that belongs to these weights.");
  }

  private LynceusException unsupported(String what) {
    return new LynceusException(
        ErrorCode.UNSUPPORTED_MODEL,
        source + " asks for " + what + ", which this version does not know",
        "Use a checkpoint whose image processor is one of " + ImageProcessorType.known() + ".");
  }
}
