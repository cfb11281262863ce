package dev.lynceus.lab.measure;

import dev.lynceus.lab.measure.TraceReport.Damage;
import dev.lynceus.lab.measure.TraceReport.Restored;
import dev.lynceus.lab.measure.TraceReport.Where;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.causal.Component;
import dev.lynceus.method.score.Share;
import dev.lynceus.report.Plots;
import dev.lynceus.report.StaticPage;
import dev.lynceus.tap.Stack;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// What tracing found, as a page.
public final class TracePage {
  private static final List<Where> QUESTION =
      List.of(Where.START, Where.OTHER, Where.WORD, Where.END, Where.ALL);

  private TracePage() {}

  /// The page.
  ///
  /// @param command that makes it again
  public static String html(TraceReport report, String command) {
    return new StaticPage(
            "Where a BLIP keeps its answer",
            String.format(
                Locale.ROOT,
                "%s is asked for the color of a thing in %d scenes of seed %d. %d answers are right, and are"
                    + " traced: the picture or the question is damaged, and single states are restored to"
                    + " what they were. Here it is known which patches show the thing.",
                report.model(),
                report.scenes(),
                report.seed(),
                report.traced()),
            List.of(
                findings(report),
                grids(report),
                patches(report),
                looked(report),
                checks(report),
                answered(report),
                numbers(report)),
            command)
        .html();
  }

  /// What was found, in sentences, whichever way it falls.
  public static List<String> sentences(TraceReport report) {
    List<String> all = new ArrayList<>();
    for (Damage damage : List.of(Damage.IMAGE_SWAP, Damage.WORD_SWAP)) {
      strongest(report, damage)
          .ifPresent(one ->
              all.add(
                  "With %s, the single state that brings most back is %s after %s: %s of what was lost."
                      .formatted(
                          damage.words(),
                          one.where().words(),
                          row(one.row()),
                          one.effect().text())));
    }
    region(report, TraceReport.Region.ASKED)
        .ifPresent(asked ->
            region(report, TraceReport.Region.OTHER)
                .ifPresent(other ->
                    all.add(
                        "New colours at the asked thing's patches alone change %s of the answers, at another thing's %s."
                            .formatted(asked.lost().text(), other.lost().text()))));
    report.looked().stream()
        .filter(one -> one.where() == Where.WORD)
        .max(Comparator.comparingDouble(one -> one.own().value() - one.otherAsked().value()))
        .ifPresent(one ->
            all.add(
                "In layer %d of the encoder the thing's word pays %s of its cross-attention to the thing's patches, and %s to the same patches when another thing is asked for%s."
                    .formatted(
                        one.layer(),
                        one.own().text(),
                        one.otherAsked().text(),
                        one.own().low() > one.otherAsked().high()
                            ? ""
                            : ": that is no difference beyond the intervals")));
    List<String> broken =
        report.checks().stream()
            .filter(check -> !check.holds())
            .map(TraceReport.Check::name)
            .toList();
    all.add(
        broken.isEmpty()
            ? "The checks D1 to D4 hold."
            : "These checks fail: " + String.join(", ", broken) + ".");
    return all;
  }

  private static Optional<TraceReport.Patches> region(
      TraceReport report, TraceReport.Region region) {
    return report.patches().stream()
        .filter(one -> one.damage() == Damage.IMAGE_SWAP && one.region() == region)
        .findFirst();
  }

  /// The single state of the encoder after a layer that brings most back. The embedding is left
  /// out: where a word is damaged, restoring it there is no finding.
  private static Optional<Restored> strongest(TraceReport report, Damage damage) {
    return of(report, damage, Stack.ENCODER, Component.LAYER)
        .filter(one -> one.where() != Where.ALL && !one.row().equals(Spoken.EMBEDDING))
        .max(Comparator.comparingDouble(one -> one.effect().value()));
  }

  private static Stream<Restored> of(
      TraceReport report, Damage damage, Stack stack, Component site) {
    return report.restored().stream()
        .filter(one -> one.damage() == damage && one.stack() == stack && one.site() == site);
  }

  private static String row(String row) {
    return row.matches("\\d+") ? "layer " + row : row.equals("embedding") ? "the embedding" : row;
  }

