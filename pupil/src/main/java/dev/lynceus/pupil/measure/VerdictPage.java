package dev.lynceus.pupil.measure;

import dev.lynceus.method.evidence.Thresholds;
import dev.lynceus.method.evidence.Verdict;
import dev.lynceus.method.score.Estimate;
import dev.lynceus.pupil.measure.VerdictReport.Task;
import dev.lynceus.report.StaticPage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What the scores of evidence are worth, as a page.
public final class VerdictPage {
  private VerdictPage() {}

  /// The page.
  ///
  /// @param command that makes it again
  public static String html(VerdictReport report, String command) {
    List<StaticPage.Part> areas = new ArrayList<>();
    for (Task task : Task.values()) {
      List<List<String>> rows =
          report.rows().stream().filter(row -> row.task() == task).map(VerdictPage::row).toList();
      if (!rows.isEmpty()) {
        areas.add(
            new StaticPage.Table(
                "To tell " + task.words(),
                List.of("score", "words", "area", "shuffled labels"),
                rows));
      }
    }
    return new StaticPage(
            "What verdicts are worth",
            String.format(
                Locale.ROOT,
                "%s, %s reading. Thresholds were chosen on %d scenes of seed %d; everything here is"
                    + " measured on %d scenes of seed %d.",
                report.model(),
                report.reading(),
                report.calibration().count(),
                report.calibration().seed(),
                report.heldOut().count(),
                report.heldOut().seed()),
            List.of(
                new StaticPage.Section(
                    "Areas under the curve",
                    "How often a score is larger for a word of the first kind than for one of the"
                        + " second; .5 is chance, below .5 it misleads.",
                    areas,
                    "Intervals are bootstraps over words."),
                new StaticPage.Section(
                    "Verdicts",
                    thresholds(report.thresholds()),
                    List.of(verdicts(report)),
                    "Thresholds hold for this model and its world; another model needs its own.")),
            command)
        .html();
  }

  private static List<String> row(VerdictReport.Row row) {
    return List.of(
        row.score().words(),
        row.good() + " : " + row.bad(),
        text(row.area()),
        text(row.shuffled()));
  }

  private static String text(Estimate estimate) {
    return estimate.text();
  }

  private static String thresholds(Thresholds thresholds) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT, "From the text: an effect below %.3f nats.", thresholds.effect()));
    for (Thresholds.Limit limit : thresholds.limits()) {
      text.append(
          String.format(
              Locale.ROOT, " Unsupported: %s below %.3f.", limit.score().words(), limit.least()));
    }
    return text.toString();
  }

  private static StaticPage.Table verdicts(VerdictReport report) {
    List<List<String>> rows = new ArrayList<>();
    for (Map.Entry<String, Map<String, Integer>> entry : report.verdicts().entrySet()) {
      List<String> row = new ArrayList<>();
      row.add(entry.getKey());
      row.add(String.valueOf(report.words().get(entry.getKey())));
      entry.getValue().values().forEach(count -> row.add(count.toString()));
      rows.add(row);
    }
    return new StaticPage.Table(
        "",
        List.of(
            "kind of word",
            "words",
            Verdict.IMAGE.words(),
            Verdict.TEXT.words(),
            Verdict.UNSUPPORTED.words()),
        rows);
  }
}
