package dev.lynceus.lab.think;

import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.picture.Operation;
import dev.lynceus.lab.picture.Rgb;
import java.util.ArrayList;
import java.util.List;

/// Several pictures as one.
final class Sheets {
  private static final int GAP = 4;

  private Sheets() {}

  /// Side by side, on white, their upper edges in one line.
  static RgbImage beside(List<RgbImage> pictures) {
    int height = pictures.stream().mapToInt(RgbImage::height).max().orElseThrow();
    int width = pictures.stream().mapToInt(RgbImage::width).sum() + GAP * (pictures.size() - 1);
    byte[] sheet = new byte[width * height * 3];
    java.util.Arrays.fill(sheet, (byte) 255);
    int left = 0;
    for (RgbImage picture : pictures) {
      byte[] own = picture.toBytes();
      for (int y = 0; y < picture.height(); y++) {
        System.arraycopy(
            own, y * picture.width() * 3, sheet, (y * width + left) * 3, picture.width() * 3);
      }
      left += picture.width() + GAP;
    }
    return RgbImage.of(width, height, sheet);
  }

  /// The original, and to its right what was made of it, numbered from 1.
  static RgbImage contact(RgbImage original, List<RgbImage> made) {
    List<RgbImage> all = new ArrayList<>(List.of(original));
    for (int i = 0; i < made.size(); i++) {
      double high = Math.max(8, made.get(i).height() / 14.0);
      all.add(
          new Operation.Label(Integer.toString(i + 1), 2, 2, high, Rgb.RED, 1).apply(made.get(i)));
    }
    return beside(all);
  }
}
