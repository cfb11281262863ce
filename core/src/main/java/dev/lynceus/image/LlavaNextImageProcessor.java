package dev.lynceus.image;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.ArrayList;
import java.util.List;

/// The processor of LLaVA-NeXT ("AnyRes"): the whole picture, then tiles at the best resolution.
///
/// The picture is resized into the resolution of `image_grid_pinpoints` that keeps most of its
/// pixels, padded with black, and cut into tiles of the crop size; the whole picture is squeezed
/// into `size` without regard to its aspect ratio. Then each view goes through resize, centre crop,
/// rescale and normalise. Source: LlavaNextImageProcessor of transformers 5.18.
public final class LlavaNextImageProcessor implements ImageProcessor {
  private final ImageProcessorSettings settings;
  private final PixelNormaliser normaliser;
  private final Extent wholeSize;
  private final int tileSide;

  LlavaNextImageProcessor(ImageProcessorSettings settings) {
    this.settings = settings;
    this.normaliser = new PixelNormaliser(settings);
    this.wholeSize = wholeSize(settings.size());
    this.tileSide = settings.cropSize().height();
    for (Extent resolution : settings.imageGridPinpoints()) {
      if (resolution.height() % tileSide != 0 || resolution.width() % tileSide != 0) {
        throw new LynceusException(
            ErrorCode.UNSUPPORTED_MODEL,
            "image_grid_pinpoints holds %d x %d, which tiles of %d pixels do not fill"
                .formatted(resolution.height(), resolution.width(), tileSide),
            "Give resolutions that are multiples of the crop size.");
      }
    }
  }

  @Override
  public ImageProcessorSettings settings() {
    return settings;
  }

  @Override
  public List<ProcessedImage> views(RgbImage image) {
    TiledImage tiled = process(image);
    List<ProcessedImage> views = new ArrayList<>();
    views.add(tiled.whole());
    views.addAll(tiled.tiles());
    return views;
  }

  /// The whole picture and its tiles.
  ///
  /// @throws LynceusException `BAD_IMAGE` if the picture is too elongated
  public TiledImage process(RgbImage image) {
    Frame original = Frame.whole(image);
    Extent resolution =
        bestResolution(settings.imageGridPinpoints(), image.height(), image.width());
    Frame sheet =
        original
            .resized(fitting(image.height(), image.width(), resolution), settings.resample())
            .paddedTo(resolution);
    int rows = resolution.height() / tileSide;
    int columns = resolution.width() / tileSide;
    List<ProcessedImage> tiles = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        tiles.add(finish(sheet.tile(column * tileSide, row * tileSide, tileSide, tileSide)));
      }
    }
    return new TiledImage(
        finish(original.resized(wholeSize, settings.resample())),
        tiles,
        rows,
        columns,
        resolution,
        new Extent(image.height(), image.width()));
  }

  private ProcessedImage finish(Frame frame) {
    Frame result = frame;
    if (settings.doResize()) {
      result = result.resized(settings.size(), settings.resample());
    }
    if (settings.doCenterCrop()) {
      result = result.centreCropped(settings.cropSize());
    }
    return ProcessedImage.of(result, normaliser);
  }

  private static Extent wholeSize(SizeRule rule) {
    return switch (rule) {
      case SizeRule.Exact exact -> new Extent(exact.height(), exact.width());
      case SizeRule.ShortestEdge edge -> new Extent(edge.length(), edge.length());
      case SizeRule.ShortestAndLongestEdge edges -> new Extent(edges.shortest(), edges.shortest());
      case SizeRule.LongestEdge _, SizeRule.MaxHeightWidth _ ->
          throw new LynceusException(
              ErrorCode.UNSUPPORTED_MODEL,
              "LlavaNextImageProcessor with size " + rule + " is not known",
              "Give size as shortest_edge, or as height and width.");
    };
  }

  /// The resolution that keeps most pixels of the picture; among equals the one that wastes least,
  /// among those the first.
  ///
  /// @param candidates at least one
  public static Extent bestResolution(List<Extent> candidates, int height, int width) {
    Extent best = candidates.getFirst();
    long mostKept = 0;
    long leastWasted = Long.MAX_VALUE;
    for (Extent candidate : candidates) {
      double scale =
          Math.min((double) candidate.width() / width, (double) candidate.height() / height);
      long scaledWidth = (long) (width * scale);
      long scaledHeight = (long) (height * scale);
      long kept = Math.min(scaledWidth * scaledHeight, (long) width * height);
      long wasted = (long) candidate.width() * candidate.height() - kept;
      if (kept > mostKept || (kept == mostKept && wasted < leastWasted)) {
        mostKept = kept;
        leastWasted = wasted;
        best = candidate;
      }
    }
    return best;
  }

  /// The largest size within `resolution` that keeps the aspect ratio; the shorter side is rounded
  /// up.
  private static Extent fitting(int height, int width, Extent resolution) {
    double scaleX = (double) resolution.width() / width;
    double scaleY = (double) resolution.height() / height;
    if (scaleX < scaleY) {
      int scaled = (int) Math.ceil(height * scaleX);
      return new Extent(Math.min(scaled, resolution.height()), resolution.width());
    }
    int scaled = (int) Math.ceil(width * scaleY);
    return new Extent(resolution.height(), Math.min(scaled, resolution.width()));
  }
}
