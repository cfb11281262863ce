package dev.lynceus.model;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A part of a `config.json`, read with the defaults of its family; every error names the key.
///
/// @param json the object
/// @param where what errors call it, for example `config.json: text_config`
public record Config(JsonNode json, String where) {

  /// The part under a key; an empty object where it is absent.
  public Config at(String key) {
    JsonNode part = json.path(key);
    if (!part.isMissingNode() && !part.isNull() && !part.isObject()) {
      throw bad(key, "an object");
    }
    return new Config(part, where + (where.endsWith(".json") ? ": " : ".") + key);
  }

  /// Whether a key is there and not null.
  public boolean has(String key) {
    return !json.path(key).isMissingNode() && !json.path(key).isNull();
  }

  /// A whole number.
  public int integer(String key, int otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    JsonNode value = json.path(key);
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw bad(key, "a whole number");
    }
    return value.asInt();
  }

  /// A whole number above zero.
  public int size(String key, int otherwise) {
    int value = integer(key, otherwise);
    if (value <= 0) {
      throw bad(key, "a number above zero");
    }
    return value;
  }

  /// A number.
  public double number(String key, double otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    if (!json.path(key).isNumber()) {
      throw bad(key, "a number");
    }
    return json.path(key).asDouble();
  }

  /// A text.
  public String text(String key, String otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    if (!json.path(key).isString()) {
      throw bad(key, "a text");
    }
    return json.path(key).asString();
  }

  /// True or false.
  public boolean flag(String key, boolean otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    if (!json.path(key).isBoolean()) {
      throw bad(key, "true or false");
    }
    return json.path(key).asBoolean();
  }

  /// A list of numbers, if the key is there.
  public Optional<double[]> numbers(String key) {
    if (!has(key)) {
      return Optional.empty();
    }
    JsonNode list = json.path(key);
    if (!list.isArray()) {
      throw bad(key, "a list of numbers");
    }
    double[] values = new double[list.size()];
    for (int i = 0; i < values.length; i++) {
      if (!list.get(i).isNumber()) {
        throw bad(key, "a list of numbers");
      }
      values[i] = list.get(i).asDouble();
    }
    return Optional.of(values);
  }

  /// The error for a value that this version does not support.
  public LynceusException unsupported(String key, String supported) {
    return new LynceusException(
        ErrorCode.UNSUPPORTED_MODEL,
        "%s: %s = %s is not supported".formatted(where, key, json.path(key)),
        "Supported: " + supported + ".");
  }

  private LynceusException bad(String key, String expected) {
    return new LynceusException(
        ErrorCode.BAD_CHECKPOINT,
        "%s: %s = %s is not %s".formatted(where, key, json.path(key), expected),
        "Fetch config.json again, or correct the value.");
  }
}
