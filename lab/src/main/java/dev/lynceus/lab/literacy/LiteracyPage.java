package dev.lynceus.lab.literacy;

import dev.lynceus.lab.picture.Region;
import dev.lynceus.lab.strategy.Pictures;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.score.Share;
import dev.lynceus.report.Plots;
import dev.lynceus.report.StaticPage;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// A test of visualization literacy as one page: scores by chart and task beside chance, what the
/// picture changes, whether maps lie on the evidence, and every item with its chart.
public final class LiteracyPage {
  /// More charts would make a page that is slow to open; the JSON and the CSV have all items.
  private static final int MOST_SHOWN = 160;

  private static final Color EVIDENCE = new Color(255, 0, 200);
  private static final int SHADE = 120;

  private LiteracyPage() {}

  /// The page.
  ///
  /// @param model its name
  /// @param command that makes it again
  public static String html(String model, Literacy literacy, String command) {
    LiteracyReport report = literacy.report();
    List<StaticPage.Section> sections = new ArrayList<>();
    sections.add(inShort(report));
    sections.add(scores(report));
    if (report.controls() != null) {
      sections.add(controls(report, report.controls()));
    }
    if (!report.pointing().isEmpty()) {
      sections.add(pointing(report));
    }
    sections.addAll(items(literacy));
    return new StaticPage(
            "Visualization literacy",
            "%s on %d items (%s), %s"
                .formatted(model, report.scores().items(), report.data(), asked(report)),
            sections,
            command)
        .html();
  }

  private static String asked(LiteracyReport report) {
    return "answers by %s, %s%s"
        .formatted(
            report.answers().equals("letters") ? "letter" : "their own words",
            report.orders() == 1 ? "one order of options" : report.orders() + " orders of options",
            report.omit() ? ", Omit offered" : "");
  }

  private static StaticPage.Section inShort(LiteracyReport report) {
    List<StaticPage.Part> parts = new ArrayList<>();
    parts.add(
        new StaticPage.Finding(
            report.conclusion(), report.scores().aboveChance() ? "image" : "prompt", ""));
    List<List<String>> rows = new ArrayList<>();
    LiteracyScores all = report.scores();
    rows.add(List.of("right", interval(all.right()), Share.plain(all.chance())));
    rows.add(
        List.of(
            "corrected for guessing, of " + all.items(), "%.1f".formatted(all.corrected()), "0"));
    rows.add(List.of("corrected, by item", interval(all.correctedMean()), "0"));
    if (report.omit()) {
      rows.add(List.of("passed over", interval(all.omitted()), "–"));
    }
    if (report.order().steady().of() > 0) {
      rows.add(List.of("the same answer in every order", report.order().steady().text(), "–"));
    }
    LiteracyReport.Spoken spoken = report.spoken();
    if (spoken != null) {
      rows.add(List.of("right when it says its answer", spoken.right().text(), "–"));
      rows.add(List.of("free answers that mean an option", spoken.understood().text(), "–"));
    }
    LiteracyReport.Human human = report.human();
    if (human != null) {
      rows.add(List.of("people, mean share right", Share.plain(human.people()), "–"));
      rows.add(
          List.of(
              "rank correlation with people, %d items".formatted(human.items()),
              Spoken.signed(human.spearman()),
              "0"));
    }
    parts.add(new StaticPage.Table("", List.of("All items", "here", "by guessing"), rows));
    return new StaticPage.Section(
        "In short",
        "",
        parts,
        "Brackets are 95 % intervals. Corrected: +1 for right, −1/(options − 1) for wrong, 0 for"
            + " passed over.");
  }

  private static String interval(Estimate estimate) {
    return Double.isNaN(estimate.value())
        ? "–"
        : "%s [%s, %s]"
            .formatted(
                Share.plain(estimate.value()),
                Share.plain(estimate.low()),
                Share.plain(estimate.high()));
  }

  private static StaticPage.Table table(String title, String first, List<LiteracyScores> rows) {
    return new StaticPage.Table(
        title,
        List.of(first, "items", "right", "chance", "corrected"),
        rows.stream()
            .map(row ->
                List.of(
                    row.of() + (row.aboveChance() ? " ▲" : ""),
                    Integer.toString(row.items()),
                    interval(row.right()),
                    Share.plain(row.chance()),
                    interval(row.correctedMean())))
            .toList());
  }

