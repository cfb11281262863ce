package dev.lynceus.pupil.world;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/// A text that states facts: what a picture is for visual questions. The plain form, `The dog is
/// brown. The car is red.`, is the twin of a picture with the same things.
///
/// @param text the sentences
/// @param facts what they state, in the order in which they do
/// @param kinds questions that can be asked about the text
public record Story(String text, List<Fact> facts, Set<Question.Kind> kinds) {
  private static final Set<Question.Kind> WITHOUT_PLACES =
      EnumSet.of(
          Question.Kind.COLOUR,
          Question.Kind.WHICH,
          Question.Kind.EXISTS,
          Question.Kind.COUNT,
          Question.Kind.SAME);

  /// Things that texts speak of and pictures do not show.
  private static final List<String> MORE_NOUNS =
      List.of(
          "truck", "shoe", "chair", "shirt", "cup", "ball", "hat", "bird", "flower", "bottle",
          "boat", "box", "door", "table", "lamp", "book");

  /// All nouns of texts: those of the pictures, and more.
  public static List<String> nouns() {
    List<String> all = new ArrayList<>(Silhouette.names());
    all.addAll(MORE_NOUNS);
    return all;
  }

  /// The plain form of some facts.
  public static Story plain(List<Fact> facts) {
    List<String> sentences =
        facts.stream().map(f -> "The " + f.noun() + " is " + f.colour().word() + ".").toList();
    return new Story(String.join(" ", sentences), facts, WITHOUT_PLACES);
  }

  /// The index in the text at which the sentence about a fact begins, for stories in plain form.
  public int sentence(int fact) {
    int start = 0;
    for (int i = 0; i < fact; i++) {
      start = text.indexOf('.', start) + 2;
    }
    return start;
  }

  /// A text of 1 to 4 random facts, in one of the forms of the training.
  public static Story random(RandomGenerator random) {
    List<Fact> facts = facts(random, 1 + random.nextInt(4));
    return switch (random.nextInt(6)) {
      case 0 -> new Story(Asker.list(facts) + ".", facts, WITHOUT_PLACES);
      case 1 -> {
        String list = Asker.list(facts);
        yield new Story(
            "The image shows " + Character.toLowerCase(list.charAt(0)) + list.substring(1) + ".",
            facts,
            WITHOUT_PLACES);
      }
      case 2, 3 -> withPlaces(facts, random);
      default -> plain(facts);
    };
  }

  private static Story withPlaces(List<Fact> facts, RandomGenerator random) {
    List<Fact> placed = new ArrayList<>();
    List<String> sentences = new ArrayList<>();
    for (Fact fact : facts) {
      Place place = Place.values()[random.nextInt(Place.values().length)];
      placed.add(new Fact(fact.noun(), fact.colour(), Optional.of(place), Double.NaN));
      sentences.add(
          "The %s %s is at the %s.".formatted(fact.colour().word(), fact.noun(), place.words()));
    }
    Set<Question.Kind> kinds = EnumSet.copyOf(WITHOUT_PLACES);
    kinds.add(Question.Kind.WHERE);
    return new Story(String.join(" ", sentences), placed, kinds);
  }

  /// Facts about different things; one colour in five is that of another thing.
  public static List<Fact> facts(RandomGenerator random, int count) {
    List<String> nouns = nouns();
    Collections.shuffle(nouns, random);
    List<Fact> facts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Colour colour = Colour.values()[random.nextInt(Colour.values().length)];
      if (i > 0 && random.nextInt(5) == 0) {
        colour = facts.get(random.nextInt(i)).colour();
      }
      facts.add(Fact.of(nouns.get(i), colour));
    }
    return facts;
  }
}
