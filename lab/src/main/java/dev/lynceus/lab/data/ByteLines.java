package dev.lynceus.lab.data;

import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.file.InputFile;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The lines of a file one after the other, so that its size does not matter, and so that a broken
/// line is one line.
final class ByteLines implements AutoCloseable {
  private final Path file;
  private final InputStream stream;
  private final int most;
  private int number;
  private boolean ended;

  /// @param most bytes of a line
  ByteLines(Path file, int most) {
    this.file = file;
    this.most = most;
    this.stream = open(file);
  }

  /// A file as a stream.
  ///
  /// @throws LynceusException BAD_REQUEST where it cannot be read
  static InputStream open(Path file) {
    return new BufferedInputStream(Channels.newInputStream(InputFile.ANY.open(file)), 1 << 16);
  }

  /// The number of the line that was read last, from 1.
  int number() {
    return number;
  }

  /// What messages call it.
  String where() {
    return "line " + number + " of " + file;
  }

  /// Where it stands.
  Origin origin() {
    return new Origin(file, number);
  }

  /// The next line; null at the end. A byte order mark at the beginning is no part of it.
  ///
  /// @throws LynceusException BAD_REQUEST for a line that is too long or no text; the lines after
  ///   it can still be read
  @Nullable String next() {
    if (ended) {
      return null;
    }
    number++;
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    boolean tooLong = false;
    try {
      int one = stream.read();
      if (one < 0) {
        ended = true;
        return null;
      }
      while (one >= 0 && one != '\n') {
        if (line.size() < most) {
          line.write(one);
        } else {
          tooLong = true;
        }
        one = stream.read();
      }
      ended = one < 0;
    } catch (IOException e) {
      ended = true;
      throw Refusal.bad(file + " cannot be read: " + e.getMessage(), "Check the file.", e);
    }
    if (tooLong) {
      throw Refusal.bad(
          "%s has more than %d MiB".formatted(where(), most >> 20),
          "Check that this is the file you mean.");
    }
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(line.toByteArray()))
              .toString();
      if (number == 1 && text.startsWith("\ufeff")) {
        text = text.substring(1);
      }
      return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    } catch (CharacterCodingException e) {
      throw Refusal.bad(where() + " is not text in UTF-8", "Save the file as UTF-8.", e);
    }
  }

  @Override
  public void close() {
    try {
      stream.close();
    } catch (IOException e) {
      // It was only read.
    }
  }
}
