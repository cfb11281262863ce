package dev.lynceus.image;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.ArrayList;
import java.util.List;

/// The processor of Gemma 3: the whole picture, and with `do_pan_and_scan` the pieces of an
/// elongated one, cut across its longer side. Every view is resized by itself. Source:
/// Gemma3ImageProcessor of transformers 5.18.
public final class PanAndScanImageProcessor implements ImageProcessor {
  private final ImageProcessorSettings settings;
  private final Cutting.PanAndScan cutting;
  private final Finish finish;

  PanAndScanImageProcessor(ImageProcessorSettings settings, Cutting.PanAndScan cutting) {
    this.settings = settings;
    this.cutting = cutting;
    this.finish = Finish.of(settings);
  }

  @Override
  public ImageProcessorSettings settings() {
    return settings;
  }

  @Override
  public ViewLayout layout(Extent picture, InPrompt place) {
    int longer = Math.max(picture.height(), picture.width());
    int shorter = Math.min(picture.height(), picture.width());
    double ratio = (double) longer / shorter;
    if (!cutting.on() || ratio < cutting.ratio()) {
      return new ViewLayout.Whole();
    }
    int crops = (int) Math.floor(ratio + 0.5);
    crops = Math.min(longer / cutting.smallest(), crops);
    crops = Math.min(cutting.most(), Math.max(2, crops));
    int length = Math.ceilDiv(longer, crops);
    if (Math.min(length, shorter) < cutting.smallest()) {
      return new ViewLayout.Whole();
    }
    if ((long) length * (crops - 1) >= longer) {
      throw new LynceusException(
          ErrorCode.BAD_IMAGE,
          "an image of %d x %d pixels is too small to be cut into %d crops"
              .formatted(picture.width(), picture.height(), crops),
          "Give a larger image.");
    }
    return picture.width() >= picture.height()
        ? new ViewLayout.Crops(1, crops)
        : new ViewLayout.Crops(crops, 1);
  }

  @Override
  public ProcessedPicture process(RgbImage image, InPrompt place) {
    Frame original = Frame.whole(image);
    ViewLayout layout = layout(new Extent(image.height(), image.width()), place);
    List<ProcessedImage> views = new ArrayList<>();
    views.add(finish.of(original));
    if (layout instanceof ViewLayout.Crops crops) {
      int height = Math.ceilDiv(image.height(), crops.rows());
      int width = Math.ceilDiv(image.width(), crops.columns());
      for (int y = 0; y < image.height(); y += height) {
        for (int x = 0; x < image.width(); x += width) {
          int columns = Math.min(width, image.width() - x);
          int rows = Math.min(height, image.height() - y);
          views.add(finish.of(original.tile(x, y, columns, rows)));
        }
      }
    }
    return new ProcessedPicture(views, layout);
  }
}
