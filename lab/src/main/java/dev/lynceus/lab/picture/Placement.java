package dev.lynceus.lab.picture;

/// Where a picture is after it was changed: a place (x, y) of it is at `(x * scaleX + left, y *
/// scaleY + top)`.
///
/// @param left where its left edge is, in pixels of the result
/// @param top where its upper edge is
/// @param scaleX pixels of the result for one of its own, across
/// @param scaleY the same downwards
/// @param width of the result
/// @param height of the result
public record Placement(
    double left, double top, double scaleX, double scaleY, int width, int height) {

  /// A picture where it was.
  public static Placement whole(int width, int height) {
    return new Placement(0, 0, 1, 1, width, height);
  }

  /// Whether every pixel is where it was.
  public boolean isStill() {
    return left == 0 && top == 0 && scaleX == 1 && scaleY == 1;
  }

  /// This, and then another change of the result.
  public Placement then(Placement next) {
    return new Placement(
        left * next.scaleX + next.left,
        top * next.scaleY + next.top,
        scaleX * next.scaleX,
        scaleY * next.scaleY,
        next.width,
        next.height);
  }

  /// The part of the first picture that the result shows; where borders were added it reaches
  /// outside of the picture.
  public Region.Box shown() {
    return new Region.Box(
        0 - left / scaleX, 0 - top / scaleY, (width - left) / scaleX, (height - top) / scaleY);
  }
}
