package dev.lynceus.image;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.Arrays;

/// Resizes pictures with exactly the bytes that Pillow 12.3 gives (`Image.resize` of an RGB image).
///
/// Separable: first along rows, then along columns, and a pass that would change nothing is left
/// out. Strips more than 100 times as tall as wide, when shrunk, go along columns first. For each
/// new pixel the weights of the source pixels are computed and normalised in double precision,
/// rounded to 22-bit fixed point, and summed in 32-bit integers; each pass rounds and clips to
/// 0..255. When shrinking, the filter is stretched by the ratio, so no source pixel is passed over.
/// Formulas: Pillow's resampling (`Resample.c`), cubic a = -0.5.
public final class Resample {
  /// 32 bits, less 8 for the sample, less 2 for weights that sum past one or below zero.
  private static final int PRECISION_BITS = 32 - 8 - 2;

  /// A resize never holds more than this many bytes in one picture; reached only by extremely
  /// elongated pictures.
  private static final long MAX_BYTES = 1L << 30;

  /// The most weights that a pass may need; reached only by sides of tens of millions of pixels.
  private static final long MAX_WEIGHTS = 1L << 26;

  private Resample() {}

  /// A part of a picture in source pixels; fractions are allowed. Single precision, as in Pillow.
  public record Box(float left, float top, float right, float bottom) {
    static Box whole(RgbImage image) {
      return new Box(0, 0, image.width(), image.height());
    }

    private void check(RgbImage image) {
      if (!(left >= 0 && top >= 0 && right > left && bottom > top)
          || right > image.width()
          || bottom > image.height()) {
        throw new IllegalArgumentException(this + " is not inside " + image);
      }
    }
  }

  /// The whole picture at `width` x `height` pixels.
  ///
  /// @throws LynceusException `BAD_IMAGE` if the result would pass 1 GiB
  public static RgbImage resize(RgbImage image, int width, int height, ResampleFilter filter) {
    return resize(image, width, height, filter, Box.whole(image));
  }

  /// The part `box` of the picture at `width` x `height` pixels; pixels outside the box are not
  /// used unless the filter reaches over its edge.
  ///
  /// @throws LynceusException `BAD_IMAGE` if the result would pass 1 GiB
  /// @throws IllegalArgumentException if the box is empty or not inside the picture
  public static RgbImage resize(
      RgbImage image, int width, int height, ResampleFilter filter, Box box) {
    box.check(image);
    requireRoom(image, width, height);
    boolean sameSize = width == image.width() && height == image.height();
    if (sameSize && box.equals(Box.whole(image))) {
      return image;
    }
    if (image.height() > 100L * image.width() && height < image.height()) {
      // Tall strips are shrunk along columns first, with rounding of their own, as Pillow does.
      Box tall = new Box(0, box.top, image.width(), box.bottom);
      RgbImage strip = inOneGo(image, image.width(), height, filter, tall);
      return inOneGo(strip, width, height, filter, new Box(box.left, 0, box.right, height));
    }
    return inOneGo(image, width, height, filter, box);
  }

  private static RgbImage inOneGo(
      RgbImage image, int width, int height, ResampleFilter filter, Box box) {
    if (filter == ResampleFilter.NEAREST) {
      return nearest(image, width, height, box);
    }
    boolean alongRows = width != image.width() || box.left != 0 || box.right != width;
    boolean alongColumns = height != image.height() || box.top != 0 || box.bottom != height;
    Weights vertical = Weights.of(image.height(), box.top, box.bottom, height, filter);
    RgbImage result = image;
    int firstRow = 0;
    if (alongRows) {
      Weights horizontal = Weights.of(image.width(), box.left, box.right, width, filter);
      firstRow = vertical.first[0];
      int rows = vertical.first[height - 1] + vertical.count[height - 1] - firstRow;
      requireRoom(image, width, rows);
      result = horizontally(image, width, firstRow, rows, horizontal);
    }
    return alongColumns ? vertically(result, height, firstRow, vertical) : result;
  }

  private static void requireRoom(RgbImage image, int width, int height) {
    if (width <= 0 || height <= 0 || 3L * width * height > MAX_BYTES) {
      throw new LynceusException(
          ErrorCode.BAD_IMAGE,
          "an image of %d x %d pixels is too elongated: resizing it would make %d x %d pixels"
              .formatted(image.width(), image.height(), width, height),
          "Crop the image to the part of interest.");
    }
  }

