package dev.lynceus.studio;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// The schemas of an OpenAPI document as types of TypeScript.
final class TypeScript {
  private TypeScript() {}

  static String of(JsonNode document) {
    StringBuilder text =
        new StringBuilder(
            """
            // Made from docs/reference/openapi.json by OpenApiTest, -Dlynceus.rewrite=true; changes here are lost.
            // Where a number is null, the result has one that is not finite.

            """);
    JsonNode schemas = document.path("components").path("schemas");
    for (String name : schemas.propertyNames()) {
      text.append("export type ")
          .append(name(name))
          .append(" = ")
          .append(type(schemas.path(name)))
          .append(";\n");
    }
    return text.toString();
  }

  /// `Result.read-text` is `ResultReadText`.
  private static String name(String schema) {
    return Arrays.stream(schema.split("[^A-Za-z0-9]+"))
        .map(part -> part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1))
        .collect(Collectors.joining());
  }

  private static String type(JsonNode schema) {
    if (schema.has("$ref")) {
      String place = schema.path("$ref").asString();
      return name(place.substring(place.lastIndexOf('/') + 1));
    }
    if (schema.has("const")) {
      return schema.path("const").toString();
    }
    if (schema.has("enum")) {
      return either(schema.path("enum").valueStream().map(JsonNode::toString).toList());
    }
    for (String several : List.of("anyOf", "oneOf")) {
      if (schema.has(several)) {
        return either(schema.path(several).valueStream().map(TypeScript::type).toList());
      }
    }
    return switch (schema.path("type").asString("")) {
      case "string" -> "string";
      case "integer", "number" -> "number";
      case "boolean" -> "boolean";
      case "null" -> "null";
      case "array" -> "(" + type(schema.path("items")) + ")[]";
      case "object" -> object(schema);
      default -> "unknown";
    };
  }

  private static String either(List<String> types) {
    return types.stream().distinct().collect(Collectors.joining(" | "));
  }

  private static String object(JsonNode schema) {
    if (!schema.has("properties")) {
      return "Record<string, "
          + (schema.path("additionalProperties").isObject()
              ? type(schema.path("additionalProperties"))
              : "unknown")
          + ">";
    }
    List<String> needed = new ArrayList<>();
    schema.path("required").forEach(one -> needed.add(one.asString()));
    return schema
        .path("properties")
        .propertyStream()
        .map(property ->
            property.getKey()
                + (needed.contains(property.getKey()) ? ": " : "?: ")
                + type(property.getValue()))
        .collect(Collectors.joining("; ", "{ ", " }"));
  }
}
