package dev.lynceus.image;

import java.util.ArrayList;
import java.util.List;

/// A picture on its way through a processor, with the rectangle of the original that it shows.
/// Every step gives a new frame and keeps the two in step.
record Frame(RgbImage pixels, ImageRegion region) {

  static Frame whole(RgbImage image) {
    return new Frame(image, ImageRegion.whole(image));
  }

  /// The same rectangle at another resolution.
  Frame resized(Extent size, ResampleFilter filter) {
    return new Frame(Resample.resize(pixels, size.width(), size.height(), filter), region);
  }

  /// Resized as the rule tells.
  Frame resized(SizeRule rule, ResampleFilter filter) {
    return resized(rule.target(pixels.height(), pixels.width()), filter);
  }

  /// Padded to a square of the longer side with the colour `mean`, parts of 1 in red, green, blue;
  /// the picture in the middle (the smaller half of an odd margin above or left).
  Frame paddedToSquare(List<Double> mean) {
    int side = Math.max(pixels.width(), pixels.height());
    int left = (side - pixels.width()) / 2;
    int top = (side - pixels.height()) / 2;
    return window(
        -left,
        -top,
        side,
        side,
        (int) (mean.get(0) * 255),
        (int) (mean.get(1) * 255),
        (int) (mean.get(2) * 255));
  }

  /// Padded with black to `size`, the picture in the middle (the smaller half of an odd margin
  /// above or left).
  Frame paddedTo(Extent size) {
    int left = (size.width() - pixels.width()) / 2;
    int top = (size.height() - pixels.height()) / 2;
    return window(-left, -top, size.width(), size.height(), 0, 0, 0);
  }

  /// The middle of the picture. Where the crop is larger than the picture the rest is black, the
  /// larger half of an odd margin above or left.
  Frame centreCropped(Extent size) {
    int left = Math.floorDiv(pixels.width() - size.width(), 2);
    int top = Math.floorDiv(pixels.height() - size.height(), 2);
    return window(left, top, size.width(), size.height(), 0, 0, 0);
  }

  /// The rectangle of this frame's pixels from (x, y), of which nothing may be outside.
  Frame tile(int x, int y, int width, int height) {
    return window(x, y, width, height, 0, 0, 0);
  }

  /// Equally large rectangles of this frame's pixels row by row, which fill it.
  List<Frame> tiles(int rows, int columns) {
    int height = pixels.height() / rows;
    int width = pixels.width() / columns;
    List<Frame> tiles = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        tiles.add(tile(column * width, row * height, width, height));
      }
    }
    return tiles;
  }

  /// The rectangle from (x, y), which may reach outside; there it has the given colour.
  private Frame window(int x, int y, int width, int height, int red, int green, int blue) {
    double unitX = region.width() / pixels.width();
    double unitY = region.height() / pixels.height();
    ImageRegion shown =
        new ImageRegion(
            region.left() + x * unitX, region.top() + y * unitY, width * unitX, height * unitY);
    byte[] to = new byte[Math.toIntExact(3L * width * height)];
    for (int i = 0; i < to.length; i += 3) {
      to[i] = (byte) red;
      to[i + 1] = (byte) green;
      to[i + 2] = (byte) blue;
    }
    int firstX = Math.max(x, 0);
    int columns = Math.min(x + width, pixels.width()) - firstX;
    for (int row = Math.max(y, 0); row < Math.min(y + height, pixels.height()); row++) {
      int from = (row * pixels.width() + firstX) * 3;
      System.arraycopy(
          pixels.samples(), from, to, ((row - y) * width + firstX - x) * 3, columns * 3);
    }
    return new Frame(RgbImage.wrap(width, height, to), shown);
  }
}
