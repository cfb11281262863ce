package dev.lynceus.lab.picture;

import dev.lynceus.image.RgbImage;

/// A picture that is painted on. Shapes are painted by the share of each pixel that they cover,
/// counted on four by four places in it, so that the same shape gives the same bytes everywhere.
public final class Canvas {
  private static final int SIDE = 4;

  private final int width;
  private final int height;
  private final byte[] samples;

  /// Begins with a picture.
  public Canvas(RgbImage image) {
    this.width = image.width();
    this.height = image.height();
    this.samples = image.toBytes();
  }

  /// Whether a place belongs to a shape, in pixels with fractions.
  @FunctionalInterface
  public interface Shape {
    /// Whether it has the place.
    boolean has(double x, double y);
  }

  /// How much of each pixel changes, 0 to 1.
  @FunctionalInterface
  interface Weight {
    double at(int x, int y);
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /// Paints a shape.
  ///
  /// @param around a box that holds it
  public void paint(Shape shape, Region.Box around, Rgb colour, double alpha) {
    int right = (int) Math.min(width, Math.ceil(around.x1()));
    int bottom = (int) Math.min(height, Math.ceil(around.y1()));
    for (int y = (int) Math.max(0, Math.floor(around.y0())); y < bottom; y++) {
      for (int x = (int) Math.max(0, Math.floor(around.x0())); x < right; x++) {
        int hits = 0;
        for (int i = 0; i < SIDE * SIDE; i++) {
          int line = i / SIDE;
          hits += shape.has(x + (i % SIDE + .5) / SIDE, y + (line + .5) / SIDE) ? 1 : 0;
        }
        blend(x, y, colour, alpha * hits / (SIDE * SIDE));
      }
    }
  }

  /// Paints a rectangle, with the bytes that [#paint] of the same shape has.
  public void fill(Region.Box box, Rgb colour) {
    int right = (int) Math.min(width, Math.ceil(box.x1()));
    int bottom = (int) Math.min(height, Math.ceil(box.y1()));
    for (int y = (int) Math.max(0, Math.floor(box.y0())); y < bottom; y++) {
      int down = hits(y, box.y0(), box.y1());
      for (int x = (int) Math.max(0, Math.floor(box.x0())); x < right; x++) {
        blend(x, y, colour, (double) down * hits(x, box.x0(), box.x1()) / (SIDE * SIDE));
      }
    }
  }

  private static int hits(int pixel, double from, double to) {
    int hits = 0;
    for (int i = 0; i < SIDE; i++) {
      double at = pixel + (i + .5) / SIDE;
      hits += at >= from && at < to ? 1 : 0;
    }
    return hits;
  }

  /// Paints pixels by weights.
  void paint(Weight weight, Rgb colour) {
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        blend(x, y, colour, weight.at(x, y));
      }
    }
  }

  /// Mixes another picture of the same size in by weights.
  void mix(RgbImage other, Weight weight) {
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double part = weight.at(x, y);
        for (int c = 0; c < 3 && part > 0; c++) {
          blend((y * width + x) * 3 + c, other.sample(x, y, c), part);
        }
      }
    }
  }

  /// Mean of the three samples of a pixel as it is now.
  double brightness(int x, int y) {
    int at = (y * width + x) * 3;
    return ((samples[at] & 0xff) + (samples[at + 1] & 0xff) + (samples[at + 2] & 0xff)) / 3.0;
  }

  private void blend(int x, int y, Rgb colour, double part) {
    // What has no weight stays as it is, to the bit.
    for (int c = 0; c < 3 && part > 0; c++) {
      blend((y * width + x) * 3 + c, colour.channel(c), part);
    }
  }

  private void blend(int at, int value, double part) {
    samples[at] = sample(value * part + (samples[at] & 0xff) * (1 - part));
  }

  /// The nearest sample.
  static byte sample(double value) {
    return (byte) Math.clamp(Math.round(value), 0, 255);
  }

  /// The picture as it is now.
  public RgbImage image() {
    return RgbImage.of(width, height, samples);
  }
}
