package dev.lynceus.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// UTF-8 that may be cut anywhere.
final class Utf8 {
  private Utf8() {}

  /// Text of what is whole, and the bytes of a last character that is not.
  @SuppressWarnings("ArrayRecordComponent")
  record Partial(String text, byte[] rest) {}

  /// Decodes the whole characters; bytes that can never be UTF-8 become U+FFFD.
  static Partial decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length + 1);
    StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPLACE)
        .decode(in, out, false);
    byte[] rest = new byte[in.remaining()];
    in.get(rest);
    return new Partial(out.flip().toString(), rest);
  }

  /// Decodes for a reader: a byte that is no part of a whole character is written as `<0xE2>`.
  static String show(byte[] bytes) {
    StringBuilder shown = new StringBuilder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length + 1);
    while (in.hasRemaining()) {
      CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
      shown.append(out.flip());
      out.clear();
      if (result.isMalformed()) {
        for (int i = 0; i < result.length(); i++) {
          shown.append(String.format(Locale.ROOT, "<0x%02X>", in.get() & 0xFF));
        }
      }
    }
    return shown.toString();
  }
}
