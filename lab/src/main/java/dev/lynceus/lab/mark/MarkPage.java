package dev.lynceus.lab.mark;

import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.picture.Operation;
import dev.lynceus.lab.picture.Region;
import dev.lynceus.lab.picture.Rgb;
import dev.lynceus.lab.picture.Side;
import dev.lynceus.lab.strategy.Pictures;
import dev.lynceus.method.Spoken;
import dev.lynceus.report.Plots;
import dev.lynceus.report.StaticPage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/// What operators do to an answer, as one page: every picture beside the clean one, effects beside
/// those of controls, attention into the region layer by layer, what else changes, and what each
/// picture was made by.
public final class MarkPage {
  /// Less than this many hundredths is nothing to colour.
  private static final double LEAST = .05;

  private MarkPage() {}

  /// The page.
  ///
  /// @param model its name
  /// @param command that makes it again
  public static String html(
      String model,
      RgbImage image,
      Region region,
      MarkStudy study,
      MarkReport report,
      String command) {
    List<StaticPage.Section> sections = new ArrayList<>();
    sections.add(inShort(image, region, study, report));
    sections.add(pictures(study, report));
    if (report.operators().stream().anyMatch(row -> !row.pull().isEmpty())) {
      sections.add(pull(report));
    }
    sections.add(beside(report));
    if (!report.sweep().isEmpty()) {
      sections.add(sweep(report));
    }
    sections.add(steps(report));
    return new StaticPage(
            "Marks",
            "%s on “%s”. Without a mark: “%s”".formatted(model, report.question(), report.said()),
            sections,
            command)
        .html();
  }

  private static StaticPage.Section inShort(
      RgbImage image, Region region, MarkStudy study, MarkReport report) {
    List<List<String>> rows = report.operators().stream().map(row -> effects(row)).toList();
    List<StaticPage.Part> parts = new ArrayList<>();
    parts.add(new StaticPage.Finding(MarkWords.conclusion(report), "image", ""));
    List<StaticPage.Part> side = new ArrayList<>();
    side.add(
        new StaticPage.Gallery(
            List.of(
                new StaticPage.Shot(
                    "The region, and where it is compared",
                    "red: the region, %d pixels; white: %s of its shape"
                        .formatted(
                            report.area(),
                            report.controls().size() == 1
                                ? "the control"
                                : "the " + report.controls().size() + " controls"),
                    Pictures.large(places(image, region, study.controls()))))));
    parts.add(
        new StaticPage.Beside(
            List.of(
                new StaticPage.Table(
                    "Change of the log probability of “%s”, nats".formatted(report.answer()),
                    List.of(
                        "Operator",
                        "at the region",
                        "elsewhere, mean",
                        "range",
                        "specific",
                        "it says"),
                    rows)),
            side));
    report.notes().forEach(note -> parts.add(new StaticPage.Text(note)));
    return new StaticPage.Section(
        "In short",
        "",
        parts,
        "Elsewhere: the same operator at regions of the same shape and area that share no pixel with"
            + " the region; of attention prompting, the same map carried round the edges."
            + " Specific: the effect less that mean; ▲ above that of every control, ▼ below it. An effect that comes wherever the mark stands says"
            + " nothing about the region.");
  }

  private static String sign(MarkReport.Row row) {
    return MarkWords.special(row) ? " ▲" : MarkWords.lowers(row) ? " ▼" : "";
  }

  private static List<String> effects(MarkReport.Row row) {
    double low = row.controls().stream().mapToDouble(d -> d).min().orElse(Double.NaN);
    double high = row.controls().stream().mapToDouble(d -> d).max().orElse(Double.NaN);
    boolean known = !row.controls().isEmpty();
    return List.of(
        row.operator(),
        Spoken.signed(row.effect()),
        known ? Spoken.signed(row.controlMean()) : "–",
        known ? Spoken.signed(low) + " to " + Spoken.signed(high) : "–",
        known ? Spoken.signed(row.specificity()) + sign(row) : "–",
        row.flipped() ? "“" + row.said() + "”" : "the same");
  }

  /// The region and its controls, drawn on the picture.
  private static RgbImage places(RgbImage image, Region region, List<Region> controls) {
    RgbImage now = image;
    double stroke = Math.max(1, Math.max(image.width(), image.height()) / 250.0);
    for (Region control : controls) {
      now = contour(control, Rgb.WHITE, stroke).apply(now);
    }
    return contour(region, Rgb.RED, 2 * stroke).apply(now);
  }

