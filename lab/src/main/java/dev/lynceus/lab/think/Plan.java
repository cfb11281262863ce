package dev.lynceus.lab.think;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.picture.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A plan: at most four steps, each with a goal and what is done with the picture.
///
/// ```json
/// [{"goal": "see the car alone", "op": "crop", "args": {"box": [62, 34, 108, 74]}, "expect": "its colour"}]
/// ```
///
/// @param steps in order; none is a plan, too
public record Plan(List<Step> steps) {
  /// Most steps.
  public static final int MOST = 4;

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private static final Set<String> KEYS = Set.of("goal", "op", "args", "expect", "text");

  /// A step.
  ///
  /// @param goal what it is for
  /// @param tool what is done
  /// @param expect what it should show; may be empty
  /// @param text what is read from its picture, in the place of the model's own reading; null = the
  ///   model reads
  public record Step(String goal, Tool tool, String expect, @Nullable String text) {

    /// A step that the model reads.
    public static Step of(String goal, Tool tool) {
      return new Step(goal, tool, "", null);
    }
  }

  public Plan {
    steps = List.copyOf(steps);
    if (steps.size() > MOST) {
      throw wrong(steps.size() + " steps", "Use at most " + MOST + ".");
    }
  }

  /// Reads one. A model's answer may have words around the list.
  ///
  /// @throws LynceusException BAD_REQUEST for anything but a list of steps
  public static Plan parse(String json) {
    int from = json.indexOf('[');
    int to = json.lastIndexOf(']');
    if (from < 0 || to < from) {
      throw wrong("no list", "Write a JSON list of steps.");
    }
    JsonNode list;
    try {
      list = MAPPER.readTree(json.substring(from, to + 1));
    } catch (JacksonException e) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the plan is no JSON: " + e.getOriginalMessage(),
          "Write a JSON list of steps.",
          e);
    }
    List<Step> steps = new ArrayList<>();
    for (JsonNode one : list) {
      steps.add(step(one, "step " + (steps.size() + 1)));
    }
    return new Plan(steps);
  }

  /// A plan from the names of operations, with commas between, each as it usually is.
  public static Plan named(String names) {
    List<Step> steps = new ArrayList<>();
    for (String name : names.split(",", -1)) {
      String op = name.strip().toLowerCase(Locale.ROOT);
      steps.add(
          Step.of(op, new Args(MAPPER.createObjectNode(), "step " + (steps.size() + 1)).tool(op)));
    }
    return new Plan(steps);
  }

  private static Step step(JsonNode node, String where) {
    String next = "Each step has goal, op, args and expect.";
    if (!node.isObject()) {
      throw wrong(where + " is no object", next);
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!KEYS.contains(field.getKey())) {
        throw wrong("%s has an unknown field '%s'".formatted(where, field.getKey()), next);
      }
    }
    JsonNode goal = node.path("goal");
    JsonNode op = node.path("op");
    if (!goal.isString() || !op.isString()) {
      throw wrong(where + " lacks goal or op", next);
    }
    JsonNode args = node.path("args");
    if (!args.isMissingNode() && !args.isNull() && !args.isObject()) {
      throw wrong(where + ": args is no object", next);
    }
    JsonNode text = node.path("text");
    return new Step(
        goal.asString(),
        new Args(args, where).tool(op.asString().toLowerCase(Locale.ROOT)),
        node.path("expect").isString() ? node.path("expect").asString() : "",
        text.isString() ? text.asString() : null);
  }

  /// The arguments of a step; what nobody asked for is refused.
  private static final class Args {
    private final JsonNode args;
    private final String where;
    private final List<String> asked = new ArrayList<>();

    Args(JsonNode args, String where) {
      this.args = args;
      this.where = where;
    }

    Tool tool(String op) {
      Tool tool =
          switch (op) {
            case "crop" -> new Tool.Crop(box("box"), number("margin", .2));
            case "zoom" -> zoom();
            case "segment" -> new Tool.Segment((int) number("pieces", 9));
            case "count" -> new Tool.Count(number("least", .008), number("most", .6));
            case "ruler" -> new Tool.Ruler((int) number("steps", 6));
            case "measure" -> {
              double[] from = needed("from", 2);
              double[] to = needed("to", 2);
              yield new Tool.Measure(from[0], from[1], to[0], to[1]);
            }
            case "colours", "hsv", "lab", "gray", "grey", "edges", "threshold" -> colours(op);
            case "highlight" -> new Tool.Highlight(box("box"));
            case "compare" -> new Tool.Compare(given("first"), given("second"));
            case "turn", "rotate", "flip" ->
                new Tool.Turn(
                    (int) number("quarters", op.equals("flip") ? 0 : 1), op.equals("flip"));
            case "keep" -> new Tool.Keep();
            default ->
                throw wrong(
                    "%s: there is no op '%s'".formatted(where, op),
                    "Use " + String.join(", ", Tool.NAMES) + ".");
          };
      for (Map.Entry<String, JsonNode> field : args.properties()) {
        if (!asked.contains(field.getKey())) {
          throw wrong(
              "%s: %s has no argument '%s'".formatted(where, op, field.getKey()),
              asked.isEmpty() ? "Leave it out." : "It has " + String.join(", ", asked) + ".");
        }
      }
      return tool;
    }

    private Tool zoom() {
      double[] point = numbers("point", 2);
      return new Tool.Zoom(
          point == null ? null : Double.valueOf(point[0]),
          point == null ? null : Double.valueOf(point[1]),
          number("factor", 2));
    }

    private Tool colours(String op) {
      asked.add("space");
      String space =
          op.equals("colours")
              ? args.path("space").isString() ? args.path("space").asString() : "hsv"
              : op;
      String name = space.equals("gray") ? "grey" : space;
      for (Tool.Convert.Space one : Tool.Convert.Space.values()) {
        if (one.name().toLowerCase(Locale.ROOT).equals(name)) {
          return new Tool.Convert(one);
        }
      }
      throw wrong(
          "%s: there is no colour space '%s'".formatted(where, space),
          "Use hsv, lab, grey, threshold or edges.");
    }

    private double number(String name, double otherwise) {
      asked.add(name);
      JsonNode value = args.path(name);
      if (value.isMissingNode() || value.isNull()) {
        return otherwise;
      }
      if (!value.isNumber()) {
        throw wrong("%s: %s is no number".formatted(where, name), "Write a number.");
      }
      return value.asDouble();
    }

    private Region.@Nullable Box box(String name) {
      JsonNode value = args.path(name);
      if (value.isString() && value.asString().equals("map")) {
        asked.add(name);
        return null;
      }
      double[] edges = numbers(name, 4);
      return edges == null ? null : new Region.Box(edges[0], edges[1], edges[2], edges[3]);
    }

    private Region.Box given(String name) {
      double[] edges = needed(name, 4);
      return new Region.Box(edges[0], edges[1], edges[2], edges[3]);
    }

    private double[] needed(String name, int count) {
      double[] all = numbers(name, count);
      if (all == null) {
        throw wrong("%s lacks %s".formatted(where, name), count + " numbers in pixels.");
      }
      return all;
    }

    private double @Nullable [] numbers(String name, int count) {
      asked.add(name);
      JsonNode value = args.path(name);
      if (value.isMissingNode() || value.isNull()) {
        return null;
      }
      double[] all = new double[count];
      boolean fits = value.isArray() && value.size() == count;
      for (int i = 0; fits && i < count; i++) {
        fits = value.get(i).isNumber();
        all[i] = value.get(i).asDouble();
      }
      if (!fits) {
        throw wrong(
            "%s: %s is not %d numbers".formatted(where, name, count),
            count == 4
                ? "Write [left, upper, right, lower] in pixels."
                : "Write [x, y] in pixels.");
      }
      return all;
    }
  }

  private static LynceusException wrong(String message, String next) {
    return new LynceusException(ErrorCode.BAD_REQUEST, message, next);
  }

  /// The plan that rules make of a question, for models that write none.
  public static Plan ofRules(String question) {
    String words = question.toLowerCase(Locale.ROOT);
    if (words.contains("how many") || words.contains("count")) {
      return new Plan(List.of(Step.of("count the things", new Tool.Count(.008, .6))));
    }
    if (words.matches("(?s).*\\b(left|right|above|below|where|higher|lower|under)\\b.*")) {
      return new Plan(List.of(Step.of("see where things are", new Tool.Ruler(6))));
    }
    Step crop = Step.of("see it alone", new Tool.Crop(null, .2));
    if (words.matches("(?s).*\\bcolou?rs?\\b.*") && !words.contains("same")) {
      return new Plan(
          List.of(
              crop, Step.of("see colours as numbers", new Tool.Convert(Tool.Convert.Space.HSV))));
    }
    if (words.matches("(?s).*\\b(read|say|says|written|text|word|number)\\b.*")) {
      return new Plan(List.of(Step.of("make it larger", new Tool.Zoom(null, null, 3))));
    }
    return new Plan(List.of(crop, Step.of("see where it is", new Tool.Highlight(null))));
  }
}
