package dev.lynceus.pupil.world;

import dev.lynceus.pupil.world.Question.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Asks questions about facts. Pictures and texts are asked the same questions in the same words,
/// but for [Kind#SIDE] and [Kind#DESCRIBE], which need a picture. The answer to [Kind#SAME] names
/// both colours before it decides: comparing what was said is within reach of a small model, while
/// comparing in one step was not learned.
///
/// @param nouns things that may be asked for although they are not there
public record Asker(List<String> nouns, RandomGenerator random) {
  /// Least distance in pixels of two centres, left to right, for a question about sides: one patch.
  private static final double SIDE_MARGIN = 14;

  private static final String[] NUMBERS = {"zero", "one", "two", "three", "four", "five", "six"};

  /// A question of a kind; empty where these facts allow none.
  public Optional<Question> ask(Kind kind, List<Fact> facts) {
    return switch (kind) {
      case COLOUR -> colour(facts, random.nextInt(facts.size()));
      case WHICH -> which(facts);
      case WHERE -> where(facts);
      case EXISTS -> Optional.of(exists(facts));
      case COUNT -> Optional.of(count(facts));
      case SAME -> same(facts);
      case SIDE -> side(facts);
      case DESCRIBE -> Optional.of(describe(facts));
    };
  }

  /// The question for the colour of one of the facts' things.
  public static Optional<Question> colour(List<Fact> facts, int asked) {
    Fact fact = facts.get(asked);
    return Optional.of(
        question(
            Kind.COLOUR,
            "What is the color of the " + fact.noun() + "?",
            "The color of the " + fact.noun() + " is ",
            fact.colour().word(),
            ".",
            List.of(asked)));
  }

  private Optional<Question> which(List<Fact> facts) {
    int[] unique =
        IntStream.range(0, facts.size())
            .filter(
                i -> facts.stream().filter(f -> f.colour() == facts.get(i).colour()).count() == 1)
            .toArray();
    if (unique.length == 0) {
      return Optional.empty();
    }
    int asked = unique[random.nextInt(unique.length)];
    Fact fact = facts.get(asked);
    String colour = fact.colour().word();
    return Optional.of(
        question(
            Kind.WHICH,
            "Which object is " + colour + "?",
            "The " + colour + " object is the ",
            fact.noun(),
            ".",
            List.of(asked)));
  }

  private Optional<Question> where(List<Fact> facts) {
    int[] clear =
        IntStream.range(0, facts.size()).filter(i -> facts.get(i).place().isPresent()).toArray();
    if (clear.length == 0) {
      return Optional.empty();
    }
    int asked = clear[random.nextInt(clear.length)];
    Fact fact = facts.get(asked);
    return Optional.of(
        question(
            Kind.WHERE,
            "Where is the " + fact.noun() + "?",
            "The " + fact.noun() + " is at the ",
            fact.place().orElseThrow().words(),
            ".",
            List.of(asked)));
  }

  private Question exists(List<Fact> facts) {
    if (random.nextBoolean()) {
      int asked = random.nextInt(facts.size());
      String noun = facts.get(asked).noun();
      return question(
          Kind.EXISTS,
          "Is there " + withArticle(noun) + "?",
          "",
          "Yes",
          ", there is " + withArticle(noun) + ".",
          List.of(asked));
    }
    List<String> absent =
        nouns.stream()
            .filter(noun -> facts.stream().noneMatch(f -> f.noun().equals(noun)))
            .toList();
    String noun = absent.get(random.nextInt(absent.size()));
    return question(
        Kind.EXISTS,
        "Is there " + withArticle(noun) + "?",
        "",
        "No",
        ", there is no " + noun + ".",
        List.of());
  }

  private static Question count(List<Fact> facts) {
    int count = facts.size();
    return question(
        Kind.COUNT,
        "How many objects are there?",
        count == 1 ? "There is " : "There are ",
        NUMBERS[count],
        count == 1 ? " object." : " objects.",
        IntStream.range(0, count).boxed().toList());
  }

  private Optional<Question> same(List<Fact> facts) {
    if (facts.size() < 2) {
      return Optional.empty();
    }
    // Half of the answers should be yes, where the facts allow it.
    boolean wanted = random.nextBoolean();
    List<int[]> pairs = new ArrayList<>();
    List<int[]> others = new ArrayList<>();
    for (int a = 0; a < facts.size(); a++) {
      for (int b = 0; b < facts.size(); b++) {
        if (a != b) {
          boolean equal = facts.get(a).colour() == facts.get(b).colour();
          (equal == wanted ? pairs : others).add(new int[] {a, b});
        }
      }
    }
    // Few scenes have two things of one colour: those that have none are asked less often.
    if (pairs.isEmpty() || others.isEmpty() && random.nextInt(3) > 0) {
      return Optional.empty();
    }
    int[] pair = pairs.get(random.nextInt(pairs.size()));
    Fact first = facts.get(pair[0]);
    Fact second = facts.get(pair[1]);
    return Optional.of(
        question(
            Kind.SAME,
            "Are the %s and the %s the same color?".formatted(first.noun(), second.noun()),
            "The %s is %s and the %s is %s, so "
                .formatted(
                    first.noun(), first.colour().word(), second.noun(), second.colour().word()),
            wanted ? "yes" : "no",
            ".",
            List.of(pair[0], pair[1])));
  }

  private Optional<Question> side(List<Fact> facts) {
    List<int[]> pairs = new ArrayList<>();
    for (int a = 0; a < facts.size(); a++) {
      for (int b = 0; b < facts.size(); b++) {
        if (Math.abs(facts.get(a).column() - facts.get(b).column()) >= SIDE_MARGIN) {
          pairs.add(new int[] {a, b});
        }
      }
    }
    if (pairs.isEmpty()) {
      return Optional.empty();
    }
    int[] pair = pairs.get(random.nextInt(pairs.size()));
    Fact first = facts.get(pair[0]);
    Fact second = facts.get(pair[1]);
    return Optional.of(
        question(
            Kind.SIDE,
            "Is the %s left or right of the %s?".formatted(first.noun(), second.noun()),
            "The " + first.noun() + " is ",
            first.column() < second.column() ? "left" : "right",
            " of the " + second.noun() + ".",
            List.of(pair[0], pair[1])));
  }

  private static Question describe(List<Fact> facts) {
    List<Integer> order =
        IntStream.range(0, facts.size())
            .boxed()
            .sorted(Comparator.comparingDouble(i -> facts.get(i).column()))
            .toList();
    return question(
        Kind.DESCRIBE,
        "Describe the image.",
        "",
        list(order.stream().map(facts::get).toList()),
        ".",
        order);
  }

  /// The things of some facts with their colours, for example `A brown car and a red dog`.
  static String list(List<Fact> facts) {
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < facts.size(); i++) {
      String thing = withArticle(facts.get(i).colour().word() + " " + facts.get(i).noun());
      String separator = i == 0 ? "" : i == facts.size() - 1 ? " and " : ", ";
      words
          .append(separator)
          .append(i == 0 ? Character.toUpperCase(thing.charAt(0)) + thing.substring(1) : thing);
    }
    return words.toString();
  }

  static String withArticle(String words) {
    return ("aeiou".indexOf(words.charAt(0)) >= 0 ? "an " : "a ") + words;
  }

  private static Question question(
      Kind kind, String text, String before, String key, String after, List<Integer> evidence) {
    return new Question(
        kind,
        text,
        before + key + after,
        before.length(),
        before.length() + key.length(),
        evidence);
  }
}
