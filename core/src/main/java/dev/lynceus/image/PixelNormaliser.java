package dev.lynceus.image;

/// From bytes to the tower's floats: `(v * factor - mean) / std`.
///
/// The product is computed in double precision and rounded to float; subtraction and division are
/// float operations with mean and standard deviation rounded to float. In that order, because only
/// that order equals the reference bit for bit.
final class PixelNormaliser {
  private final float[][] table = new float[3][256];

  PixelNormaliser(ImageProcessorSettings.Normalisation settings) {
    for (int channel = 0; channel < 3; channel++) {
      float mean = settings.mean().get(channel).floatValue();
      float std = settings.deviation().get(channel).floatValue();
      for (int v = 0; v < 256; v++) {
        float value = settings.rescales() ? (float) (v * settings.factor()) : v;
        table[channel][v] = settings.normalises() ? (value - mean) / std : value;
      }
    }
  }

  /// Values [3, height, width].
  float[] apply(RgbImage image) {
    byte[] samples = image.samples();
    int plane = image.width() * image.height();
    float[] values = new float[3 * plane];
    for (int i = 0; i < plane; i++) {
      values[i] = table[0][samples[3 * i] & 0xff];
      values[plane + i] = table[1][samples[3 * i + 1] & 0xff];
      values[2 * plane + i] = table[2][samples[3 * i + 2] & 0xff];
    }
    return values;
  }
}
