package dev.lynceus.image;

import java.util.Arrays;

/// Pieces of a picture whose pixels lie together and have about one colour: simple linear iterative
/// clustering (Achanta et al. 2012, SLIC). Centres begin on a grid; each pixel goes to the nearest
/// of the centres around it, by colour (CIELAB) and place together; crumbs that are not connected
/// to their piece go to a neighbour.
///
/// @param labels the piece of each pixel, row by row, numbered from 0 without gaps
/// @param count how many pieces there are
// Plain numbers; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
public record Superpixels(int[] labels, int count) {
  private static final int ROUNDS = 10;

  /// How much place counts beside colour; that of the paper.
  private static final double COMPACTNESS = 10;

  /// Cuts a picture.
  ///
  /// @param wanted about how many pieces, at least 1
  public static Superpixels of(RgbImage image, int wanted) {
    int width = image.width();
    int height = image.height();
    double[][] lab = lab(image);
    double step = Math.sqrt((double) width * height / wanted);
    int across = (int) Math.clamp(Math.round(width / step), 1, width);
    int down = (int) Math.clamp(Math.round(height / step), 1, height);
    double[][] centres = new double[across * down][];
    for (int c = 0; c < centres.length; c++) {
      int x = (int) ((c % across + 0.5) * width / across);
      int line = c / across;
      int y = (int) ((line + 0.5) * height / down);
      double[] colour = lab[y * width + x];
      centres[c] = new double[] {colour[0], colour[1], colour[2], x, y};
    }
    int[] labels = new int[width * height];
    for (int round = 0; round < ROUNDS; round++) {
      assign(labels, lab, centres, width, height, step);
      move(labels, lab, centres, width);
    }
    return connected(labels, width, height, (int) (step * step / 4));
  }

  private static void assign(
      int[] labels, double[][] lab, double[][] centres, int width, int height, double step) {
    double[] nearest = new double[labels.length];
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
    double place = COMPACTNESS / step * (COMPACTNESS / step);
    int reach = (int) Math.ceil(2 * step);
    for (int c = 0; c < centres.length; c++) {
      double[] centre = centres[c];
      int left = (int) Math.max(0, centre[3] - reach);
      int right = (int) Math.min(width - 1, centre[3] + reach);
      int bottom = (int) Math.min(height - 1, centre[4] + reach);
      for (int y = (int) Math.max(0, centre[4] - reach); y <= bottom; y++) {
        for (int x = left; x <= right; x++) {
          int at = y * width + x;
          double distance =
              square(lab[at][0] - centre[0])
                  + square(lab[at][1] - centre[1])
                  + square(lab[at][2] - centre[2])
                  + place * (square(x - centre[3]) + square(y - centre[4]));
          if (distance < nearest[at]) {
            nearest[at] = distance;
            labels[at] = c;
          }
        }
      }
    }
  }

  private static void move(int[] labels, double[][] lab, double[][] centres, int width) {
    double[][] sums = new double[centres.length][6];
    for (int at = 0; at < labels.length; at++) {
      double[] sum = sums[labels[at]];
      for (int i = 0; i < 3; i++) {
        sum[i] += lab[at][i];
      }
      sum[3] += at % width;
      int y = at / width;
      sum[4] += y;
      sum[5]++;
    }
    for (int c = 0; c < centres.length; c++) {
      for (int i = 0; i < 5 && sums[c][5] > 0; i++) {
        centres[c][i] = sums[c][i] / sums[c][5];
      }
    }
  }

  /// Pieces by connection: what hangs together and is large enough is a piece, the rest goes to the
  /// piece met before it.
  private static Superpixels connected(int[] labels, int width, int height, int least) {
    int[] pieces = new int[labels.length];
    Arrays.fill(pieces, -1);
    int[] queue = new int[labels.length];
    int count = 0;
    for (int start = 0; start < labels.length; start++) {
      if (pieces[start] >= 0) {
        continue;
      }
      int before = start % width > 0 ? pieces[start - 1] : -1;
      before = before < 0 && start >= width ? pieces[start - width] : before;
      int size = 0;
      queue[size++] = start;
      pieces[start] = count;
      for (int i = 0; i < size; i++) {
        int at = queue[i];
        int x = at % width;
        int[] around = {
          x > 0 ? at - 1 : -1,
          x < width - 1 ? at + 1 : -1,
          at - width,
          at + width < width * height ? at + width : -1
        };
        for (int next : around) {
          if (next >= 0 && pieces[next] < 0 && labels[next] == labels[start]) {
            pieces[next] = count;
            queue[size++] = next;
          }
        }
      }
      if (size < least && before >= 0) {
        for (int i = 0; i < size; i++) {
          pieces[queue[i]] = before;
        }
      } else {
        count++;
      }
    }
    return new Superpixels(pieces, count);
  }

  private static double square(double x) {
    return x * x;
  }

  /// CIELAB under daylight (D65).
  private static double[][] lab(RgbImage image) {
    double[][] lab = new double[image.width() * image.height()][];
    for (int at = 0; at < lab.length; at++) {
      int x = at % image.width();
      int y = at / image.width();
      double r = linear(image.sample(x, y, 0));
      double g = linear(image.sample(x, y, 1));
      double b = linear(image.sample(x, y, 2));
      double fx = root((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.950456);
      double fy = root(0.2126729 * r + 0.7151522 * g + 0.0721750 * b);
      double fz = root((0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.088754);
      lab[at] = new double[] {116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)};
    }
    return lab;
  }

  private static double linear(int sample) {
    double v = sample / 255.0;
    return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
  }

  private static double root(double t) {
    return t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16.0 / 116;
  }
}
