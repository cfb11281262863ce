package dev.lynceus.lab.strategy;

import dev.lynceus.image.ResampleFilter;
import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.picture.Operation;
import java.awt.image.BufferedImage;

/// Pictures as pages of strategies show them.
public final class Pictures {
  /// Smaller pictures are enlarged, each pixel as a square.
  private static final int SIDE = 330;

  private Pictures() {}

  /// A picture, enlarged by a whole number where it is small.
  public static BufferedImage large(RgbImage image) {
    int factor = Math.max(1, SIDE / Math.max(image.width(), image.height()));
    return new Operation.Resize(
            image.width() * factor, image.height() * factor, ResampleFilter.NEAREST)
        .apply(image)
        .toBufferedImage();
  }
}
