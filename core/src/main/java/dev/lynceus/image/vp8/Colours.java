package dev.lynceus.image.vp8;

/// From luma and halved chroma to RGB as libwebp does it: each sample of chroma is mixed of the
/// four nearest ones, 9 : 3 : 3 : 1, and the matrix is computed with two bits less than a word.
final class Colours {
  private Colours() {}

  /// Red, green and blue of the pixels, row by row.
  static byte[] rgb(Plane[] planes, int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    int lastColumn = (width - 1) / 2;
    int lastRow = (height - 1) / 2;
    for (int y = 0; y < height; y++) {
      int near = y / 2;
      int far = Math.clamp(near + (y % 2 == 0 ? -1 : 1), 0, lastRow);
      int to = 3 * y * width;
      for (int x = 0; x < width; x++, to += 3) {
        int column = x / 2;
        int other = Math.clamp(column + (x % 2 == 0 ? -1 : 1), 0, lastColumn);
        int u = mixed(planes[1], column, other, near, far);
        int v = mixed(planes[2], column, other, near, far);
        int luma = times(planes[0].get(planes[0].at(x, y)), 19077);
        rgb[to] = clip(luma + times(v, 26149) - 14234);
        rgb[to + 1] = clip(luma - times(u, 6419) - times(v, 13320) + 8708);
        rgb[to + 2] = clip(luma + times(u, 33050) - 17685);
      }
    }
    return rgb;
  }

  private static int mixed(Plane plane, int column, int other, int near, int far) {
    return (9 * plane.get(plane.at(column, near))
            + 3 * plane.get(plane.at(other, near))
            + 3 * plane.get(plane.at(column, far))
            + plane.get(plane.at(other, far))
            + 8)
        >> 4;
  }

  private static int times(int sample, int factor) {
    return sample * factor >> 8;
  }

  private static byte clip(int value) {
    return (byte) Math.clamp(value >> 6, 0, 255);
  }
}
