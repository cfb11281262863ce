package dev.lynceus.cli;

import dev.lynceus.lab.measure.AccuracyReport;
import dev.lynceus.lab.measure.AccuracyReport.Cell;
import dev.lynceus.lab.measure.AccuracyReport.Split;
import dev.lynceus.lab.measure.Agreement;
import dev.lynceus.lab.measure.Borrowed;
import dev.lynceus.lab.measure.FindingsReport;
import dev.lynceus.lab.measure.ScoreReport;
import dev.lynceus.lab.measure.ScoreReport.Measure;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.score.Paired;
import dev.lynceus.method.score.Share;
import dev.lynceus.pupil.world.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What was measured in the bundled model's world, on one screen.
final class PupilText {
  private static final int MOST_OBJECTS = 4;

  private PupilText() {}

  /// How often a model answers right.
  static String accuracy(AccuracyReport report) {
    StringBuilder text = new StringBuilder();
    text.append(
        "%s on %d scenes of seed %d; whole answers, greedy, with 95 %% intervals%n%n"
            .formatted(report.model(), report.scenes(), report.seed()));
    text.append(byObjects(report));
    text.append("%nYes-bias of 'exists': %+.1f points%n%n".formatted(100 * report.yesBias()));
    text.append(others(report));
    return text.toString();
  }

  private static TextTable byObjects(AccuracyReport report) {
    TextTable table = new TextTable();
    table.row("pictures", "n", "1 object", "2", "3", "4", "all", "", "decisive words", "chance");
    for (Question.Kind kind : Question.Kind.values()) {
      List<String> row = new ArrayList<>();
      for (int objects = 0; objects <= MOST_OBJECTS; objects++) {
        Cell cell = report.cell(Split.PICTURES, report.model(), kind, objects).orElse(null);
        row.add(cell == null ? "" : share(cell.exact()));
      }
      Cell all = report.cell(Split.PICTURES, report.model(), kind, 0).orElse(null);
      if (all != null) {
        row.add(row.removeFirst());
        row.addFirst(Integer.toString(all.exact().of()));
        row.addFirst(kind.label());
        row.add(interval(all.exact()));
        row.add(share(all.key()));
        row.add(share(all.chance()));
        table.row(row);
      }
    }
    return table;
  }

  private static TextTable others(AccuracyReport report) {
    TextTable table = new TextTable();
    table.row("split", "model", "question", "n", "right", "", "decisive words", "chance");
    for (Cell cell : report.cells()) {
      if (cell.split() != Split.PICTURES && cell.objects() == 0) {
        table.row(
            cell.split().label(),
            cell.model(),
            cell.kind().label(),
            Integer.toString(cell.exact().of()),
            share(cell.exact()),
            interval(cell.exact()),
            share(cell.key()),
            share(cell.chance()));
      }
    }
    return table;
  }

  /// How well explanations agree with the truth.
  static String score(ScoreReport report) {
    TextTable all = new TextTable();
    List<String> head = new ArrayList<>(List.of("method", "n"));
    for (Measure measure : Measure.values()) {
      head.add(measure.label());
    }
    head.addAll(List.of("chance", "ms"));
    all.row(head);
    TextTable kinds = new TextTable().row("average precision", "questions", "n", "value", "");
    for (ScoreReport.Row row : report.rows()) {
      Estimate precision = row.value(Measure.PRECISION);
      if (row.objects() == 0 && row.kind().equals(ScoreReport.ALL)) {
        List<String> cells = new ArrayList<>(List.of(row.method(), Integer.toString(row.count())));
        row.values().forEach(value -> cells.add(share(value.value())));
        cells.add(share(row.chance()));
        cells.add(
            Double.isNaN(row.seconds())
                ? ""
                : String.format(Locale.ROOT, "%.1f", 1000 * row.seconds()));
        all.row(cells);
      } else if (row.count() > 0) {
        kinds.row(
            row.method(),
            row.objects() == 0 ? row.kind() : row.objects() + " objects",
            Integer.toString(row.count()),
            share(precision.value()),
            "[" + share(precision.low()) + ", " + share(precision.high()) + "]");
      }
    }
    return "%s: %d of %d questions answered right and explained; seed %d%n%n%s%n%s%n%s"
        .formatted(
            report.model(),
            report.right(),
            report.asked(),
            report.seed(),
            all,
            kinds,
            pairs(report));
  }

