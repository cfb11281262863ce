package dev.lynceus.tensor.file;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonParser.NumberType;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// The JSON of a safetensors header, read token by token, so that a repeated key or an unknown
/// field cannot hide. Each entry is consistent in itself; how entries lie in the file is checked by
/// [SafetensorsHeader].
record HeaderJson(List<HeaderJson.Entry> entries, Map<String, String> metadata) {

  /// One tensor: offsets are in bytes from the start of the data.
  record Entry(String name, ElementType type, long[] shape, long begin, long end) {}

  private static final JsonFactory JSON = new JsonFactory();

  /// Reads the header.
  ///
  /// @throws LynceusException BAD_CHECKPOINT
  static HeaderJson parse(Path file, String json) {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
      return new Reader(file, parser).header();
    } catch (JacksonException e) {
      throw SafetensorsHeader.bad(
          file, "has a header that is not valid JSON: " + e.getOriginalMessage());
    }
  }

  /// A reader with its place: which file, which tensor.
  private static final class Reader {
    private final Path file;
    private final JsonParser parser;
    private String tensor = "";

    Reader(Path file, JsonParser parser) {
      this.file = file;
      this.parser = parser;
    }

    HeaderJson header() {
      parser.nextToken();
      List<Entry> entries = new ArrayList<>();
      Map<String, String> metadata = Map.of();
      Set<String> seen = new HashSet<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        tensor = parser.currentName();
        if (!seen.add(tensor)) {
          throw bad("the name occurs twice in the header");
        }
        JsonToken value = parser.nextToken();
        if (value != JsonToken.START_OBJECT) {
          throw bad("an object was expected, found " + value);
        }
        if (tensor.equals(SafetensorsHeader.KEY_METADATA)) {
          metadata = metadata();
        } else {
          entries.add(entry());
        }
      }
      if (parser.nextToken() != null) {
        throw SafetensorsHeader.bad(file, "has text after the end of its header");
      }
      return new HeaderJson(entries, metadata);
    }

    private Map<String, String> metadata() {
      Map<String, String> metadata = new LinkedHashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String key = parser.currentName();
        if (parser.nextToken() != JsonToken.VALUE_STRING) {
          throw bad("the value of " + Quoted.name(key) + " is not a string");
        }
        if (metadata.put(key, parser.getString()) != null) {
          throw bad("the key " + Quoted.name(key) + " occurs twice");
        }
      }
      return Collections.unmodifiableMap(metadata);
    }

    private Entry entry() {
      String dtype = "";
      long[] shape = {};
      long[] offsets = {};
      Set<String> seen = new HashSet<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String field = parser.currentName();
        if (!seen.add(field)) {
          throw bad("the field " + Quoted.name(field) + " occurs twice");
        }
        JsonToken value = parser.nextToken();
        switch (field) {
          case "dtype" -> {
            if (value != JsonToken.VALUE_STRING) {
              throw bad("'dtype' is not a string");
            }
            dtype = parser.getString();
          }
          case "shape" -> shape = numbers(field, Shapes.MAX_DIMENSIONS);
          case "data_offsets" -> offsets = numbers(field, 2);
          default ->
              throw bad("it has a field " + Quoted.name(field) + " that the format does not know");
        }
      }
      for (String field : List.of("dtype", "shape", "data_offsets")) {
        if (!seen.contains(field)) {
          throw bad("the field '" + field + "' is missing");
        }
      }
      return checked(dtype, shape, offsets);
    }

    private Entry checked(String dtype, long[] shape, long[] offsets) {
      if (ElementType.isQuantised(dtype)) {
        throw new LynceusException(
            ErrorCode.UNSUPPORTED_MODEL,
            "%s: tensor %s is stored as %s: quantised weights are not read"
                .formatted(file, Quoted.name(tensor), dtype),
            "Use the checkpoint that it was made from, in float32, bfloat16 or float16. Nothing is broken.");
      }
      ElementType type =
          ElementType.named(dtype)
              .orElseThrow(() ->
                  bad(
                      "its element type "
                          + Quoted.name(dtype)
                          + " is not one that is read here ("
                          + ElementType.names()
                          + ")"));
      if (offsets.length != 2) {
        throw bad("'data_offsets' must hold 2 numbers, not " + offsets.length);
      }
      if (offsets[0] > offsets[1]) {
        throw bad("its data ends at byte " + offsets[1] + " before it starts at " + offsets[0]);
      }
      OptionalLong bytes = Shapes.bytes(shape, type.dtype().bytes());
      if (bytes.isEmpty()) {
        throw bad("its shape " + Arrays.toString(shape) + " is too large for any file");
      }
      if (bytes.getAsLong() != offsets[1] - offsets[0]) {
        throw bad(
            "shape "
                + Arrays.toString(shape)
                + " of "
                + type
                + " takes "
                + bytes.getAsLong()
                + " bytes, but "
                + (offsets[1] - offsets[0])
                + " are stored");
      }
      return new Entry(tensor, type, shape, offsets[0], offsets[1]);
    }

    private long[] numbers(String field, int limit) {
      if (parser.currentToken() != JsonToken.START_ARRAY) {
        throw bad("'" + field + "' is not an array");
      }
      long[] numbers = new long[limit];
      int count = 0;
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
          throw bad("'" + field + "' holds something that is not a whole number");
        }
        // The text decides about the sign, since -0 has lost it as a number.
        if (parser.getString().startsWith("-")) {
          throw bad("'" + field + "' holds the negative number " + parser.getString());
        }
        NumberType type = parser.getNumberType();
        if (type != NumberType.INT && type != NumberType.LONG) {
          throw bad("'" + field + "' holds a number that is too large for any file");
        }
        if (count == limit) {
          throw bad("'" + field + "' holds more than " + limit + " numbers");
        }
        numbers[count++] = parser.getLongValue();
      }
      return Arrays.copyOf(numbers, count);
    }

    private LynceusException bad(String what) {
      return SafetensorsHeader.bad(file, tensor, what);
    }
  }
}