  private static StaticPage.Section scores(LiteracyReport report) {
    List<StaticPage.Part> parts = new ArrayList<>();
    parts.add(new StaticPage.Charts(List.of(grid(report))));
    parts.add(table("By chart", "Chart", report.charts()));
    parts.add(table("By task", "Task", report.tasks()));
    parts.add(table("By format", "Format", report.formats()));
    parts.add(
        new StaticPage.Closed(
            "Passing over by confidence, and the place of the answer",
            List.of(
                new StaticPage.Table(
                    "If only the surest items are answered",
                    List.of("answered", "least probability", "right of those", "corrected, of all"),
                    report.risk().stream()
                        .map(row ->
                            List.of(
                                Spoken.percent(row.coverage()),
                                Share.plain(row.threshold()),
                                Share.plain(row.right()),
                                "%.1f".formatted(row.corrected())))
                        .toList()),
                new StaticPage.Table(
                    "Where the answer stands, items of four options",
                    List.of("first", "second", "third", "fourth"),
                    List.of(report.order().picked().stream().map(Share::plain).toList())))));
    return new StaticPage.Section(
        "By chart and task",
        "",
        parts,
        "▲: the whole interval is above chance. RV retrieve value, EX find extremum, RG determine"
            + " range, AN anomalies, CL clusters, TR trends and correlations, CM compare, HI"
            + " hierarchy.");
  }

  /// Right answers of each chart and task; a place that the test has not stays empty.
  private static StaticPage.Chart grid(LiteracyReport report) {
    List<String> charts = report.charts().stream().map(LiteracyScores::of).toList();
    List<String> tasks = report.tasks().stream().map(LiteracyScores::of).toList();
    double[][] values = new double[charts.size()][tasks.size()];
    for (int c = 0; c < charts.size(); c++) {
      for (int t = 0; t < tasks.size(); t++) {
        String chart = charts.get(c);
        String task = tasks.get(t);
        values[c][t] =
            report.items().stream()
                .filter(row ->
                    row.chart().equals(chart)
                        && (row.task().isEmpty() ? "other" : row.task()).equals(task))
                .mapToDouble(LiteracyReport.ItemRow::right)
                .average()
                .orElse(Double.NaN);
      }
    }
    return Plots.grid(
        "Right answers by chart and task, in hundredths",
        "",
        charts,
        tasks,
        values,
        1,
        value -> Double.isNaN(value) ? "" : Long.toString(Math.round(100 * value)));
  }

  private static StaticPage.Section controls(
      LiteracyReport report, LiteracyReport.Controls controls) {
    List<List<String>> rows = new ArrayList<>();
    add(rows, "right with the chart", controls.own());
    add(rows, "right without a picture", controls.none());
    add(rows, "right with a grey picture", controls.blank());
    add(rows, "follows when the numbers change", controls.follows());
    add(rows, "seen", controls.seen());
    add(rows, "the same answer whatever is shown", controls.unmoved());
    add(rows, "charts with a legend: right", controls.legendOwn());
    add(rows, "the same, the legend covered: right", controls.legendGone());
    Map<String, Integer> verdicts = new LinkedHashMap<>();
    report.items().forEach(row -> verdicts.merge(row.verdict(), 1, Integer::sum));
    return new StaticPage.Section(
        "Does it see the chart?",
        "",
        List.of(
            new StaticPage.Table("", List.of("Items", "share", "of"), rows),
            new StaticPage.Table(
                "",
                List.of("Verdict", "items"),
                verdicts.entrySet().stream()
                    .map(entry -> List.of(entry.getKey(), Integer.toString(entry.getValue())))
                    .toList())),
        "Seen: right with the chart, not right without it, and the other answer for a chart that"
            + " differs in its numbers alone. A model that guesses is sometimes right without the"
            + " picture, so that this counts too few rather than too many.");
  }

  private static void add(List<List<String>> rows, String name, Share share) {
    if (share.of() > 0) {
      rows.add(List.of(name, share.text(), Integer.toString(share.of())));
    }
  }

  private static StaticPage.Section pointing(LiteracyReport report) {
    List<List<String>> rows = new ArrayList<>();
    for (LiteracyReport.PointingRow row : report.pointing()) {
      List<String> cells =
          new ArrayList<>(
              List.of(
                  row.method(),
                  row.hit().text(),
                  Share.plain(row.chance()),
                  Share.plain(row.chanceOnParts()),
                  interval(row.precision()),
                  row.hitRight().of() == 0 ? "–" : row.hitRight().text()));
      row.on().values().forEach(share -> cells.add(Share.plain(share)));
      rows.add(cells);
    }
    List<String> head =
        new ArrayList<>(
            List.of(
                "Map",
                "on the evidence",
                "chance",
                "chance on ink",
                "precision",
                "of right answers"));
    report.pointing().getFirst().on().keySet().forEach(head::add);
    return new StaticPage.Section(
        "Do maps lie on the evidence?",
        "The strongest patch of each map, and whether it lies on what the answer follows from:"
            + " marks, names, numbers of the scale, entries of the legend.",
        List.of(new StaticPage.Table("", head, rows)),
        "Chance: the part of all patches that lie on the evidence; on ink: of those that lie on any"
            + " mark, name, number or entry of the legend. A map has to beat the second: one that"
            + " is drawn to ink alone beats the first. The last columns say what the strongest"
            + " patch lies on, evidence or not. A map of a wrong answer need not lie on the"
            + " evidence.");
  }

