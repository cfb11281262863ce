package dev.lynceus.cli;

import dev.lynceus.lab.literacy.LiteracyReport;
import dev.lynceus.lab.literacy.LiteracyScores;
import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.score.Share;
import java.util.List;
import java.util.Locale;

/// A test of visualization literacy on one screen.
final class LiteracyText {
  private LiteracyText() {}

  /// The text of a test.
  static String of(LiteracyReport report) {
    StringBuilder text = new StringBuilder();
    text.append(report.conclusion()).append("\n\n");
    text.append(table("chart", report.charts())).append('\n');
    text.append(table("task", report.tasks())).append('\n');
    TextTable all = new TextTable().row("all items", "here", "by guessing");
    all.row("right", interval(report.scores().right()), Share.plain(report.scores().chance()));
    all.row(
        "corrected for guessing, of " + report.scores().items(),
        String.format(Locale.ROOT, "%.1f", report.scores().corrected()),
        "0");
    if (report.omit()) {
      all.row("passed over", interval(report.scores().omitted()), "");
    }
    if (report.order().steady().of() > 0) {
      all.row("same answer in every order", report.order().steady().text(), "");
    }
    LiteracyReport.Controls controls = report.controls();
    if (controls != null) {
      add(all, "right without a picture", controls.none());
      add(all, "right with a grey picture", controls.blank());
      add(all, "follows other numbers", controls.follows());
      add(all, "seen", controls.seen());
      add(all, "same answer whatever is shown", controls.unmoved());
      add(all, "with a legend: right", controls.legendOwn());
      add(all, "legend covered: right", controls.legendGone());
    }
    LiteracyReport.Spoken spoken = report.spoken();
    if (spoken != null) {
      add(all, "right when it says its answer", spoken.right());
      add(all, "free answers that mean an option", spoken.understood());
    }
    LiteracyReport.Human human = report.human();
    if (human != null) {
      all.row(
          "rank correlation with people",
          String.format(Locale.ROOT, "%+.2f", human.spearman()),
          "0");
    }
    text.append(all);
    if (!report.pointing().isEmpty()) {
      TextTable pointing =
          new TextTable()
              .row(
                  "strongest patch of the map",
                  "on the evidence",
                  "chance",
                  "chance on ink",
                  "of right answers");
      for (LiteracyReport.PointingRow row : report.pointing()) {
        pointing.row(
            row.method(),
            row.hit().text(),
            Share.plain(row.chance()),
            Share.plain(row.chanceOnParts()),
            row.hitRight().text());
      }
      text.append('\n').append(pointing);
    }
    return text.toString();
  }

  private static void add(TextTable table, String name, Share share) {
    if (share.of() > 0) {
      table.row(name, share.text(), "");
    }
  }

  private static String table(String first, List<LiteracyScores> rows) {
    TextTable table = new TextTable().row(first, "items", "right", "chance", "corrected");
    for (LiteracyScores row : rows) {
      table.row(
          row.of(),
          Integer.toString(row.items()),
          interval(row.right()),
          Share.plain(row.chance()),
          String.format(Locale.ROOT, "%.1f", row.corrected()));
    }
    return table.toString();
  }

  private static String interval(Estimate estimate) {
    return "%s [%s, %s]"
        .formatted(
            Share.plain(estimate.value()),
            Share.plain(estimate.low()),
            Share.plain(estimate.high()));
  }
}
