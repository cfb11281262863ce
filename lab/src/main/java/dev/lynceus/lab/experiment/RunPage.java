package dev.lynceus.lab.experiment;

import dev.lynceus.method.score.Share;
import dev.lynceus.report.StaticPage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A run as one page that needs nothing else: what was done, what it comes to, and the rows that
/// were wrong or failed.
public final class RunPage {
  private static final int SHOWN = 40;

  private RunPage() {}

  /// The page.
  ///
  /// @param folder of the run
  public static String html(RunInfo run, Path folder) {
    Summary summary = Summary.of(folder);
    List<StaticPage.Section> sections = new ArrayList<>();
    sections.add(means(summary));
    List<StaticPage.Part> heads = heads(folder);
    if (!heads.isEmpty()) {
      sections.add(
          new StaticPage.Section(
              "Heads",
              "Mean of what each head adds to the log probability of the word, over all rows.",
              heads,
              "It says what a head writes, not that the answer needs it: silence it to see that."));
    }
    rows(sections, folder, "Wrong answers", "correct = false");
    rows(sections, folder, "Rows that failed", "error IS NOT NULL");
    rows(sections, folder, "Right answers", "correct = true");
    rows(sections, folder, "Rows that nobody judged", "correct IS NULL AND error IS NULL");
    sections.add(about(run));
    return new StaticPage(title(run), lead(run), sections, run.command()).html();
  }

  private static String title(RunInfo run) {
    return run.name().isEmpty()
        ? "%s over %s".formatted(capital(run.method()), run.data())
        : run.name();
  }

  private static String capital(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  private static String lead(RunInfo run) {
    String right =
        run.judged() == 0
            ? ""
            : " Right were %d of %d answers that could be judged."
                .formatted(run.correct(), run.judged());
    String failed =
        run.failed() == 0 ? "" : " %d rows failed and are in no mean.".formatted(run.failed());
    return "%s, %d of %d rows done with %s.%s%s"
        .formatted(
            capital(run.state().word()), run.done(), run.total(), run.model(), right, failed);
  }

  private static StaticPage.Section means(Summary summary) {
    Map<String, List<List<String>>> tables = new LinkedHashMap<>();
    for (Summary.Line line : summary.lines()) {
      tables
          .computeIfAbsent(line.kind(), kind -> new ArrayList<>())
          .add(
              List.of(
                  line.metric().replace('_', ' '),
                  text(line),
                  Integer.toString(line.rows()),
                  Integer.toString(line.pictures())));
    }
    List<StaticPage.Part> parts = new ArrayList<>();
    List<StaticPage.Part> kinds = new ArrayList<>();
    List<String> head = List.of("metric", "mean [95 %]", "rows", "pictures");
    tables.forEach((kind, rows) -> {
      StaticPage.Table table =
          new StaticPage.Table(kind.equals(Summary.ALL) ? "All rows" : kind, head, rows);
      (kind.equals(Summary.ALL) ? parts : kinds).add(table);
    });
    if (parts.isEmpty()) {
      parts.add(new StaticPage.Text("Nothing was measured."));
    }
    if (!kinds.isEmpty()) {
      parts.add(new StaticPage.Closed("By kind of question", kinds));
    }
    return new StaticPage.Section(
        "Means",
        "With 95 % intervals over pictures, since questions about one picture go together: of rates after"
            + " Wilson, with as many cases as pictures, of other numbers by bootstrap. A dash: fewer"
            + " than two pictures.",
        parts,
        "");
  }

  /// A mean; a dash stands for an interval that cannot be told.
  private static String text(Summary.Line line) {
    return Double.isNaN(line.mean().low()) ? line.mean().text() + " [\u2013]" : line.mean().text();
  }

  private static List<StaticPage.Part> heads(Path folder) {
    Path units = Tables.file(folder, Table.UNITS);
    if (!Files.isRegularFile(units)) {
      return List.of();
    }
    List<List<String>> rows = new ArrayList<>();
    Duck.each(
        """
        SELECT layer, head, avg(value), stddev_samp(value) / sqrt(count(value)), count(value)
        FROM %s WHERE unit = 'head' AND metric = 'log_increase' AND value IS NOT NULL
        GROUP BY layer, head ORDER BY 3 DESC, 1, 2 LIMIT 10
        """
            .formatted(Duck.quoted(units)),
        row ->
            rows.add(
                List.of(
                    "layer %d, head %d".formatted(row.getInt(1), row.getInt(2)),
                    Share.plain(row.getDouble(3)),
                    Share.plain(row.getDouble(4)),
                    row.getString(5))));
    return rows.isEmpty()
        ? List.of()
        : List.of(
            new StaticPage.Table(
                "The ten largest", List.of("head", "mean, nats", "standard error", "rows"), rows));
  }

  private static void rows(
      List<StaticPage.Section> sections, Path folder, String title, String condition) {
    Path examples = Tables.file(folder, Table.EXAMPLES);
    if (!Files.isRegularFile(examples)) {
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    long[] count = {0};
    Duck.each(
        "SELECT example, array_to_string(images, ', '), question, answer, label, error FROM %s WHERE %s"
            .formatted(Duck.quoted(examples), condition),
        row -> {
          if (count[0]++ < SHOWN) {
            String error = row.getString(6);
            rows.add(
                List.of(
                    row.getString(1),
                    text(row.getString(2)),
                    text(row.getString(3)),
                    error == null ? text(row.getString(4)) : error,
                    text(row.getString(5))));
          }
        });
    if (!rows.isEmpty()) {
      sections.add(
          new StaticPage.Section(
              title,
              count[0] > SHOWN
                  ? "The first %d of %d.".formatted(SHOWN, count[0])
                  : "All %d of them.".formatted(count[0]),
              List.of(
                  new StaticPage.Table(
                      "",
                      List.of(
                          "row",
                          "picture",
                          "question",
                          condition.startsWith("error") ? "what went wrong" : "answer",
                          "wanted"),
                      rows)),
              ""));
    }
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static StaticPage.Section about(RunInfo run) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("run", run.id()));
    rows.add(List.of("model", run.model()));
    rows.add(List.of("revision", run.revision()));
    rows.add(List.of("arithmetic", run.dtype() + " on " + run.device()));
    rows.add(List.of("data", "%s, read as %s".formatted(run.data(), run.format())));
    rows.add(List.of("SHA-256 of its rows", run.dataSha256()));
    if (!run.selection().isEmpty()) {
      rows.add(List.of("rows", run.selection()));
    }
    run.settings()
        .forEach((name, value) -> rows.add(List.of(name, value.isEmpty() ? "not set" : value)));
    rows.add(List.of("seeds", run.seeds().toString().replaceAll("[\\[\\]]", "")));
    rows.add(List.of("version", run.version()));
    rows.add(List.of("begun", run.startedAt()));
    rows.add(List.of("seconds", String.format(Locale.ROOT, "%.0f", run.seconds())));
    if (!run.note().isEmpty()) {
      rows.add(List.of("note", run.note()));
    }
    return new StaticPage.Section(
        "About the run",
        "What is needed to make it again.",
        List.of(new StaticPage.Table("", List.of("", ""), rows)),
        "");
  }
}
