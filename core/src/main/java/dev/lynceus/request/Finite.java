package dev.lynceus.request;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;

/// Reads numbers that are not there as NaN.
final class Finite {
  static final SimpleModule MODULE =
      new SimpleModule()
          .addDeserializer(double.class, new One())
          .addDeserializer(double[].class, new Many());

  private Finite() {}

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
