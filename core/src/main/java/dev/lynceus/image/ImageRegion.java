package dev.lynceus.image;

/// A rectangle in the pixels of the original picture, with fractions: x runs from `left` to `left +
/// width`, y from `top` to `top + height`; pixel (0, 0) covers [0, 1) x [0, 1).
///
/// Where a processor pads, a region reaches outside the picture: `left` may be negative.
public record ImageRegion(double left, double top, double width, double height) {

  /// The whole of a picture.
  public static ImageRegion whole(RgbImage image) {
    return new ImageRegion(0, 0, image.width(), image.height());
  }

  /// The part that a cell of a grid covers: `row` of `rows` from the top, `column` of `columns`
  /// from the left. A patch of a vision tower is such a cell.
  public ImageRegion cell(int row, int rows, int column, int columns) {
    if (row < 0 || row >= rows || column < 0 || column >= columns) {
      throw new IndexOutOfBoundsException(
          "cell (" + row + ", " + column + ") of a grid of " + rows + " x " + columns);
    }
    return new ImageRegion(
        left + width * column / columns, top + height * row / rows, width / columns, height / rows);
  }

  /// The part of this region inside a picture of `imageWidth` x `imageHeight` pixels; width or
  /// height is 0 where nothing of it is inside, as for patches that see only padding.
  public ImageRegion clippedTo(int imageWidth, int imageHeight) {
    double x0 = Math.clamp(left, 0, imageWidth);
    double y0 = Math.clamp(top, 0, imageHeight);
    double x1 = Math.clamp(left + width, 0, imageWidth);
    double y1 = Math.clamp(top + height, 0, imageHeight);
    return new ImageRegion(x0, y0, x1 - x0, y1 - y0);
  }
}
