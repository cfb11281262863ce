package dev.lynceus.lab.data;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Which format the first object of a JSON file belongs to, by the names of its fields and of those
/// one step below.
final class JsonShape {
  private JsonShape() {}

  /// Looks through an object until it is clear.
  ///
  /// @param parser at its beginning
  /// @param names takes the names of its fields
  /// @return null where it is none that is known
  static @Nullable DataFormat of(JsonParser parser, Set<String> names) {
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = String.valueOf(parser.currentName());
      if (names.size() < 10_000) {
        names.add(name);
      }
      JsonToken token = parser.nextToken();
      boolean list = token == JsonToken.START_ARRAY;
      Set<String> below = Set.of();
      if (list && parser.nextToken() == JsonToken.START_OBJECT || token == JsonToken.START_OBJECT) {
        below = below(parser);
      }
      DataFormat format = list ? ofList(name, below) : ofObject(name, below);
      if (format != null) {
        return format;
      }
      if (list) {
        rest(parser);
      }
    }
    return ofRow(names);
  }

  /// The names of the fields of an object; the parser is left at its end.
  private static Set<String> below(JsonParser parser) {
    Set<String> names = new HashSet<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      if (names.size() < 1000) {
        names.add(String.valueOf(parser.currentName()));
      }
      parser.nextToken();
      parser.skipChildren();
    }
    return names;
  }

  /// Goes to the end of a list.
  private static void rest(JsonParser parser) {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.END_OBJECT) {
      token = parser.nextToken();
    }
    while (token != JsonToken.END_ARRAY && token != null) {
      parser.skipChildren();
      token = parser.nextToken();
    }
  }

  private static @Nullable DataFormat ofList(String name, Set<String> below) {
    return switch (name) {
      case "questions" -> below.contains("question_id") ? DataFormat.VQA : null;
      case "images" -> below.contains("file_name") ? DataFormat.COCO : null;
      case "annotations" ->
          below.contains("question_id")
              ? DataFormat.VQA
              : below.contains("image_id") ? DataFormat.COCO : null;
      case "data" -> below.contains("paragraphs") ? DataFormat.SQUAD : null;
      default -> null;
    };
  }

  private static @Nullable DataFormat ofObject(String name, Set<String> below) {
    if (below.contains("imageId") && below.contains("question")) {
      return DataFormat.GQA;
    }
    return name.equals("baseComponents") || name.equals("components") && !below.isEmpty()
        ? DataFormat.VLAT
        : null;
  }

  private static @Nullable DataFormat ofRow(Set<String> names) {
    if (names.contains("sentences") && names.contains("image_id")) {
      return DataFormat.REFCOCO;
    }
    if (names.contains("context_text") && names.contains("qas")) {
      return DataFormat.SQUAD;
    }
    if (names.contains("image") && names.contains("text") && !names.contains("question")) {
      return DataFormat.POPE;
    }
    if (names.contains("file_name") && !names.contains("image")) {
      return DataFormat.IMAGE_FOLDER;
    }
    return isLine(names) ? DataFormat.LINES : null;
  }

  /// Whether an object with these fields is a row of our own.
  static boolean isLine(Set<String> names) {
    return names.contains("image") || names.contains("images") || names.contains("question");
  }
}
