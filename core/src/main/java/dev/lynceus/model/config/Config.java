package dev.lynceus.model.config;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.nn.Activation;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A part of a `config.json`, read with the defaults of its family; every error names the key.
///
/// @param json the object
/// @param where what errors call it, for example `config.json: text_config`
public record Config(JsonNode json, String where) {

  /// More than any model has of anything that a config counts: layers, neurons, words, pixels.
  private static final int MOST = 1 << 28;

  /// More layers than any model has.
  private static final int MOST_LAYERS = 1 << 14;

  /// Characters of a value that messages show.
  private static final int SHOWN = 80;

  private static final String CORRECT =
      "Use the config.json that belongs to these weights, or correct the value.";

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

  /// Whether a key is there, and null.
  public boolean isNull(String key) {
    return json.path(key).isNull();
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
    if (value > MOST) {
      throw bad(key, "a size that a model can have");
    }
    return value;
  }

  /// A number of layers.
  public int layers(String key, int otherwise) {
    int value = size(key, otherwise);
    if (value > MOST_LAYERS) {
      throw bad(key, "a number of layers that a model can have");
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

  /// A number above zero that float32 can hold, as it is and as its reciprocal.
  public double positive(String key, double otherwise) {
    double value = number(key, otherwise);
    float single = (float) value;
    if (!(single > 0) || !Float.isFinite(single) || !Float.isFinite(1 / single)) {
      throw bad(key, "a number above zero");
    }
    return value;
  }

  /// What is added to a variance before its root is taken: zero or more.
  public double epsilon(String key, double otherwise) {
    double value = number(key, otherwise);
    if (!(value >= 0) || !Float.isFinite((float) value)) {
      throw bad(key, "a number of zero or more");
    }
    return value;
  }

  /// An activation function.
  public Activation activation(String key, String otherwise) {
    return Activation.named(text(key, otherwise))
        .orElseThrow(() -> unsupported(key, Activation.NAMES));
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
        "%s: %s = %s is not supported".formatted(where, key, value(key)),
        "Supported: " + supported + ".");
  }

  /// The error for a value that is none.
  ///
  /// @param expected the end of a sentence that says what the value is not
  public LynceusException bad(String key, String expected) {
    return new LynceusException(
        ErrorCode.BAD_CHECKPOINT,
        json.path(key).isMissingNode()
            ? "%s: %s is missing, and should be %s".formatted(where, key, expected)
            : "%s: %s = %s is not %s".formatted(where, key, value(key), expected),
        CORRECT);
  }

  /// The error for values that do not fit together.
  ///
  /// @param what a sentence about them
  public LynceusException bad(String what) {
    return new LynceusException(ErrorCode.BAD_CHECKPOINT, where + ": " + what, CORRECT);
  }

  /// A value as messages show it; long ones are cut.
  public String value(String key) {
    JsonNode node = json.path(key);
    String text =
        node.isMissingNode() ? "(absent)" : node.isNumber() ? node.asString() : node.toString();
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
  }
}
