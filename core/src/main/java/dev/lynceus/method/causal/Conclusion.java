package dev.lynceus.method.causal;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.WordChoice;
import dev.lynceus.method.attention.HeadRef;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// What a causal map shows, in a sentence or two that its numbers carry: first whether there was
/// anything to find, then the cell that matters most, and how many matter; that none does where
/// none does. It speaks of log probabilities, whatever metric is listed.
public final class Conclusion {
  /// Nats below which a change is not spoken of: a tenth of a probability.
  private static final double LEAST = WordChoice.LEAST;

  /// Share of what was lost below which a state is not said to give it back.
  private static final double SHARE = .1;

  private Conclusion() {}

  /// What silencing heads together shows, beside random ones of the same layers.
  ///
  /// @param word that was measured
  public static String of(Silencing.Result found, String word) {
    String name = "\u201c" + word.strip() + "\u201d";
    boolean one = found.without().heads().size() == 1;
    String who =
        found.without().heads().size() > 4
            ? "these %d heads".formatted(found.without().heads().size())
            : (one ? "head " : "heads ")
                + String.join(
                    found.without().heads().size() == 2 ? " and " : ", ",
                    found.without().heads().stream().map(HeadRef::text).toList());
    double change = found.without().measured().logProbability() - found.clean().logProbability();
    String moved =
        "Without %s the probability of %s goes from %s to %s (%s)"
            .formatted(
                who,
                name,
                Spoken.percent(found.clean().probability()),
                Spoken.percent(found.without().measured().probability()),
                Spoken.nats(change));
    String said =
        found.without().answer().equals(found.answer())
            ? "; the answer stays the same."
            : "; the answer becomes \u201c%s\u201d."
                .formatted(found.without().answer().replaceFirst("\\.$", ""));
    if (Math.abs(change) < LEAST) {
      return moved
          + said
          + " They are not needed: others may do the same."
              .replace("They are", one ? "It is" : "They are");
    }
    if (found.randoms().isEmpty()) {
      return moved
          + said
          + " No other heads of these layers were silenced beside, so any might do.";
    }
    double mean =
        found.randoms().stream()
            .mapToDouble(
                random -> random.measured().logProbability() - found.clean().logProbability())
            .average()
            .orElseThrow();
    long asFar =
        found.randoms().stream()
            .mapToDouble(
                random -> random.measured().logProbability() - found.clean().logProbability())
            .filter(other -> change < 0 ? other <= change : other >= change)
            .count();
    String beside =
        " Random heads of the same layers change it by %s in the mean, and %s of %d as far."
            .formatted(
                Spoken.nats(mean),
                asFar == 0 ? "none" : Long.toString(asFar),
                found.randoms().size());
    return moved
        + said
        + beside
        + (asFar == 0 ? "" : " So it is not these heads alone that count.");
  }

  /// The conclusion of a map.
  ///
  /// @param word that was measured
  public static String of(CausalMap map, String word) {
    String name = "\u201c" + word.strip() + "\u201d";
    if (map.gate().filter(gate -> !gate.passed()).isPresent()) {
      return "The corruption hardly moves "
          + name
          + ", so there is nothing that single states could give back: this map tells little."
          + " Corrupt more, or another part.";
    }
    List<CausalMap.Cell> cells =
        map.strongest(Measures.Metric.LOG_PROBABILITY, Integer.MAX_VALUE).stream()
            .filter(cell -> Double.isFinite(cell.change()))
            .toList();
    if (cells.isEmpty()) {
      return "No changed run gave a finite number.";
    }
    if (map.method().equals(AttentionKnockout.RANDOM)) {
      return random(map, name, cells);
    }
    return map.other().isPresent() ? moved(map, name, cells) : needed(map, name, cells);
  }

  /// Looks were drawn at random, as many as those of the edges.
  private static String random(CausalMap map, String name, List<CausalMap.Cell> cells) {
    CausalMap.Cell lowest =
        cells.stream().min(Comparator.comparingDouble(CausalMap.Cell::change)).orElseThrow();
    if (lowest.change() > -LEAST) {
      return "As many random looks taken away cost %s less than 0.1 nats in every window (%d draws)."
          .formatted(name, map.repeats());
    }
    return "As many random looks taken away change %s by %s at worst (%s, mean of %d draws)."
        .formatted(name, Spoken.nats(lowest.change()), place(map, lowest), map.repeats());
  }

