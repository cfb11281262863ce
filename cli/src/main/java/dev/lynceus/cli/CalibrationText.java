package dev.lynceus.cli;

import dev.lynceus.method.evidence.Calibration;
import dev.lynceus.method.evidence.EvidenceWords;
import dev.lynceus.method.evidence.Score;
import dev.lynceus.method.evidence.Thresholds;
import java.util.Locale;

/// Thresholds of one's own model on a screen.
final class CalibrationText {
  private CalibrationText() {}

  static String of(Calibration found) {
    StringBuilder text = new StringBuilder();
    Thresholds chosen = found.thresholds();
    text.append(
        line(
            "%s, %d pictures, %d rows passed over; model %s%n%n",
            found.data(), found.pictures(), found.passedOver().size(), found.model()));
    text.append(
        line(
            "from the text: effect below %.4f; contradicted: below minus that%n", chosen.effect()));
    for (Thresholds.Limit limit : chosen.limits()) {
      text.append(line("unsupported: %s below %.4f%n", limit.score().words(), limit.least()));
    }
    Double premise = chosen.premise();
    text.append(
        premise == null
            ? "attributes of a question: not calibrated, no true and false ones were given\n"
            : line("attributes of a question: supported from %.4f on%n", premise));
    if (chosen.reliability() == null) {
      text.append("no probability of being right: too few words that the picture decides\n");
    }
    text.append("\nOn pictures left out:\n\n");
    TextTable kinds =
        new TextTable()
            .row(
                "kind of word",
                "words",
                "supported by the image",
                "from the text",
                "contradicted by the picture",
                "unsupported",
                "as it should be");
    for (Calibration.Kind kind : found.kinds()) {
      kinds.row(
          kind.what(),
          Integer.toString(kind.due().of()),
          Integer.toString(kind.image()),
          Integer.toString(kind.text()),
          Integer.toString(kind.contradicted()),
          Integer.toString(kind.unsupported()),
          kind.due().text());
    }
    text.append(kinds).append('\n');
    TextTable areas = new TextTable().row("right words from wrong ones by", "words", "area");
    for (Calibration.Area area : found.areas()) {
      areas.row(
          Score.valueOf(area.score()).words(),
          area.right() + " : " + area.wrong(),
          area.area().text());
    }
    text.append(areas);
    Calibration.Worth worth = found.reliability();
    if (worth != null) {
      text.append(
          line(
              "%nprobability of being right: area %s, squared error %.4f (the share of right words"
                  + " alone %.4f)%n",
              worth.area().text(), worth.brier(), worth.base()));
    }
    return text.append('\n').append(EvidenceWords.rates(chosen.measured())).append('\n').toString();
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
