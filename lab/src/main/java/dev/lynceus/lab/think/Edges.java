package dev.lynceus.lab.think;

import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.picture.Colours;

/// Where neighbours differ.
final class Edges {
  private Edges() {}

  /// The larger of the differences to the right and downwards, of luma.
  static RgbImage of(RgbImage image) {
    RgbImage grey = Colours.to(image, Colours.Space.GREY);
    byte[] samples = new byte[image.width() * image.height() * 3];
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < image.width(); x++) {
        int own = grey.sample(x, y, 0);
        int right = grey.sample(Math.min(x + 1, image.width() - 1), y, 0);
        int below = grey.sample(x, Math.min(y + 1, image.height() - 1), 0);
        int edge = Math.max(Math.abs(own - right), Math.abs(own - below));
        for (int c = 0; c < 3; c++) {
          samples[(y * image.width() + x) * 3 + c] = (byte) edge;
        }
      }
    }
    return RgbImage.of(image.width(), image.height(), samples);
  }
}
