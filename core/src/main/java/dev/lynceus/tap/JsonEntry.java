package dev.lynceus.tap;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.error.Spelling;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/// One object of JSON that is read key by key: every error names the entry and the key, and keys
/// that nobody asked for are refused.
final class JsonEntry {
  private static final int SHOWN = 60;
  private static final int FEW = 8;

  private final JsonNode node;
  private final String where;
  private final Set<String> asked = new HashSet<>();

  private JsonEntry(JsonNode node, String where) {
    this.node = node;
    this.where = where;
  }

  static JsonEntry of(JsonNode node, String where) {
    if (!node.isObject()) {
      throw error(where, "is not an object");
    }
    return new JsonEntry(node, where);
  }

  boolean has(String key) {
    asked.add(key);
    return node.has(key);
  }

  boolean isList(String key) {
    return has(key) && node.get(key).isArray();
  }

  private JsonNode need(String key) {
    if (!has(key)) {
      throw bad(key, "is absent");
    }
    return node.get(key);
  }

  String text(String key) {
    JsonNode value = need(key);
    if (!value.isString()) {
      throw bad(key, shown(value) + " is not a text");
    }
    return value.asString();
  }

  String text(String key, String otherwise) {
    return has(key) ? text(key) : otherwise;
  }

  double number(String key) {
    double number = number(need(key), key);
    if (Math.abs(number) > Float.MAX_VALUE) {
      throw bad(key, shown(node.get(key)) + " is too large for float32");
    }
    return number;
  }

  double number(String key, double otherwise) {
    return has(key) ? number(key) : otherwise;
  }

  private double number(JsonNode value, String key) {
    if (!value.isNumber() || !Double.isFinite(value.asDouble())) {
      throw bad(key, shown(value) + " is not a number");
    }
    return value.asDouble();
  }

  long whole(String key, long otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    JsonNode value = node.get(key);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw bad(key, shown(value) + " is not a whole number");
    }
    return value.asLong();
  }

  /// A number, or a list of numbers: layers or heads.
  Indices indices(String key) {
    JsonNode value = need(key);
    if (value.isArray() && value.isEmpty()) {
      throw bad(key, "is empty; leave it out to mean all");
    }
    return Indices.of(counts(value, key));
  }

  private int[] counts(JsonNode value, String key) {
    if (!value.isArray()) {
      return new int[] {count(value, key)};
    }
    int[] numbers = new int[value.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = count(value.get(i), key);
    }
    return numbers;
  }

  private int count(JsonNode value, String key) {
    if (!value.isIntegralNumber() || !value.canConvertToInt() || value.asInt() < 0) {
      throw bad(key, shown(value) + " is not a whole number of 0 or more");
    }
    return value.asInt();
  }

  Optional<Positions> positions(String key) {
    if (!has(key)) {
      return Optional.empty();
    }
    JsonNode value = node.get(key);
    if (value.isString()) {
      return Optional.of(within(key, () -> Positions.parse(value.asString())));
    }
    if (value.isNumber() || value.isArray()) {
      return Optional.of(Positions.of(counts(value, key)));
    }
    throw bad(key, shown(value) + " is neither a text nor a list of numbers");
  }

  float[] floats(String key) {
    JsonNode value = need(key);
    if (!value.isArray()) {
      throw bad(key, shown(value) + " is not a list of numbers");
    }
    if (value.isEmpty()) {
      throw bad(key, "has no numbers");
    }
    float[] numbers = new float[value.size()];
    for (int i = 0; i < numbers.length; i++) {
      double number = number(value.get(i), key);
      numbers[i] = (float) number;
      if (Float.isInfinite(numbers[i])) {
        throw bad(key, shown(value.get(i)) + " is too large for float32");
      }
    }
    return numbers;
  }

  long[] sizes(String key) {
    JsonNode value = need(key);
    if (!value.isArray()) {
      throw bad(key, shown(value) + " is not a list of numbers");
    }
    int[] counts = counts(value, key);
    long[] sizes = new long[counts.length];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = counts[i];
    }
    return sizes;
  }

  Path path(String key) {
    String text = text(key);
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw bad(key, "'" + PointNames.shortened(text) + "' is not the name of a file");
    }
  }

  JsonEntry object(String key) {
    JsonNode value = need(key);
    if (!value.isObject()) {
      throw bad(key, shown(value) + " is neither an object nor a list of numbers");
    }
    return new JsonEntry(value, where + "." + key);
  }

  /// Refuses keys that were not asked for.
  void finish() {
    for (String key : node.propertyNames()) {
      if (!asked.contains(key)) {
        List<String> known = asked.stream().filter(name -> !node.has(name)).sorted().toList();
        throw bad(
            PointNames.shortened(key),
            "is not a key here; "
                + (known.isEmpty()
                    ? "leave it out"
                    : "did you mean '" + nearest(key, known) + "'?"));
      }
    }
  }

  /// Runs something whose errors then name this entry and a key of it.
  <T> T within(String key, Supplier<T> action) {
    try {
      return action.get();
    } catch (LynceusException failure) {
      String place = key.isEmpty() ? where : where + "." + key;
      throw new LynceusException(
          failure.code(), place + ": " + failure.getMessage(), failure.nextStep(), failure);
    }
  }

  /// A value as it stands in a message; whatever it is, the message stays readable.
  private static String shown(JsonNode value) {
    String text = value.size() > FEW ? value.isArray() ? "a list" : "an object" : value.toString();
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
  }

  LynceusException bad(String key, String what) {
    return error(where + "." + key, what);
  }

  static String nearest(String word, List<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(name -> Spelling.distance(PointNames.shortened(word), name)))
        .orElseThrow();
  }

  private static LynceusException error(String place, String what) {
    return new LynceusException(
        ErrorCode.BAD_REQUEST,
        place + ": " + what,
        "docs/reference/interventions.md lists the keys of each op.");
  }
}