  private static RgbImage horizontally(
      RgbImage image, int width, int firstRow, int rows, Weights weights) {
    byte[] from = image.samples();
    byte[] to = new byte[3 * width * rows];
    int at = 0;
    for (int y = 0; y < rows; y++) {
      int rowStart = (y + firstRow) * image.width() * 3;
      for (int x = 0; x < width; x++) {
        int source = rowStart + weights.first[x] * 3;
        int k = x * weights.stride;
        int end = k + weights.count[x];
        int red = 1 << (PRECISION_BITS - 1);
        int green = red;
        int blue = red;
        for (; k < end; k++, source += 3) {
          int weight = weights.fixed[k];
          red += (from[source] & 0xff) * weight;
          green += (from[source + 1] & 0xff) * weight;
          blue += (from[source + 2] & 0xff) * weight;
        }
        to[at++] = clip(red);
        to[at++] = clip(green);
        to[at++] = clip(blue);
      }
    }
    return RgbImage.wrap(width, rows, to);
  }

  private static RgbImage vertically(RgbImage image, int height, int firstRow, Weights weights) {
    int stride = image.width() * 3;
    byte[] from = image.samples();
    byte[] to = new byte[stride * height];
    int[] sums = new int[stride];
    for (int y = 0; y < height; y++) {
      Arrays.fill(sums, 1 << (PRECISION_BITS - 1));
      for (int k = 0; k < weights.count[y]; k++) {
        int weight = weights.fixed[y * weights.stride + k];
        int source = (weights.first[y] + k - firstRow) * stride;
        for (int i = 0; i < stride; i++) {
          sums[i] += (from[source + i] & 0xff) * weight;
        }
      }
      int at = y * stride;
      for (int i = 0; i < stride; i++) {
        to[at + i] = clip(sums[i]);
      }
    }
    return RgbImage.wrap(image.width(), height, to);
  }

  private static byte clip(int sum) {
    return (byte) Math.clamp(sum >> PRECISION_BITS, 0, 255);
  }

  private static RgbImage nearest(RgbImage image, int width, int height, Box box) {
    int[] columns = centres(width, box.left, box.right, image.width());
    int[] rows = centres(height, box.top, box.bottom, image.height());
    byte[] from = image.samples();
    byte[] to = new byte[3 * width * height];
    int at = 0;
    for (int row : rows) {
      for (int column : columns) {
        if (row >= 0 && column >= 0) {
          System.arraycopy(from, (row * image.width() + column) * 3, to, at, 3);
        }
        at += 3;
      }
    }
    return RgbImage.wrap(width, height, to);
  }

  /// The source pixel under each new pixel's centre, or -1 outside. The position is summed up step
  /// by step, not multiplied: the rounding of the sum decides ties.
  private static int[] centres(int size, float from, float to, int sourceSize) {
    double step = (double) (to - from) / size;
    double position = from + step * 0.5;
    int[] centres = new int[size];
    for (int i = 0; i < size; i++) {
      int pixel = (int) position;
      centres[i] = pixel < sourceSize ? pixel : -1;
      position += step;
    }
    return centres;
  }

  /// For each new pixel the first source pixel, the count of source pixels, and their weights at
  /// `fixed[pixel * stride ...]`.
  private static final class Weights {
    final int[] first;
    final int[] count;
    final int[] fixed;
    final int stride;

    private Weights(int size, int stride) {
      this.first = new int[size];
      this.count = new int[size];
      this.fixed = new int[stride * size];
      this.stride = stride;
    }

    static Weights of(int sourceSize, float from, float to, int size, ResampleFilter filter) {
      double scale = (double) (to - from) / size;
      double stretch = Math.max(scale, 1.0);
      double support = filter.support() * stretch;
      int stride = (int) Math.ceil(support) * 2 + 1;
      if ((long) stride * size > MAX_WEIGHTS) {
        throw new LynceusException(
            ErrorCode.BAD_IMAGE,
            "an image side of " + sourceSize + " pixels is too long to be resized to " + size,
            "Crop the image to the part of interest.");
      }
      Weights result = new Weights(size, stride);
      double[] weights = new double[stride];
      for (int i = 0; i < size; i++) {
        double centre = from + (i + 0.5) * scale;
        int start = Math.max((int) (centre - support + 0.5), 0);
        int n = Math.min((int) (centre + support + 0.5), sourceSize) - start;
        double sum = 0.0;
        for (int k = 0; k < n; k++) {
          weights[k] = filter.weight((k + start - centre + 0.5) * (1.0 / stretch));
          sum += weights[k];
        }
        for (int k = 0; k < n; k++) {
          double weight = sum == 0.0 ? weights[k] : weights[k] / sum;
          result.fixed[i * stride + k] =
              (int) (weight * (1 << PRECISION_BITS) + (weight < 0 ? -0.5 : 0.5));
        }
        result.first[i] = start;
        result.count[i] = n;
      }
      return result;
    }
  }
}
