package dev.lynceus.pupil.world;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The forms in which [Asker] asks, to tell questions that a model of this world was taught from
/// others. Letter case and spaces count: other letters are other tokens.
///
/// @param nouns things that may be asked for
/// @param forms of questions, with words of capitals where a thing, a colour, a number or a place
///   in a row stands; the first that fits counts
public record QuestionForms(List<String> nouns, List<String> forms) {
  private static final String THING = "THING";
  private static final String COLOUR = "COLOUR";
  private static final String ARTICLE = "ARTICLE";
  private static final String NUMBER = "NUMBER";
  private static final String ORDINAL = "ORDINAL";

  /// Less than this share of common words is no likeness.
  private static final double ALIKE = .34;

  /// Forms of the questions that [Asker] asks.
  public static final List<String> WORLD = world();

  /// The same after those of further skills: of marks, of “the object”, and of several pictures.
  public static final List<String> SKILLS =
      Stream.concat(
              Stream.of(
                  "What is the color of the object?",
                  "Where is the object?",
                  "What is in the COLOUR box?",
                  "What is in the COLOUR ring?",
                  "What is at the COLOUR arrow?",
                  "What is at mark NUMBER?",
                  "What is the color of the object in the COLOUR box?",
                  "What is the color of the object in the COLOUR ring?",
                  "What is the color of the object at the COLOUR arrow?",
                  "What is the color of the object at mark NUMBER?",
                  "Which picture has the THING?",
                  "What is the color of the THING in the ORDINAL picture?",
                  "How many objects are in the ORDINAL picture?",
                  "Describe the ORDINAL picture."),
              WORLD.stream())
          .toList();

  public QuestionForms {
    nouns = List.copyOf(nouns);
    forms = List.copyOf(forms);
  }

  private static List<String> world() {
    return Arrays.stream(Question.Kind.values())
        .map(kind ->
            switch (kind) {
              case COLOUR -> "What is the color of the THING?";
              case WHICH -> "Which object is COLOUR?";
              case WHERE -> "Where is the THING?";
              case EXISTS -> "Is there ARTICLE THING?";
              case COUNT -> "How many objects are there?";
              case SAME -> "Are the THING and the THING the same color?";
              case SIDE -> "Is the THING left or right of the THING?";
              case DESCRIBE -> "Describe the image.";
            })
        .toList();
  }

  /// What a text begins with that a question is asked about, in the forms of [Story].
  private static final Pattern STORY =
      Pattern.compile(
          "(?:(?:The image shows an? |An? )[a-z ,]+\\. |(?:The [a-z]+(?: [a-z]+)? is (?:at the )?[a-z]+(?: [a-z]+)?\\. )+)");

  /// The question without the text before it; empty where no text comes before it.
  public static Optional<String> afterStory(String text) {
    Matcher matcher = STORY.matcher(text);
    return matcher.lookingAt() ? Optional.of(text.substring(matcher.end())) : Optional.empty();
  }

  /// Whether a word names a thing that may be asked for, or a colour.
  boolean knows(String word) {
    return thing(word).isPresent()
        || Arrays.stream(Colour.values()).anyMatch(colour -> colour.word().equals(word));
  }

  /// What is strange about a question, a sentence each; empty for one of this world.
  public List<String> strange(String question) {
    for (String form : forms) {
      Matcher matcher = pattern(form).matcher(question);
      if (matcher.matches()) {
        return words(form, matcher);
      }
    }
    return List.of(
        nearest(question)
            .map(
                "it was not taught to answer this; in its own words it may be \u201c%s\u201d"
                    ::formatted)
            .orElse(
                "it was not taught questions of this form, only "
                    + forms.stream().map(QuestionForms::example).collect(Collectors.joining(" "))));
  }

  private List<String> words(String form, Matcher matcher) {
    List<String> strange = new ArrayList<>();
    int group = 0;
    for (String slot : form.split("[ ?.]")) {
      switch (slot) {
        case THING -> {
          String noun = matcher.group(++group);
          if (!nouns.contains(noun)) {
            strange.add(
                "\u201c%s\u201d is none of the %d things that it knows: %s"
                    .formatted(noun, nouns.size(), String.join(", ", nouns)));
          }
        }
        case COLOUR -> {
          String colour = matcher.group(++group);
          List<String> known = Arrays.stream(Colour.values()).map(Colour::word).toList();
          if (!known.contains(colour)) {
            strange.add(
                "\u201c%s\u201d is none of the %d colours that it knows: %s"
                    .formatted(colour, known.size(), String.join(", ", known)));
          }
        }
        case NUMBER, ORDINAL -> group++;
        default -> {
          // A word of the form.
        }
      }
    }
    return strange;
  }

  private static Pattern pattern(String form) {
    return Pattern.compile(
        Pattern.quote(form)
            .replace(ARTICLE, "\\E(?:an(?= [aeiou])|a(?= [^aeiou]))\\Q")
            .replace(NUMBER, "\\E([1-6])\\Q")
            .replace(ORDINAL, "\\E(first|second|third)\\Q")
            .replace(THING, "\\E(\\p{L}+)\\Q")
            .replace(COLOUR, "\\E(\\p{L}+)\\Q"));
  }

  private static String example(String form) {
    return "\u201c" + filled(form, List.of("car", "dog"), List.of("red")).orElseThrow() + "\u201d";
  }

  /// The form that shares most words with a question, about the same things.
  private Optional<String> nearest(String question) {
    List<String> said =
        Arrays.stream(question.toLowerCase(Locale.ROOT).split("[^\\p{L}]+"))
            .filter(word -> !word.isEmpty())
            .map(word -> word.replace("colour", "color"))
            .toList();
    List<String> things = said.stream().map(this::thing).flatMap(Optional::stream).toList();
    List<String> colours =
        said.stream()
            .filter(word -> Arrays.stream(Colour.values()).anyMatch(c -> c.word().equals(word)))
            .toList();
    String best = null;
    double most = ALIKE;
    for (String form : forms) {
      Optional<String> filled = filled(form, things, colours);
      if (filled.isPresent()) {
        double alike = alike(said, filled.get());
        if (alike >= most) {
          most = alike;
          best = filled.get();
        }
      }
    }
    return Optional.ofNullable(best);
  }

  private Optional<String> thing(String word) {
    if (nouns.contains(word)) {
      return Optional.of(word);
    }
    String one = word.endsWith("s") ? word.substring(0, word.length() - 1) : word;
    return nouns.contains(one) ? Optional.of(one) : Optional.empty();
  }

  /// The form with words in its places; empty where there are too few.
  private static Optional<String> filled(String form, List<String> things, List<String> colours) {
    String filled = form.replace(NUMBER, "2").replace(ORDINAL, "second");
    for (String thing : things) {
      filled =
          filled.replaceFirst("ARTICLE THING", Asker.withArticle(thing)).replaceFirst(THING, thing);
    }
    for (String colour : colours) {
      filled = filled.replaceFirst(COLOUR, colour);
    }
    return filled.contains(THING) || filled.contains(COLOUR)
        ? Optional.empty()
        : Optional.of(filled);
  }

  /// Common words, as a share of all words of both.
  private static double alike(List<String> said, String form) {
    Set<String> one = new LinkedHashSet<>(said);
    Set<String> other =
        new LinkedHashSet<>(List.of(form.toLowerCase(Locale.ROOT).split("[^\\p{L}]+")));
    Set<String> common = new LinkedHashSet<>(one);
    common.retainAll(other);
    one.addAll(other);
    return common.size() / (double) one.size();
  }
}
