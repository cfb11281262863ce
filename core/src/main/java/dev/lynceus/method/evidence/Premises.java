package dev.lynceus.method.evidence;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a question takes for granted: that things are there, and that they have attributes. `Why is
/// the apple purple?` grants an apple, and that it is purple; `Is the apple purple?` grants the
/// apple alone; `Which object is purple?` grants whatever the answer names that it is purple.
/// English only, by the order of words: an attribute stands before its thing, or after it and a
/// form of `to be`.
///
/// @param things that shall be there, each once
/// @param attributes that things shall have, each once
record Premises(List<String> things, List<Attribute> attributes) {

  /// What an attribute is about.
  enum Kind {
    COLOUR,
    NUMBER,
    /// Size, material, pattern, state.
    OTHER
  }

  /// An attribute that a question grants a thing.
  ///
  /// @param thing as the question has it; empty where the answer shall name it
  /// @param attribute likewise, for example `purple`
  record Attribute(String thing, String attribute, Kind kind) {

    /// The same of a thing that the answer names.
    Attribute of(String named) {
      return new Attribute(named, attribute, kind);
    }

    /// What the model is asked instead: a question that does not name the attribute where there is
    /// one, so that a model that likes to say yes cannot.
    String question() {
      boolean several = Things.several(thing);
      return switch (kind) {
        case COLOUR -> "What is the color of the " + thing + "?";
        case NUMBER -> "How many " + (several ? thing : thing + "s") + " are there?";
        case OTHER -> (several ? "Are the " : "Is the ") + thing + " " + attribute + "?";
      };
    }

    /// Words that an answer to the question may have in the attribute's place; empty where yes or
    /// no answers it.
    List<String> alternatives() {
      return switch (kind) {
        case COLOUR -> COLOURS;
        case NUMBER -> NUMBERS;
        case OTHER -> List.of();
      };
    }
  }

  private static final List<String> COLOURS =
      List.of(
          ("red green blue yellow orange purple pink brown black white gray grey beige tan gold"
                  + " golden silver violet turquoise cyan magenta maroon teal crimson navy cream")
              .split(" "));

  private static final List<String> NUMBERS =
      List.of(
          ("zero one two three four five six seven eight nine ten eleven twelve"
                  + " 0 1 2 3 4 5 6 7 8 9 10 11 12")
              .split(" "));

  private static final Set<String> OTHERS =
      Set.of(
          ("big large huge giant small little tiny tall short long wide narrow thick thin round"
                  + " square rectangular triangular wooden metal metallic plastic glass leather brick"
                  + " concrete striped spotted dotted checkered plaid plain shiny wet dry dirty clean"
                  + " open closed broken empty full new old young ripe rotten furry fluffy smooth"
                  + " bright dark sleeping asleep awake angry happy sad hot cold")
              .split(" "));

  /// Words for anything at all, which ask what it is that has an attribute.
  private static final Set<String> ANYTHING =
      Set.of("object", "objects", "thing", "things", "item", "items", "one", "ones", "what");

  private static final Set<String> BE =
      Set.of(
          ("is are was were be been being become became turn turned look looks seem seems appear"
                  + " appears")
              .split(" "));

  /// Words that may stand between a thing and its attribute.
  private static final Set<String> BETWEEN =
      Set.of("so", "very", "really", "all", "completely", "painted", "colored", "coloured", "such");

  private static final Set<String> ARTICLES =
      Set.of("a", "an", "the", "this", "that", "these", "those", "its", "his", "her", "their");

  /// Words that begin a question which yes or no answers: what it ends with is asked for.
  private static final Set<String> OPEN =
      Set.of("is", "are", "was", "were", "does", "do", "did", "can", "could", "has", "have");

  Premises {
    things = List.copyOf(things);
    attributes = List.copyOf(attributes);
  }

