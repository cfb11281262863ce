package dev.lynceus.lab.vote;

import dev.lynceus.method.Spoken;
import java.util.List;

/// What a vote shows, in a sentence that its numbers carry.
public final class VoteWords {
  /// Weights that differ by less share nothing out.
  private static final double LEAST = .01;

  private VoteWords() {}

  /// What EASE says, who says something else, and whether the weights did anything.
  public static String conclusion(VoteReport report) {
    VoteReport.Total ease = report.total("ease");
    double won = ease.distribution().get(report.labels().indexOf(ease.answer()));
    List<VoteReport.Total> others =
        report.totals().stream()
            .filter(one -> !one.name().equals("ease") && !one.answer().equals(ease.answer()))
            .toList();
    StringBuilder text = new StringBuilder();
    text.append("“%s” has %s of the weighed votes".formatted(ease.answer(), Spoken.percent(won)));
    if (others.isEmpty()) {
      text.append("; every other way to decide says the same.");
    } else {
      for (VoteReport.Total one : others) {
        text.append("; %s says “%s”".formatted(one.name(), one.answer()));
      }
      text.append('.');
    }
    long consistent = report.samples().stream().filter(one -> !one.consistent()).count();
    if (consistent > 0) {
      text.append(
          " %d of %d drawn answers contradict%s what their own explanation makes most probable."
              .formatted(consistent, report.samples().size(), consistent == 1 ? "s" : ""));
    }
    if (report.samples().size() > 1) {
      text.append(weights(report));
    }
    return text.toString();
  }

  private static String weights(VoteReport report) {
    if (report.weights().isEmpty()) {
      return " Weights are equal, so this is the soft mean.";
    }
    double even = 1.0 / report.samples().size();
    boolean same =
        report.samples().stream().allMatch(one -> Math.abs(one.share() - even) < LEAST * even);
    if (same) {
      return " The weights hardly differ, so this is the soft mean.";
    }
    double low = report.samples().stream().mapToDouble(VoteReport.Sample::weight).min().orElse(0);
    double high = report.samples().stream().mapToDouble(VoteReport.Sample::weight).max().orElse(0);
    return " Weights are %s to %s.".formatted(Spoken.number(low), Spoken.number(high));
  }
}