  private static Operation contour(Region region, Rgb colour, double stroke) {
    return new Operation.Outline(
        Operation.Shape.CONTOUR, region, colour, stroke, 1, 0, Side.CENTRE, 0);
  }

  private static StaticPage.Section pictures(MarkStudy study, MarkReport report) {
    List<StaticPage.Shot> shots = new ArrayList<>();
    shots.add(new StaticPage.Shot("no mark", report.said(), Pictures.large(study.image())));
    for (MarkReport.Row row : report.operators()) {
      Marked marked = study.marked(MarkOperator.named(row.operator()).getFirst());
      // Where two pictures are shown, or two passes made, the first is the one without a mark.
      boolean second = marked.against().isPresent();
      boolean pair = marked.pictures().size() > 1;
      shots.add(
          new StaticPage.Shot(
              row.operator() + (second ? ", second pass" : pair ? ", second picture" : ""),
              "%s nats, specific %s%s"
                  .formatted(
                      Spoken.signed(row.effect()),
                      Double.isNaN(row.specificity()) ? "–" : Spoken.signed(row.specificity()),
                      row.flipped() ? "; says “" + row.said() + "”" : ""),
              Pictures.large(marked.against().orElseGet(() -> marked.pictures().getLast()))));
    }
    return new StaticPage.Section(
        "What the model sees",
        "The picture without a mark, and after each operator; small pictures enlarged, pixel by pixel.",
        List.of(new StaticPage.Gallery(shots)),
        "");
  }

  private static StaticPage.Section pull(MarkReport report) {
    List<MarkReport.Row> rows =
        report.operators().stream().filter(row -> !row.pull().isEmpty()).toList();
    List<String> layers =
        IntStream.range(0, rows.getFirst().pull().size()).mapToObj(Integer::toString).toList();
    List<StaticPage.Chart> charts = new ArrayList<>();
    // Few columns a chart, so that their names have room.
    int wide = 6;
    double scale =
        Math.max(
            LEAST,
            rows.stream()
                .flatMap(row -> row.pull().stream())
                .flatMapToDouble(one ->
                    java.util.stream.DoubleStream.of(
                        one.change(), Double.isNaN(one.control()) ? 0 : one.control()))
                .map(Math::abs)
                .max()
                .orElse(1));
    for (int from = 0; from < rows.size(); from += wide) {
      List<MarkReport.Row> some = rows.subList(from, Math.min(rows.size(), from + wide));
      charts.add(grid("At the region", some, layers, false, scale));
      boolean known = some.stream().anyMatch(row -> !Double.isNaN(row.pull().getFirst().control()));
      if (known) {
        charts.add(grid("Elsewhere, mean", some, layers, true, scale));
      }
    }
    List<String> clean = new ArrayList<>(List.of("no mark"));
    rows.getFirst().pull().forEach(one -> clean.add(Spoken.percent(one.clean())));
    List<String> head = new ArrayList<>(List.of("Attention into the region"));
    layers.forEach(layer -> head.add("layer " + layer));
    return new StaticPage.Section(
        "Where it looks",
        "Change of the attention into the region by a mark, in hundredths of the attention to all"
            + " patches: of the position that predicts the first word, mean over heads, layer by layer.",
        List.of(new StaticPage.Table("", head, List.of(clean)), new StaticPage.Charts(charts)),
        "Elsewhere: the change into a control region when that is marked. Orange: more attention."
            + " Attention is where heads read, not what they do with it.");
  }

  private static StaticPage.Chart grid(
      String title, List<MarkReport.Row> rows, List<String> layers, boolean control, double scale) {
    double[][] values = new double[layers.size()][rows.size()];
    for (int c = 0; c < rows.size(); c++) {
      for (int l = 0; l < layers.size(); l++) {
        MarkReport.LayerPull one = rows.get(c).pull().get(l);
        values[l][c] = control ? one.control() : one.change();
      }
    }
    return Plots.grid(
        title,
        "layer",
        layers,
        rows.stream().map(row -> brief(row.operator())).toList(),
        values,
        scale,
        value -> hundredths(value));
  }

  private static String hundredths(double value) {
    long tenths = Math.round(1000 * value);
    return tenths == 0 ? "0.0" : String.format(Locale.ROOT, "%+.1f", tenths / 10.0);
  }

  /// A name that fits above a narrow column.
  private static String brief(String name) {
    return name.length() <= 9 ? name : name.substring(0, 8) + "…";
  }

