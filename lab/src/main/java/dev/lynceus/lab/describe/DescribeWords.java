package dev.lynceus.lab.describe;

import dev.lynceus.method.Spoken;
import java.util.Comparator;

/// What describing shows, in a sentence that its numbers carry.
public final class DescribeWords {
  private DescribeWords() {}

  /// Whether words alone give the answer of the picture, what the loops changed, and which part
  /// carries it.
  public static String conclusion(DescribeReport report) {
    DescribeReport.Way seen = report.way("seen");
    DescribeReport.Way described = report.way("described");
    DescribeReport.Way first = report.way("first");
    StringBuilder text = new StringBuilder();
    text.append(
        "From the description alone: “%s” (%s); with the picture: %s."
            .formatted(
                described.answer(),
                probability(described),
                seen.answer().equals(described.answer())
                    ? "the same (" + probability(seen) + ")"
                    : "“%s” (%s)".formatted(seen.answer(), probability(seen))));
    int loops = report.ledger().rounds().size() - 1;
    if (loops > 0) {
      String before = Spoken.percent(first.choice().of(described.answer()));
      if (!first.answer().equals(described.answer())) {
        text.append(" %s changed it from “%s”.".formatted(count(loops), first.answer()));
      } else if (before.equals(probability(described))) {
        text.append(" %s left it as it was.".formatted(count(loops)));
      } else {
        text.append(
            " %s left the answer and moved its probability from %s to %s."
                .formatted(count(loops), before, probability(described)));
      }
    }
    if (report.way("blind").answer().equals(described.answer())) {
      text.append(
          " With neither it says the same (%s).".formatted(probability(report.way("blind"))));
    }
    report.parts().stream()
        .max(Comparator.comparingDouble(DescribeReport.Part::effect))
        .filter(part -> part.effect() > .5)
        .ifPresent(part ->
            text.append(
                " “%s” carries most of it: %s without."
                    .formatted(part.text(), Spoken.nats(-part.effect()))));
    return text.toString();
  }

  private static String probability(DescribeReport.Way way) {
    return Spoken.percent(way.choice().probabilities().get(way.choice().best()));
  }

  private static String count(int loops) {
    return loops == 1 ? "One question" : loops + " questions";
  }

  /// What a view of two captions and two pictures shows.
  public static String conclusion(Pairs pairs) {
    return "Captions are told apart: %s; pictures are told apart: %s; both: %s."
        .formatted(word(pairs.text()), word(pairs.image()), word(pairs.group()));
  }

  private static String word(boolean right) {
    return right ? "yes" : "no";
  }
}
