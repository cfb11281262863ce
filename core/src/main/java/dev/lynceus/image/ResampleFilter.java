package dev.lynceus.image;

/// How pixels are weighed when a picture is resized. The ids are Pillow's, as `resample` in
/// preprocessor settings holds them.
public enum ResampleFilter {
  /// The pixel under the centre of the new pixel, no mixing.
  NEAREST(0, 0),
  /// Windowed sinc, `sinc(x) sinc(x/3)` for |x| < 3.
  LANCZOS(1, 3),
  /// Triangle, `1 - |x|` for |x| < 1.
  BILINEAR(2, 1),
  /// Cubic convolution with a = -0.5, for |x| < 2.
  BICUBIC(3, 2),
  /// Plain mean of the pixels covered.
  BOX(4, 0.5),
  /// Hamming-windowed sinc for |x| < 1.
  HAMMING(5, 1);

  private final int id;
  private final double support;

  ResampleFilter(int id, double support) {
    this.id = id;
    this.support = support;
  }

  /// Pillow's number of this filter, 0 to 5.
  public int id() {
    return id;
  }

  /// Half the width of the filter in source pixels at scale 1.
  double support() {
    return support;
  }

  /// The weight at a distance of `x` source pixels at scale 1, before normalising.
  double weight(double x) {
    return switch (this) {
      case NEAREST -> throw new IllegalStateException("nearest has no weights");
      case LANCZOS -> x >= -3.0 && x < 3.0 ? sinc(x) * sinc(x / 3) : 0.0;
      case BILINEAR -> Math.abs(x) < 1.0 ? 1.0 - Math.abs(x) : 0.0;
      case BICUBIC -> bicubic(Math.abs(x));
      case BOX -> x > -0.5 && x <= 0.5 ? 1.0 : 0.0;
      case HAMMING -> hamming(Math.abs(x));
    };
  }

  private static double sinc(double x) {
    if (x == 0.0) {
      return 1.0;
    }
    double angle = x * Math.PI;
    return Math.sin(angle) / angle;
  }

  private static double bicubic(double x) {
    double a = -0.5;
    if (x < 1.0) {
      return ((a + 2.0) * x - (a + 3.0)) * x * x + 1;
    }
    return x < 2.0 ? (((x - 5) * x + 8) * x - 4) * a : 0.0;
  }

  private static double hamming(double x) {
    if (x == 0.0) {
      return 1.0;
    }
    if (x >= 1.0) {
      return 0.0;
    }
    double angle = x * Math.PI;
    // The two constants are single precision in Pillow; as doubles the weights would differ.
    return Math.sin(angle) / angle * (0.54f + 0.46f * Math.cos(angle));
  }
}