  private static StaticPage.Section beside(MarkReport report) {
    boolean refers = report.operators().stream().anyMatch(row -> row.referred().isPresent());
    boolean elsewhere = report.operators().stream().anyMatch(row -> row.divergence().isPresent());
    List<String> head =
        new ArrayList<>(
            List.of(
                "Operator",
                "pixels changed",
                "patches touched",
                "by their tokens",
                "left without them"));
    if (elsewhere) {
      head.add("moves the control question");
    }
    if (refers) {
      head.addAll(List.of("label, no mark", "label, marked", "chosen"));
    }
    List<List<String>> rows = new ArrayList<>();
    for (MarkReport.Row row : report.operators()) {
      List<String> cells = new ArrayList<>(List.of(row.operator()));
      cells.add(Double.isNaN(row.pixels()) ? "other part" : Spoken.percent(row.pixels()));
      Optional<OwnEffect> own = row.own();
      cells.add(own.map(one -> one.patches() + " of " + one.of()).orElse("–"));
      cells.add(own.map(one -> Spoken.signed(one.carried())).orElse("–"));
      cells.add(own.map(one -> Spoken.signed(one.left())).orElse("–"));
      if (elsewhere) {
        cells.add(row.divergence().map(Spoken::number).orElse("–"));
      }
      if (refers) {
        cells.add(row.referred().map(one -> Spoken.percent(one.clean())).orElse("–"));
        cells.add(row.referred().map(one -> Spoken.percent(one.marked())).orElse("–"));
        cells.add(row.referred().map(MarkReport.Referred::chosen).orElse("–"));
      }
      rows.add(cells);
    }
    return new StaticPage.Section(
        "What else it does",
        "",
        List.of(new StaticPage.Table("", head, rows)),
        "By their tokens: what the answer gains where the clean run gets the visual tokens of the"
            + " touched patches from the marked one, nats. Left without them: what stays where the"
            + " marked run gets them from the clean one, which the tower carried to other patches; the two"
            + " need not add up. The"
            + " control question is about something outside of the region: divergence of its answer,"
            + " nats; 0 = untouched.");
  }

  private static StaticPage.Section sweep(MarkReport report) {
    List<List<String>> rows = new ArrayList<>();
    List<StaticPage.Part> parts = new ArrayList<>();
    for (MarkReport.Sweep one : report.sweep()) {
      rows.add(
          List.of(
              one.operator(),
              Integer.toString(one.styles().size()),
              Spoken.signed(one.mean()),
              Spoken.signed(one.least()) + " to " + Spoken.signed(one.most()),
              Double.isNaN(one.specificMean()) ? "–" : Spoken.signed(one.specificMean()),
              Double.isNaN(one.specificMean())
                  ? "–"
                  : Spoken.signed(one.specificLeast())
                      + " to "
                      + Spoken.signed(one.specificMost())));
    }
    parts.add(
        new StaticPage.Table(
            "",
            List.of("Operator", "styles", "effect, mean", "range", "specific, mean", "range"),
            rows));
    for (MarkReport.Sweep one : report.sweep()) {
      parts.add(
          new StaticPage.Closed(
              one.operator() + ": all styles, the most specific first",
              List.of(
                  new StaticPage.Table(
                      "",
                      List.of("Colour", "size", "side", "effect", "specific"),
                      one.styles().stream()
                          .map(style ->
                              List.of(
                                  style.colour(),
                                  Spoken.number(style.size()),
                                  style.side(),
                                  Spoken.signed(style.effect()),
                                  Double.isNaN(style.specificity())
                                      ? "–"
                                      : Spoken.signed(style.specificity())))
                          .toList()))));
    }
    return new StaticPage.Section(
        "Other colours, sizes and places",
        "Every style is compared with controls in the same style.",
        parts,
        "One number of one style says little: the range does.");
  }

  private static StaticPage.Section steps(MarkReport report) {
    List<StaticPage.Part> parts = new ArrayList<>();
    for (MarkReport.Row row : report.operators()) {
      parts.add(
          new StaticPage.Closed(
              row.operator() + ": " + row.what(),
              List.of(
                  new StaticPage.Text("Question: " + row.question()),
                  new StaticPage.Text("Answer: " + row.said()),
                  new StaticPage.Text(
                      "Pictures, a list of operations for each: " + brief(row.chain(), 1500)))));
    }
    return new StaticPage.Section(
        "Every step",
        report.map().isEmpty() ? "" : "Attention prompting masks by " + report.map() + ".",
        parts,
        "Masks are told by the lengths of their runs; JSON has all of them.");
  }

  private static String brief(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most) + " …";
  }
}