  private static TextTable pairs(ScoreReport report) {
    TextTable table = new TextTable();
    if (!report.pairs().isEmpty()) {
      table.row(
          "less " + report.pairs().getFirst().against(), "measure", "difference", "", "p", "Holm");
    }
    for (Paired pair : report.pairs()) {
      table.row(
          pair.method(),
          pair.measure(),
          share(pair.difference().value()),
          "[" + share(pair.difference().low()) + ", " + share(pair.difference().high()) + "]",
          String.format(Locale.ROOT, "%.4f", pair.p()),
          String.format(Locale.ROOT, "%.4f", pair.holm()));
    }
    return table;
  }

  /// What was found out, in one table; the page has the rest.
  static String findings(FindingsReport report) {
    TextTable heads = new TextTable();
    heads.row("heads of", "and of", "best 10 shared", "by chance in layers", "rank correlation");
    for (Agreement pair : report.agreements()) {
      heads.row(
          pair.first(),
          pair.second(),
          String.format(Locale.ROOT, "%.1f", pair.shared().value()),
          String.format(Locale.ROOT, "%.1f", pair.within()),
          pair.spearman().text());
    }
    for (FindingsReport.KindHeads row : report.kinds()) {
      heads.row(
          "tuned, pictures",
          row.kind(),
          String.format(Locale.ROOT, "%.1f", row.shared().value()),
          String.format(Locale.ROOT, "%.1f", row.within()),
          row.spearman().text());
    }
    TextTable silenced = new TextTable();
    silenced.row("answers", "heads silenced", "the best of", "by", "right");
    for (FindingsReport.Ablation row : report.ablations()) {
      silenced.row(
          row.task(), Integer.toString(row.count()), row.chosen(), row.how(), row.right().text());
    }
    TextTable borrowed = new TextTable();
    borrowed.row("the colour of what is not there", "seed", "share", "of");
    for (Borrowed one : report.borrowed()) {
      String seed = Long.toString(one.seed());
      borrowed(borrowed, seed, "names a present thing's colour", one.named());
      borrowed(borrowed, seed, "the same in another picture", one.elsewhere());
      for (Borrowed.Pointed map : one.maps()) {
        borrowed.row(
            map.method() + " points at that thing",
            seed,
            map.owner().text(),
            Integer.toString(map.owner().of()));
        borrowed.row(map.method() + " points at another", seed, map.other().text(), "");
      }
      borrowed.row("by chance", seed, Share.plain(one.maps().getFirst().chance().value()), "");
      for (Borrowed.Blank blank : one.blanks()) {
        borrowed(borrowed, seed, "changes without: " + blank.patches(), blank.changed());
      }
      borrowed(borrowed, seed, "then names another present thing's", one.passed());
    }
    return "%s and %s: %d of %d scenes answered right in every form; seed %d%n%n%s%n%s%n%s%n"
        .formatted(
            report.model(),
            report.base(),
            report.right(),
            report.scenes(),
            report.seed(),
            heads,
            silenced,
            borrowed);
  }

  private static void borrowed(TextTable table, String seed, String what, Share share) {
    table.row(what, seed, share.text(), Integer.toString(share.of()));
  }

  static String share(Share share) {
    return share(share.share());
  }

  static String share(double value) {
    return Double.isNaN(value) ? "-" : Spoken.number(value);
  }

  static String interval(Share share) {
    return "[" + share(share.low()) + ", " + share(share.high()) + "]";
  }
}
