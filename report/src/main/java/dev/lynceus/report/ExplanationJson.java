package dev.lynceus.report;

import com.fasterxml.jackson.annotation.JsonFormat;
import dev.lynceus.method.Explanation;
import java.math.BigDecimal;
import java.math.MathContext;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/// An [Explanation] as JSON and back: field names are those of the record.
///
/// ```java
/// String json = ExplanationJson.write(explanation);
/// Explanation again = ExplanationJson.read(json);
/// ```
public final class ExplanationJson {
  private static final JsonMapper PLAIN = JsonMapper.builder().build();
  private static final JsonMapper COMPACT =
      JsonMapper.builder()
          .addMixIn(Explanation.Word.class, WordAsArray.class)
          .addModule(
              new SimpleModule()
                  .addSerializer(Double.class, new FiveDigits())
                  .addSerializer(double.class, new FiveDigits())
                  .addSerializer(double[].class, new FiveDigitsArray()))
          .build();

  private ExplanationJson() {}

  /// The whole explanation with every digit.
  public static String write(Explanation explanation) {
    return PLAIN.writeValueAsString(explanation);
  }

  /// Reads what [#write] wrote.
  public static Explanation read(String json) {
    return PLAIN.readValue(json, Explanation.class);
  }

  /// The form inside the page: numbers with 5 significant digits, `null` where a number is not
  /// finite, and each word as `[id, text, score]`. About a third of the size of [#write].
  static String compact(Explanation explanation) {
    return COMPACT.writeValueAsString(explanation);
  }

  static Explanation readCompact(String json) {
    return COMPACT.readValue(json, Explanation.class);
  }

  @JsonFormat(shape = JsonFormat.Shape.ARRAY)
  private interface WordAsArray {}

  private static void number(JsonGenerator out, double v) {
    if (!Double.isFinite(v)) {
      out.writeNull();
    } else if (v == Math.rint(v) && Math.abs(v) < 1e5) {
      out.writeNumber((long) v);
    } else {
      out.writeNumber(new BigDecimal(v).round(new MathContext(5)).doubleValue());
    }
  }

  private static final class FiveDigits extends StdSerializer<Double> {
    FiveDigits() {
      super(Double.class);
    }

    @Override
    public void serialize(Double value, JsonGenerator out, SerializationContext context) {
      number(out, value);
    }
  }

  private static final class FiveDigitsArray extends StdSerializer<double[]> {
    FiveDigitsArray() {
      super(double[].class);
    }

    @Override
    public void serialize(double[] values, JsonGenerator out, SerializationContext context) {
      out.writeStartArray();
      for (double v : values) {
        number(out, v);
      }
      out.writeEndArray();
    }
  }
}
