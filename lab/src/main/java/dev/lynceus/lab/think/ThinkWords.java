package dev.lynceus.lab.think;

import dev.lynceus.method.Spoken;
import java.util.List;

/// What thinking in pictures shows, in a sentence that its numbers carry.
public final class ThinkWords {
  private ThinkWords() {}

  /// Whether the steps changed the answer, which of them mattered, and which are decorative.
  public static String conclusion(ThinkReport report) {
    ThinkReport.Way direct = report.way("direct");
    ThinkReport.Way thought = report.way("thought");
    StringBuilder text = new StringBuilder();
    if (report.steps().isEmpty()) {
      return "The plan is empty, so this is the direct answer: “%s” (%s)."
          .formatted(direct.answer(), probability(direct));
    }
    if (direct.answer().equals(thought.answer())) {
      text.append(
          "“%s”, directly (%s) and after %s (%s)."
              .formatted(
                  thought.answer(),
                  probability(direct),
                  count(report.steps().size()),
                  probability(thought)));
    } else {
      text.append(
          "After %s it says “%s” (%s), directly “%s” (%s)."
              .formatted(
                  count(report.steps().size()),
                  thought.answer(),
                  probability(thought),
                  direct.answer(),
                  probability(direct)));
    }
    List<ThinkReport.Step> decorative =
        report.steps().stream().filter(ThinkReport.Step::decorative).toList();
    if (decorative.size() == report.steps().size()) {
      text.append(" No step mattered: the answer stays without each.");
    } else {
      report.steps().stream()
          .filter(step -> !step.decorative())
          .max(java.util.Comparator.comparingDouble(step -> Math.abs(step.dropped())))
          .ifPresent(step ->
              text.append(
                  " Most depends on step %d (%s): %s without it."
                      .formatted(step.number() + 1, step.what(), Spoken.nats(-step.dropped()))));
      decorative.forEach(step ->
          text.append(" Step %d (%s) is decorative.".formatted(step.number() + 1, step.what())));
    }
    return text.toString();
  }

  private static String probability(ThinkReport.Way way) {
    return Spoken.percent(way.choice().probabilities().get(way.choice().best()));
  }

  private static String count(int steps) {
    return steps == 1 ? "one step" : steps + " steps";
  }
}
