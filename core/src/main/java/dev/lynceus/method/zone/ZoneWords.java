package dev.lynceus.method.zone;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.score.Estimate;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// What a study of zones says in sentences.
public final class ZoneWords {
  private ZoneWords() {}

  /// A pair of zones as a reader says it.
  public static String said(String column) {
    if (column.length() != 2) {
      return "all attention";
    }
    String looking = zone(column.charAt(0));
    return looking
        + " looking at "
        + (column.charAt(0) == column.charAt(1) ? "itself" : zone(column.charAt(1)));
  }

  private static String zone(char name) {
    return switch (name) {
      case 'Q' -> "the question";
      case 'P' -> "the passage";
      case 'I' -> "the picture";
      case 'R' -> "the region";
      default -> "the answer";
    };
  }

  /// What the names of columns stand for, for example `QP is the question looking at the passage`.
  public static String legend(ZoneStudy study) {
    return study.columns().stream()
            .skip(1)
            .map(column -> column + " is " + said(column))
            .collect(Collectors.joining(", "))
        + ", ALL the whole attention of a layer";
  }

  /// The pair and layer whose absence costs the answer most, beside as many random looks, of
  /// pictures also among looks at them; and how far the amount of attention tells what it is worth.
  public static String conclusion(ZoneStudy study) {
    Place most = most(study, column -> true);
    StringBuilder text = new StringBuilder();
    if (most.loss >= 0) {
      text.append(
          "No pair of zones is needed in any one layer: without none is the answer less probable.");
    } else {
      text.append("The answer loses most without ").append(told(study, most));
      boolean seeing = study.columns().stream().anyMatch(ZoneWords::atPicture);
      if (seeing && !atPicture(study.columns().get(most.column))) {
        Place seen = most(study, ZoneWords::atPicture);
        text.append(
            seen.loss < 0
                ? " Of looks at the picture it loses most without " + told(study, seen)
                : " It loses nothing without looks at the picture in any one layer.");
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

  /// A column of a layer.
  private record Place(int layer, int column, double loss) {}

  private static Place most(ZoneStudy study, Predicate<String> columns) {
    Place most = new Place(-1, -1, Double.POSITIVE_INFINITY);
    for (ZoneStudy.LayerRow row : study.layers()) {
      for (int c = 1; c < row.cells().size(); c++) {
        double value = row.cells().get(c).log().value();
        if (columns.test(study.columns().get(c)) && value < most.loss) {
          most = new Place(row.layer(), c, value);
        }
      }
    }
    return most;
  }

  private static boolean atPicture(String column) {
    return column.endsWith("I") || column.endsWith("R");
  }

  private static String told(ZoneStudy study, Place place) {
    String text =
        "%s in layer %d: %s."
            .formatted(
                said(study.columns().get(place.column)), place.layer, Spoken.nats(place.loss));
    ZoneStudy.Cell cell = study.layers().get(place.layer).cells().get(place.column);
    Optional<Double> random = cell.random().map(Estimate::value);
    if (random.isEmpty()) {
      return text;
    }
    return text
        + " As many random looks cost "
        + Spoken.nats(random.get())
        + (random.get() < place.loss / 2
            ? ": most of the loss is that looks are missing at all, not which."
            : ".");
  }
}
