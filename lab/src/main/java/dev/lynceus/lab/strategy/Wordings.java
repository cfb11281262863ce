package dev.lynceus.lab.strategy;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.LoadedModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The words that a strategy puts to a model: a text for each of its steps, with places in braces
/// that are filled in. Every one of them can be replaced.
///
/// @param texts by the name of the step, in the order of the steps
public record Wordings(SequencedMap<String, String> texts) {
  private static final Pattern PLACE = Pattern.compile("\\{(\\w+)}");

  /// Letters from which on a text tells what it is for.
  private static final int TELLING = 6;

  /// A word that every model of free text was taught.
  private static final String COMMON = "explanation";

  /// One step of a strategy.
  ///
  /// @param name what users call it
  /// @param places what its text may hold in braces
  /// @param chat its text for models that converse
  /// @param world its text for models that were taught the world of silhouettes alone
  public record Step(String name, List<String> places, String chat, String world) {
    public Step {
      places = List.copyOf(places);
    }
  }

  /// The usual texts for a model, some of them replaced.
  ///
  /// @param own by the name of the step
  /// @throws LynceusException BAD_REQUEST for a step or a place that there is not, or an empty text
  public static Wordings of(List<Step> steps, LoadedModel model, Map<String, String> own) {
    return of(steps, model.knows(COMMON), own);
  }

  /// The same.
  ///
  /// @param converses whether the model was taught free text
  public static Wordings of(List<Step> steps, boolean converses, Map<String, String> own) {
    check(steps, own);
    SequencedMap<String, String> texts = new LinkedHashMap<>();
    for (Step step : steps) {
      texts.put(step.name(), own.getOrDefault(step.name(), converses ? step.chat() : step.world()));
    }
    return new Wordings(texts);
  }

  /// The name of the step whose text some words are, with its places filled in: of several the one
  /// whose text says most. Empty where it is none, or where the text is little more than its
  /// places.
  public String named(String words) {
    return texts.entrySet().stream()
        .filter(step -> {
          String pattern =
              Pattern.compile("\\{\\w+}|[^{]+|\\{")
                  .matcher(step.getValue())
                  .replaceAll(part ->
                      Matcher.quoteReplacement(
                          PLACE.matcher(part.group()).matches()
                              ? ".*"
                              : Pattern.quote(part.group())));
          return Pattern.compile(pattern, Pattern.DOTALL).matcher(words).matches();
        })
        .max(
            java.util.Comparator.comparingInt(
                step -> PLACE.matcher(step.getValue()).replaceAll("").length()))
        .filter(step -> PLACE.matcher(step.getValue()).replaceAll("").strip().length() >= TELLING)
        .map(Map.Entry::getKey)
        .orElse("");
  }

  /// Refuses texts of one's own that do not fit.
  ///
  /// @throws LynceusException BAD_REQUEST
  public static void check(List<Step> steps, Map<String, String> own) {
    own.forEach((name, text) -> {
      Step step =
          steps.stream()
              .filter(one -> one.name().equals(name))
              .findFirst()
              .orElseThrow(() ->
                  wrong(
                      "there is no prompt '%s'".formatted(name),
                      "They are "
                          + steps.stream().map(Step::name).collect(Collectors.joining(", "))
                          + "."));
      if (text.isBlank()) {
        throw wrong("the prompt '%s' is empty".formatted(name), "Leave it out, or write a text.");
      }
      Matcher places = PLACE.matcher(text);
      while (places.find()) {
        if (!step.places().contains(places.group(1))) {
          throw wrong(
              "the prompt '%s' has no %s".formatted(name, places.group()),
              step.places().isEmpty()
                  ? "Nothing is filled in there."
                  : "It can have "
                      + step.places().stream()
                          .map(one -> "{" + one + "}")
                          .collect(Collectors.joining(", "))
                      + ".");
        }
      }
    });
  }

  /// Texts of one's own from a JSON object of them.
  ///
  /// @param origin what a refusal calls it, for example the name of a file
  /// @throws LynceusException BAD_REQUEST for anything else
  public static SequencedMap<String, String> parse(String json, String origin) {
    String next = "Write an object of texts, for example {\"answer\": \"{question}\"}.";
    JsonNode read;
    try {
      read = JsonMapper.shared().readTree(json);
    } catch (JacksonException e) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, origin + " is no JSON: " + e.getOriginalMessage(), next, e);
    }
    if (!read.isObject()) {
      throw wrong(origin + " is no object of prompts", next);
    }
    SequencedMap<String, String> texts = new LinkedHashMap<>();
    read.properties()
        .forEach(field -> {
          if (!field.getValue().isString()) {
            throw wrong("%s: '%s' is no text".formatted(origin, field.getKey()), next);
          }
          texts.put(field.getKey(), field.getValue().asString());
        });
    return texts;
  }

  /// The text of a step, filled in.
  ///
  /// @param values by the names of places; a place without one becomes nothing
  public String fill(String step, Map<String, String> values) {
    return PLACE
        .matcher(text(step))
        .replaceAll(place -> Matcher.quoteReplacement(values.getOrDefault(place.group(1), "")))
        .strip();
  }

  /// The text of a step as it is.
  public String text(String step) {
    String text = texts.get(step);
    if (text == null) {
      throw new IllegalArgumentException("no step " + step);
    }
    return text;
  }

  /// Whether the text of a step has a place.
  public boolean has(String step, String place) {
    return text(step).contains("{" + place + "}");
  }

  private static LynceusException wrong(String message, String next) {
    return new LynceusException(ErrorCode.BAD_REQUEST, message, next);
  }
}
