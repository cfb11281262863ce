package dev.lynceus.error;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// What a word may have been meant for, for the next step of an error.
public final class Spelling {
  private static final int SUGGESTED = 3;

  private Spelling() {}

  /// How many letters have to be put in, left out or changed (Levenshtein).
  public static int distance(String one, String other) {
    int[] before = IntStream.rangeClosed(0, other.length()).toArray();
    for (int i = 1; i <= one.length(); i++) {
      int[] now = new int[before.length];
      now[0] = i;
      for (int j = 1; j < now.length; j++) {
        int same = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
        now[j] = Math.min(before[j - 1] + same, 1 + Math.min(before[j], now[j - 1]));
      }
      before = now;
    }
    return before[other.length()];
  }

  /// The words that are written much like one, nearest first, three at most: no more than half of
  /// its letters differ.
  public static List<String> near(String word, Collection<String> known) {
    return known.stream()
        .filter(one -> distance(word, one) <= (word.length() + 1) / 2)
        .sorted(Comparator.comparingInt(one -> distance(word, one)))
        .limit(SUGGESTED)
        .toList();
  }
}
