package dev.lynceus.cli;

import dev.lynceus.request.JsonField;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Makes the JSON Schema (2020-12) of a result from the record that becomes JSON: its fields from
/// its components, what they mean from its comments.
final class SchemaMaker {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final RecordDocs docs;
  private final Map<Class<?>, String> names = new LinkedHashMap<>();
  private final List<Class<?>> waiting = new ArrayList<>();

  /// Numbers of which nothing says what they are.
  private final List<String> unsaid = new ArrayList<>();

  SchemaMaker(RecordDocs docs) {
    this.docs = docs;
  }

  List<String> unsaid() {
    return unsaid;
  }

  /// The schema of a result.
  ///
  /// @param type the record, with what its type parameters stand for
  /// @param alwaysAsks whether a model is always loaded for it
  ObjectNode schema(ResultSchemas.Schema result, Type type, boolean alwaysAsks) {
    names.clear();
    waiting.clear();
    Class<?> raw = raw(type);
    ObjectNode root = JSON.createObjectNode();
    root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    root.put("$id", "urn:lynceus:schema:%s:%d".formatted(result.name(), result.version()));
    root.put("title", "lynceus " + result.name());
    describe(root, docs.of(raw));
    root.put("type", "object");
    ObjectNode properties = root.putObject("properties");
    List<String> required = new ArrayList<>(List.of("schema", "request"));
    envelope(properties, result);
    if (alwaysAsks) {
      required.addAll(List.of("model", "revision", "dtype"));
    }
    fields(raw, variables(raw, type), properties, required);
    ObjectNode notes = properties.putObject("modelNotes").put("type", "array");
    notes.put("description", "what was said about the model and its settings; absent if nothing");
    notes.putObject("items").put("type", "string");
    required.stream().distinct().forEach(root.putArray("required")::add);
    ObjectNode definitions = JSON.createObjectNode();
    for (int i = 0; i < waiting.size(); i++) {
      Class<?> one = waiting.get(i);
      ObjectNode node = definitions.putObject(names.get(one));
      describe(node, docs.of(one));
      node.put("type", "object");
      ObjectNode inner = node.putObject("properties");
      List<String> must = new ArrayList<>();
      fields(one, Map.of(), inner, must);
      must.forEach(node.putArray("required")::add);
    }
    if (!definitions.isEmpty()) {
      root.set("$defs", definitions);
    }
    return root;
  }

  private static void envelope(ObjectNode properties, ResultSchemas.Schema result) {
    ObjectNode schema = properties.putObject("schema").put("type", "object");
    schema.put("description", "which schema this result follows");
    ObjectNode parts = schema.putObject("properties");
    parts.putObject("name").put("const", result.name());
    parts.putObject("version").put("const", result.version());
    schema.putArray("required").add("name").add("version");
    properties
        .putObject("model")
        .put("type", "string")
        .put("description", "name of the model, as it was asked for");
    properties
        .putObject("revision")
        .put("type", "string")
        .put("description", "commit of a cached model, else the fingerprint of its weights");
    properties
        .putObject("dtype")
        .put("type", "string")
        .put("description", "type of the arithmetic, for example float32");
    ObjectNode request = properties.putObject("request").put("type", "object");
    request.put("description", "what was asked for");
    ObjectNode asked = request.putObject("properties");
    text(asked, "command", "the words of the command");
    ObjectNode arguments = asked.putObject("arguments").put("type", "array");
    arguments.put("description", "what stood after lynceus on the command line");
    arguments.putObject("items").put("type", "string");
    text(asked, "line", "the command line that makes this result again, quoted for a shell");
    text(asked, "lynceus", "version of Lynceus; development where it runs from classes");
    List.of("command", "arguments", "line", "lynceus").forEach(request.putArray("required")::add);
  }

  private static void text(ObjectNode properties, String name, String description) {
    properties.putObject(name).put("type", "string").put("description", description);
  }

  private static void describe(ObjectNode node, String text) {
    if (!text.isEmpty()) {
      node.put("description", text);
    }
  }

  /// What the fields of a record are, and which of them are always there.
  private void fields(
      Class<?> record, Map<String, Type> variables, ObjectNode properties, List<String> required) {
    for (JsonField field : JsonField.of(record)) {
      put(record, field, variables, properties);
      if (!field.leftOut()) {
        required.add(field.name());
      }
    }
  }

  private void put(
      Class<?> record, JsonField field, Map<String, Type> variables, ObjectNode properties) {
    String name = field.name();
    ObjectNode node = node(field.type(), field.type().getType(), variables);
    if (field.nullable()) {
      node = orNull(node);
    }
    String meaning = docs.of(record, name);
    if (meaning.isEmpty() && node.toString().contains("\"number\"")) {
      unsaid.add(record.getName().replaceFirst(".*\\.", "") + "." + name);
    }
    describe(node, meaning);
    // What all results say is said already.
    if (!properties.has(name)) {
      properties.set(name, node);
    }
  }

