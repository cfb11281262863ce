package dev.lynceus.lab.data;

import java.util.List;

/// A region of a picture that a data set tells of.
///
/// @param image which picture of the example, from 0
/// @param label what it shows; empty where nothing is told
/// @param x0 left edge in pixels of the picture as it was stored
/// @param y0 upper edge
/// @param x1 right edge, beyond the last pixel
/// @param y1 lower edge, beyond the last pixel
/// @param outline polygons as `x, y, x, y, …` in pixels; empty where the box is all that is known
public record LabelledRegion(
    int image,
    String label,
    double x0,
    double y0,
    double x1,
    double y1,
    List<List<Double>> outline) {
  public LabelledRegion {
    outline = outline.stream().map(List::copyOf).toList();
  }

  /// A box.
  public static LabelledRegion box(
      int image, String label, double x0, double y0, double x1, double y1) {
    return new LabelledRegion(image, label, x0, y0, x1, y1, List.of());
  }
}