  /// States of another run were put in.
  private static String moved(CausalMap map, String name, List<CausalMap.Cell> cells) {
    double gap = map.other().orElseThrow().logProbability() - map.base().logProbability();
    if (Math.abs(gap) < LEAST) {
      return "The two runs say %s alike (%s apart), so putting states of one into the other has nothing to move."
          .formatted(name, Spoken.nats(gap));
    }
    CausalMap.Cell best =
        cells.stream().max(Comparator.comparingDouble(cell -> cell.change() / gap)).orElseThrow();
    long enough = cells.stream().filter(cell -> cell.change() / gap >= SHARE).count();
    double share = best.change() / gap;
    if (share < SHARE) {
      return "No single state moves %s far: none of %d takes it a tenth of the way from one run to the other (most: %s, %s)."
          .formatted(name, cells.size(), place(map, best), Spoken.percent(Math.max(0, share)));
    }
    return "%s moves %s most: taken from the other run alone, it takes its log probability %s of the way from %s to %s. %s"
        .formatted(
            capital(place(map, best)),
            name,
            Spoken.percent(share),
            Spoken.percent(map.base().probability()),
            Spoken.percent(map.other().orElseThrow().probability()),
            enough == 1
                ? "No other of %d takes it a tenth of the way.".formatted(cells.size())
                : "%d of %d take it a tenth of the way or more.".formatted(enough, cells.size()));
  }

  /// Something was taken away.
  private static String needed(CausalMap map, String name, List<CausalMap.Cell> cells) {
    CausalMap.Cell lowest =
        cells.stream().min(Comparator.comparingDouble(CausalMap.Cell::change)).orElseThrow();
    CausalMap.Cell highest =
        cells.stream().max(Comparator.comparingDouble(CausalMap.Cell::change)).orElseThrow();
    StringBuilder text = new StringBuilder();
    String things = thing(map);
    if (lowest.change() > -LEAST) {
      text.append(
          String.format(
              Locale.ROOT,
              "No single %s is needed for %s: without any one of %d its log probability falls by"
                  + " less than 0.1 nats. Several together may be.",
              things,
              name,
              cells.size()));
    } else {
      long many = cells.stream().filter(cell -> cell.change() <= -LEAST).count();
      Measures after = map.cells().get(lowest.row()).get(lowest.column());
      text.append(
          "%s needs %s most: without it the probability falls from %s to %s (%s). "
              .formatted(
                  name,
                  place(map, lowest),
                  Spoken.percent(map.base().probability()),
                  Spoken.percent(after.probability()),
                  Spoken.nats(lowest.change())));
      text.append(
          many == 1
              ? "It is the only one of %d that costs 0.1 nats.".formatted(cells.size())
              : "%d of %d cost 0.1 nats or more.".formatted(many, cells.size()));
    }
    if (highest.change() >= LEAST) {
      text.append(
          " Without %s it rises (%s)."
              .formatted(place(map, highest), Spoken.nats(highest.change())));
    }
    return text.toString();
  }

  private static String thing(CausalMap map) {
    boolean patches = map.rowAxis().equals("row") && map.columnAxis().equals("column");
    boolean masks = map.columnAxis().equals("hidden");
    return patches || masks ? "part of the picture" : map.columnAxis();
  }

  /// A cell as a sentence says it.
  static String place(CausalMap map, CausalMap.Cell cell) {
    if (!map.columnAxis().equals("hidden")) {
      return map.label(cell);
    }
    // Of a mask the label is no part of a sentence.
    String mask = map.rowAxis() + " " + map.rows().get(cell.row());
    String hidden = map.columns().get(cell.column());
    return hidden.equals("all but it")
        ? "what lies outside of " + mask
        : "what " + mask + " marks" + (hidden.startsWith("+") ? " with" + hidden.substring(1) : "");
  }

  /// The conclusion of estimates by gradients: what the strongest of them did when it was patched,
  /// and how far the others are to be believed.
  ///
  /// @param word that was measured
  public static String of(AttributionMap map, String word) {
    String name = "\u201c" + word.strip() + "\u201d";
    String metric = map.metric().label();
    double gap = map.other().of(map.metric()) - map.base().of(map.metric());
    if (Math.abs(gap) < least(map.metric())) {
      return "The two runs hardly differ in the %s of %s, so there is nothing that single states could carry over."
          .formatted(metric, name);
    }
    List<AttributionMap.Cell> tested =
        Stream.concat(map.strongest().cells().stream(), map.sample().cells().stream())
            .filter(cell -> Double.isFinite(cell.change()))
            .toList();
    if (tested.isEmpty()) {
      return "Nothing was patched, so these are estimates only: --retest tests the strongest.";
    }
    AttributionMap.Cell best =
        tested.stream().max(Comparator.comparingDouble(cell -> cell.change() / gap)).orElseThrow();
    double share = best.change() / gap;
    String found =
        share < SHARE
            ? "None of the %d states that were patched takes the %s of %s a tenth of the way from one run to the other."
                .formatted(tested.size(), metric, name)
            : "%s moves %s most of the %d states that were patched: it takes its %s %s of the way from one run to the other."
                .formatted(
                    capital(map.label(best.row(), best.column())),
                    name,
                    tested.size(),
                    metric,
                    Spoken.percent(share));
    return found + " " + belief(map.sample());
  }

