package dev.lynceus.request;

import dev.lynceus.method.Provenance;
import dev.lynceus.run.Cost;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// JSON Schemas (draft 2020-12, as OpenAPI 3.1 has them) of requests and results, made from their
/// records: what [RequestJson] reads and what [ResultJson] writes.
public final class RequestSchemas {
  private static final JsonMapper MAPPER = JsonMapper.shared();
  private static final String PLACE = "#/components/schemas/";

  private final ObjectNode components = MAPPER.createObjectNode();
  private boolean asRequest;

  private RequestSchemas() {}

  /// Schemas by their names: `Request`, `Result`, all that they hold, and further records as
  /// Jackson writes them.
  public static ObjectNode components(Class<?>... more) {
    RequestSchemas schemas = new RequestSchemas();
    schemas.asRequest = true;
    schemas.schema(Request.class);
    schemas.asRequest = false;
    schemas.result();
    Arrays.stream(more).forEach(schemas::schema);
    return schemas.components;
  }

  /// A schema for each kind of finding, so that `kind` says what `request` and `value` are.
  private void result() {
    ObjectNode mapping = MAPPER.createObjectNode();
    ArrayNode kinds = MAPPER.createArrayNode();
    ResultJson.FINDINGS.forEach((word, type) -> {
      ArrayNode asked = MAPPER.createArrayNode();
      Requests.all().stream()
          .filter(request -> ResultJson.kinds(request).contains(word))
          .forEach(request -> asked.add(reference(name(request))));
      ObjectNode properties = MAPPER.createObjectNode();
      properties.set("kind", MAPPER.createObjectNode().put("const", word));
      properties.set("provenance", schema(Provenance.class));
      properties.set("request", MAPPER.createObjectNode().set("anyOf", asked));
      properties.set("cost", orNull(schema(Cost.class)));
      properties.set("value", schema(type));
      String name = "Result." + word;
      components.set(name, object(properties, properties.propertyNames()));
      kinds.add(reference(name));
      mapping.put(word, PLACE + name);
    });
    components.set("Result", oneOf(kinds, "kind", mapping));
  }

  private static ObjectNode oneOf(ArrayNode all, String key, ObjectNode mapping) {
    ObjectNode schema = MAPPER.createObjectNode().set("oneOf", all);
    schema.set(
        "discriminator",
        MAPPER.createObjectNode().put("propertyName", key).set("mapping", mapping));
    return schema;
  }

  private static ObjectNode object(ObjectNode properties, Collection<String> needed) {
    ObjectNode schema = MAPPER.createObjectNode().put("type", "object");
    schema.set("properties", properties);
    ArrayNode required = MAPPER.createArrayNode();
    needed.forEach(required::add);
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    return schema;
  }

  private static ObjectNode reference(String name) {
    return MAPPER.createObjectNode().put("$ref", PLACE + name);
  }

  private static ObjectNode typed(String type) {
    return MAPPER.createObjectNode().put("type", type);
  }

  private static ObjectNode orNull(ObjectNode schema) {
    if (schema.path("anyOf").path(1).path("type").asString("").equals("null")) {
      return schema;
    }
    ArrayNode either = MAPPER.createArrayNode();
    either.add(schema);
    either.add(typed("null"));
    return MAPPER.createObjectNode().set("anyOf", either);
  }

  /// What a number is in JSON; one of a result that is not finite is null.
  private ObjectNode number() {
    return asRequest ? typed("number") : orNull(typed("number"));
  }

  private ObjectNode schema(Type type) {
    return schema(null, type, Map.of());
  }

  /// @param annotated the same with its annotations, where they are known
  /// @param bound what the variables of a generic record stand for
  private ObjectNode schema(@Nullable AnnotatedType annotated, Type type, Map<String, Type> bound) {
    return switch (type) {
      case ParameterizedType generic -> generic(annotated, generic, bound);
      case TypeVariable<?> variable ->
          bound.containsKey(variable.getName())
              ? schema(null, bound.get(variable.getName()), bound)
              : MAPPER.createObjectNode();
      case WildcardType wild -> schema(null, wild.getUpperBounds()[0], bound);
      case GenericArrayType array -> list(schema(null, array.getGenericComponentType(), bound));
      case Class<?> plain -> plain(plain);
      default -> MAPPER.createObjectNode();
    };
  }

  private static ObjectNode list(ObjectNode items) {
    return typed("array").set("items", items);
  }

  private ObjectNode generic(
      @Nullable AnnotatedType annotated, ParameterizedType type, Map<String, Type> bound) {
    Class<?> raw = (Class<?>) type.getRawType();
    Type[] arguments = type.getActualTypeArguments();
    AnnotatedType[] parts =
        annotated instanceof AnnotatedParameterizedType known
            ? known.getAnnotatedActualTypeArguments()
            : new AnnotatedType[arguments.length];
    if (raw == Optional.class) {
      return orNull(part(parts[0], arguments[0], bound));
    }
    if (Collection.class.isAssignableFrom(raw)) {
      return list(part(parts[0], arguments[0], bound));
    }
    if (Map.class.isAssignableFrom(raw)) {
      return typed("object").set("additionalProperties", part(parts[1], arguments[1], bound));
    }
    if (raw.isRecord()) {
      Map<String, Type> inner = new HashMap<>();
      for (int i = 0; i < arguments.length; i++) {
        inner.put(raw.getTypeParameters()[i].getName(), arguments[i]);
      }
      String of = arguments[0] instanceof Class<?> one ? name(one) : "";
      return record(raw, name(raw) + "-" + of, inner);
    }
    return MAPPER.createObjectNode();
  }

