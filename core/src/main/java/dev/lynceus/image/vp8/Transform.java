package dev.lynceus.image.vp8;

/// The inverse transforms of RFC 6386, section 14, in its integer arithmetic.
final class Transform {
  private Transform() {}

  /// Spreads the means of sixteen blocks to their first coefficients.
  ///
  /// @param to coefficients, sixteen of each block
  static void means(short[] in, short[] to) {
    int[] half = new int[16];
    for (int i = 0; i < 4; i++) {
      int a0 = in[i] + in[12 + i];
      int a1 = in[4 + i] + in[8 + i];
      int a2 = in[4 + i] - in[8 + i];
      int a3 = in[i] - in[12 + i];
      half[i] = a0 + a1;
      half[8 + i] = a0 - a1;
      half[4 + i] = a3 + a2;
      half[12 + i] = a3 - a2;
    }
    for (int i = 0; i < 4; i++) {
      int dc = half[4 * i] + 3;
      int a0 = dc + half[3 + 4 * i];
      int a1 = half[1 + 4 * i] + half[2 + 4 * i];
      int a2 = half[1 + 4 * i] - half[2 + 4 * i];
      int a3 = dc - half[3 + 4 * i];
      int at = 64 * i;
      to[at] = (short) (a0 + a1 >> 3);
      to[at + 16] = (short) (a3 + a2 >> 3);
      to[at + 32] = (short) (a0 - a1 >> 3);
      to[at + 48] = (short) (a3 - a2 >> 3);
    }
  }

  /// Adds a block to what was predicted.
  ///
  /// @param from where its sixteen coefficients begin
  static void add(short[] in, int from, Plane plane, int at) {
    int[] half = new int[16];
    for (int i = 0; i < 4; i++) {
      int k = from + i;
      int a = in[k] + in[k + 8];
      int b = in[k] - in[k + 8];
      int c = sine(in[k + 4]) - cosine(in[k + 12]);
      int d = cosine(in[k + 4]) + sine(in[k + 12]);
      half[4 * i] = a + d;
      half[4 * i + 1] = b + c;
      half[4 * i + 2] = b - c;
      half[4 * i + 3] = a - d;
    }
    for (int i = 0; i < 4; i++) {
      int dc = half[i] + 4;
      int a = dc + half[8 + i];
      int b = dc - half[8 + i];
      int c = sine(half[4 + i]) - cosine(half[12 + i]);
      int d = cosine(half[4 + i]) + sine(half[12 + i]);
      int row = at + i * plane.stride;
      put(plane, row, a + d);
      put(plane, row + 1, b + c);
      put(plane, row + 2, b - c);
      put(plane, row + 3, a - d);
    }
  }

  private static void put(Plane plane, int at, int change) {
    plane.samples[at] = (byte) Math.clamp(plane.get(at) + (change >> 3), 0, 255);
  }

  /// Times the root of 2 and the cosine of an eighth of pi.
  private static int cosine(int value) {
    return (value * 20091 >> 16) + value;
  }

  /// Times the root of 2 and the sine of an eighth of pi.
  private static int sine(int value) {
    return value * 35468 >> 16;
  }
}
