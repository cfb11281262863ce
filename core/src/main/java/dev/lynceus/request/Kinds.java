package dev.lynceus.request;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The kinds of something, in JSON: of a request the key `request` says which it is, of all else
/// the key `kind`; its word is the name of the record in small letters with hyphens.
///
/// @param root the sealed interface
record Kinds(Class<?> root) {

  /// Those under a sealed interface.
  static Kinds under(Class<?> root) {
    return new Kinds(Request.class.isAssignableFrom(root) ? Request.class : root);
  }

  /// Those that a record is one of; empty where it stands alone.
  static Optional<Kinds> of(Class<?> type) {
    return Arrays.stream(type.getInterfaces())
        .filter(Class::isSealed)
        .findFirst()
        .map(Kinds::under);
  }

  String key() {
    return root == Request.class ? "request" : "kind";
  }

  /// All records of these kinds.
  List<Class<?>> records() {
    return Arrays.stream(root.getPermittedSubclasses())
        .flatMap(
            type -> type.isSealed() ? new Kinds(type).records().stream() : List.of(type).stream())
        .<Class<?>>map(type -> type)
        .toList();
  }

  String word(Object value) {
    return word(value.getClass());
  }

  /// The word of a record.
  static String word(Class<?> type) {
    return type.getSimpleName()
        .replaceFirst("(?<=.)Request$", "")
        .replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-")
        .toLowerCase(Locale.ROOT);
  }

  /// The word of a constant.
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// The record that an object says it is.
  Class<?> named(JsonNode node, String where) {
    String known = String.join(", ", records().stream().map(Kinds::word).toList());
    JsonNode given = node.get(key());
    if (!node.isObject() || given == null) {
      throw RecordCodec.wrong(
          where, "does not say what it is: its key '%s' is one of %s".formatted(key(), known));
    }
    String word = RecordCodec.text(given, where + "." + key());
    return records().stream()
        .filter(type -> word(type).equals(word))
        .findFirst()
        .orElseThrow(() ->
            RecordCodec.wrong(
                where + "." + key(),
                "'%s' is none of %s"
                    .formatted(word.substring(0, Math.min(word.length(), 40)), known)));
  }
}
