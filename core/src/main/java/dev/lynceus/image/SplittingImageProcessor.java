package dev.lynceus.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// The processor of Idefics3 and SmolVLM: the picture is enlarged or shrunk until its longer side
/// has a given length, then to whole tiles, and cut into them; the whole picture, squeezed into one
/// tile, comes last. A picture of one tile is not cut. Source: Idefics3ImageProcessor of
/// transformers 5.18, Pillow backend.
public final class SplittingImageProcessor implements ImageProcessor {
  private final ImageProcessorSettings settings;
  private final PixelNormaliser normaliser;
  private final ImageProcessorSettings.Splitting splitting;

  SplittingImageProcessor(ImageProcessorSettings settings) {
    this.settings = settings;
    this.normaliser = new PixelNormaliser(settings);
    this.splitting = Objects.requireNonNull(settings.splitting());
  }

  @Override
  public ImageProcessorSettings settings() {
    return settings;
  }

  @Override
  public List<ProcessedImage> views(RgbImage image) {
    Frame frame = Frame.whole(image);
    if (settings.doResize()) {
      frame = frame.resized(settings.size(), settings.resample());
    }
    int side = splitting.side();
    Extent one = new Extent(side, side);
    if (!splitting.on()) {
      return List.of(finished(frame.resized(one, settings.resample())));
    }
    Frame sheet = frame.resized(tiles(frame.pixels(), side), settings.resample());
    int rows = sheet.pixels().height() / side;
    int columns = sheet.pixels().width() / side;
    if (rows == 1 && columns == 1) {
      return List.of(finished(sheet));
    }
    List<ProcessedImage> views = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        views.add(finished(sheet.tile(column * side, row * side, side, side)));
      }
    }
    views.add(finished(sheet.resized(one, settings.resample())));
    return views;
  }

  /// The size in whole tiles: the longer side rounded up, the other by the aspect ratio and then
  /// rounded up.
  private static Extent tiles(RgbImage image, int side) {
    double ratio = (double) image.width() / image.height();
    if (image.width() >= image.height()) {
      int width = up(image.width(), side);
      return new Extent(up((int) (width / ratio), side), width);
    }
    int height = up(image.height(), side);
    return new Extent(height, up((int) (height * ratio), side));
  }

  private static int up(int length, int side) {
    return Math.max(1, Math.ceilDiv(length, side)) * side;
  }

  private ProcessedImage finished(Frame frame) {
    return ProcessedImage.of(frame, normaliser);
  }
}
