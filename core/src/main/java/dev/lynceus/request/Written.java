package dev.lynceus.request;

import dev.lynceus.error.LynceusException;
import dev.lynceus.method.attention.AttentionOptions;
import dev.lynceus.method.attention.HeadRef;
import dev.lynceus.method.causal.AttentionKnockout;
import dev.lynceus.method.evidence.NamedBox;
import dev.lynceus.method.evidence.Thresholds;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Values of methods that have a way of being written of their own: heads as `2.1`, edges as
/// `last:image`, thresholds as the file that `lynceus calibrate` writes.
///
/// @param writer makes JSON of a value
/// @param reader makes the value of what was written
record Written<T>(Function<T, JsonNode> writer, Reader<T> reader) {

  /// Reads a value.
  interface Reader<T> {
    /// @throws LynceusException BAD_REQUEST
    T read(JsonNode node, String where);
  }

  private static final Map<Class<?>, Written<?>> ELSEWHERE =
      Map.of(
          HeadRef.class,
          text(HeadRef::text, HeadRef::parse),
          AttentionOptions.Why.class,
          text(
              (AttentionOptions.Why why) -> why.head().text() + "@" + why.position(),
              AttentionOptions.Why::parse),
          AttentionKnockout.Edge.class,
          text(
              (AttentionKnockout.Edge edge) -> edge.targets() + ":" + edge.sources(),
              AttentionKnockout.Edge::parse),
          Thresholds.class,
          new Written<Thresholds>(
              JsonMapper.shared()::valueToTree,
              (node, where) -> Thresholds.parse(node.toString(), where)),
          NamedBox.class,
          new Written<NamedBox>(
              JsonMapper.shared()::valueToTree,
              (node, where) -> NamedBox.parse("[" + node + "]", where).getFirst()));

  /// That of a type; empty where its components are written.
  static Optional<Written<?>> of(Class<?> type) {
    return Optional.ofNullable(ELSEWHERE.get(type));
  }

  private static <T> Written<T> text(Function<T, String> write, Function<String, T> read) {
    return new Written<>(
        value -> JsonMapper.shared().valueToTree(write.apply(value)),
        (node, where) -> read.apply(RecordCodec.text(node, where)));
  }

  @SuppressWarnings("unchecked") // the map has each under its own class
  JsonNode write(Object value) {
    return writer.apply((T) value);
  }

  Object read(JsonNode node, String where) {
    return reader.read(node, where);
  }
}
