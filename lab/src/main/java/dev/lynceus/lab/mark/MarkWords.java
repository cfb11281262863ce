package dev.lynceus.lab.mark;

import dev.lynceus.method.Spoken;
import java.util.Comparator;
import java.util.List;

/// What a report shows, in a sentence that its numbers carry.
public final class MarkWords {
  /// Less is not told as an effect, nats.
  private static final double FLOOR = .01;

  private MarkWords() {}

  /// Whether an operator does more at the region than at every control, by more than nothing.
  static boolean special(MarkReport.Row row) {
    return row.beatsControls() && row.specificity() > FLOOR;
  }

  /// Whether an operator lowers the answer more at the region than at every control.
  static boolean lowers(MarkReport.Row row) {
    return !row.controls().isEmpty()
        && row.specificity() < -FLOOR
        && row.controls().stream().allMatch(one -> row.effect() < one);
  }

  private static String nats(double value) {
    return Spoken.number(value) + " nats";
  }

  /// The operators whose effect at the region is larger than at every control, the most specific
  /// first; and those whose loss is.
  public static String conclusion(MarkReport report) {
    List<MarkReport.Row> judged =
        report.operators().stream().filter(row -> !row.controls().isEmpty()).toList();
    if (judged.isEmpty()) {
      return "No operator was compared with regions elsewhere, so nothing is known of specificity.";
    }
    List<MarkReport.Row> specific =
        judged.stream()
            .filter(row -> special(row))
            .sorted(Comparator.comparingDouble((MarkReport.Row row) -> -row.specificity()))
            .toList();
    List<MarkReport.Row> down =
        judged.stream()
            .filter(MarkWords::lowers)
            .sorted(Comparator.comparingDouble(MarkReport.Row::specificity))
            .toList();
    StringBuilder text = new StringBuilder();
    if (specific.isEmpty()) {
      text.append(
          "No operator does more for the answer at the region than at every region elsewhere.");
    } else {
      MarkReport.Row best = specific.getFirst();
      text.append(
          best.effect() > FLOOR
              ? "%s raises the answer at the region by %s, elsewhere by %s."
                  .formatted(best.operator(), nats(best.effect()), nats(best.controlMean()))
              : "No operator raises the answer much, whose probability is %s; at the region %s costs it %s, elsewhere %s: the region carries it."
                  .formatted(
                      Spoken.percent(Math.exp(report.log())),
                      best.operator(),
                      nats(-best.effect()),
                      nats(-best.controlMean())));
    }
    if (!down.isEmpty()) {
      MarkReport.Row worst = down.getFirst();
      text.append(
          " %s at the region takes %s away, elsewhere %s."
              .formatted(worst.operator(), nats(-worst.effect()), nats(-worst.controlMean())));
    }
    return text.toString();
  }
}
