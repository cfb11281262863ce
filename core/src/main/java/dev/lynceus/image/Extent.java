package dev.lynceus.image;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;

/// Height and width in pixels, in that order as the processors' settings give them.
public record Extent(int height, int width) {
  /// Refuses anything but positive sides.
  public Extent {
    if (height <= 0 || width <= 0) {
      throw new IllegalArgumentException(
          "an extent needs positive sides, not " + height + " x " + width);
    }
  }

  /// Rounds a computed side down and refuses what no picture can have; the image of `imageHeight` x
  /// `imageWidth` pixels is named in the error.
  static int side(double length, int imageHeight, int imageWidth) {
    if (!(length >= 1) || length >= Integer.MAX_VALUE) {
      throw new LynceusException(
          ErrorCode.BAD_IMAGE,
          "an image of %d x %d pixels is too elongated: resized, a side would have %s pixels"
              .formatted(imageWidth, imageHeight, length < 1 ? "0" : "billions of"),
          "Crop the image to the part of interest.");
    }
    return (int) length;
  }
}
