package dev.lynceus.lab.measure;

import dev.lynceus.lab.measure.VerdictReport.Combined;
import dev.lynceus.lab.measure.VerdictReport.Situation;
import dev.lynceus.lab.measure.VerdictReport.Task;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.evidence.EvidenceWords;
import dev.lynceus.method.evidence.Score;
import dev.lynceus.method.evidence.Thresholds;
import dev.lynceus.method.evidence.Verdict;
import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.score.Share;
import dev.lynceus.report.StaticPage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

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
            Stream.of(
                    List.of(situations(report)),
                    combined(report),
                    List.of(
                        new StaticPage.Section(
                            "Asking back about an attribute",
                            "A question such as “Why is the apple purple?” grants something. Which"
                                + " question tells true attributes from false ones? Believed: false"
                                + " ones whose odds reach the limit.",
                            List.of(forms(report)),
                            ""),
                        areas(areas)))
                .flatMap(List::stream)
                .toList(),
            command)
        .html();
  }

  private static StaticPage.Section situations(VerdictReport report) {
    return new StaticPage.Section(
        "Verdicts",
        "How many words of each kind got each verdict, on scenes whose truth is known. "
            + thresholds(report.thresholds()),
        List.of(verdicts(report), kinds(report)),
        rates(report.thresholds()));
  }

  private static StaticPage.Section areas(List<StaticPage.Part> areas) {
    return new StaticPage.Section(
        "Areas under the curve",
        "How often a score is larger for a word of the first kind than for one of the"
            + " second; 0.5 is chance, below 0.5 it misleads.",
        areas,
        "Intervals are bootstraps over words.");
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
    if (thresholds.premise() != null) {
      text.append(
          String.format(
              Locale.ROOT,
              " Attributes of a question: supported from odds of %.3f on.",
              thresholds.premise()));
    }
    return text.toString();
  }

  private static StaticPage.Table verdicts(VerdictReport report) {
    List<Verdict> all =
        List.of(Verdict.IMAGE, Verdict.TEXT, Verdict.CONTRADICTED, Verdict.UNSUPPORTED);
    List<List<String>> rows = new ArrayList<>();
    for (Situation situation : report.situations()) {
      List<String> row = new ArrayList<>();
      row.add(situation.what());
      row.add(Integer.toString(situation.due().of()));
      all.forEach(one -> row.add(situation.verdicts().getOrDefault(one.label(), 0).toString()));
      row.add(situation.due().text());
      rows.add(row);
    }
    List<String> head = new ArrayList<>(List.of("kind of word", "words"));
    all.forEach(one -> head.add(one.words()));
    head.add("as it should be");
    return new StaticPage.Table("", head, rows);
  }

  private static StaticPage.Part kinds(VerdictReport report) {
    return new StaticPage.Closed(
        "What the kinds of words are, and what they should be called",
        List.of(
            new StaticPage.Table(
                "",
                List.of("kind of word", "what it is"),
                report.situations().stream()
                    .map(one -> List.of(one.what(), one.means()))
                    .toList())));
  }

  private static StaticPage.Table forms(VerdictReport report) {
    return new StaticPage.Table(
        "",
        List.of("question", "true : false", "area", "false ones believed"),
        report.forms().stream()
            .map(form ->
                List.of(
                    form.question(),
                    form.truths() + " : " + form.lies(),
                    form.area().text(),
                    form.believed().text()))
            .toList());
  }

  private static List<StaticPage.Section> combined(VerdictReport report) {
    Combined combined = report.combined();
    if (combined == null) {
      return List.of();
    }
    List<String> names = combined.scores().stream().map(Score::words).toList();
    return List.of(
        new StaticPage.Section(
            "How reliable a word is",
            String.format(
                Locale.ROOT,
                "One probability from %s, for words that the picture decides or speaks against:"
                    + " logistic, %s calibration; the probe reads the state %s. Area %s (%s among the"
                    + " model’s own words), by the log probability alone %s. Mean squared error %.4f; the share of right words alone"
                    + " would have %.4f.",
                String.join(", ", names),
                combined.calibration(),
                Spoken.depth(combined.depth()),
                combined.area().text(),
                combined.own().text(),
                combined.probability().text(),
                combined.brier(),
                combined.base()),
            List.of(
                new StaticPage.Table(
                    "Is the probability what it says?",
                    List.of("probability", "words", "said, mean", "right"),
                    combined.bins().stream()
                        .map(bin ->
                            List.of(
                                Share.plain(bin.from()) + " to " + plain(bin.to()),
                                Integer.toString(bin.right().of()),
                                plain(bin.said()),
                                bin.right().text()))
                        .toList())),
            "Fitted and calibrated on the scenes of the thresholds; everything chosen there was chosen"
                + " on words left out."));
  }

  private static String plain(double value) {
    return value >= 1 ? "1" : Share.plain(value);
  }

  private static String rates(Thresholds thresholds) {
    return EvidenceWords.rates(thresholds.measured())
        + " Thresholds hold for this model and its world; another model needs its own.";
  }
}
