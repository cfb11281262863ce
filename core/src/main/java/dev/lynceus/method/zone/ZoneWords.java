package dev.lynceus.method.zone;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.score.Estimate;
import java.util.Optional;

/// What a study of zones says in sentences.
public final class ZoneWords {
  private ZoneWords() {}

  /// A pair of zones as a reader says it.
  public static String said(String column) {
    return switch (column) {
      case "QQ" -> "the question looking at itself";
      case "QP" -> "the question looking at the passage";
      case "PQ" -> "the passage looking at the question";
      case "PP" -> "the passage looking at itself";
      default -> "all attention";
    };
  }

  /// The pair and layer whose absence costs the answer most, beside as many random looks; and how
  /// far the amount of attention tells what it is worth.
  public static String conclusion(ZoneStudy study) {
    int layer = -1;
    int column = -1;
    double least = Double.POSITIVE_INFINITY;
    for (ZoneStudy.LayerRow row : study.layers()) {
      for (int c = 1; c < row.cells().size(); c++) {
        double value = row.cells().get(c).log().value();
        if (value < least) {
          least = value;
          layer = row.layer();
          column = c;
        }
      }
    }
    ZoneStudy.Cell cell = study.layers().get(layer).cells().get(column);
    String said = said(study.columns().get(column));
    StringBuilder text = new StringBuilder();
    Optional<Double> random = cell.random().map(Estimate::value);
    if (least >= 0) {
      text.append(
          "No pair of zones is needed in any one layer: without none is the answer less probable.");
    } else {
      text.append(
          "The answer loses most without %s in layer %d: %s."
              .formatted(said, layer, Spoken.nats(least)));
      if (random.isPresent()) {
        double beside = random.get();
        text.append(" As many random looks cost %s".formatted(Spoken.nats(beside)));
        text.append(
            beside < least / 2
                ? ": most of the loss is that looks are missing at all, not which."
                : ".");
      }
    }
    study
        .correlation()
        .ifPresent(rho ->
            text.append(
                " How much attention goes between two zones and how much the answer loses without it go together by rank with %s (Spearman, %d layers and pairs)."
                    .formatted(
                        Spoken.odds(rho), study.layers().size() * (study.columns().size() - 1))));
    return text.toString();
  }
}
