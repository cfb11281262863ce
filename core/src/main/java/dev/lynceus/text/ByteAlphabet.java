package dev.lynceus.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// The 256 printable characters with which byte-level BPE writes bytes: `Ġ` is a space.
///
/// A byte that prints in Latin-1 (`!`..`~`, `¡`..`¬`, `®`..`ÿ`) stands for itself; the others take
/// the code points from 256 on, in order.
final class ByteAlphabet {
  private static final Map<Character, Byte> BYTES = table();

  private ByteAlphabet() {}

  private static Map<Character, Byte> table() {
    Map<Character, Byte> bytes = new HashMap<>();
    int next = 256;
    for (int value = 0; value < 256; value++) {
      boolean printable =
          (value >= '!' && value <= '~')
              || (value >= 0xA1 && value <= 0xAC)
              || (value >= 0xAE && value <= 0xFF);
      bytes.put((char) (printable ? value : next++), (byte) value);
    }
    return Map.copyOf(bytes);
  }

  /// The bytes of a piece. A piece with any other character (an added token such as `<｜image｜>`) is
  /// taken as plain text, as the tokenizers library does.
  static byte[] bytes(String piece) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(piece.length());
    for (int i = 0; i < piece.length(); i++) {
      Byte value = BYTES.get(piece.charAt(i));
      if (value == null) {
        return piece.getBytes(StandardCharsets.UTF_8);
      }
      out.write(value);
    }
    return out.toByteArray();
  }

  /// The value of a byte piece such as `<0xE2>`, or -1. As in the tokenizers library the first
  /// digit may be a plus.
  static int fallback(String piece) {
    if (piece.length() != 6 || !piece.startsWith("<0x") || piece.charAt(5) != '>') {
      return -1;
    }
    char first = piece.charAt(3);
    int high = first == '+' ? 0 : hexadecimal(first);
    int low = hexadecimal(piece.charAt(4));
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }

  private static int hexadecimal(char c) {
    return c < 0x80 ? Character.digit(c, 16) : -1;
  }
}
