package dev.lynceus.lab.data;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// JSON of strangers: read one element after the other, each of bounded size and depth.
final class Json {
  /// Values in one element: the outline of a crowd has some ten thousand numbers.
  private static final int MOST_VALUES = 2_000_000;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(100)
                  .maxStringLength(64 << 20)
                  .maxNameLength(10_000)
                  .maxNumberLength(500)
                  .build())
          .build();

  private Json() {}

  /// A parser over the bytes of a text.
  static JsonParser parser(java.io.InputStream stream) {
    return FACTORY.createParser(ObjectReadContext.empty(), stream);
  }

  /// The value of a text that holds one value and nothing else.
  ///
  /// @throws JacksonException for what is none
  static JsonNode value(String text) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      if (parser.nextToken() == null) {
        return JsonNodeFactory.instance.missingNode();
      }
      JsonNode value = value(parser);
      if (parser.nextToken() != null) {
        throw new TooMuch(parser, "something follows after its end");
      }
      return value;
    }
  }

  /// The value that begins at the parser's token; the parser is left at its end.
  ///
  /// @throws JacksonException for broken JSON, and for a value that is too large
  static JsonNode value(JsonParser parser) {
    return value(parser, new int[] {MOST_VALUES});
  }

  private static JsonNode value(JsonParser parser, int[] left) {
    if (--left[0] < 0) {
      throw new TooMuch(parser, "it has more than " + MOST_VALUES + " values");
    }
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw new TooMuch(parser, "it ends too early");
    }
    return switch (token) {
      case START_OBJECT -> {
        ObjectNode object = nodes.objectNode();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
          String name = String.valueOf(parser.currentName());
          parser.nextToken();
          object.set(name, value(parser, left));
        }
        yield object;
      }
      case START_ARRAY -> {
        ArrayNode array = nodes.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.add(value(parser, left));
        }
        yield array;
      }
      case VALUE_STRING -> nodes.stringNode(parser.getString());
      case VALUE_NUMBER_INT ->
          parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? (JsonNode) nodes.numberNode(parser.getBigIntegerValue())
              : nodes.numberNode(parser.getLongValue());
      // As doubles: written out, a decimal such as 1e999999999 would fill the memory.
      case VALUE_NUMBER_FLOAT -> nodes.numberNode(parser.getDoubleValue());
      case VALUE_TRUE -> nodes.booleanNode(true);
      case VALUE_FALSE -> nodes.booleanNode(false);
      case VALUE_NULL -> nodes.nullNode();
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
          throw new TooMuch(parser, "a value is missing");
    };
  }

  /// A value that is no JSON for us.
  static final class TooMuch extends JacksonException {
    private static final long serialVersionUID = 1L;

    TooMuch(JsonParser parser, String message) {
      super(parser, message);
    }
  }

  /// The text of a scalar; empty for null, and for what is not there.
  static String text(JsonNode node) {
    return node.isNull() || node.isMissingNode()
        ? ""
        : node.isValueNode() ? node.asString() : node.toString();
  }

  /// The texts of a list, or of a scalar as a list of one; nulls and blanks left out.
  static List<String> texts(JsonNode node) {
    List<String> texts = new ArrayList<>();
    if (node.isArray()) {
      node.forEach(one -> add(text(one), texts));
    } else {
      add(text(node), texts);
    }
    return texts;
  }

  private static void add(String text, List<String> texts) {
    if (!text.isBlank()) {
      texts.add(text);
    }
  }

  /// The numbers of a list; null where one of them is none, or not finite.
  static double @org.jspecify.annotations.Nullable [] numbers(JsonNode node) {
    if (!node.isArray()) {
      return null;
    }
    double[] numbers = new double[node.size()];
    for (int i = 0; i < numbers.length; i++) {
      JsonNode one = node.get(i);
      if (one == null || !one.isNumber() || !Double.isFinite(one.doubleValue())) {
        return null;
      }
      numbers[i] = one.doubleValue();
    }
    return numbers;
  }
}
