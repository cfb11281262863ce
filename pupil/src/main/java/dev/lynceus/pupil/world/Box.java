package dev.lynceus.pupil.world;

import dev.lynceus.image.ImageRegion;

/// A rectangle of pixels: columns `left` to `right - 1`, rows `top` to `bottom - 1`.
public record Box(int left, int top, int right, int bottom) {

  public int width() {
    return right - left;
  }

  public int height() {
    return bottom - top;
  }

  /// Horizontal centre in pixels from the left edge of the picture.
  public double centreX() {
    return (left + right) / 2.0;
  }

  /// Vertical centre in pixels from the top edge of the picture.
  public double centreY() {
    return (top + bottom) / 2.0;
  }

  /// Whether the other box comes nearer than `gap` pixels.
  boolean near(Box other, int gap) {
    return left < other.right + gap
        && other.left < right + gap
        && top < other.bottom + gap
        && other.top < bottom + gap;
  }

  /// Whether a pixel lies inside.
  public boolean contains(double x, double y) {
    return x >= left && x < right && y >= top && y < bottom;
  }

  /// The same rectangle as a region of the picture.
  public ImageRegion region() {
    return new ImageRegion(left, top, width(), height());
  }
}
