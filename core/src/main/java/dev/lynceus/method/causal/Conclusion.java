package dev.lynceus.method.causal;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.WordChoice;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a causal map shows, in a sentence or two that its numbers carry: first whether there was
/// anything to find, then the cell that matters most, and how many matter; that none does where
/// none does. It speaks of log probabilities, whatever metric is listed.
public final class Conclusion {
  /// Nats below which a change is not spoken of: a tenth of a probability.
  private static final double LEAST = WordChoice.LEAST;

  /// Share of what was lost below which a state is not said to give it back.
  private static final double SHARE = .1;

  private static final Pattern PATCH =
      Pattern.compile("image\\[(\\d+)](?:\\.tile\\[\\d+])?\\.row\\[(\\d+)]\\.col\\[(\\d+)]");

  private Conclusion() {}

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
    return map.other().isPresent() ? moved(map, name, cells) : needed(map, name, cells);
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
              "No single %s is needed for %s: without any one of %d its log probability falls by at most %.4f nats."
                  + " Several together may be.",
              things,
              name,
              cells.size(),
              Math.max(0, -lowest.change())));
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
              ? "It is the only one of %d that costs .1 nats.".formatted(cells.size())
              : "%d of %d cost .1 nats or more.".formatted(many, cells.size()));
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
    return patches ? "part of the picture" : map.columnAxis();
  }

  /// A cell as a sentence says it.
  static String place(CausalMap map, CausalMap.Cell cell) {
    String column = cell.columnLabel();
    Matcher patch = PATCH.matcher(column);
    String where =
        patch.matches()
            ? "row " + patch.group(2) + ", column " + patch.group(3) + " of the picture"
            : map.columnAxis() + " " + column;
    if (map.rows().size() == 1 && map.rowAxis().isEmpty()) {
      return where;
    }
    return map.rowAxis() + " " + cell.rowLabel() + ", " + where;
  }

  private static String capital(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
