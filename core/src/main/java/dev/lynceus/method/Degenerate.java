package dev.lynceus.method;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Results that tell nothing, or not what they seem to: numbers that are not finite, a map without
/// any difference, one patch that has it all, words that are one word. Such a result is no failure;
/// it may be the truth about a model. But a reader should not have to find it out: these are the
/// notes that stand beside it, in text, JSON and on pages.
public final class Degenerate {

  /// Differences below this part of the largest value are rounding.
  private static final double ROUNDING = 1e-7;

  /// From this share on, one patch has it all.
  private static final double ALL = .9;

  /// Of fewer values, one may well be the largest by far, or all be equal.
  private static final int FEW = 4;

  private Degenerate() {}

  /// What a reader should know of an explanation before believing it.
  static List<String> notes(Explanation explanation) {
    List<String> notes = new ArrayList<>();
    for (Explanation.WordExplanation word : explanation.words()) {
      String of = " of \u201c" + word.target().text().strip() + "\u201d";
      for (Explanation.PatchMap map : word.maps()) {
        map("the map " + map.id() + of, map.values()).ifPresent(notes::add);
      }
      double[] heads = Arrays.stream(word.heads()).flatMapToDouble(Arrays::stream).toArray();
      values("the increase" + of, heads, "heads").ifPresent(notes::add);
    }
    for (Explanation.ImageView image : explanation.images()) {
      List<String> first =
          image.visualWords().stream()
              .filter(patch -> !patch.input().isEmpty())
              .map(patch -> patch.input().getFirst().text())
              .toList();
      places("every visual token of " + image.name(), first, "patches").ifPresent(notes::add);
    }
    return List.copyOf(notes);
  }

  /// What is odd about the values of a map of patches; empty where nothing is.
  ///
  /// @param what what the note calls it, for example `the map best-head`
  public static Optional<String> map(String what, double[] values) {
    Optional<String> plain = values(what, values, "patches");
    if (plain.isPresent() || values.length < FEW) {
      return plain;
    }
    double sum = Arrays.stream(values).map(Math::abs).sum();
    double most = Arrays.stream(values).map(Math::abs).max().orElse(0);
    return most > ALL * sum
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "%s has %.0f %% of its weight on one of %d patches",
                what,
                100 * most / sum,
                values.length))
        : Optional.empty();
  }

  /// What is odd about some scores; empty where nothing is.
  ///
  /// @param what what the note calls them
  /// @param of what they are scores of, in the plural
  public static Optional<String> values(String what, double[] values, String of) {
    long wrong = Arrays.stream(values).filter(value -> !Double.isFinite(value)).count();
    if (wrong > 0) {
      return Optional.of(
          "%s has %d of %d values that are not finite".formatted(what, wrong, values.length));
    }
    if (values.length < FEW) {
      return Optional.empty();
    }
    double least = Arrays.stream(values).min().orElse(0);
    double most = Arrays.stream(values).max().orElse(0);
    if (least == 0 && most == 0) {
      return Optional.of("%s is zero for all %d %s".formatted(what, values.length, of));
    }
    return most - least <= ROUNDING * Math.max(Math.abs(least), Math.abs(most))
        ? Optional.of(
            "%s has the same value for all %d %s: it tells none from another"
                .formatted(what, values.length, of))
        : Optional.empty();
  }

  /// What is odd about a list of words that should differ; empty where nothing is.
  public static Optional<String> words(String what, List<Explanation.Word> words) {
    Optional<String> scores =
        values(what, words.stream().mapToDouble(Explanation.Word::score).toArray(), "words");
    if (scores.isPresent() || words.size() < FEW) {
      return scores;
    }
    List<String> different = words.stream().map(word -> word.text().strip()).distinct().toList();
    return different.size() == 1
        ? Optional.of(
            "%s reads \u201c%s\u201d %d times".formatted(what, different.getFirst(), words.size()))
        : Optional.empty();
  }

  /// What is odd about words that are read at many places; empty where nothing is.
  ///
  /// @param places what they are, in the plural
  public static Optional<String> places(String what, List<String> first, String places) {
    return first.size() > FEW && first.stream().map(String::strip).distinct().count() == 1
        ? Optional.of(
            "%s reads \u201c%s\u201d at all %d %s"
                .formatted(what, first.getFirst().strip(), first.size(), places))
        : Optional.empty();
  }
}