  /// How far estimates are to be believed, by those that were drawn at random.
  private static String belief(AttributionMap.Tested sample) {
    return sample
        .agreement()
        .map(value ->
            "Of %d random ones estimates and measured changes agree %s (rank correlation %s)."
                .formatted(
                    sample.cells().size(),
                    value >= .8 ? "well" : value >= .5 ? "roughly" : "little",
                    Spoken.number(value)))
        .orElse("How far the other estimates hold was not tested.");
  }

  private static double least(Measures.Metric metric) {
    return metric == Measures.Metric.PROBABILITY ? .01 : LEAST;
  }

  /// The conclusion of steering: whether the direction does more than random ones of its length,
  /// and from which strength on the answer is another.
  ///
  /// @param word that was measured
  public static String of(Steering.Result found, String word) {
    return moved(found, word) + found.reading().map(Conclusion::read).orElse("");
  }

  private static String read(ReadingVector.Score score) {
    String right =
        " Prompts about other pictures are told apart by it in %s, mixed up in %s"
            .formatted(score.right().text(), Spoken.number(score.mixed()));
    return score.right().low() > Math.max(.5, score.mixed())
        ? right + "."
        : right + ": it is not shown that it can be read.";
  }

  private static String moved(Steering.Result found, String word) {
    String name = "\u201c" + word.strip() + "\u201d";
    List<Steering.Step> steps = found.steps().stream().filter(step -> step.strength() > 0).toList();
    if (steps.isEmpty()) {
      return "No strength above 0 was tried.";
    }
    double clean = found.clean().logProbability();
    Steering.Step most =
        steps.stream()
            .max(Comparator.comparingDouble(step -> step.steered().logProbability()))
            .orElseThrow();
    double change = most.steered().logProbability() - clean;
    if (change < LEAST) {
      return "The direction does not raise %s at any strength.".formatted(name);
    }
    String raised =
        "At strength %s the direction raises %s from %s to %s"
            .formatted(
                strength(most.strength()),
                name,
                Spoken.percent(found.clean().probability()),
                Spoken.percent(most.steered().probability()));
    if (most.randoms().isEmpty()) {
      return raised
          + "; random directions were not tried, so it may be its length alone."
          + answers(found);
    }
    double chance =
        most.randoms().stream().mapToDouble(Measures::logProbability).max().orElseThrow();
    String against =
        most.steered().logProbability() - chance < LEAST
            ? "; a random direction of its length does as much, so it is not the direction that counts."
            : ", more than each of %d random directions of its length (at most %s)."
                .formatted(most.randoms().size(), Spoken.percent(Math.exp(chance)));
    return raised + against + answers(found);
  }

  private static String answers(Steering.Result found) {
    Optional<String> own =
        found.steps().stream()
            .filter(step -> step.strength() == 0)
            .map(Steering.Step::answer)
            .findFirst();
    List<Steering.Step> other =
        found.steps().stream()
            .filter(step -> step.strength() > 0)
            .filter(step -> own.isPresent() && !step.answer().equals(own.get()))
            .sorted(Comparator.comparingDouble(Steering.Step::strength))
            .toList();
    if (own.isEmpty()) {
      return "";
    }
    if (other.isEmpty()) {
      return " The answer stays the same.";
    }
    Steering.Step first = other.getFirst();
    return first.answer().split("\\s+").length > 4 * distinct(first.answer())
        ? " From strength %s on the answer is no sentence any more: the model is broken rather than steered."
            .formatted(strength(first.strength()))
        : " From strength %s on the answer is another: \u201c%s\u201d"
            .formatted(strength(first.strength()), first.answer());
  }

  private static long distinct(String answer) {
    return Stream.of(answer.split("\\s+")).distinct().count();
  }

  private static String strength(double value) {
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : Spoken.number(value).replaceFirst("0+$", "");
  }

  private static String capital(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
