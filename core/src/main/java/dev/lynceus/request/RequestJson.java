package dev.lynceus.request;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Requests as JSON and back. The keys are the components of the record; `request` says which it
/// is. What is written has every setting; of what is read, those that have a default may be left
/// out, and no key may be unknown.
///
/// ```json
/// {"request": "ask", "question": {"pictures": [{"kind": "file", "path": "cat.png"}], "text": "What is it?"}}
/// ```
public final class RequestJson {
  /// The longest request that is read, in characters.
  public static final int MOST_CHARACTERS = 16 << 20;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(32)
                          .maxStringLength(MOST_CHARACTERS)
                          .maxNameLength(1000)
                          .maxNumberLength(100)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private RequestJson() {}

  /// A request as JSON, with every setting.
  public static String write(Request<?> request) {
    return MAPPER.writeValueAsString(tree(request));
  }

  static JsonNode tree(Request<?> request) {
    return RecordCodec.write((Record) request);
  }

  /// Reads a request.
  ///
  /// @throws LynceusException BAD_REQUEST for what is no JSON or no request, naming the key
  public static Request<?> read(String json) {
    if (json.length() > MOST_CHARACTERS) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the request has %d characters, more than %d".formatted(json.length(), MOST_CHARACTERS),
          "Name pictures by their files, and send less.");
    }
    JsonNode node;
    try {
      node = MAPPER.readTree(json);
    } catch (JacksonException broken) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the request is not JSON: " + broken.getOriginalMessage(),
          "docs/reference/requests.md has an example of each request.",
          broken);
    }
    return read(node);
  }

  static Request<?> read(JsonNode node) {
    return (Request<?>) RecordCodec.read(node, Request.class, "request");
  }
}
