package dev.lynceus.bench.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Changes to JSON that keep it JSON: values of other types and sizes, parts dropped, doubled,
/// exchanged, renamed, nested. For files of any kind.
public final class JsonMutation {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "a",
          "▁",
          "\u0000",
          "null",
          "é",
          "😀",
          "<s>",
          "##",
          "(.+)+$",
          "[",
          "\\",
          "../../x",
          "\ufffd",
          "\u202e",
          "a".repeat(5000),
          "%s%n",
          "-1",
          "NaN");
  private static final List<Number> NUMBERS =
      List.of(
          0,
          1,
          -1,
          2,
          7,
          255,
          65536,
          Integer.MAX_VALUE,
          Integer.MIN_VALUE,
          1L << 32,
          Long.MAX_VALUE,
          Long.MIN_VALUE,
          0.5,
          -0.0,
          1e308,
          1e-320,
          1e10);

  private JsonMutation() {}

  /// A copy with some changes.
  ///
  /// @param done gets one line for each change
  public static JsonNode mutate(
      RandomGenerator random, JsonNode original, int changes, List<String> done) {
    JsonNode copy = original.deepCopy();
    for (int i = 0; i < changes; i++) {
      change(random, copy, done);
    }
    return copy;
  }

  private static void change(RandomGenerator random, JsonNode root, List<String> done) {
    // A walk from the root: small objects near the root are where meaning is.
    JsonNode at = root;
    StringBuilder path = new StringBuilder();
    while (true) {
      List<Integer> inner = containers(at);
      if (inner.isEmpty() || !path.isEmpty() && random.nextInt(4) == 0) {
        break;
      }
      int child = Fuzz.pick(random, inner);
      path.append('/').append(name(at, child));
      at = child(at, child);
    }
    if (at.isEmpty()) {
      add(random, at, path.toString(), done);
      return;
    }
    edit(random, at, random.nextInt(at.size()), path.toString(), done);
  }

  private static List<Integer> containers(JsonNode node) {
    List<Integer> inner = new ArrayList<>();
    for (int i = 0; i < Math.min(node.size(), 200); i++) {
      if (child(node, i).isContainer()) {
        inner.add(i);
      }
    }
    return inner;
  }

  private static JsonNode child(JsonNode node, int index) {
    return node instanceof ObjectNode object ? object.get(name(object, index)) : node.get(index);
  }

  private static String name(JsonNode node, int index) {
    return node instanceof ObjectNode object
        ? List.copyOf(object.propertyNames()).get(index)
        : String.valueOf(index);
  }

  private static void add(RandomGenerator random, JsonNode at, String path, List<String> done) {
    JsonNode value = value(random);
    if (at instanceof ObjectNode object) {
      object.set("type", value);
    } else if (at instanceof ArrayNode array) {
      array.add(value);
    }
    done.add("added to " + path + ": " + shown(value));
  }

  private static void edit(
      RandomGenerator random, JsonNode at, int index, String path, List<String> done) {
    String where = path + "/" + name(at, index);
    JsonNode old = child(at, index);
    switch (random.nextInt(7)) {
      case 0 -> {
        remove(at, index);
        done.add("removed " + where);
      }
      case 1 -> {
        put(at, index, nested(old, 1 + random.nextInt(200)));
        done.add("nested " + where);
      }
      case 2 -> {
        int other = random.nextInt(at.size());
        put(at, index, child(at, other).deepCopy());
        done.add("set " + where + " to " + name(at, other));
      }
      case 3 -> {
        if (at instanceof ObjectNode object) {
          object.remove(name(at, index));
          object.set(Fuzz.pick(random, TEXTS), old);
        } else if (at instanceof ArrayNode array) {
          int times = 1 + random.nextInt(50);
          for (int i = 0; i < times; i++) {
            array.add(old.deepCopy());
          }
        }
        done.add("renamed or repeated " + where);
      }
      case 4 -> {
        put(at, index, near(random, old));
        done.add("changed " + where + " to " + shown(child(at, index)));
      }
      default -> {
        JsonNode value = value(random);
        put(at, index, value);
        done.add("set " + where + " to " + shown(value));
      }
    }
  }

  /// A value like the old one: a number beside it, a text with something more or less.
  private static JsonNode near(RandomGenerator random, JsonNode old) {
    if (old.isIntegralNumber()) {
      return NODES.numberNode(old.asLong(0) + random.nextInt(-3, 4));
    }
    if (old.isNumber()) {
      return NODES.numberNode(old.asDouble(0) * random.nextDouble(-2, 3));
    }
    if (old.isBoolean()) {
      return NODES.booleanNode(!old.asBoolean(false));
    }
    if (old.isString()) {
      String text = old.asString();
      int cut = random.nextInt(text.length() + 1);
      return NODES.stringNode(
          text.substring(0, cut) + Fuzz.pick(random, TEXTS) + text.substring(cut));
    }
    return value(random);
  }

  private static JsonNode nested(JsonNode value, int depth) {
    JsonNode outer = value;
    for (int i = 0; i < depth; i++) {
      outer = NODES.arrayNode().add(outer);
    }
    return outer;
  }

  private static JsonNode value(RandomGenerator random) {
    return switch (random.nextInt(8)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.booleanNode(random.nextBoolean());
      case 2 -> NODES.arrayNode();
      case 3 -> NODES.objectNode();
      case 4, 5 -> NODES.stringNode(Fuzz.pick(random, TEXTS));
      default -> {
        Number number = Fuzz.pick(random, NUMBERS);
        yield number instanceof Double real
            ? NODES.numberNode((double) real)
            : NODES.numberNode(number.longValue());
      }
    };
  }

  private static void remove(JsonNode at, int index) {
    if (at instanceof ObjectNode object) {
      object.remove(name(at, index));
    } else if (at instanceof ArrayNode array) {
      array.remove(index);
    }
  }

  private static void put(JsonNode at, int index, JsonNode value) {
    if (at instanceof ObjectNode object) {
      object.set(name(at, index), value);
    } else if (at instanceof ArrayNode array) {
      array.set(index, value);
    }
  }

  private static String shown(JsonNode value) {
    String text = JsonMapper.shared().writeValueAsString(value);
    return text.length() <= 60 ? text : text.substring(0, 60) + "…";
  }
}
