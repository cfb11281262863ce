package dev.lynceus.request;

import dev.lynceus.method.Provenance;
import dev.lynceus.run.Cost;
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

  private void result() {
    ObjectNode properties = MAPPER.createObjectNode();
    ArrayNode kinds = MAPPER.createArrayNode();
    ArrayNode values = MAPPER.createArrayNode();
    ResultJson.FINDINGS.forEach((word, type) -> {
      kinds.add(word);
      values.add(schema(type));
    });
    properties.set("kind", MAPPER.createObjectNode().put("type", "string").set("enum", kinds));
    properties.set("provenance", schema(Provenance.class));
    properties.set("request", reference("Request"));
    properties.set("cost", orNull(schema(Cost.class)));
    properties.set("value", MAPPER.createObjectNode().set("anyOf", values));
    components.set("Result", object(properties, properties.propertyNames()));
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
    return schema(type, Map.of());
  }

  /// @param bound what the variables of a generic record stand for
  private ObjectNode schema(Type type, Map<String, Type> bound) {
    return switch (type) {
      case ParameterizedType generic -> generic(generic, bound);
      case TypeVariable<?> variable ->
          bound.containsKey(variable.getName())
              ? schema(bound.get(variable.getName()), bound)
              : MAPPER.createObjectNode();
      case WildcardType wild -> schema(wild.getUpperBounds()[0], bound);
      case GenericArrayType array -> list(schema(array.getGenericComponentType(), bound));
      case Class<?> plain -> plain(plain);
      default -> MAPPER.createObjectNode();
    };
  }

  private static ObjectNode list(ObjectNode items) {
    return typed("array").set("items", items);
  }

  private ObjectNode generic(ParameterizedType type, Map<String, Type> bound) {
    Class<?> raw = (Class<?>) type.getRawType();
    Type[] arguments = type.getActualTypeArguments();
    if (raw == Optional.class) {
      return orNull(schema(arguments[0], bound));
    }
    if (Collection.class.isAssignableFrom(raw)) {
      return list(schema(arguments[0], bound));
    }
    if (Map.class.isAssignableFrom(raw)) {
      return typed("object").set("additionalProperties", schema(arguments[1], bound));
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
    if (type.isSealed() && asRequest) {
      return kinds(type);
    }
    return type.isRecord() ? record(type, name(type), Map.of()) : MAPPER.createObjectNode();
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
      ObjectNode schema = MAPPER.createObjectNode().set("oneOf", all);
      schema.set(
          "discriminator",
          MAPPER.createObjectNode().put("propertyName", kinds.key()).set("mapping", mapping));
      components.set(name, schema);
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
    for (RecordComponent component : type.getRecordComponents()) {
      ObjectNode schema = schema(component.getGenericType(), bound);
      if (asRequest) {
        setting(component, schema);
      }
      properties.set(component.getName(), schema);
      if (!asRequest || RecordCodec.isNeeded(component)) {
        needed.add(component.getName());
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
