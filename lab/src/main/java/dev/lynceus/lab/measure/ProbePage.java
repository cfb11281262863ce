package dev.lynceus.lab.measure;

import dev.lynceus.lab.measure.ProbeReport.Attribute;
import dev.lynceus.lab.measure.ProbeReport.Row;
import dev.lynceus.lab.measure.ProbeReport.Where;
import dev.lynceus.method.score.Share;
import dev.lynceus.report.Plots;
import dev.lynceus.report.StaticPage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// What probes read, as a page: a chart an attribute, and the numbers.
public final class ProbePage {
  private ProbePage() {}

  /// The page.
  ///
  /// @param command that makes it again
  public static String html(ProbeReport report, String command) {
    List<StaticPage.Chart> charts = new ArrayList<>();
    List<StaticPage.Part> tables = new ArrayList<>();
    for (Attribute attribute : Attribute.values()) {
      List<Row> rows = report.rows().stream().filter(row -> row.attribute() == attribute).toList();
      charts.add(chart(attribute, rows));
      tables.add(table(attribute, rows));
    }
    return new StaticPage(
            "What can be read out of states",
            String.format(
                Locale.ROOT,
                "%s is asked for the color of a thing. Linear probes, fitted on %d scenes of seed %d"
                    + " and tried on %d of seed %d.",
                report.model(),
                report.train().count(),
                report.train().seed(),
                report.heldOut().count(),
                report.heldOut().seed()),
            List.of(
                new StaticPage.Section(
                    "Layer by layer",
                    "Part of the held-out scenes whose attribute is read right. Depth 0 is the"
                        + " input of the first layer.",
                    List.of(new StaticPage.Charts(charts)),
                    "That a probe reads something shows that it is there, not that the model uses"
                        + " it. The kind of thing is trivial at its own word."),
                new StaticPage.Section(
                    "Numbers",
                    "With 95 % intervals. Shuffled: the largest of the same probes fitted on"
                        + " shuffled labels. Most frequent: what a guess that knows no state"
                        + " scores.",
                    tables,
                    "")),
            command)
        .html();
  }

  private static StaticPage.Chart chart(Attribute attribute, List<Row> rows) {
    int depths = rows.stream().mapToInt(Row::depth).max().orElse(0) + 1;
    List<Plots.Series> series =
        Arrays.stream(Where.values())
            .map(where -> {
              List<Share> right =
                  rows.stream().filter(row -> row.where() == where).map(Row::right).toList();
              return new Plots.Series(
                  where.words(),
                  right.stream().mapToDouble(Share::share).toArray(),
                  right.stream().mapToDouble(Share::low).toArray(),
                  right.stream().mapToDouble(Share::high).toArray());
            })
            .toList();
    return Plots.lines(
        attribute.words(),
        IntStream.range(0, depths).mapToObj(Integer::toString).toList(),
        "depth",
        "read right",
        series);
  }

  private static StaticPage.Table table(Attribute attribute, List<Row> rows) {
    int depths = rows.stream().mapToInt(Row::depth).max().orElse(0) + 1;
    List<String> head = new ArrayList<>();
    head.add("read at");
    IntStream.range(0, depths).forEach(depth -> head.add("depth " + depth));
    head.add("shuffled");
    head.add("most frequent");
    List<List<String>> lines = new ArrayList<>();
    for (Where where : Where.values()) {
      List<Row> some = rows.stream().filter(row -> row.where() == where).toList();
      List<String> line = new ArrayList<>();
      line.add(where.words());
      some.forEach(row -> line.add(row.right().text()));
      line.add(
          Share.plain(some.stream().mapToDouble(row -> row.shuffled().share()).max().orElse(0)));
      line.add(Share.plain(some.getFirst().most()));
      lines.add(line);
    }
    return new StaticPage.Table(attribute.words(), head, lines);
  }
}
