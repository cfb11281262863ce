package dev.lynceus.image;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The bytes of one image file together with the name that errors use. A read past the end says
/// that the file is cut short.
final class ImageBytes {
  private final String name;
  private final byte[] data;
  private final int length;

  ImageBytes(String name, byte[] data) {
    this(name, data, data.length);
  }

  private ImageBytes(String name, byte[] data, int length) {
    this.name = name;
    this.data = data;
    this.length = length;
  }

  /// Puts together what a decoder needs of a file: it gets no text, profile or thumbnail that it
  /// would unpack, and no list of a million parts that it would keep.
  static final class Excerpt {
    private final ImageBytes file;
    private final byte[] kept;
    private int length;

    /// An excerpt that is at most `more` bytes longer than the file.
    Excerpt(ImageBytes file, int more) {
      this.file = file;
      this.kept = new byte[file.length + more];
    }

    Excerpt part(int from, int to) {
      System.arraycopy(file.data, from, kept, length, to - from);
      length += to - from;
      return this;
    }

    Excerpt u8(int value) {
      kept[length++] = (byte) value;
      return this;
    }

    Excerpt u32be(long value) {
      return u8((int) (value >> 24)).u8((int) (value >> 16)).u8((int) (value >> 8)).u8((int) value);
    }

    /// The bytes so far, to be summed up.
    byte[] bytes() {
      return kept;
    }

    int length() {
      return length;
    }

    /// Changes a number that is already there.
    void set32be(int at, long value) {
      int end = length;
      length = at;
      u32be(value);
      length = end;
    }

    ImageBytes done() {
      return new ImageBytes(file.name, kept, length);
    }
  }

  String name() {
    return name;
  }

  byte[] data() {
    return data;
  }

  int length() {
    return length;
  }

  /// Refuses the file unless bytes `at` to `at + count` exist.
  void require(long at, long count) {
    if (at < 0 || count < 0 || at + count > length) {
      throw truncated();
    }
  }

  int u8(int at) {
    require(at, 1);
    return data[at] & 0xff;
  }

  int u16be(int at) {
    return u8(at) << 8 | u8(at + 1);
  }

  int u16le(int at) {
    return u8(at) | u8(at + 1) << 8;
  }

  int u24le(int at) {
    return u16le(at) | u8(at + 2) << 16;
  }

  long u32be(int at) {
    return (long) u16be(at) << 16 | u16be(at + 2);
  }

  long u32le(int at) {
    return u16le(at) | (long) u16le(at + 2) << 16;
  }

  /// Whether the Latin-1 text stands at `at`; false past the end.
  boolean has(String text, int at) {
    if (at < 0 || at + text.length() > length) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if ((data[at + i] & 0xff) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /// Bytes `from` to `to` as Latin-1 text.
  String text(int from, int to) {
    return new String(data, from, to - from, StandardCharsets.ISO_8859_1);
  }

  LynceusException truncated() {
    return new LynceusException(
        ErrorCode.BAD_IMAGE,
        name + " is cut short: the picture in it is not complete",
        "Copy or download the file again.");
  }

  LynceusException damaged(String what, @Nullable Throwable cause) {
    return new LynceusException(
        ErrorCode.BAD_IMAGE,
        name + " is damaged: " + what,
        "Copy or download the file again, or save it anew as PNG.",
        cause);
  }

  /// Refuses a file whose picture would take far longer than its size is worth.
  LynceusException laborious(String what) {
    return new LynceusException(
        ErrorCode.BAD_IMAGE,
        name + " would take too long to decode: " + what,
        "Save it anew as PNG or as plain JPEG.");
  }

  LynceusException unsupported(String what) {
    return new LynceusException(
        ErrorCode.BAD_IMAGE,
        name + " is " + what + ", which Lynceus does not read",
        "Convert the file to PNG or JPEG.");
  }
}
