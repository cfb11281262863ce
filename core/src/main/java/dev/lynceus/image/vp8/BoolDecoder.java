package dev.lynceus.image.vp8;

/// The arithmetic decoder of RFC 6386, section 7. Past the end it reads zeros and remembers that.
final class BoolDecoder {
  private static final int EVEN = 128;

  private final byte[] data;
  private final int end;
  private int at;
  private int value;
  private int bits = -8;

  /// The range less one, 127 to 254.
  private int range = 254;

  private boolean exhausted;

  BoolDecoder(byte[] data, int from, int end) {
    this.data = data;
    this.at = from;
    this.end = end;
  }

  /// Whether more was read than there is.
  boolean exhausted() {
    return exhausted;
  }

  /// The next bit, which is 0 with probability `zero` of 256.
  int bit(int zero) {
    if (bits < 0) {
      load();
    }
    int split = range * zero >> 8;
    int left;
    int bit;
    if (value >> bits > split) {
      left = range - split;
      value -= split + 1 << bits;
      bit = 1;
    } else {
      left = split + 1;
      bit = 0;
    }
    int shift = Integer.numberOfLeadingZeros(left) - 24;
    range = (left << shift) - 1;
    bits -= shift;
    return bit;
  }

  /// A bit that is as often 0 as 1.
  boolean flag() {
    return bit(EVEN) != 0;
  }

  /// An unsigned number, its highest bit first.
  int number(int width) {
    int number = 0;
    for (int i = 0; i < width; i++) {
      number = number << 1 | bit(EVEN);
    }
    return number;
  }

  /// A number and its sign.
  int signed(int width) {
    int number = number(width);
    return flag() ? -number : number;
  }

  /// A signed number where a flag says that there is one, else 0.
  int optional(int width) {
    return flag() ? signed(width) : 0;
  }

  private void load() {
    int next = 0;
    if (at < end) {
      next = data[at++] & 0xff;
    } else {
      exhausted = true;
    }
    value = value << 8 | next;
    bits += 8;
  }
}