  private static List<StaticPage.Section> items(Literacy literacy) {
    Map<String, List<StaticPage.Shot>> charts = new LinkedHashMap<>();
    int shown = 0;
    for (Taken one : literacy.taken()) {
      if (shown == MOST_SHOWN) {
        break;
      }
      if (one.item().has(Seen.OWN)) {
        shown++;
        charts
            .computeIfAbsent(one.item().chart(), key -> new ArrayList<>())
            .add(shot(one, literacy));
      }
    }
    if (charts.isEmpty()) {
      return List.of();
    }
    List<StaticPage.Part> parts = new ArrayList<>();
    charts.forEach((chart, shots) ->
        parts.add(
            new StaticPage.Closed(
                "%s, %d %s".formatted(chart, shots.size(), shots.size() == 1 ? "item" : "items"),
                List.of(new StaticPage.Cards(shots)))));
    String of =
        shown < literacy.taken().size()
            ? " The first %d of %d items; JSON and CSV have all."
                .formatted(shown, literacy.taken().size())
            : "";
    return List.of(
        new StaticPage.Section(
            "Item by item",
            "Framed: the evidence. Light: where the map of the answer is strong, where one was"
                + " made."
                + of,
            parts,
            ""));
  }

  private static StaticPage.Shot shot(Taken one, Literacy literacy) {
    LiteracyItem item = one.item();
    Mapped map =
        literacy.maps().stream()
            .filter(mapped -> mapped.id().equals(item.id()))
            .findFirst()
            .orElse(null);
    BufferedImage image = Pictures.large(item.image(Seen.OWN).orElseThrow());
    Drawn drawn = item.drawn().orElse(null);
    if (drawn != null) {
      double scale = image.getWidth() / (double) drawn.image().width();
      Graphics2D graphics = image.createGraphics();
      if (map != null) {
        heat(graphics, map, scale);
      }
      graphics.setColor(EVIDENCE);
      graphics.setStroke(new BasicStroke(2));
      for (Part part : drawn.of(item.made().orElseThrow().evidence())) {
        Region.Box box =
            part.region().mask(drawn.image().width(), drawn.image().height()).bounds().orElse(null);
        if (box != null) {
          graphics.drawRect(
              (int) (box.x0() * scale),
              (int) (box.y0() * scale),
              (int) ((box.x1() - box.x0()) * scale),
              (int) ((box.y1() - box.y0()) * scale));
        }
      }
      graphics.dispose();
    }
    return new StaticPage.Shot(item.question(), caption(one, map), image);
  }

  /// The map as light: what has little of it is darkened, so that colours, which legends speak of,
  /// stay what they are.
  private static void heat(Graphics2D graphics, Mapped map, double scale) {
    double most = map.values().stream().mapToDouble(v -> v).max().orElse(0);
    for (int patch = 0; patch < map.values().size() && most > 0; patch++) {
      double[] at = map.tile().pixels(patch / map.tile().columns(), patch % map.tile().columns());
      int alpha = (int) (SHADE * (1 - Math.max(0, map.values().get(patch)) / most));
      graphics.setColor(new Color(0, 0, 0, alpha));
      int left = (int) Math.round(at[0] * scale);
      int top = (int) Math.round(at[1] * scale);
      graphics.fillRect(
          left,
          top,
          (int) Math.round((at[0] + at[2]) * scale) - left,
          (int) Math.round((at[1] + at[3]) * scale) - top);
    }
  }

  private static String caption(Taken one, @org.jspecify.annotations.Nullable Mapped map) {
    LiteracyItem item = one.item();
    Taken.Asked first = one.asked().getFirst();
    String options =
        String.join(
            " · ",
            IntStream.range(0, item.options().size())
                .mapToObj(i ->
                    "%s %s%s"
                        .formatted(
                            item.options().get(i),
                            Spoken.percent(
                                first.answer().probabilities().get(first.order().indexOf(i))),
                            i == item.key() ? " (right)" : ""))
                .toList());
    String said =
        first.option() == Taken.OMITTED
            ? "passes over"
            : first.option() == item.key() ? "right" : "says " + item.options().get(first.option());
    return "%s. %s: %s%s%s"
        .formatted(
            item.place(),
            options,
            said,
            one.verdict() == Taken.Verdict.OPEN || one.verdict() == Taken.Verdict.WRONG
                ? ""
                : ", " + one.verdict().label(),
            map == null
                ? ""
                : "; %s points to: %s%s"
                    .formatted(
                        map.method(), map.on(), map.pointing().hit() >= .5 ? ", evidence" : ""));
  }
}
