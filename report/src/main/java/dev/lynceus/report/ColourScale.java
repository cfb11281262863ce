package dev.lynceus.report;

/// A colour scale of 256 steps whose lightness rises or falls evenly, so that equal differences of
/// a number look equally large, also in grey and for colour-blind eyes.
///
/// The colours are computed, not tabulated: a path through the OKLCH colour space (Ottosson 2020)
/// with lightness linear in the value, and chroma reduced where sRGB cannot show it.
public enum ColourScale {
  /// For quantities without a meaningful middle: dark violet, blue, green, pale yellow.
  SEQUENTIAL {
    @Override
    double[] path(double t) {
      double chroma = 0.085 + 0.075 * Math.sin(Math.PI * Math.min(1, 0.25 + 0.75 * t));
      return new double[] {0.20 + 0.76 * t, chroma, 305 - 198 * t};
    }
  },
  /// For signed quantities on a light ground: blue below zero, near white at zero, orange above.
  DIVERGING_LIGHT {
    @Override
    double[] path(double t) {
      double side = Math.abs(2 * t - 1);
      double chroma = 0.155 * Math.pow(side, 0.8);
      return new double[] {0.975 - 0.50 * side, chroma, t < 0.5 ? 256 : 46};
    }
  },
  /// For signed quantities on a dark ground: blue below zero, near black at zero, orange above.
  DIVERGING_DARK {
    @Override
    double[] path(double t) {
      double side = Math.abs(2 * t - 1);
      double chroma = 0.155 * Math.pow(side, 0.8);
      return new double[] {0.215 + 0.60 * side, chroma, t < 0.5 ? 248 : 58};
    }
  };

  /// Number of colours of a scale.
  public static final int STEPS = 256;

  private final int[] table = new int[STEPS];

  ColourScale() {
    for (int i = 0; i < STEPS; i++) {
      double[] lch = path(i / (double) (STEPS - 1));
      table[i] = inGamut(lch[0], lch[1], Math.toRadians(lch[2]));
    }
  }

  /// Lightness, chroma and hue in degrees at `t` in [0, 1].
  abstract double[] path(double t);

  /// The colour at `t`, as opaque `0xAARRGGBB`; values outside [0, 1] take the nearest end.
  public int argb(double t) {
    int step = (int) Math.round(Math.clamp(t, 0, 1) * (STEPS - 1));
    return table[step];
  }

  /// The colour at `t` as `#rrggbb`.
  public String hex(double t) {
    return String.format("#%06x", argb(t) & 0xFFFFFF);
  }

  /// All 256 colours as one string of hexadecimal digits, six a colour: what the page reads.
  public String packed() {
    StringBuilder text = new StringBuilder(STEPS * 6);
    for (int colour : table) {
      text.append(String.format("%06x", colour & 0xFFFFFF));
    }
    return text.toString();
  }

  private static int inGamut(double lightness, double chroma, double hue) {
    double c = chroma;
    double[] rgb = linearRgb(lightness, c, hue);
    while (outside(rgb) && c > 0) {
      c = Math.max(0, c - 0.001);
      rgb = linearRgb(lightness, c, hue);
    }
    return 0xFF000000 | channel(rgb[0]) << 16 | channel(rgb[1]) << 8 | channel(rgb[2]);
  }

  private static boolean outside(double[] rgb) {
    for (double v : rgb) {
      if (v < -1e-4 || v > 1 + 1e-4) {
        return true;
      }
    }
    return false;
  }

  private static double[] linearRgb(double lightness, double chroma, double hue) {
    double a = chroma * Math.cos(hue);
    double b = chroma * Math.sin(hue);
    double l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
    double m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
    double s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
    return new double[] {
      4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
      -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
      -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s
    };
  }

  private static double cube(double v) {
    return v * v * v;
  }

  private static int channel(double linear) {
    double v = Math.clamp(linear, 0, 1);
    double encoded = v <= 0.0031308 ? 12.92 * v : 1.055 * Math.pow(v, 1 / 2.4) - 0.055;
    return (int) Math.round(encoded * 255);
  }
}
