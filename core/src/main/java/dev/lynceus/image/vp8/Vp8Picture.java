package dev.lynceus.image.vp8;

import java.util.Arrays;

/// Decodes the picture of a VP8 key frame.
///
/// Colour is interpolated and turned into RGB in libwebp's fixed point, so the result equals that
/// of its decoder sample by sample.
public final class Vp8Picture {
  private static final int BLOCK_MODES = 10;
  private static final int SMALL = 16;

  private final FrameHeader header;
  private final int columns;
  private final int rows;
  private final Plane[] planes;
  private final Coefficients coefficients;
  private final Prediction prediction = new Prediction();

  /// Modes of the blocks above, four for each macroblock, and at the left.
  private final int[] above;

  private final int[] left = new int[4];

  /// Of each macroblock: its segment, and whether it is of small blocks or has inner edges.
  private final byte[] kinds;

  private final int[] modes = new int[SMALL];

  private Vp8Picture(FrameHeader header) {
    this.header = header;
    columns = header.width() + 15 >> 4;
    rows = header.height() + 15 >> 4;
    planes =
        new Plane[] {
          new Plane(16 * columns, 16 * rows),
          new Plane(8 * columns, 8 * rows),
          new Plane(8 * columns, 8 * rows)
        };
    coefficients = new Coefficients(header.probabilities(), columns);
    above = new int[4 * columns];
    kinds = new byte[columns * rows];
  }

  /// Decodes a frame.
  ///
  /// @param from where the frame begins in `data`
  /// @param to where it ends
  /// @param width that the frame must have
  /// @param height that the frame must have
  /// @return red, green and blue of all pixels, row by row
  /// @throws DamagedFrame if it is no key frame, cut short, or of another size
  public static byte[] decode(byte[] data, int from, int to, int width, int height)
      throws DamagedFrame {
    FrameHeader header = FrameHeader.read(data, from, to);
    if (header.width() != width || header.height() != height) {
      throw new DamagedFrame(
          "it announces %d x %d pixels and holds %d x %d"
              .formatted(width, height, header.width(), header.height()));
    }
    Vp8Picture picture = new Vp8Picture(header);
    picture.reconstruct();
    picture.filter();
    return Colours.rgb(picture.planes, width, height);
  }

  private void reconstruct() throws DamagedFrame {
    BoolDecoder[] partitions = header.coefficients();
    for (int row = 0; row < rows; row++) {
      BoolDecoder in = partitions[row & partitions.length - 1];
      coefficients.beginRow();
      Arrays.fill(left, Prediction.DC);
      for (int column = 0; column < columns; column++) {
        macroblock(in, column, row);
        if (in.exhausted() || header.modes().exhausted()) {
          throw new DamagedFrame("its frame ends before its last block");
        }
      }
    }
  }

  private void macroblock(BoolDecoder in, int column, int row) {
    BoolDecoder head = header.modes();
    int[] map = header.segmentMap();
    int segment = 0;
    if (map.length > 0) {
      segment = head.bit(map[0]) == 0 ? head.bit(map[1]) : 2 + head.bit(map[2]);
    }
    boolean skipped = header.skip() >= 0 && head.bit(header.skip()) != 0;
    boolean small = head.bit(145) == 0;
    if (small) {
      smallModes(head, column);
    } else {
      wholeMode(head, column);
    }
    int chroma =
        head.bit(142) == 0
            ? Prediction.DC
            : head.bit(114) == 0
                ? Prediction.VERTICAL
                : head.bit(183) != 0 ? Prediction.TRUE_MOTION : Prediction.HORIZONTAL;
    boolean filled = false;
    if (skipped) {
      coefficients.skip(column, small);
    } else {
      filled = coefficients.read(in, column, small, header.steps()[segment]);
    }
    kinds[row * columns + column] = (byte) (segment | (small ? 4 : 0) | (small || filled ? 8 : 0));
    luma(column, row, small);
    for (int p = 1; p < planes.length; p++) {
      int at = planes[p].at(8 * column, 8 * row);
      Prediction.whole(planes[p], at, 8, chroma, row > 0, column > 0);
      for (int b = 0; b < 4; b++) {
        int block = SMALL + 4 * (p - 1) + b;
        add(block, planes[p], at + b / 2 * 4 * planes[p].stride + b % 2 * 4);
      }
    }
  }

  private void luma(int column, int row, boolean small) {
    Plane plane = planes[0];
    int at = plane.at(16 * column, 16 * row);
    if (!small) {
      Prediction.whole(plane, at, 16, modes[0], row > 0, column > 0);
      for (int b = 0; b < SMALL; b++) {
        add(b, plane, at + b / 4 * 4 * plane.stride + b % 4 * 4);
      }
      return;
    }
    int beyond = at - plane.stride + 16;
    if (row > 0 && column == columns - 1) {
      // Nothing lies there: the last sample above stands in, kept in the margin of that row.
      Arrays.fill(plane.samples, beyond, beyond + 4, plane.samples[beyond - 1]);
    }
    for (int b = 0; b < SMALL; b++) {
      int block = at + b / 4 * 4 * plane.stride + b % 4 * 4;
      int right = b % 4 == 3 ? beyond : block - plane.stride + 4;
      prediction.small(plane, block, modes[b], right);
      add(b, plane, block);
    }
  }

  private void add(int block, Plane plane, int at) {
    if (coefficients.present[block]) {
      Transform.add(coefficients.values, 16 * block, plane, at);
    }
  }

  private void wholeMode(BoolDecoder in, int column) {
    int mode =
        in.bit(156) != 0
            ? in.bit(128) != 0 ? Prediction.TRUE_MOTION : Prediction.HORIZONTAL
            : in.bit(163) != 0 ? Prediction.VERTICAL : Prediction.DC;
    modes[0] = mode;
    Arrays.fill(left, mode);
    Arrays.fill(above, 4 * column, 4 * column + 4, mode);
  }

  private void smallModes(BoolDecoder in, int column) {
    for (int b = 0; b < SMALL; b++) {
      int up = 4 * column + b % 4;
      int at = (above[up] * BLOCK_MODES + left[b / 4]) * (BLOCK_MODES - 1);
      int mode = smallMode(in, at);
      modes[b] = mode;
      above[up] = mode;
      left[b / 4] = mode;
    }
  }

  /// Walks the tree of modes, which are numbered in its order but for two.
  private static int smallMode(BoolDecoder in, int at) {
    for (int i = 0; i < 3; i++) {
      if (is(in, at + i)) {
        continue;
      }
      return i; // mean, true motion, vertical
    }
    if (!is(in, at + 3)) {
      return !is(in, at + 4) ? 3 : !is(in, at + 5) ? 4 : 5;
    }
    return !is(in, at + 6) ? 6 : !is(in, at + 7) ? 7 : !is(in, at + 8) ? 8 : 9;
  }

  private static boolean is(BoolDecoder in, int at) {
    return in.bit(Tables.BLOCK_MODES[at]) != 0;
  }

  private void filter() {
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int kind = kinds[row * columns + column];
        header.filter().apply(planes, column, row, kind & 3, (kind & 4) != 0, (kind & 8) != 0);
      }
    }
  }
}