  private static StaticPage.Section findings(TraceReport report) {
    List<StaticPage.Part> parts = new ArrayList<>();
    sentences(report).forEach(text -> parts.add(new StaticPage.Finding(text, "image", "")));
    List<List<String>> rows = new ArrayList<>();
    for (TraceReport.Damaged one : report.damaged()) {
      rows.add(
          List.of(
              one.damage().words(),
              one.effect().text(),
              one.lost().text(),
              Integer.toString(one.gated())));
    }
    parts.add(
        new StaticPage.Table(
            "What each damage does",
            List.of("damage", "probability lost", "answers lost", "traced"),
            rows));
    return new StaticPage.Section(
        "In short",
        "",
        parts,
        "Traced are those whose answer becomes another and loses 0.1 of its probability or more; where a"
            + " damage does nothing there is nothing to restore.");
  }

  private static StaticPage.Section grids(TraceReport report) {
    List<StaticPage.Chart> encoder = new ArrayList<>();
    List<StaticPage.Chart> crossed = new ArrayList<>();
    List<StaticPage.Chart> decoder = new ArrayList<>();
    for (Damage damage : Damage.values()) {
      if (of(report, damage, Stack.ENCODER, Component.LAYER).findAny().isPresent()) {
        encoder.add(grid(report, damage, Stack.ENCODER, Component.LAYER, QUESTION));
        crossed.add(
            grid(
                report,
                damage,
                Stack.ENCODER,
                Component.CROSS_ATTENTION,
                QUESTION.subList(0, QUESTION.size() - 1)));
        decoder.add(grid(report, damage, Stack.DECODER, Component.LAYER, List.of(Where.ANSWER)));
      }
    }
    return new StaticPage.Section(
        "What brings the answer back",
        "Probability of the right answer that comes back when a state is restored, by what the damage took:"
            + " 1 = all of it. Rows are layers; means over scenes.",
        List.of(
            new StaticPage.Text("States after each layer of the question's encoder."),
            new StaticPage.Charts(encoder),
            new StaticPage.Text("What the encoder's cross-attention writes, one layer at a time."),
            new StaticPage.Charts(crossed),
            new StaticPage.Text("States after each layer of the answer's decoder."),
            new StaticPage.Charts(decoder)),
        "All positions together after the last layer are all that the decoder reads, so they bring everything"
            + " back. In earlier layers they do not where the picture is damaged: later cross-attention still"
            + " reads it. A damaged question whose picture is whole can be read again by later layers.");
  }

  private static StaticPage.Chart grid(
      TraceReport report, Damage damage, Stack stack, Component site, List<Where> columns) {
    List<String> rows =
        of(report, damage, stack, site).map(Restored::row).distinct().sorted(order()).toList();
    double[][] values = new double[rows.size()][columns.size()];
    for (double[] row : values) {
      Arrays.fill(row, Double.NaN);
    }
    of(report, damage, stack, site)
        .filter(one -> columns.contains(one.where()))
        .forEach(one ->
            values[rows.indexOf(one.row())][columns.indexOf(one.where())] = one.effect().value());
    return Plots.grid(
        damage.words(),
        "",
        rows.stream().map(row -> row.equals("embedding") ? "in" : row).toList(),
        columns.stream().map(TracePage::head).toList(),
        values,
        1,
        TracePage::plain);
  }

  /// Two digits; a negative number that rounds to nothing has no sign.
  private static String plain(double value) {
    return String.format(Locale.ROOT, "%.2f", Math.round(100 * value) / 100.0);
  }

  private static Comparator<String> order() {
    return Comparator.comparingInt(row -> row.matches("\\d+") ? Integer.parseInt(row) : -1);
  }

  private static String head(Where where) {
    return switch (where) {
      case START, END, ANSWER -> where.words();
      case WORD -> "thing";
      case OTHER -> "others";
      case ALL -> "all";
    };
  }