  /// Reads a question.
  static Premises of(String question) {
    List<String> words =
        Arrays.stream(question.split("[^\\p{L}\\p{N}'-]+"))
            .map(word -> word.toLowerCase(Locale.ROOT))
            .filter(word -> !word.isEmpty())
            .toList();
    boolean presence = Things.asksPresence(question);
    Set<String> things = new LinkedHashSet<>();
    Set<Attribute> attributes = new LinkedHashSet<>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      Kind kind = kind(word);
      String thing = kind == null ? null : before(words, i);
      boolean granted = !presence;
      if (thing == null && kind != null && kind != Kind.NUMBER) {
        thing = after(words, i);
        granted &= !OPEN.contains(words.getFirst());
      }
      if (kind == null || thing == null) {
        if (Things.names(word)) {
          things.add(word);
        }
      } else if (granted && ANYTHING.contains(thing) && kind != Kind.NUMBER) {
        attributes.add(new Attribute("", word, kind));
      } else if (granted) {
        attributes.add(new Attribute(thing, word, kind));
      }
    }
    return new Premises(List.copyOf(things), List.copyOf(attributes));
  }

  /// The attribute that a word of a statement gives a thing; null if it gives none. `Object` and
  /// its kin are things here.
  ///
  /// @param words in small letters
  static @Nullable Attribute attribute(List<String> words, int at) {
    Kind kind = kind(words.get(at));
    if (kind == null) {
      return null;
    }
    String thing = before(words, at);
    if (thing == null && kind != Kind.NUMBER) {
      thing = after(words, at);
    }
    return thing == null ? null : new Attribute(thing, words.get(at), kind);
  }

  /// The thing that an attribute stands before; null if there is none.
  private static @Nullable String before(List<String> words, int attribute) {
    int at = attribute + 1;
    while (at < words.size() && (kind(words.get(at)) != null || words.get(at).equals("and"))) {
      at++;
    }
    return at < words.size() && thing(words.get(at)) ? words.get(at) : null;
  }

  /// The thing that an attribute stands after; null if there is none.
  private static @Nullable String after(List<String> words, int attribute) {
    int at = attribute - 1;
    while (at >= 0 && BETWEEN.contains(words.get(at))) {
      at--;
    }
    if (at < 1) {
      return null;
    }
    if (BE.contains(words.get(at))) {
      // the apple is purple; which object is purple
      return thing(words.get(at - 1)) ? words.get(at - 1) : null;
    }
    // why is the apple purple
    if (!thing(words.get(at))) {
      return null;
    }
    int first = at - 1;
    while (first >= 0 && (ARTICLES.contains(words.get(first)) || kind(words.get(first)) != null)) {
      first--;
    }
    return first >= 0 && BE.contains(words.get(first)) ? words.get(at) : null;
  }

  /// Whether two attributes exclude each other: two colours, or two numbers.
  static boolean alike(String one, String other) {
    Kind kind = kind(one);
    return kind != null && kind != Kind.OTHER && kind == kind(other);
  }

  /// The attribute that an entry of a list gives a thing, for example `brown` a `car`.
  static Attribute attribute(String thing, String attribute) {
    Kind kind = kind(attribute);
    return new Attribute(thing, attribute, kind == null ? Kind.OTHER : kind);
  }

  /// Whether a word stands for anything at all, such as `objects`.
  static boolean anything(String word) {
    return ANYTHING.contains(word);
  }

  /// Whether a word says what something is like, not what it is.
  static boolean describes(String word) {
    return kind(word.toLowerCase(Locale.ROOT)) != null;
  }

  private static boolean thing(String word) {
    return ANYTHING.contains(word) || Things.names(word) && kind(word) == null;
  }

  private static @Nullable Kind kind(String word) {
    if (COLOURS.contains(word)) {
      return Kind.COLOUR;
    }
    if (NUMBERS.contains(word)) {
      return Kind.NUMBER;
    }
    return OTHERS.contains(word) ? Kind.OTHER : null;
  }
}
