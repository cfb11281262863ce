package dev.lynceus.request;

import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Numbers that are not finite in JSON, which has no word for them: they are written as `null`, and
/// read again as NaN.
public final class Finite {
  static final SimpleModule MODULE =
      new SimpleModule()
          .addDeserializer(double.class, new One())
          .addDeserializer(double[].class, new Many());

  private Finite() {}

  /// A tree with `null` in the place of each number that is not finite; objects and arrays are
  /// changed in place.
  public static JsonNode written(JsonNode node) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> field : List.copyOf(object.properties())) {
        object.set(field.getKey(), written(field.getValue()));
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, written(array.get(i)));
      }
    } else if (node.isFloatingPointNumber() && !Double.isFinite(node.doubleValue())) {
      return JsonNodeFactory.instance.nullNode();
    }
    return node;
  }

  private static final class One extends StdDeserializer<Double> {
    One() {
      super(double.class);
    }

    @Override
    public Double deserialize(JsonParser parser, DeserializationContext context) {
      return parser.getDoubleValue();
    }

    @Override
    public Object getNullValue(DeserializationContext context) {
      return Double.NaN;
    }
  }

  private static final class Many extends StdDeserializer<double[]> {
    Many() {
      super(double[].class);
    }

    @Override
    public double[] deserialize(JsonParser parser, DeserializationContext context) {
      java.util.stream.DoubleStream.Builder numbers = java.util.stream.DoubleStream.builder();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        numbers.add(
            parser.currentToken() == JsonToken.VALUE_NULL ? Double.NaN : parser.getDoubleValue());
      }
      return numbers.build().toArray();
    }
  }
}
