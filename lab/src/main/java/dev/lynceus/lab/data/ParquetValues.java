package dev.lynceus.lab.data;

import dev.hardwood.row.PqList;
import dev.hardwood.row.PqMap;
import dev.hardwood.row.PqStruct;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Values of Parquet as JSON.
final class ParquetValues {
  private ParquetValues() {}

  static JsonNode json(@Nullable Object value) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (value) {
      case null -> nodes.nullNode();
      case String text -> nodes.stringNode(text);
      case Boolean truth -> nodes.booleanNode(truth);
      case Integer number -> nodes.numberNode(number.longValue());
      case Long number -> nodes.numberNode(number.longValue());
      case Float number -> nodes.numberNode(number.doubleValue());
      case Double number -> nodes.numberNode(number.doubleValue());
      case byte[] bytes -> text(bytes);
      case PqList list -> {
        ArrayNode array = nodes.arrayNode();
        for (int i = 0; i < list.size(); i++) {
          array.add(json(list.isNull(i) ? null : list.get(i)));
        }
        yield array;
      }
      case PqStruct struct -> {
        ObjectNode object = nodes.objectNode();
        for (int i = 0; i < struct.getFieldCount(); i++) {
          object.set(struct.getFieldName(i), json(struct.isNull(i) ? null : struct.getValue(i)));
        }
        yield object;
      }
      case PqMap map -> {
        ObjectNode object = nodes.objectNode();
        map.getEntries()
            .forEach(entry ->
                object.set(
                    String.valueOf(entry.getKey()),
                    json(entry.isValueNull() ? null : entry.getValue())));
        yield object;
      }
      default -> nodes.stringNode(String.valueOf(value));
    };
  }

  /// Bytes that are text are text; others are told by their number.
  private static JsonNode text(byte[] bytes) {
    try {
      return JsonNodeFactory.instance.stringNode(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return JsonNodeFactory.instance.stringNode(bytes.length + " bytes");
    }
  }
}
