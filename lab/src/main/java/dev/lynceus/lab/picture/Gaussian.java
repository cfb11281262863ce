package dev.lynceus.lab.picture;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;

/// Blurs a picture by a Gaussian, along rows and then columns, with weights up to three standard
/// deviations; beyond the edge the last pixel goes on. Sums are in double precision, and rounded
/// once.
final class Gaussian {
  private Gaussian() {}

  static RgbImage blur(RgbImage image, double sigma) {
    if (!(sigma >= 0) || sigma > 10_000) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "a blur of " + sigma + " pixels", "Use 0 or more.");
    }
    int radius = (int) Math.ceil(3 * sigma);
    if (radius == 0) {
      return image;
    }
    double[] weights = new double[2 * radius + 1];
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      double away = (i - radius) / sigma;
      weights[i] = StrictMath.exp(-away * away / 2);
      sum += weights[i];
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= sum;
    }
    int width = image.width();
    int height = image.height();
    byte[] own = image.toBytes();
    double[] across = new double[own.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int i = 0; i < weights.length; i++) {
          int from = (y * width + Math.clamp((long) x + i - radius, 0, width - 1)) * 3;
          for (int c = 0; c < 3; c++) {
            across[(y * width + x) * 3 + c] += weights[i] * (own[from + c] & 0xff);
          }
        }
      }
    }
    byte[] blurred = new byte[own.length];
    double[] line = new double[3];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        java.util.Arrays.fill(line, 0);
        for (int i = 0; i < weights.length; i++) {
          int from = (Math.clamp((long) y + i - radius, 0, height - 1) * width + x) * 3;
          for (int c = 0; c < 3; c++) {
            line[c] += weights[i] * across[from + c];
          }
        }
        for (int c = 0; c < 3; c++) {
          blurred[(y * width + x) * 3 + c] = Canvas.sample(line[c]);
        }
      }
    }
    return RgbImage.of(width, height, blurred);
  }
}
