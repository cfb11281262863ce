package dev.lynceus.image;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageProcessorSettings.Resizing;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads [ImageProcessorSettings] out of JSON.
final class SettingsParser {
  /// Processors that pass settings of their own, which go before those of the file: InternVL's cuts
  /// into tiles, Gemma 3's does not pan and scan.
  static final String INTERNVL = "InternVLProcessor";

  static final String GEMMA3 = "Gemma3Processor";

  /// Tiles or crops of one picture; published models have up to 40.
  private static final int MOST_TILES = 1024;

  private final SettingsReader reader;

  /// `source` is what errors call the file.
  SettingsParser(JsonNode json, String source) {
    this.reader = new SettingsReader(json, source, ImageProcessorType.known());
  }

  /// @param fallback the type where the settings name none
  /// @param processorClass name of the class that joins tokenizer and image processor; empty if it
  ///   is not known
  ImageProcessorSettings parse(@Nullable ImageProcessorType fallback, String processorClass) {
    ImageProcessorType type = type(fallback);
    ImageProcessorSettings defaults = ImageProcessorSettings.defaults(type);
    boolean padsToSquare = padsToSquare(type, defaults.cutting());
    Extent crop = crop(type, defaults);
    Cutting usual = defaults.cutting();
    boolean squares = usual instanceof Cutting.Pinpoints pinpoints && pinpoints.onlyAlone();
    Resizing resizing =
        switch (usual) {
          case Cutting.Patches patches ->
              reader.inPixels(defaults.resizing(), reader.patches(patches), true);
          case Cutting.Split _ -> reader.resizing(defaults.resizing(), true, false, true);
          case Cutting.Pinpoints _ ->
              reader.resizing(defaults.resizing(), true, type.squareOfOneNumber(), false);
          case Cutting.Uncut _, Cutting.BestGrid _, Cutting.PanAndScan _ ->
              reader.resizing(defaults.resizing(), false, type.squareOfOneNumber(), false);
        };
    return new ImageProcessorSettings(
        type,
        padsToSquare,
        resizing,
        crop,
        reader.normalisation(defaults.normalisation(), padsToSquare || squares),
        switch (usual) {
          case Cutting.Uncut uncut -> uncut;
          case Cutting.Patches patches -> reader.patches(patches);
          case Cutting.Split split -> split(split);
          case Cutting.Pinpoints pinpoints -> pinpoints(pinpoints, resizing.size());
          case Cutting.BestGrid grid -> bestGrid(grid, processorClass.equals(INTERNVL));
          case Cutting.PanAndScan scan -> panAndScan(scan, processorClass.equals(GEMMA3));
        });
  }

  private ImageProcessorType type(@Nullable ImageProcessorType fallback) {
    JsonNode name = reader.value("image_processor_type");
    if (name == null) {
      name = reader.value("feature_extractor_type");
    }
    if (name != null) {
      return ImageProcessorType.named(name.asString(), reader.source());
    }
    if (fallback != null) {
      return fallback;
    }
    throw new LynceusException(
        ErrorCode.UNSUPPORTED_MODEL,
        reader.source() + " names no image_processor_type",
        "Add one of " + ImageProcessorType.known() + ".");
  }

  private boolean padsToSquare(ImageProcessorType type, Cutting cutting) {
    boolean batches = cutting instanceof Cutting.Split || cutting instanceof Cutting.Pinpoints;
    boolean pads = reader.flag("do_pad", batches);
    if (pads && type != ImageProcessorType.LLAVA && reader.value("pad_size") != null) {
      throw reader.unsupported("do_pad with pad_size");
    }
    return pads && type == ImageProcessorType.LLAVA;
  }

  private @Nullable Extent crop(ImageProcessorType type, ImageProcessorSettings defaults) {
    boolean on = reader.flag("do_center_crop", defaults.centreCrop() != null);
    JsonNode size = reader.value("crop_size");
    Extent usual = defaults.centreCrop();
    boolean tilesByCrop = type == ImageProcessorType.LLAVA_NEXT;
    reader.refuseNull(on || tilesByCrop, "crop_size");
    Extent crop = size == null ? usual : reader.cropSize(size);
    if (on && crop == null) {
      throw reader.wrong("crop_size", "given, because do_center_crop is on");
    }
    boolean crops =
        switch (defaults.cutting()) {
          case Cutting.Uncut _, Cutting.Pinpoints _ -> on;
          // These processors do not look at do_center_crop.
          case Cutting.Split _, Cutting.BestGrid _, Cutting.PanAndScan _, Cutting.Patches _ ->
              false;
        };
    return crops ? crop : null;
  }

  private Cutting.Split split(Cutting.Split usual) {
    reader.refuseNull(true, "max_image_size");
    JsonNode most = reader.value("max_image_size");
    return new Cutting.Split(
        reader.flag("do_image_splitting", usual.on()),
        most == null ? usual.side() : reader.key(most, "longest_edge"));
  }

  private Cutting.Pinpoints pinpoints(Cutting.Pinpoints usual, SizeRule size) {
    reader.refuseNull(true, "image_grid_pinpoints");
    return new Cutting.Pinpoints(
        reader.orElse("image_grid_pinpoints", this::resolutions, usual.resolutions()),
        tileSide(usual, size),
        usual.onlyAlone());
  }

  /// The height of the crop if there is one, also where nothing is cropped; else that of the whole.
  private int tileSide(Cutting.Pinpoints usual, SizeRule size) {
    JsonNode crop = reader.value("crop_size");
    if (crop != null) {
      return reader.cropSize(crop).height();
    }
    if (!usual.onlyAlone()) {
      return usual.tileSide();
    }
    return switch (size) {
      case SizeRule.Exact exact -> exact.height();
      case SizeRule.ShortestEdge edge -> edge.length();
      case SizeRule.ShortestAndLongestEdge edges -> edges.shortest();
      case SizeRule.LongestEdge _, SizeRule.MaxHeightWidth _, SizeRule.PixelRange _ ->
          throw reader.unsupported("tiles with size " + size);
    };
  }

  private List<Extent> resolutions(JsonNode node) {
    if (!node.isArray() || node.isEmpty()) {
      throw reader.wrong("image_grid_pinpoints", "a list of [height, width]");
    }
    List<Extent> extents = new ArrayList<>();
    for (JsonNode pair : node) {
      extents.add(reader.extent("image_grid_pinpoints", pair));
    }
    return extents;
  }

  private Cutting.BestGrid bestGrid(Cutting.BestGrid usual, boolean always) {
    int least = reader.whole("min_patches", 1, MOST_TILES, usual.least());
    int most = reader.whole("max_patches", 1, MOST_TILES, usual.most());
    if (least > most) {
      throw reader.wrong(
          "min_patches", "at most max_patches, not %d above %d".formatted(least, most));
    }
    boolean on = always || reader.flag("crop_to_patches", usual.on());
    return new Cutting.BestGrid(on, least, most);
  }

  private Cutting.PanAndScan panAndScan(Cutting.PanAndScan usual, boolean never) {
    double ratio =
        reader.orElse(
            "pan_and_scan_min_ratio_to_activate",
            node -> reader.scale("pan_and_scan_min_ratio_to_activate", node),
            usual.ratio());
    return new Cutting.PanAndScan(
        !never && reader.flag("do_pan_and_scan", usual.on()),
        reader.whole("pan_and_scan_min_crop_size", 1, Integer.MAX_VALUE, usual.smallest()),
        reader.whole("pan_and_scan_max_num_crops", 1, MOST_TILES, usual.most()),
        ratio);
  }
}
