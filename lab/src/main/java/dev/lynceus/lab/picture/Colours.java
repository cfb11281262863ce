package dev.lynceus.lab.picture;

import dev.lynceus.image.RgbImage;

/// Pictures in other colour spaces; the three numbers of a pixel become its samples.
public final class Colours {
  private Colours() {}

  /// A colour space.
  public enum Space {
    /// Luma of ITU-R 601, in all three samples.
    GREY,
    /// Hue, saturation and value, each over 0 to 255.
    HSV,
    /// CIELAB under daylight (D65): lightness over 0 to 255; a and b, 128 for none.
    LAB
  }

  /// The picture in a colour space.
  public static RgbImage to(RgbImage image, Space space) {
    byte[] samples = image.toBytes();
    for (int at = 0; at < samples.length; at += 3) {
      int r = samples[at] & 0xff;
      int g = samples[at + 1] & 0xff;
      int b = samples[at + 2] & 0xff;
      double[] numbers =
          switch (space) {
            case GREY -> grey(r, g, b);
            case HSV -> hsv(r, g, b);
            case LAB -> lab(r, g, b);
          };
      for (int c = 0; c < 3; c++) {
        samples[at + c] = Canvas.sample(numbers[c]);
      }
    }
    return RgbImage.of(image.width(), image.height(), samples);
  }

  private static double[] grey(int r, int g, int b) {
    // Whole numbers, as Pillow has them.
    int luma = (r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16;
    return new double[] {luma, luma, luma};
  }

  private static double[] hsv(int r, int g, int b) {
    int most = Math.max(r, Math.max(g, b));
    double spread = most - (double) Math.min(r, Math.min(g, b));
    double hue = 0;
    if (spread > 0) {
      hue = most == r ? (g - b) / spread : most == g ? 2 + (b - r) / spread : 4 + (r - g) / spread;
    }
    return new double[] {
      (hue < 0 ? hue + 6 : hue) / 6 * 255, most == 0 ? 0 : spread / most * 255, most
    };
  }

  private static double[] lab(int r, int g, int b) {
    double lr = linear(r);
    double lg = linear(g);
    double lb = linear(b);
    double fx = root((0.4124564 * lr + 0.3575761 * lg + 0.1804375 * lb) / 0.950456);
    double fy = root(0.2126729 * lr + 0.7151522 * lg + 0.0721750 * lb);
    double fz = root((0.0193339 * lr + 0.1191920 * lg + 0.9503041 * lb) / 1.088754);
    return new double[] {(116 * fy - 16) * 2.55, 500 * (fx - fy) + 128, 200 * (fy - fz) + 128};
  }

  private static double linear(int sample) {
    double v = sample / 255.0;
    return v <= 0.04045 ? v / 12.92 : StrictMath.pow((v + 0.055) / 1.055, 2.4);
  }

  private static double root(double t) {
    return t > 0.008856 ? StrictMath.cbrt(t) : 7.787 * t + 16.0 / 116;
  }
}
