package dev.lynceus.tap;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Interventions as JSON: one object or a list of them. What is read and written again is the same
/// text in the same order, and what is written and read again is an equal object.
/// docs/reference/interventions.md has the table of keys.
///
/// ```json
/// {"point": "blocks.2.attn.hook_z", "heads": [5], "positions": "image", "op": "zero"}
/// ```
public final class InterventionJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /// More than any model has places that are worth a change of their own.
  private static final int MOST = 100_000;

  private InterventionJson() {}

  /// Reads a list of interventions, or a single one.
  ///
  /// @throws LynceusException BAD_REQUEST or BAD_POINT, naming the entry and the key
  public static List<Intervention> read(String json) {
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (JacksonException broken) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the interventions are not JSON: " + broken.getOriginalMessage(),
          "Give an object such as {\"point\": \"z\", \"layers\": [2], \"op\": \"zero\"}, or a list of them.",
          broken);
    }
    return read(root);
  }

  /// Reads a list of interventions, or a single one.
  ///
  /// @throws LynceusException BAD_REQUEST or BAD_POINT, naming the entry and the key
  public static List<Intervention> read(JsonNode root) {
    List<Intervention> all = new ArrayList<>();
    if (root.isArray()) {
      if (root.size() > MOST) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            root.size() + " interventions are more than the limit of " + MOST,
            "Change fewer places at once; an entry may name several layers, heads and positions.");
      }
      for (int i = 0; i < root.size(); i++) {
        all.add(one(root.get(i), i));
      }
    } else {
      all.add(one(root, 0));
    }
    return List.copyOf(all);
  }

  private static Intervention one(JsonNode node, int number) {
    JsonEntry entry = JsonEntry.of(node, "interventions[" + number + "]");
    PointNames.Address address = address(entry);
    Point point = address.point();
    Indices layers = layers(entry, address);
    Indices heads = entry.has("heads") ? entry.indices("heads") : Indices.ALL;
    Positions positions = entry.positions("positions").orElseGet(Positions::all);
    Op op = op(entry);
    entry.finish();
    return entry.within("", () -> new Intervention(point, layers, heads, positions, op));
  }

  private static PointNames.Address address(JsonEntry entry) {
    String name = entry.text("point");
    return entry.within("point", () -> PointNames.parse(name));
  }

  private static Indices layers(JsonEntry entry, PointNames.Address address) {
    Optional<Indices> named = address.layer().map(Indices::of);
    if (!entry.has("layers")) {
      return named.orElse(Indices.ALL);
    }
    Indices given = entry.indices("layers");
    if (!address.point().perLayer()) {
      throw entry.bad("layers", address.point().template() + " exists once, it has no layers");
    }
    if (named.isPresent() && !named.get().equals(given)) {
      throw entry.bad("layers", given + " contradicts the layer in the point's name");
    }
    return given;
  }

  private static Op op(JsonEntry entry) {
    String word = entry.text("op");
    return switch (word) {
      case "set" -> new Op.Set(values(entry, "values"));
      case "add" -> new Op.Add(values(entry, "values"), entry.number("factor", 1));
      case "scale" -> new Op.Scale(entry.number("factor"));
      case "zero" -> new Op.Zero();
      case "mean" -> new Op.Mean(entry.positions("over").orElseGet(Positions::all));
      case "noise" -> {
        long seed = entry.whole("seed", 0);
        double deviation = entry.number("deviation");
        yield entry.within("deviation", () -> new Op.Noise(seed, deviation));
      }
      case "patch" -> new Op.Patch(values(entry, "values"));
      case "mask" ->
          new Op.Mask(
              entry.positions("sources").orElseThrow(() -> entry.bad("sources", "is absent")));
      case "cut" ->
          new Op.Cut(
              entry.positions("sources").orElseThrow(() -> entry.bad("sources", "is absent")));
      case "spread" ->
          new Op.Spread(
              entry.positions("sources").orElseThrow(() -> entry.bad("sources", "is absent")));
      case "redistribute" -> {
        Positions sinks =
            entry.positions("sinks").orElseThrow(() -> entry.bad("sinks", "is absent"));
        Positions patches = entry.positions("patches").orElseGet(() -> Positions.parse("image"));
        double share = entry.number("share");
        double least = entry.number("least", 0);
        yield entry.within("share", () -> new Op.Redistribute(sinks, patches, share, least));
      }
      case "project" ->
          new Op.Project(
              values(entry, "direction"),
              entry.number("strength", 1),
              switch (entry.text("when", "always")) {
                case "always" -> Op.When.ALWAYS;
                case "positive" -> Op.When.POSITIVE;
                default -> throw entry.bad("when", "is neither always nor positive");
              });
      default ->
          throw entry.bad(
              "op",
              "'%s' is not known; did you mean %s?"
                  .formatted(
                      PointNames.shortened(word),
                      JsonEntry.nearest(
                          word,
                          List.of(
                              "set",
                              "add",
                              "scale",
                              "zero",
                              "mean",
                              "noise",
                              "patch",
                              "mask",
                              "cut",
                              "spread",
                              "redistribute",
                              "project"))));
    };
  }

  private static Values values(JsonEntry entry, String key) {
    if (entry.isList(key)) {
      return Values.of(entry.floats(key));
    }
    JsonEntry object = entry.object(key);
    Values values;
    if (object.has("file")) {
      values = new Values.Stored(object.path("file"), object.text("tensor"));
    } else {
      float[] numbers = object.floats("inline");
      long[] shape = object.has("shape") ? object.sizes("shape") : new long[] {numbers.length};
      values = object.within("shape", () -> new Values.Inline(numbers, shape));
    }
    object.finish();
    return values;
  }

  /// Writes interventions as a list.
  ///
  /// @throws LynceusException BAD_REQUEST for values that are tensors in memory
  public static String write(List<Intervention> interventions) {
    ArrayNode list = MAPPER.createArrayNode();
    interventions.forEach(intervention -> list.add(write(intervention)));
    return MAPPER.writeValueAsString(list);
  }

  /// Writes one intervention.
  ///
  /// @throws LynceusException BAD_REQUEST for values that are tensors in memory
  public static ObjectNode write(Intervention change) {
    ObjectNode node = MAPPER.createObjectNode();
    Point point = change.point();
    int[] layers = change.layers().numbers();
    boolean single = point.perLayer() && layers.length == 1;
    node.put("point", single ? point.name(layers[0]) : point.template().replace("{l}", "*"));
    if (point.perLayer() && layers.length > 1) {
      ArrayNode list = node.putArray("layers");
      for (int layer : layers) {
        list.add(layer);
      }
    }
    if (!change.heads().isAll()) {
      ArrayNode list = node.putArray("heads");
      for (int head : change.heads().numbers()) {
        list.add(head);
      }
    }
    if (!(change.positions() instanceof Positions.All)) {
      put(node, "positions", change.positions());
    }
    node.put("op", change.op().word());
    switch (change.op()) {
      case Op.Set set -> put(node, "values", set.values());
      case Op.Add add -> {
        put(node, "values", add.values());
        node.put("factor", add.factor());
      }
      case Op.Scale scale -> node.put("factor", scale.factor());
      case Op.Zero _ -> {}
      case Op.Mean mean -> put(node, "over", mean.over());
      case Op.Noise noise -> node.put("seed", noise.seed()).put("deviation", noise.deviation());
      case Op.Patch patch -> put(node, "values", patch.values());
      case Op.Mask mask -> put(node, "sources", mask.sources());
      case Op.Cut cut -> put(node, "sources", cut.sources());
      case Op.Spread spread -> put(node, "sources", spread.sources());
      case Op.Redistribute redistribute -> {
        put(node, "sinks", redistribute.sinks());
        put(node, "patches", redistribute.patches());
        node.put("share", redistribute.share()).put("least", redistribute.least());
      }
      case Op.Project project -> {
        put(node, "direction", project.direction());
        node.put("strength", project.strength());
        node.put(
            "when",
            switch (project.when()) {
              case ALWAYS -> "always";
              case POSITIVE -> "positive";
            });
      }
    }
    return node;
  }

  private static void put(ObjectNode node, String key, Positions positions) {
    if (positions instanceof Positions.Of of) {
      ArrayNode list = node.putArray(key);
      for (int number : of.numbers()) {
        list.add(number);
      }
    } else {
      node.put(key, positions.text());
    }
  }

  private static void put(ObjectNode node, String key, Values values) {
    switch (values) {
      case Values.Inline inline -> {
        ObjectNode object = node.putObject(key);
        ArrayNode numbers = object.putArray("inline");
        for (float number : inline.numbers()) {
          numbers.add(number);
        }
        ArrayNode shape = object.putArray("shape");
        for (long size : inline.shape()) {
          shape.add(size);
        }
      }
      case Values.Stored stored ->
          node.putObject(key).put("file", stored.file().toString()).put("tensor", stored.tensor());
      case Values.Live live ->
          throw new LynceusException(
              ErrorCode.BAD_REQUEST,
              "the " + key + " " + live.tensor() + " are in memory, JSON can name a file only",
              "Export the tensor to a safetensors file and name that.");
    }
  }
}
