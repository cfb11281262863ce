package dev.lynceus.image.vp8;

/// What stands before the blocks of a key frame (RFC 6386, section 9).
///
/// @param width columns of pixels
/// @param height rows of pixels
/// @param modes where the modes of all blocks are read
/// @param coefficients partitions with coefficients; row `r` of macroblocks is in partition `r`
///   modulo their number
/// @param segmentMap probabilities of the three questions about a macroblock's segment; empty where
///   all are in the first
/// @param steps quantisation of each segment
/// @param probabilities of coefficients, laid out as [Tables#COEFFICIENTS]
/// @param skip how seldom a macroblock has no coefficients; -1 where none is skipped
/// @param filter the loop filter
// Arrays are read by the decoder only; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
record FrameHeader(
    int width,
    int height,
    BoolDecoder modes,
    BoolDecoder[] coefficients,
    int[] segmentMap,
    Steps[] steps,
    int[] probabilities,
    int skip,
    LoopFilter filter) {
  private static final int SEGMENTS = 4;
  private static final int FIXED = 10;

  /// Factors of the coefficients: the first and the others, of luma, of its means, of chroma.
  record Steps(
      int lumaFirst,
      int lumaOthers,
      int meansFirst,
      int meansOthers,
      int chromaFirst,
      int chromaOthers) {}

  /// Segments: their own quantiser and filter, absolute or to be added.
  @SuppressWarnings("ArrayRecordComponent")
  private record Segments(
      boolean used, boolean absolute, int[] quantiser, int[] filter, int[] map) {}

  static FrameHeader read(byte[] data, int from, int to) throws DamagedFrame {
    if (to - from < FIXED) {
      throw new DamagedFrame("its frame is cut short");
    }
    int first = u8(data, from) | u8(data, from + 1) << 8 | u8(data, from + 2) << 16;
    if ((first & 1) != 0 || (first >> 1 & 7) > 3 || (first >> 4 & 1) == 0) {
      throw new DamagedFrame("it does not begin with a key frame that is shown");
    }
    if (u8(data, from + 3) != 0x9d || u8(data, from + 4) != 1 || u8(data, from + 5) != 0x2a) {
      throw new DamagedFrame("its key frame has no start code");
    }
    int width = (u8(data, from + 6) | u8(data, from + 7) << 8) & 0x3fff;
    int height = (u8(data, from + 8) | u8(data, from + 9) << 8) & 0x3fff;
    if (width == 0 || height == 0) {
      throw new DamagedFrame("it claims " + width + " x " + height + " pixels");
    }
    int begin = from + FIXED;
    int end = begin + (first >> 5);
    if (end > to) {
      throw new DamagedFrame("its first partition is cut short");
    }
    BoolDecoder in = new BoolDecoder(data, begin, end);
    in.number(2); // colour space and clamping: decoders agree to clamp always
    Segments segments = segments(in);
    LoopFilter filter = filter(in, segments);
    BoolDecoder[] partitions = partitions(data, end, to, 1 << in.number(2));
    Steps[] steps = steps(in, segments);
    in.flag(); // whether later frames keep the probabilities
    int[] probabilities = new int[Tables.COEFFICIENTS.length];
    for (int i = 0; i < probabilities.length; i++) {
      probabilities[i] = in.bit(Tables.CHANGES[i]) != 0 ? in.number(8) : Tables.COEFFICIENTS[i];
    }
    int skip = in.flag() ? in.number(8) : -1;
    return new FrameHeader(
        width, height, in, partitions, segments.map(), steps, probabilities, skip, filter);
  }

  private static Segments segments(BoolDecoder in) {
    int[] quantiser = new int[SEGMENTS];
    int[] filter = new int[SEGMENTS];
    int[] map = {};
    if (!in.flag()) {
      return new Segments(false, true, quantiser, filter, map);
    }
    boolean mapped = in.flag();
    boolean absolute = true;
    if (in.flag()) {
      absolute = in.flag();
      for (int s = 0; s < SEGMENTS; s++) {
        quantiser[s] = in.optional(7);
      }
      for (int s = 0; s < SEGMENTS; s++) {
        filter[s] = in.optional(6);
      }
    }
    if (mapped) {
      map = new int[SEGMENTS - 1];
      for (int i = 0; i < map.length; i++) {
        map[i] = in.flag() ? in.number(8) : 255;
      }
    }
    return new Segments(true, absolute, quantiser, filter, map);
  }

  private static LoopFilter filter(BoolDecoder in, Segments segments) {
    boolean simple = in.flag();
    int level = in.number(6);
    int sharpness = in.number(3);
    int[] deltas = new int[8]; // of four references, then of four kinds of prediction
    boolean adjusted = in.flag();
    if (adjusted && in.flag()) {
      for (int i = 0; i < deltas.length; i++) {
        deltas[i] = in.optional(6);
      }
    }
    if (level == 0) {
      return LoopFilter.NONE;
    }
    int[][] levels = new int[SEGMENTS][2];
    for (int s = 0; s < SEGMENTS; s++) {
      int base = level;
      if (segments.used()) {
        base = segments.filter()[s] + (segments.absolute() ? 0 : level);
      }
      int whole = base + (adjusted ? deltas[0] : 0);
      levels[s][0] = Math.clamp(whole, 0, 63);
      levels[s][1] = Math.clamp(whole + (adjusted ? deltas[4] : 0), 0, 63);
    }
    return new LoopFilter(simple, sharpness, levels);
  }

  private static BoolDecoder[] partitions(byte[] data, int from, int to, int count)
      throws DamagedFrame {
    long start = from + 3L * (count - 1);
    if (start >= to) {
      throw new DamagedFrame("its coefficients are cut short");
    }
    BoolDecoder[] partitions = new BoolDecoder[count];
    int begin = (int) start;
    for (int p = 0; p < count; p++) {
      int size = to - begin;
      if (p < count - 1) {
        int at = from + 3 * p;
        size = Math.min(size, u8(data, at) | u8(data, at + 1) << 8 | u8(data, at + 2) << 16);
      }
      partitions[p] = new BoolDecoder(data, begin, begin + size);
      begin += size;
    }
    return partitions;
  }

  private static Steps[] steps(BoolDecoder in, Segments segments) {
    int base = in.number(7);
    int lumaFirst = in.optional(4);
    int meansFirst = in.optional(4);
    int meansOthers = in.optional(4);
    int chromaFirst = in.optional(4);
    int chromaOthers = in.optional(4);
    Steps[] steps = new Steps[SEGMENTS];
    for (int s = 0; s < SEGMENTS; s++) {
      int q = base;
      if (segments.used()) {
        q = segments.quantiser()[s] + (segments.absolute() ? 0 : base);
      }
      steps[s] =
          new Steps(
              mean(q + lumaFirst, 127),
              other(q),
              2 * mean(q + meansFirst, 127),
              Math.max(8, other(q + meansOthers) * 155 / 100),
              mean(q + chromaFirst, 117),
              other(q + chromaOthers));
    }
    return steps;
  }

  private static int mean(int index, int last) {
    return Tables.MEAN_STEPS[Math.clamp(index, 0, last)];
  }

  private static int other(int index) {
    return Tables.OTHER_STEPS[Math.clamp(index, 0, 127)];
  }

  private static int u8(byte[] data, int at) {
    return data[at] & 0xff;
  }
}
