package dev.lynceus.cli;

import dev.lynceus.lab.measure.VerdictReport;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.evidence.EvidenceWords;
import dev.lynceus.method.evidence.Score;
import dev.lynceus.method.evidence.Thresholds;
import dev.lynceus.method.evidence.Verdict;
import dev.lynceus.method.score.Share;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What verdicts are worth, on a screen.
final class VerdictText {
  private VerdictText() {}

  static String of(VerdictReport report) {
    StringBuilder text = new StringBuilder();
    text.append(areas(report)).append('\n');
    text.append(
        "area: how often the score is larger for a word of the first kind than for one of the second;"
            + " 0.5 is chance, below 0.5 it misleads\n\n");
    Thresholds thresholds = report.thresholds();
    text.append(
        line(
            "from the text: effect below %.4f; contradicted: below minus that%n",
            thresholds.effect()));
    for (Thresholds.Limit limit : thresholds.limits()) {
      text.append(line("unsupported: %s below %.4f%n", limit.score().words(), limit.least()));
    }
    Double premise = thresholds.premise();
    if (premise != null) {
      text.append(line("attributes of a question: supported from %.4f on%n", premise));
    }
    text.append('\n').append(situations(report)).append("\nKinds of words:\n");
    for (VerdictReport.Situation situation : report.situations()) {
      text.append("  ").append(situation.what()).append(": ");
      text.append(situation.means()).append('\n');
    }
    text.append('\n');
    TextTable forms =
        new TextTable().row("asked back", "true : false", "area", "false ones believed");
    for (VerdictReport.Form form : report.forms()) {
      forms.row(
          form.question(),
          form.truths() + " : " + form.lies(),
          form.area().text(),
          form.believed().text());
    }
    text.append(forms).append('\n');
    VerdictReport.Combined combined = report.combined();
    if (combined != null) {
      text.append(combined(combined)).append('\n');
    }
    return text.append(EvidenceWords.rates(thresholds.measured())).append('\n').toString();
  }

  private static TextTable areas(VerdictReport report) {
    TextTable areas = new TextTable().row("to tell", "score", "words", "area", "shuffled labels");
    VerdictReport.Task last = null;
    for (VerdictReport.Row row : report.rows()) {
      areas.row(
          row.task() == last ? "" : row.task().words(),
          row.score().words(),
          row.good() + " : " + row.bad(),
          row.area().text(),
          row.shuffled().text());
      last = row.task();
    }
    return areas;
  }

  private static TextTable situations(VerdictReport report) {
    List<Verdict> all =
        List.of(Verdict.IMAGE, Verdict.TEXT, Verdict.CONTRADICTED, Verdict.UNSUPPORTED);
    List<String> head = new ArrayList<>(List.of("kind of word", "words"));
    all.forEach(one -> head.add(one.words()));
    head.add("as it should be");
    TextTable table = new TextTable().row(head);
    for (VerdictReport.Situation situation : report.situations()) {
      List<String> row = new ArrayList<>();
      row.add(situation.what());
      row.add(Integer.toString(situation.due().of()));
      all.forEach(one -> row.add(situation.verdicts().getOrDefault(one.label(), 0).toString()));
      row.add(situation.due().text());
      table.row(row);
    }
    return table;
  }

  private static String combined(VerdictReport.Combined combined) {
    TextTable bins = new TextTable().row("probability of being right", "words", "said", "right");
    for (VerdictReport.Bin bin : combined.bins()) {
      bins.row(
          line("%.2f to %.2f", bin.from(), bin.to()),
          Integer.toString(bin.right().of()),
          Share.plain(bin.said()),
          bin.right().text());
    }
    return line(
            "reliability from %s; probe of the state %s, %s calibration%n"
                + "area %s (own words %s; log probability alone %s); squared error %.4f (the share of right words"
                + " alone %.4f)%n%n",
            String.join(", ", combined.scores().stream().map(Score::words).toList()),
            Spoken.depth(combined.depth()),
            combined.calibration(),
            combined.area().text(),
            combined.own().text(),
            combined.probability().text(),
            combined.brier(),
            combined.base())
        + bins;
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