  private ObjectNode part(@Nullable AnnotatedType annotated, Type type, Map<String, Type> bound) {
    ObjectNode schema = schema(annotated, type, bound);
    return annotated != null && annotated.isAnnotationPresent(Nullable.class)
        ? orNull(schema)
        : schema;
  }

  private ObjectNode plain(Class<?> type) {
    if (type == String.class || CharSequence.class.isAssignableFrom(type)) {
      return typed("string");
    }
    if (type == boolean.class || type == Boolean.class) {
      return typed("boolean");
    }
    if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
      return typed("integer");
    }
    if (type == double.class || type == Double.class || type == float.class) {
      return number();
    }
    if (type == OptionalInt.class || type == OptionalLong.class) {
      return orNull(typed("integer"));
    }
    if (type == OptionalDouble.class) {
      return orNull(typed("number"));
    }
    if (type.isArray()) {
      return list(schema(type.getComponentType()));
    }
    if (type.isEnum()) {
      return words(type);
    }
    if (asRequest && Written.of(type).isPresent()) {
      return MAPPER.createObjectNode().put("description", "as docs/reference/requests.md has it");
    }
    if (type.isSealed()) {
      return asRequest ? kinds(type) : several(type);
    }
    return type.isRecord() ? record(type, name(type), Map.of()) : MAPPER.createObjectNode();
  }

  /// Any of the records under a sealed interface, which a result does not name.
  private ObjectNode several(Class<?> type) {
    ArrayNode all = MAPPER.createArrayNode();
    Arrays.stream(type.getPermittedSubclasses()).forEach(one -> all.add(schema(one)));
    return MAPPER.createObjectNode().set("anyOf", all);
  }

  private ObjectNode words(Class<?> type) {
    ArrayNode words = MAPPER.createArrayNode();
    for (Object constant : type.getEnumConstants()) {
      words.add(
          asRequest
              ? MAPPER.valueToTree(Kinds.word((Enum<?>) constant))
              : MAPPER.<JsonNode>valueToTree(constant));
    }
    return typed("string").set("enum", words);
  }

  private ObjectNode kinds(Class<?> type) {
    String name = name(type);
    if (!components.has(name)) {
      components.set(name, MAPPER.createObjectNode());
      Kinds kinds = Kinds.under(type);
      ArrayNode all = MAPPER.createArrayNode();
      ObjectNode mapping = MAPPER.createObjectNode();
      for (Class<?> one : kinds.records()) {
        all.add(schema(one));
        mapping.put(Kinds.word(one), PLACE + name(one));
      }
      components.set(name, oneOf(all, kinds.key(), mapping));
    }
    return reference(name);
  }

  /// `OccludeRequest.Masks`, so that kinds of one name do not meet.
  private static String name(Class<?> type) {
    Class<?> outer = type.getEnclosingClass();
    return outer == null ? type.getSimpleName() : name(outer) + "." + type.getSimpleName();
  }

  private ObjectNode record(Class<?> type, String name, Map<String, Type> bound) {
    if (components.has(name)) {
      return reference(name);
    }
    components.set(name, MAPPER.createObjectNode()); // may hold itself
    ObjectNode properties = MAPPER.createObjectNode();
    java.util.List<String> needed = new java.util.ArrayList<>();
    if (asRequest) {
      Kinds.of(type)
          .ifPresent(kinds -> {
            properties.set(kinds.key(), MAPPER.createObjectNode().put("const", Kinds.word(type)));
            needed.add(kinds.key());
          });
    }
    if (asRequest) {
      for (RecordComponent component : type.getRecordComponents()) {
        ObjectNode schema = schema(null, component.getGenericType(), bound);
        setting(component, schema);
        properties.set(component.getName(), schema);
        if (RecordCodec.isNeeded(component)) {
          needed.add(component.getName());
        }
      }
    } else {
      for (JsonField field : JsonField.of(type)) {
        ObjectNode schema = schema(field.type(), field.type().getType(), bound);
        properties.set(field.name(), field.nullable() ? orNull(schema) : schema);
        if (!field.leftOut()) {
          needed.add(field.name());
        }
      }
    }
    ObjectNode all = object(properties, needed);
    if (asRequest) {
      all.put("additionalProperties", false);
    }
    components.set(name, all);
    return reference(name);
  }

  private static void setting(RecordComponent component, ObjectNode schema) {
    Setting setting = component.getAnnotation(Setting.class);
    if (setting == null) {
      return;
    }
    if (!setting.otherwise().equals(Setting.NONE)) {
      schema.set("default", RecordCodec.byDefault(setting.otherwise(), component.getGenericType()));
    }
    ObjectNode number = schema;
    if (schema.path("anyOf").path(0) instanceof ObjectNode some) {
      number = some;
    } else if (schema.path("items") instanceof ObjectNode items) {
      number = items;
    }
    if (Double.isFinite(setting.least())) {
      number.put("minimum", setting.least());
    }
    if (Double.isFinite(setting.most())) {
      number.put("maximum", setting.most());
    }
  }
}
