package dev.lynceus.image;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;

/// A picture of 8-bit red, green and blue samples that never changes, rows from top to bottom.
///
/// The bytes are interleaved: sample `c` of pixel (x, y) is at `(y * width + x) * 3 + c`, unsigned.
public final class RgbImage {
  private final int width;
  private final int height;
  private final byte[] samples;

  private RgbImage(int width, int height, byte[] samples) {
    if (width <= 0 || height <= 0) {
      throw new IllegalArgumentException("an image needs pixels, not " + width + " x " + height);
    }
    if (samples.length != 3L * width * height) {
      throw new IllegalArgumentException(
          width
              + " x "
              + height
              + " pixels need "
              + 3L * width * height
              + " bytes, not "
              + samples.length);
    }
    this.width = width;
    this.height = height;
    this.samples = samples;
  }

  /// A picture with a copy of `samples`, which holds `3 * width * height` bytes.
  public static RgbImage of(int width, int height, byte[] samples) {
    return new RgbImage(width, height, samples.clone());
  }

  /// A picture around `samples` without a copy; the caller gives the array away.
  static RgbImage wrap(int width, int height, byte[] samples) {
    return new RgbImage(width, height, samples);
  }

  /// One picture of equally large `tiles`, put together row by row.
  ///
  /// @param columns tiles in a row
  public static RgbImage joined(List<RgbImage> tiles, int columns) {
    int tileWidth = tiles.getFirst().width;
    int tileHeight = tiles.getFirst().height;
    int width = tileWidth * columns;
    byte[] all = new byte[3 * width * tileHeight * (tiles.size() / columns)];
    for (int t = 0; t < tiles.size(); t++) {
      RgbImage tile = tiles.get(t);
      if (tile.width != tileWidth || tile.height != tileHeight) {
        throw new IllegalArgumentException(tile + " among tiles of " + tiles.getFirst());
      }
      for (int y = 0; y < tileHeight; y++) {
        int row = t / columns * tileHeight + y;
        System.arraycopy(
            tile.samples,
            y * tileWidth * 3,
            all,
            (row * width + t % columns * tileWidth) * 3,
            tileWidth * 3);
      }
    }
    return wrap(width, all.length / 3 / width, all);
  }

  /// The part of this picture from pixel (left, top).
  public RgbImage cropped(int left, int top, int partWidth, int partHeight) {
    if (left < 0 || top < 0 || left + partWidth > width || top + partHeight > height) {
      throw new IndexOutOfBoundsException(
          partWidth + " x " + partHeight + " from (" + left + ", " + top + ") of " + this);
    }
    return new Frame(this, ImageRegion.whole(this)).tile(left, top, partWidth, partHeight).pixels();
  }

  /// Columns of pixels.
  public int width() {
    return width;
  }

  /// Rows of pixels.
  public int height() {
    return height;
  }

  /// The sample of pixel (x, y), 0 to 255; channel 0 is red, 1 green, 2 blue.
  public int sample(int x, int y, int channel) {
    if (x < 0 || x >= width || y < 0 || y >= height || channel < 0 || channel > 2) {
      throw new IndexOutOfBoundsException(
          "(" + x + ", " + y + ") channel " + channel + " of " + this);
    }
    return samples[(y * width + x) * 3 + channel] & 0xff;
  }

  /// A copy of the bytes, interleaved.
  public byte[] toBytes() {
    return samples.clone();
  }

  /// The picture as `java.awt` knows it ([BufferedImage#TYPE_INT_RGB]), to be drawn or written.
  public BufferedImage toBufferedImage() {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] row = new int[width];
    for (int y = 0; y < height; y++) {
      for (int x = 0, at = y * width * 3; x < width; x++, at += 3) {
        row[x] =
            (samples[at] & 0xff) << 16 | (samples[at + 1] & 0xff) << 8 | (samples[at + 2] & 0xff);
      }
      image.setRGB(0, y, width, 1, row, 0, width);
    }
    return image;
  }

  /// The bytes themselves. Inside the package only, and never written to.
  byte[] samples() {
    return samples;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RgbImage that
        && width == that.width
        && height == that.height
        && Arrays.equals(samples, that.samples);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * width + height) + Arrays.hashCode(samples);
  }

  @Override
  public String toString() {
    return "RgbImage " + width + " x " + height;
  }
}
