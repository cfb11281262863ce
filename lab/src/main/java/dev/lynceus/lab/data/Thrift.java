package dev.lynceus.lab.data;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/// Walks over a struct of the compact protocol of Thrift without making anything of it, so that
/// lengths that lead nowhere are found before memory is taken for them.
final class Thrift {
  private static final int MOST_DEPTH = 40;
  private static final String MANY = "*";

  /// Thrown for what is no struct.
  static final class Broken extends Exception {
    private static final long serialVersionUID = 1L;

    Broken(String message) {
      super(message);
    }
  }

  private final ByteBuffer bytes;
  private final Map<String, Long> numbers = new HashMap<>();

  private Thrift(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  /// Walks over a struct; the buffer is left at its end.
  ///
  /// @return its numbers, and those of its structs, by the numbers of their fields: `5.1`
  /// @throws Broken where a length does not fit, or it does not end
  static Map<String, Long> walk(ByteBuffer bytes) throws Broken {
    Thrift walk = new Thrift(bytes);
    try {
      walk.struct("", 0);
    } catch (BufferUnderflowException e) {
      throw new Broken("it ends too early");
    }
    return walk.numbers;
  }

  private void struct(String path, int depth) throws Broken {
    if (depth > MOST_DEPTH) {
      throw new Broken("it is nested too deeply");
    }
    long id = 0;
    while (true) {
      int head = bytes.get() & 0xff;
      int type = head & 0x0f;
      if (type == 0) {
        return;
      }
      id = head >> 4 == 0 ? zigzag() : id + (head >> 4);
      value(known(path) ? path + id : path, type, depth);
    }
  }

  /// Lists may have many structs; only what stands once is told.
  private static boolean known(String path) {
    return !path.equals(MANY);
  }

  private void value(String path, int type, int depth) throws Broken {
    switch (type) {
      case 1, 2 -> {
        // Truth is in the type.
      }
      case 3 -> skip(1);
      case 4, 5, 6 -> {
        long number = zigzag();
        if (known(path) && numbers.size() < 100) {
          numbers.put(path, number);
        }
      }
      case 7 -> skip(8);
      case 8 -> skip(varint());
      case 9, 10 -> list(depth);
      case 11 -> map(depth);
      case 12 -> struct(known(path) ? path + "." : MANY, depth + 1);
      default -> throw new Broken("there is no type " + type);
    }
  }

  private void list(int depth) throws Broken {
    int head = bytes.get() & 0xff;
    long size = head >> 4 == 15 ? varint() : head >> 4;
    require(size);
    int type = head & 0x0f;
    for (long i = 0; i < size; i++) {
      element(type, depth);
    }
  }

  private void map(int depth) throws Broken {
    long size = varint();
    if (size == 0) {
      return;
    }
    require(size);
    int types = bytes.get() & 0xff;
    for (long i = 0; i < size; i++) {
      element(types >> 4, depth);
      element(types & 0x0f, depth);
    }
  }

  private void element(int type, int depth) throws Broken {
    if (type == 1 || type == 2) {
      skip(1); // in lists a truth is a byte
    } else {
      value(MANY, type, depth + 1);
    }
  }

  /// Every element has a byte at least.
  private void require(long size) throws Broken {
    if (size < 0 || size > bytes.remaining()) {
      throw new Broken("a list says that it has " + size + " elements");
    }
  }

  private void skip(long length) throws Broken {
    if (length < 0 || length > bytes.remaining()) {
      throw new Broken("a text says that it has " + length + " bytes");
    }
    bytes.position(bytes.position() + (int) length);
  }

  private long zigzag() throws Broken {
    long value = varint();
    return value >>> 1 ^ -(value & 1);
  }

  private long varint() throws Broken {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int one = bytes.get() & 0xff;
      value |= (long) (one & 0x7f) << shift;
      if ((one & 0x80) == 0) {
        return value;
      }
    }
    throw new Broken("a number does not end");
  }
}
