package dev.lynceus.model.convert;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Reads the fields of a message of protocol buffers, one after the other, by the wire format: a
/// varint of number and kind, then the value.
///
/// @see <a href="https://protobuf.dev/programming-guides/encoding/">the encoding</a>
final class ProtoReader {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment message;
  private long at;

  ProtoReader(MemorySegment message) {
    this.message = message;
  }

  /// A field.
  ///
  /// @param value of a number
  /// @param bytes of a text, a message or packed numbers; empty of a number
  record Field(int number, long value, MemorySegment bytes) {
    String text() {
      return new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    /// The fields of a message within.
    ProtoReader message() {
      return new ProtoReader(bytes);
    }

    /// A number that was stored in the four bytes of a float.
    float asFloat() {
      return Float.intBitsToFloat((int) value);
    }
  }

  /// The next field; empty at the end.
  ///
  /// @throws IndexOutOfBoundsException where the message is cut short
  /// @throws IllegalArgumentException where it is none
  Optional<Field> next() {
    if (at >= message.byteSize()) {
      return Optional.empty();
    }
    long key = varint();
    int number = (int) (key >>> 3);
    return Optional.of(
        switch ((int) key & 7) {
          case 0 -> new Field(number, varint(), MemorySegment.NULL);
          case 1 -> new Field(number, message.get(LONG, skip(Long.BYTES)), MemorySegment.NULL);
          case 5 -> new Field(number, message.get(INT, skip(Integer.BYTES)), MemorySegment.NULL);
          case 2 -> {
            long length = varint();
            yield new Field(number, 0, message.asSlice(skip(length), length));
          }
          default -> throw new IllegalArgumentException("byte " + at + " is of no known kind");
        });
  }

  private long skip(long bytes) {
    long from = at;
    at += bytes;
    return from;
  }

  /// A number of as many bytes as it needs, seven bits in each.
  long varint() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte one = message.get(ValueLayout.JAVA_BYTE, at++);
      value |= (one & 0x7fL) << shift;
      if (one >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("byte " + at + " goes on with a number that is too long");
  }

  /// Some bytes as they are.
  MemorySegment bytes(long length) {
    return message.asSlice(skip(length), length);
  }

  /// Whether nothing is left.
  boolean isAtEnd() {
    return at >= message.byteSize();
  }
}
