package dev.lynceus.lab.strategy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a text speaks of: words after an article, up to the end of that phrase.
public final class Things {
  private static final Pattern PHRASE =
      Pattern.compile(
          "\\b(an?|the)((?: (?!(?:an?|the|and|or|of|is|are|in|on|at|with|to|that|which|by|so|has|was|near)\\b)\\p{L}+)+)",
          Pattern.CASE_INSENSITIVE);

  private Things() {}

  /// The phrases with the article `a` or `an`, each once, for example `a brown car`.
  public static List<String> of(String text) {
    List<String> things = new ArrayList<>();
    Matcher phrases = PHRASE.matcher(text);
    while (phrases.find()) {
      String words = phrases.group(2).strip().toLowerCase(Locale.ROOT);
      String thing = ("aeiou".indexOf(words.charAt(0)) >= 0 ? "an " : "a ") + words;
      if (!things.contains(thing)) {
        things.add(thing);
      }
    }
    return things;
  }

  /// The last word of each phrase, which names the thing, each once.
  public static List<String> nouns(String text) {
    return of(text).stream()
        .map(one -> one.substring(one.lastIndexOf(' ') + 1))
        .distinct()
        .toList();
  }

  /// The sentences of a text; the end marks stay.
  public static List<String> sentences(String text) {
    return Stream.of(text.strip().split("(?<=[.!?])\\s+")).filter(one -> !one.isBlank()).toList();
  }
}