  private static StaticPage.Section patches(TraceReport report) {
    List<List<String>> rows = new ArrayList<>();
    for (TraceReport.Patches one : report.patches()) {
      rows.add(
          List.of(
              one.region().words(),
              one.damage().words(),
              one.lost().text(),
              one.damage() == Damage.IMAGE_SWAP ? one.follows().text() : ""));
    }
    return new StaticPage.Section(
        "Which patches the answer needs",
        "Features of the tower are changed at some patches only. Exchanged colours: the features come from the"
            + " picture in which the asked thing and the other have each other's colour.",
        List.of(
            new StaticPage.Table(
                "",
                List.of(
                    "changed patches", "by", "answers lost", "answers that name the new colour"),
                rows)),
        "A thing's patches are those that it covers to half. Features of other patches may know of it, too:"
            + " patches of the tower see each other.");
  }

  private static StaticPage.Section looked(TraceReport report) {
    List<List<String>> rows = new ArrayList<>();
    for (TraceReport.Looked one : report.looked()) {
      rows.add(
          List.of(
              one.layer() + ", " + one.where().words(),
              one.own().text(),
              one.otherAsked().text(),
              one.other().text(),
              one.ground().text(),
              Share.plain(one.area())));
    }
    TraceReport.Head head = report.head();
    return new StaticPage.Section(
        "Where the cross-attention looks",
        "Part of the cross-attention of the encoder, mean over heads, that is paid to patches.",
        List.of(
            new StaticPage.Table(
                "",
                List.of(
                    "layer, from",
                    "the asked thing's",
                    "the same, another is asked for",
                    "another thing's",
                    "as many of the ground",
                    "even attention"),
                rows),
            new StaticPage.Text(
                "The head that follows the question most from the thing's word is head %d of layer %d, chosen on every second scene. On the others it pays %s to the thing's patches, and %s to the same when another thing is asked for; the patch that it looks at most lies on the thing in %s (%s by chance)."
                    .formatted(
                        head.head(),
                        head.layer(),
                        head.own().text(),
                        head.otherAsked().text(),
                        head.hits().text(),
                        Share.plain(head.chance())))),
        "Where attention lies is not yet what it is worth: that is what the tables above are for.");
  }

  private static StaticPage.Section checks(TraceReport report) {
    List<List<String>> rows = new ArrayList<>();
    for (TraceReport.Check one : report.checks()) {
      rows.add(
          List.of(
              one.name(),
              one.what(),
              String.format(Locale.ROOT, "%.1e", one.error()),
              Integer.toString(one.of()),
              one.holds() ? "holds" : "fails"));
    }
    return new StaticPage.Section(
        "Checks",
        "What follows from how the model is built, and must hold if the tracing is right.",
        List.of(
            new StaticPage.Table("", List.of("", "", "largest difference", "compared", ""), rows)),
        "");
  }

  private static StaticPage.Section answered(TraceReport report) {
    List<List<String>> rows = new ArrayList<>();
    for (TraceReport.Answered one : report.answered()) {
      rows.add(
          List.of(
              one.kind().label(),
              Integer.toString(one.right().of()),
              one.right().text(),
              Share.plain(one.chance())));
    }
    return new StaticPage.Section(
        "What it gets right",
        "One question of each kind about each of "
            + report.asked()
            + " scenes of one to four things, as far as the scene allows it.",
        List.of(
            new StaticPage.Table(
                "", List.of("question", "n", "right", "most frequent answer"), rows)),
        "");
  }

  private static StaticPage.Section numbers(TraceReport report) {
    List<StaticPage.Part> parts = new ArrayList<>();
    for (Damage damage : Damage.values()) {
      List<List<String>> rows = new ArrayList<>();
      for (Restored one : report.restored()) {
        if (one.damage() == damage) {
          rows.add(
              List.of(
                  one.stack().title() + ", " + one.site().text(),
                  row(one.row()),
                  one.where().words(),
                  one.effect().text(),
                  Integer.toString(one.effect().of())));
        }
      }
      if (!rows.isEmpty()) {
        parts.add(
            new StaticPage.Closed(
                damage.words(),
                List.of(
                    new StaticPage.Table(
                        "", List.of("state", "after", "at", "comes back", "n"), rows))));
      }
    }
    return new StaticPage.Section(
        "All numbers", "With 95 % intervals by bootstrap over scenes.", parts, "");
  }
}
