package dev.lynceus.lab.hallucination;

import dev.lynceus.method.score.Share;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What descriptions name beside what is there: CHAIR (Rohrbach and others, arXiv 1809.02156), and
/// the same of colours.
///
/// @param mentions CHAIR_i: of all mentions of things, those of things that are not there
/// @param descriptions CHAIR_s: descriptions with at least one of these
/// @param covered of the things that are there, those that are named
/// @param colours of the mentions of things that are there with a colour, those with a wrong one
/// @param repeated mentions of a thing that was mentioned before
public record Chair(
    Share mentions, Share descriptions, Share covered, Share colours, Share repeated) {

  /// A description beside the truth.
  ///
  /// @param text what the model says
  /// @param there things in small letters, with their colours; an empty text for a colour that is
  ///   not known
  public record Description(String text, Map<String, String> there) {
    public Description {
      there = Map.copyOf(there);
    }
  }

  /// A thing that a text mentions.
  ///
  /// @param word number of the word
  /// @param thing its name
  /// @param colour the word before it, where that is a colour; else empty
  record Mention(int word, String thing, String colour) {}

  /// Counts.
  ///
  /// @param things all that can be mentioned, in small letters; also found in the plural with an s
  /// @param colours words for colours
  public static Chair of(List<Description> descriptions, Set<String> things, Set<String> colours) {
    int mentioned = 0;
    int invented = 0;
    int spoiled = 0;
    int there = 0;
    int covered = 0;
    int coloured = 0;
    int wrong = 0;
    int again = 0;
    for (Description description : descriptions) {
      Set<String> named = new LinkedHashSet<>();
      boolean spoils = false;
      for (Mention mention : mentions(description.text(), things, colours)) {
        mentioned++;
        again += named.add(mention.thing()) ? 0 : 1;
        String colour = description.there().get(mention.thing());
        if (colour == null) {
          invented++;
          spoils = true;
        } else if (!colour.isEmpty() && !mention.colour().isEmpty()) {
          coloured++;
          wrong += colour.equals(mention.colour()) ? 0 : 1;
        }
      }
      spoiled += spoils ? 1 : 0;
      there += description.there().size();
      covered += (int) description.there().keySet().stream().filter(named::contains).count();
    }
    return new Chair(
        Share.of(invented, mentioned),
        Share.of(spoiled, descriptions.size()),
        Share.of(covered, there),
        Share.of(wrong, coloured),
        Share.of(again, mentioned));
  }

  /// What a text mentions, in its order.
  static List<Mention> mentions(String text, Set<String> things, Set<String> colours) {
    List<Mention> mentions = new ArrayList<>();
    String[] words = text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+", -1);
    for (int i = 0; i < words.length; i++) {
      String word = words[i];
      String one = word.endsWith("s") && !things.contains(word) ? chopped(word) : word;
      if (things.contains(one)) {
        String before = i > 0 && colours.contains(words[i - 1]) ? words[i - 1] : "";
        mentions.add(new Mention(i, one, before));
      }
    }
    return mentions;
  }

  private static String chopped(String word) {
    return word.substring(0, word.length() - 1);
  }
}
