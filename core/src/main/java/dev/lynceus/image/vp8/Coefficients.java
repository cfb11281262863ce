package dev.lynceus.image.vp8;

import java.util.Arrays;

/// The coefficients of macroblocks, one row of macroblocks after the other, and what they leave for
/// the next ones: whether blocks above and at the left had any (RFC 6386, section 13).
final class Coefficients {
  private static final int LUMA_REST = 0;
  private static final int MEANS = 1;
  private static final int CHROMA = 2;
  private static final int LUMA = 3;

  private static final int BLOCKS = 24;
  private static final int[] ZIGZAG = {0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15};
  private static final int[] BANDS = {0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 0};
  private static final int[][] LARGE = {
    {173, 148, 140},
    {176, 155, 140, 135},
    {180, 157, 141, 134, 130},
    {254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129}
  };

  /// Marks of a macroblock: four blocks of luma, two of each chroma, the means.
  private static final int MARKS = 9;

  private static final int MARK_MEANS = 8;

  private final int[] probabilities;
  private final boolean[] above;
  private final boolean[] left = new boolean[MARKS];

  /// Sixteen of each block: 16 of luma, 4 of each chroma.
  final short[] values = new short[BLOCKS * 16];

  /// Whether a block has any.
  final boolean[] present = new boolean[BLOCKS];

  private final short[] means = new short[16];

  Coefficients(int[] probabilities, int columns) {
    this.probabilities = probabilities;
    this.above = new boolean[MARKS * columns];
  }

  void beginRow() {
    Arrays.fill(left, false);
  }

  /// A macroblock without coefficients.
  ///
  /// @param small whether its luma is predicted in small blocks, which have no means of their own
  void skip(int column, boolean small) {
    int count = small ? MARK_MEANS : MARKS;
    Arrays.fill(left, 0, count, false);
    Arrays.fill(above, MARKS * column, MARKS * column + count, false);
    Arrays.fill(present, false);
  }

  /// Reads a macroblock's coefficients.
  ///
  /// @return whether there are any
  boolean read(BoolDecoder in, int column, boolean small, FrameHeader.Steps steps) {
    Arrays.fill(values, (short) 0);
    int marks = MARKS * column;
    int first = 0;
    int type = LUMA;
    if (!small) {
      first = 1;
      type = LUMA_REST;
      Arrays.fill(means, (short) 0);
      int context = count(left[MARK_MEANS], above[marks + MARK_MEANS]);
      int end = block(in, MEANS, context, 0, steps.meansFirst(), steps.meansOthers(), means, 0);
      left[MARK_MEANS] = end > 0;
      above[marks + MARK_MEANS] = end > 0;
      Transform.means(means, values);
    }
    boolean any = false;
    for (int b = 0; b < BLOCKS; b++) {
      boolean luma = b < 16;
      int row = luma ? b / 4 : 4 + 2 * ((b - 16) / 4) + b / 2 % 2;
      int place = luma ? b % 4 : 4 + 2 * ((b - 16) / 4) + b % 2;
      int context = count(left[row], above[marks + place]);
      int end =
          luma
              ? block(
                  in, type, context, first, steps.lumaFirst(), steps.lumaOthers(), values, 16 * b)
              : block(
                  in,
                  CHROMA,
                  context,
                  0,
                  steps.chromaFirst(),
                  steps.chromaOthers(),
                  values,
                  16 * b);
      boolean some = end > (luma ? first : 0);
      left[row] = some;
      above[marks + place] = some;
      present[b] = end > 1 || values[16 * b] != 0;
      any |= present[b];
    }
    return any;
  }

  private static int count(boolean one, boolean other) {
    return (one ? 1 : 0) + (other ? 1 : 0);
  }

  /// Reads one block.
  ///
  /// @return the place after the last coefficient
  private int block(
      BoolDecoder in,
      int type,
      int context,
      int first,
      int firstStep,
      int otherStep,
      short[] to,
      int at) {
    int n = first;
    int p = probability(type, n, context);
    while (n < 16) {
      if (in.bit(probabilities[p]) == 0) {
        return n;
      }
      while (in.bit(probabilities[p + 1]) == 0) {
        n++;
        if (n == 16) {
          return 16;
        }
        p = probability(type, n, 0);
      }
      int value = 1;
      int next = 1;
      if (in.bit(probabilities[p + 2]) != 0) {
        value = large(in, p);
        next = 2;
      }
      int signed = in.flag() ? -value : value;
      to[at + ZIGZAG[n]] = (short) (signed * (n > 0 ? otherStep : firstStep));
      n++;
      p = probability(type, n, next);
    }
    return 16;
  }

  private static int probability(int type, int place, int context) {
    return ((type * Tables.BANDS + BANDS[place]) * Tables.CONTEXTS + context)
        * Tables.PROBABILITIES;
  }

  private int large(BoolDecoder in, int p) {
    if (in.bit(probabilities[p + 3]) == 0) {
      return in.bit(probabilities[p + 4]) == 0 ? 2 : 3 + in.bit(probabilities[p + 5]);
    }
    if (in.bit(probabilities[p + 6]) == 0) {
      if (in.bit(probabilities[p + 7]) == 0) {
        return 5 + in.bit(159);
      }
      int high = in.bit(165);
      return 7 + 2 * high + in.bit(145);
    }
    int high = in.bit(probabilities[p + 8]);
    int kind = 2 * high + in.bit(probabilities[p + 9 + high]);
    int extra = 0;
    for (int probability : LARGE[kind]) {
      extra = 2 * extra + in.bit(probability);
    }
    return 3 + (8 << kind) + extra;
  }
}
