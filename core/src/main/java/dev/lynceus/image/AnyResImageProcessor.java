package dev.lynceus.image;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.ArrayList;
import java.util.List;

/// The processor of LLaVA-NeXT and LLaVA-OneVision ("AnyRes"): the whole picture, then tiles at the
/// best resolution.
///
/// The picture is resized into the resolution of `image_grid_pinpoints` that keeps most of its
/// pixels, padded with black, and cut into tiles; the whole picture is squeezed into `size` without
/// regard to its aspect ratio. Then each view goes through resize, centre crop, rescale and
/// normalise. OneVision does so only with a picture that is alone in its prompt; several are padded
/// to squares of the mean colour, one view each. Source: LlavaNextImageProcessor and
/// LlavaOnevisionImageProcessor of transformers 5.18.
public final class AnyResImageProcessor implements ImageProcessor {
  private final ImageProcessorSettings settings;
  private final Cutting.Pinpoints pinpoints;
  private final Finish finish;
  private final Extent wholeSize;

  AnyResImageProcessor(ImageProcessorSettings settings, Cutting.Pinpoints pinpoints) {
    this.settings = settings;
    this.pinpoints = pinpoints;
    this.finish = Finish.of(settings);
    this.wholeSize = wholeSize(settings);
    int side = pinpoints.tileSide();
    for (Extent resolution : pinpoints.resolutions()) {
      if (resolution.height() % side != 0 || resolution.width() % side != 0) {
        throw new LynceusException(
            ErrorCode.UNSUPPORTED_MODEL,
            "image_grid_pinpoints holds %d x %d, which tiles of %d pixels do not fill"
                .formatted(resolution.height(), resolution.width(), side),
            "Give resolutions that are multiples of the tiles' size.");
      }
    }
  }

  @Override
  public ImageProcessorSettings settings() {
    return settings;
  }

  @Override
  public boolean mindsCompany() {
    return pinpoints.onlyAlone();
  }

  @Override
  public ViewLayout layout(Extent picture, InPrompt place) {
    if (place == InPrompt.AMONG_OTHERS && pinpoints.onlyAlone()) {
      return new ViewLayout.Whole();
    }
    return tiles(bestResolution(pinpoints.resolutions(), picture.height(), picture.width()));
  }

  private ViewLayout.Tiles tiles(Extent resolution) {
    return new ViewLayout.Tiles(
        resolution.height() / pinpoints.tileSide(),
        resolution.width() / pinpoints.tileSide(),
        ViewLayout.Tiles.Side.FIRST);
  }

  @Override
  public ProcessedPicture process(RgbImage image, InPrompt place) {
    Frame original = Frame.whole(image);
    if (place == InPrompt.AMONG_OTHERS && pinpoints.onlyAlone()) {
      Frame square = original.paddedToSquare(settings.normalisation().mean());
      return new ProcessedPicture(List.of(finish.of(square)), new ViewLayout.Whole());
    }
    ResampleFilter filter = settings.resizing().filter();
    Extent resolution = bestResolution(pinpoints.resolutions(), image.height(), image.width());
    ViewLayout.Tiles layout = tiles(resolution);
    Frame sheet =
        original
            .resized(fitting(image.height(), image.width(), resolution), filter)
            .paddedTo(resolution);
    List<ProcessedImage> views = new ArrayList<>();
    views.add(finish.of(original.resized(wholeSize, filter)));
    for (Frame tile : sheet.tiles(layout.rows(), layout.columns())) {
      views.add(finish.of(tile));
    }
    return new ProcessedPicture(views, layout);
  }

  private static Extent wholeSize(ImageProcessorSettings settings) {
    return switch (settings.resizing().size()) {
      case SizeRule.Exact exact -> new Extent(exact.height(), exact.width());
      case SizeRule.ShortestEdge edge -> new Extent(edge.length(), edge.length());
      case SizeRule.ShortestAndLongestEdge edges -> new Extent(edges.shortest(), edges.shortest());
      case SizeRule.LongestEdge _, SizeRule.MaxHeightWidth _, SizeRule.PixelRange _ ->
          throw new LynceusException(
              ErrorCode.UNSUPPORTED_MODEL,
              "%s with size %s is not known"
                  .formatted(settings.type().referenceName(), settings.resizing().size()),
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
