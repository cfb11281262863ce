package dev.lynceus.request;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Records as JSON, by their components: written whole, with every setting that has a default; read
/// strictly, with every error naming the key. One of several kinds (a sealed interface) says which
/// one it is by its first key, [Kinds].
final class RecordCodec {
  /// More entries than any list of a request needs.
  private static final int MOST = 100_000;

  private static final JsonMapper MAPPER = JsonMapper.shared();

  private RecordCodec() {}

  /// A record as JSON, all components in order.
  static ObjectNode write(Record value) {
    ObjectNode object = MAPPER.createObjectNode();
    Kinds.of(value.getClass()).ifPresent(kinds -> object.put(kinds.key(), kinds.word(value)));
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      object.set(component.getName(), node(of(value, component)));
    }
    return object;
  }

  /// What a component holds.
  static Object of(Record value, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return Objects.requireNonNull(component.getAccessor().invoke(value));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode node(Object value) {
    return switch (value) {
      case Optional<?> some -> some.<JsonNode>map(RecordCodec::node).orElse(MAPPER.nullNode());
      case OptionalInt some ->
          some.isPresent() ? node((Object) some.getAsInt()) : MAPPER.nullNode();
      case OptionalDouble some ->
          some.isPresent() ? node((Object) some.getAsDouble()) : MAPPER.nullNode();
      case List<?> list -> {
        ArrayNode array = MAPPER.createArrayNode();
        list.forEach(one -> array.add(node(one)));
        yield array;
      }
      case Enum<?> word -> MAPPER.valueToTree(Kinds.word(word));
      case Record record ->
          Written.of(record.getClass())
              .<JsonNode>map(elsewhere -> elsewhere.write(record))
              .orElseGet(() -> write(record));
      default -> MAPPER.valueToTree(value);
    };
  }

  /// Reads a value.
  ///
  /// @param where it stands, for messages
  /// @throws LynceusException BAD_REQUEST, naming the key
  static Object read(JsonNode node, Type type, String where) {
    if (type instanceof ParameterizedType generic) {
      Type inner = generic.getActualTypeArguments()[0];
      if (generic.getRawType() == Optional.class) {
        return node.isNull() ? Optional.empty() : Optional.of(read(node, inner, where));
      }
      return list(node, inner, where);
    }
    Class<?> raw = (Class<?>) type;
    if (raw == OptionalInt.class) {
      return node.isNull() ? OptionalInt.empty() : OptionalInt.of(whole(node, where));
    }
    if (raw == OptionalDouble.class) {
      return node.isNull() ? OptionalDouble.empty() : OptionalDouble.of(number(node, where));
    }
    if (raw == String.class) {
      return text(node, where);
    }
    if (raw == boolean.class || raw == Boolean.class) {
      return require(node.isBoolean(), node, where, "neither true nor false").asBoolean();
    }
    if (raw == double.class || raw == Double.class) {
      return number(node, where);
    }
    if (raw == int.class || raw == Integer.class) {
      return whole(node, where);
    }
    if (raw == long.class || raw == Long.class) {
      return require(
              node.isIntegralNumber() && node.canConvertToLong(),
              node,
              where,
              "no whole number of 64 bits")
          .asLong();
    }
    if (raw.isEnum()) {
      String word = text(node, where);
      return Arrays.stream(raw.getEnumConstants())
          .filter(one -> Kinds.word((Enum<?>) one).equals(word))
          .findFirst()
          .orElseThrow(() ->
              wrong(
                  where,
                  shown(node)
                      + " is none of "
                      + String.join(
                          ", ",
                          Arrays.stream(raw.getEnumConstants())
                              .map(one -> Kinds.word((Enum<?>) one))
                              .toList())));
    }
    Optional<Written<?>> elsewhere = Written.of(raw);
    if (elsewhere.isPresent()) {
      return within(where, () -> elsewhere.get().read(node, where));
    }
    if (raw.isSealed()) {
      Kinds kinds = Kinds.under(raw);
      return record(node, kinds.named(node, where), where, kinds.key());
    }
    return record(node, raw, where, "");
  }

  private static int whole(JsonNode node, String where) {
    return require(
            node.isIntegralNumber() && node.canConvertToInt(), node, where, "no whole number")
        .asInt();
  }

  private static double number(JsonNode node, String where) {
    return require(node.isNumber() && Double.isFinite(node.asDouble()), node, where, "no number")
        .asDouble();
  }

  static String text(JsonNode node, String where) {
    return require(node.isString(), node, where, "no text").asString();
  }

  private static List<?> list(JsonNode node, Type inner, String where) {
    require(node.isArray(), node, where, "no list");
    if (node.size() > MOST) {
      throw wrong(where, "has %d entries, more than %d".formatted(node.size(), MOST));
    }
    return IntStream.range(0, node.size())
        .mapToObj(i -> read(node.get(i), inner, where + "[" + i + "]"))
        .toList();
  }

  /// @param tag a key that says of which kind it is; empty for none
  private static Object record(JsonNode node, Class<?> type, String where, String tag) {
    require(node.isObject(), node, where, "no object");
    RecordComponent[] components = type.getRecordComponents();
    List<String> known = Arrays.stream(components).map(RecordComponent::getName).toList();
    for (String key : node.propertyNames()) {
      if (!known.contains(key) && !key.equals(tag)) {
        throw wrong(
            where + "." + key.substring(0, Math.min(key.length(), 40)),
            known.isEmpty()
                ? "is not a key here; there is none"
                : "is not a key here; there are " + String.join(", ", known));
      }
    }
    List<Object> values = new ArrayList<>();
    for (RecordComponent component : components) {
      String place = where + "." + component.getName();
      JsonNode given = node.get(component.getName());
      Object value =
          given == null
              ? otherwise(component, place)
              : read(given, component.getGenericType(), place);
      inRange(component, value, place);
      values.add(value);
    }
    return make(type, values, where);
  }

  /// What a component is where nothing is said.
  private static Object otherwise(RecordComponent component, String where) {
    Setting setting = component.getAnnotation(Setting.class);
    Class<?> type = component.getType();
    if (setting == null || setting.otherwise().equals(Setting.NONE)) {
      if (type == List.class) {
        return List.of();
      }
      boolean empties =
          type == Optional.class || type == OptionalInt.class || type == OptionalDouble.class;
      if (empties) {
        return read(MAPPER.nullNode(), component.getGenericType(), where);
      }
      boolean nested = type.isRecord() && Written.of(type).isEmpty();
      if (nested && Arrays.stream(type.getRecordComponents()).noneMatch(RecordCodec::isNeeded)) {
        return record(MAPPER.createObjectNode(), type, where, "");
      }
      throw wrong(where, "is absent");
    }
    return read(byDefault(setting.otherwise(), component.getGenericType()), type(component), where);
  }

  private static Type type(RecordComponent component) {
    return component.getGenericType();
  }

  static boolean isNeeded(RecordComponent component) {
    Setting setting = component.getAnnotation(Setting.class);
    Class<?> type = component.getType();
    boolean said = setting != null && !setting.otherwise().equals(Setting.NONE);
    boolean empties = type == List.class || type.getSimpleName().startsWith("Optional");
    return !said
        && !empties
        && !(type.isRecord()
            && Arrays.stream(type.getRecordComponents()).noneMatch(RecordCodec::isNeeded));
  }

  /// A default as JSON.
  static JsonNode byDefault(String text, Type type) {
    if (type instanceof ParameterizedType generic) {
      ArrayNode list = MAPPER.createArrayNode();
      Arrays.stream(text.split(",", -1))
          .forEach(one -> list.add(byDefault(one, generic.getActualTypeArguments()[0])));
      return list;
    }
    Class<?> raw = (Class<?>) type;
    if (raw.isSealed()) {
      return MAPPER.createObjectNode().put(Kinds.under(raw).key(), text);
    }
    return raw == String.class || raw.isEnum() ? MAPPER.valueToTree(text) : MAPPER.readTree(text);
  }

  private static void inRange(RecordComponent component, Object value, String where) {
    Setting setting = component.getAnnotation(Setting.class);
    if (setting == null) {
      return;
    }
    switch (value) {
      case Number number -> inRange(setting, number.doubleValue(), where);
      case OptionalInt some -> some.ifPresent(number -> inRange(setting, number, where));
      case OptionalDouble some -> some.ifPresent(number -> inRange(setting, number, where));
      case List<?> list -> {
        for (Object one : list) {
          if (one instanceof Number number) {
            inRange(setting, number.doubleValue(), where);
          }
        }
      }
      default -> {}
    }
  }

  private static void inRange(Setting setting, double number, String where) {
    if (number < setting.least()) {
      throw wrong(where, plain(number) + " is less than " + plain(setting.least()));
    }
    if (number > setting.most()) {
      throw wrong(where, plain(number) + " is more than " + plain(setting.most()));
    }
  }

  private static String plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : Double.toString(number);
  }

  /// A record with these components.
  static Object make(Class<?> type, List<Object> values, String where) {
    try {
      var constructor =
          type.getDeclaredConstructor(
              Arrays.stream(type.getRecordComponents())
                  .map(RecordComponent::getType)
                  .toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      return within(
          where,
          () -> {
            try {
              return constructor.newInstance(values.toArray());
            } catch (InvocationTargetException e) {
              throw e.getCause() instanceof RuntimeException cause
                  ? cause
                  : new IllegalStateException(e);
            } catch (ReflectiveOperationException e) {
              throw new IllegalStateException(e);
            }
          });
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Errors of what is called then name the place.
  private static Object within(String where, java.util.function.Supplier<Object> action) {
    try {
      return action.get();
    } catch (LynceusException e) {
      if (String.valueOf(e.getMessage()).startsWith(where)) {
        throw e;
      }
      throw new LynceusException(e.code(), where + ": " + e.getMessage(), e.nextStep(), e);
    }
  }

  private static JsonNode require(boolean is, JsonNode node, String where, String what) {
    if (!is) {
      throw wrong(where, shown(node) + " is " + what);
    }
    return node;
  }

  /// A value as it stands in a message.
  private static String shown(JsonNode node) {
    String text = node.isArray() ? "a list" : node.isObject() ? "an object" : node.toString();
    return text.length() <= 60 ? text : text.substring(0, 60) + "...";
  }

  static LynceusException wrong(String where, String what) {
    return new LynceusException(
        ErrorCode.BAD_REQUEST,
        where + ": " + what,
        "docs/reference/requests.md lists the keys of each request.");
  }
}
