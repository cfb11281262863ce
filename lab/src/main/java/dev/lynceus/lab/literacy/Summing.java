package dev.lynceus.lab.literacy;

import dev.lynceus.lab.literacy.Taken.Verdict;
import dev.lynceus.method.score.Ranks;
import dev.lynceus.method.score.Share;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Adds up what was answered.
///
/// @param taken all items, at least one
record Summing(List<Taken> taken) {
  private static final double[] COVERAGES = {1, .9, .8, .7, .6, .5, .4, .3, .2, .1};
  private static final int PLACES = 4;

  /// Scores of the items that share something, in the order in which it first comes.
  List<LiteracyScores> by(Function<LiteracyItem, String> what) {
    Map<String, List<Taken>> groups = new LinkedHashMap<>();
    taken.forEach(
        one -> groups.computeIfAbsent(what.apply(one.item()), key -> new ArrayList<>()).add(one));
    return groups.entrySet().stream()
        .map(group -> LiteracyScores.of(group.getKey(), group.getValue()))
        .toList();
  }

  private static Share share(List<Taken> of, Predicate<Taken> so) {
    return Share.of((int) of.stream().filter(so).count(), of.size());
  }

  private static boolean rightAtFirst(Taken one) {
    return one.asked().getFirst().option() == one.item().key();
  }

  LiteracyReport.Orders orders() {
    int most = taken.stream().mapToInt(one -> one.asked().size()).max().orElse(0);
    List<Double> right = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      int order = i;
      right.add(
          taken.stream()
              .filter(one -> one.asked().size() > order)
              .mapToDouble(one -> one.asked().get(order).option() == one.item().key() ? 1 : 0)
              .average()
              .orElse(Double.NaN));
    }
    List<Double> picked = new ArrayList<>();
    List<Taken.Asked> four =
        taken.stream()
            .filter(one -> one.item().options().size() == PLACES)
            .flatMap(one -> one.asked().stream())
            .toList();
    for (int place = 0; place < PLACES; place++) {
      int at = place;
      picked.add(
          four.stream()
              .mapToDouble(one -> one.answer().option() == at ? 1 : 0)
              .average()
              .orElse(Double.NaN));
    }
    return new LiteracyReport.Orders(
        right,
        share(taken.stream().filter(one -> one.asked().size() > 1).toList(), Taken::steady),
        picked);
  }

  LiteracyReport.@Nullable Controls controls() {
    List<Taken> asked = taken.stream().filter(one -> !one.controls().isEmpty()).toList();
    if (asked.isEmpty()) {
      return null;
    }
    List<Taken> legend =
        asked.stream().filter(one -> one.controls().containsKey(Seen.NO_LEGEND)).toList();
    List<Taken> judged = asked.stream().filter(one -> one.verdict() != Verdict.OPEN).toList();
    return new LiteracyReport.Controls(
        share(asked, Summing::rightAtFirst),
        answered(asked, Seen.NONE, false),
        answered(asked, Seen.BLANK, false),
        answered(asked, Seen.SWAPPED, true),
        share(judged, one -> one.verdict() == Verdict.SEEN),
        share(asked, Taken::unmoved),
        share(legend, Summing::rightAtFirst),
        answered(legend, Seen.NO_LEGEND, false));
  }

  private static Share answered(List<Taken> all, Seen seen, boolean follows) {
    List<Taken> asked = all.stream().filter(one -> one.controls().containsKey(seen)).toList();
    return share(
        asked,
        one ->
            java.util.Objects.requireNonNull(one.controls().get(seen)).option()
                == (follows ? one.item().right(seen) : one.item().key()));
  }

  /// Answers in the order of how sure they are: the most probable option, whatever passing over
  /// had.
  List<LiteracyReport.Risk> risk() {
    List<Taken> sure =
        taken.stream()
            .sorted(
                Comparator.comparingDouble((Taken one) -> -one.asked().getFirst().bestConfidence()))
            .toList();
    List<LiteracyReport.Risk> risk = new ArrayList<>();
    for (double coverage : COVERAGES) {
      int count = Math.max(1, (int) Math.round(coverage * sure.size()));
      double right = 0;
      double corrected = 0;
      for (Taken one : sure.subList(0, count)) {
        boolean hit = one.asked().getFirst().bestOption() == one.item().key();
        right += hit ? 1 : 0;
        corrected += hit ? 1 : -1.0 / (one.item().options().size() - 1);
      }
      risk.add(
          new LiteracyReport.Risk(
              count / (double) sure.size(),
              sure.get(count - 1).asked().getFirst().bestConfidence(),
              right / count,
              corrected));
    }
    return risk;
  }

  LiteracyReport.@Nullable Spoken spoken() {
    List<Taken> said = taken.stream().filter(one -> one.spoken() != null).toList();
    return said.isEmpty()
        ? null
        : new LiteracyReport.Spoken(
            share(said, one -> Integer.valueOf(one.item().key()).equals(one.spoken())),
            share(said, one -> !Integer.valueOf(-1).equals(one.spoken())));
  }

  LiteracyReport.@Nullable Human human() {
    List<Taken> known = taken.stream().filter(one -> one.item().difficulty().isPresent()).toList();
    if (known.size() < 3) {
      return null;
    }
    double[] people =
        known.stream().mapToDouble(one -> one.item().difficulty().orElseThrow()).toArray();
    double[] own =
        known.stream()
            .mapToDouble(one ->
                one.asked().stream()
                    .mapToDouble(
                        a -> a.answer().probabilities().get(a.order().indexOf(one.item().key())))
                    .average()
                    .orElse(Double.NaN))
            .toArray();
    return new LiteracyReport.Human(
        Ranks.spearman(own, people),
        known.size(),
        java.util.Arrays.stream(people).average().orElse(Double.NaN));
  }

  List<LiteracyReport.ItemRow> rows() {
    return taken.stream().map(Summing::row).toList();
  }

  private static LiteracyReport.ItemRow row(Taken one) {
    LiteracyItem item = one.item();
    Taken.Asked first = one.asked().getFirst();
    List<Double> probabilities = new ArrayList<>();
    IntStream.range(0, item.options().size())
        .forEach(
            i -> probabilities.add(first.answer().probabilities().get(first.order().indexOf(i))));
    int omit = first.order().indexOf(Taken.OMITTED);
    if (omit >= 0) {
      probabilities.add(first.answer().probabilities().get(omit));
    }
    Map<String, Integer> controls = new LinkedHashMap<>();
    for (Seen seen : Seen.values()) {
      Taken.Asked asked = one.controls().get(seen);
      if (asked != null) {
        controls.put(seen.label(), asked.option());
      }
    }
    return new LiteracyReport.ItemRow(
        item.id(),
        item.chart(),
        item.task(),
        item.variant(),
        item.question(),
        item.options(),
        item.key(),
        first.option(),
        probabilities,
        one.right(),
        one.omitted(),
        one.verdict().label(),
        controls,
        one.spoken(),
        item.difficulty().isPresent() ? item.difficulty().getAsDouble() : null);
  }
}
