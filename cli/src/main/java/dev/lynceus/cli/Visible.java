package dev.lynceus.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// Makes text that a checkpoint or a file name brought harmless to a terminal: control characters
/// (but for line feed and tab), and characters that turn the direction of what follows, are written
/// as `\u001b`. Inside JSON that is the same string; in other text it shows what is there.
final class Visible {
  private Visible() {}

  /// Whether a character could move the cursor, change the terminal or hide what is written.
  static boolean isUnsafe(int character) {
    return character < 0x20 && character != '\n' && character != '\t'
        || character >= 0x7f && character <= 0x9f
        || character >= 0x2028 && character <= 0x202e
        || character >= 0x2066 && character <= 0x2069;
  }

  /// The text with unsafe characters written out.
  static String of(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (isUnsafe(character)) {
        safe.append("\\u%04x".formatted((int) character));
      } else {
        safe.append(character);
      }
    }
    return safe.toString();
  }

  /// A stream through which only safe text reaches `target`. What is safe for certain, such as
  /// clearing a line, is written by [Stream#control].
  static Stream stream(PrintStream target) {
    return target instanceof Stream safe ? safe : new Stream(target);
  }

  /// See [#stream].
  static final class Stream extends PrintStream {
    private final PrintStream target;

    private Stream(PrintStream target) {
      super(new Filter(target), true, StandardCharsets.UTF_8);
      this.target = target;
    }

    /// Writes a sequence of Lynceus's own as it is.
    void control(String sequence) {
      flush();
      target.print(sequence);
      target.flush();
    }

    /// The stream behind.
    PrintStream target() {
      return target;
    }

    @Override
    public boolean checkError() {
      boolean failed = super.checkError();
      return target.checkError() || failed;
    }
  }

  /// Works on UTF-8: unsafe characters are single bytes, or two or three bytes with few beginnings.
  private static final class Filter extends FilterOutputStream {
    private static final int TWO = 0xc2;
    private static final int THREE = 0xe2;

    /// The beginning of a character that may be unsafe: 0, 0xc2, 0xe2, 0xe280 or 0xe281.
    private int begun;

    Filter(OutputStream target) {
      super(target);
    }

    @Override
    public void write(int value) throws IOException {
      int unsigned = value & 0xff;
      if (begun == 0) {
        if (unsigned == TWO || unsigned == THREE) {
          begun = unsigned;
        } else {
          put(unsigned, unsigned < 0x80 ? unsigned : -1, 1);
        }
      } else if (begun == THREE && (unsigned == 0x80 || unsigned == 0x81)) {
        begun = THREE << 8 | unsigned;
      } else {
        int all = begun << 8 | unsigned;
        begun = 0;
        if (all >> 8 == TWO) {
          put(all, unsigned & 0x3f | 0x80, 2);
        } else if (all >> 16 == THREE) {
          put(all, 0x2000 | (all >> 8 & 0x3f) << 6 | unsigned & 0x3f, 3);
        } else {
          put(all, -1, 2);
        }
      }
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      int plain = from;
      int end = from + length;
      for (int i = from; i < end; i++) {
        int unsigned = bytes[i] & 0xff;
        if (begun != 0
            || unsigned == TWO
            || unsigned == THREE
            || unsigned < 0x80 && isUnsafe(unsigned)) {
          out.write(bytes, plain, i - plain);
          write(unsigned);
          plain = i + 1;
        }
      }
      out.write(bytes, plain, end - plain);
    }

    private void put(int bytes, int character, int count) throws IOException {
      if (character >= 0 && isUnsafe(character)) {
        out.write("\\u%04x".formatted(character).getBytes(StandardCharsets.US_ASCII));
        return;
      }
      for (int i = count - 1; i >= 0; i--) {
        out.write(bytes >> 8 * i);
      }
    }
  }
}