  private static ObjectNode orNull(ObjectNode node) {
    ObjectNode either = JSON.createObjectNode();
    if (node.path("type").isString() && !node.has("enum") && node.size() == 1) {
      either.putArray("type").add(node.path("type").asString()).add("null");
    } else if (node.path("type").isArray() && node.size() == 1) {
      return node;
    } else {
      either.putArray("anyOf").add(node).add(JSON.createObjectNode().put("type", "null"));
    }
    return either;
  }

  private ObjectNode node(@Nullable AnnotatedType annotated, Type type, Map<String, Type> known) {
    if (type instanceof TypeVariable<?> variable) {
      return node(null, known.get(variable.getName()), known);
    }
    ObjectNode node = JSON.createObjectNode();
    Class<?> raw = raw(type);
    if (raw == String.class
        || raw == char.class
        || java.nio.file.Path.class.isAssignableFrom(raw)) {
      return node.put("type", "string");
    } else if (raw == boolean.class || raw == Boolean.class) {
      return node.put("type", "boolean");
    } else if (raw == double.class
        || raw == float.class
        || raw == Double.class
        || raw == OptionalDouble.class) {
      node.putArray("type").add("number").add("null");
      return node;
    } else if (raw.isPrimitive() || raw == Integer.class || raw == Long.class) {
      return node.put("type", "integer");
    } else if (raw == OptionalInt.class) {
      return orNull(node.put("type", "integer"));
    } else if (raw == Optional.class) {
      return orNull(node(part(annotated, 0), argument(type, 0), known));
    } else if (raw.isArray()) {
      AnnotatedType inner =
          annotated instanceof AnnotatedArrayType array
              ? array.getAnnotatedGenericComponentType()
              : null;
      node.put("type", "array").set("items", node(inner, raw.getComponentType(), known));
      return node;
    } else if (Collection.class.isAssignableFrom(raw)) {
      AnnotatedType inner = part(annotated, 0);
      ObjectNode items = node(inner, argument(type, 0), known);
      boolean holes = inner != null && inner.isAnnotationPresent(Nullable.class);
      node.put("type", "array").set("items", holes ? orNull(items) : items);
      return node;
    } else if (Map.class.isAssignableFrom(raw)) {
      node.put("type", "object");
      node.set("additionalProperties", node(part(annotated, 1), argument(type, 1), known));
      return node;
    } else if (raw.isEnum()) {
      Arrays.stream(raw.getEnumConstants())
          .map(one -> ((Enum<?>) one).name())
          .forEach(node.put("type", "string").putArray("enum")::add);
      return node;
    } else if (raw.isRecord()) {
      if (!names.containsKey(raw)) {
        names.put(raw, name(raw));
        waiting.add(raw);
      }
      return node.put("$ref", "#/$defs/" + names.get(raw));
    } else if (raw.isSealed()) {
      for (Class<?> one : raw.getPermittedSubclasses()) {
        node.withArray("anyOf").add(node(null, one, known));
      }
      return node;
    }
    throw new IllegalStateException("no schema for " + type);
  }

  /// The record's own name, with that of the type around it where another has the same.
  private String name(Class<?> raw) {
    String simple = raw.getSimpleName();
    Class<?> around = raw.getEnclosingClass();
    return names.containsValue(simple) && around != null
        ? around.getSimpleName() + "." + simple
        : simple;
  }

  private static @Nullable AnnotatedType part(@Nullable AnnotatedType type, int index) {
    return type instanceof AnnotatedParameterizedType parts
        ? parts.getAnnotatedActualTypeArguments()[index]
        : null;
  }

  private static Type argument(Type type, int index) {
    return ((ParameterizedType) type).getActualTypeArguments()[index];
  }

  private static Map<String, Type> variables(Class<?> raw, Type type) {
    Map<String, Type> known = new LinkedHashMap<>();
    for (int i = 0; i < raw.getTypeParameters().length; i++) {
      known.put(raw.getTypeParameters()[i].getName(), argument(type, i));
    }
    return known;
  }

  private static Class<?> raw(Type type) {
    return switch (type) {
      case Class<?> plain -> plain;
      case ParameterizedType generic -> (Class<?>) generic.getRawType();
      case java.lang.reflect.WildcardType any -> raw(any.getUpperBounds()[0]);
      default -> throw new IllegalStateException("no schema for " + type);
    };
  }
}
