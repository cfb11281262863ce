package dev.lynceus.lab.describe;

import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.strategy.Pictures;
import dev.lynceus.method.Spoken;
import dev.lynceus.report.Plots;
import dev.lynceus.report.StaticPage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A description as one page: the ways to answer side by side, the ledger of the rounds, what each
/// part is worth, examples, and which description is better.
public final class DescribePage {
  private DescribePage() {}

  /// The page.
  ///
  /// @param model its name
  /// @param command that makes it again
  public static String html(
      String model, List<RgbImage> images, DescribeReport report, String command) {
    List<StaticPage.Section> sections = new ArrayList<>();
    sections.add(inShort(images, report));
    sections.add(ledger(report));
    sections.add(parts(report));
    if (!report.shots().isEmpty()) {
      sections.add(examples(report));
    }
    report.comparison().ifPresent(table -> sections.add(comparison(table, report.judge())));
    sections.add(put(report));
    return new StaticPage(
            "Described", "%s on “%s”".formatted(model, report.question()), sections, command)
        .html();
  }

  /// The page of two captions and two pictures.
  public static String html(String model, List<RgbImage> images, Pairs pairs, String command) {
    List<List<String>> rows = new ArrayList<>();
    for (int c = 0; c < 2; c++) {
      rows.add(
          List.of(
              "“" + pairs.captions().get(c) + "”",
              Spoken.signed(pairs.scores().get(c).get(0)),
              Spoken.signed(pairs.scores().get(c).get(1))));
    }
    return new StaticPage(
            "Captions and pictures",
            model,
            List.of(
                new StaticPage.Section(
                    "In short",
                    "",
                    List.of(
                        new StaticPage.Finding(DescribeWords.conclusion(pairs), "image", ""),
                        new StaticPage.Table(
                            "", List.of("Caption", "picture 1", "picture 2"), rows),
                        shots(images)),
                    (pairs.by().equals("yes")
                            ? "Log odds of Yes beside No when the model is asked whether the caption fits, nats."
                            : "Log probability of the caption as the description of the picture, nats.")
                        + " The first caption belongs to the first picture. By chance a quarter tell"
                        + " captions apart, a quarter pictures, and a sixth both.")),
            command)
        .html();
  }

  /// The page of two texts that were compared alone.
  public static String html(String model, Comparing.@Nullable Table table, String command) {
    List<StaticPage.Section> sections = new ArrayList<>();
    if (table != null) {
      sections.add(
          new StaticPage.Section(
              "The two",
              "",
              List.of(
                  new StaticPage.Text("A: " + table.a()), new StaticPage.Text("B: " + table.b())),
              ""));
      sections.add(comparison(table, "model"));
    }
    return new StaticPage("Two descriptions", model, sections, command).html();
  }

  private static StaticPage.Gallery shots(List<RgbImage> images) {
    return new StaticPage.Gallery(
        IntStream.range(0, images.size())
            .mapToObj(i ->
                new StaticPage.Shot(
                    images.size() == 1 ? "The picture" : "Picture " + (i + 1),
                    "",
                    Pictures.large(images.get(i))))
            .toList());
  }

  private static StaticPage.Section inShort(List<RgbImage> images, DescribeReport report) {
    List<List<String>> rows = new ArrayList<>();
    for (DescribeReport.Way way : report.ways()) {
      rows.add(
          List.of(
              way.name(),
              way.what(),
              "“" + way.answer() + "”",
              Spoken.percent(way.choice().probabilities().get(way.choice().best())),
              Spoken.percent(way.choice().of(report.way("described").answer()))));
    }
    List<StaticPage.Part> main = new ArrayList<>();
    main.add(new StaticPage.Finding(DescribeWords.conclusion(report), "image", ""));
    main.add(
        new StaticPage.Table("", List.of("Way", "", "says", "with", "described answer"), rows));
    report.notes().forEach(note -> main.add(new StaticPage.Text(note)));
    return new StaticPage.Section(
        "In short",
        "",
        List.of(new StaticPage.Beside(main, List.of(shots(images)))),
        "Probabilities are shared among the %d candidates: %s. The gap between seen and described is what"
                .formatted(report.labels().size(), quoted(report.labels()))
            + " the description leaves out; what blind has, language alone carries.");
  }

  private static String quoted(List<String> labels) {
    return String.join(", ", labels.stream().map(one -> "“" + one + "”").toList());
  }

  private static StaticPage.Section ledger(DescribeReport report) {
    List<List<String>> rows = new ArrayList<>();
    for (Refining.Round round : report.ledger().rounds()) {
      rows.add(
          List.of(
              Integer.toString(round.number()),
              round.asked().isEmpty() ? "(describe)" : round.asked(),
              round.said(),
              round.description(),
              "“" + round.prediction() + "”",
              Spoken.percent(round.probability())));
    }
    return new StaticPage.Section(
        "Every round",
        "Round 0 is the plain description. Then who does not see asks, who sees answers, and the answer is"
            + " read again.",
        List.of(
            new StaticPage.Table(
                "",
                List.of(
                    "Round",
                    "asked of who sees",
                    "said",
                    "description now",
                    "answer from it",
                    "with"),
                rows)),
        (report.ledger().settled()
                ? "It ended early: the answer stayed, and its probability moved by less than 0.01. "
                : "")
            + "--description and --asking put words of yours in the place of the model's, from there on.");
  }

  private static StaticPage.Section parts(DescribeReport report) {
    List<List<String>> rows =
        report.parts().stream()
            .map(part ->
                List.of(part.text(), Spoken.signed(part.effect()), "“" + part.answer() + "”"))
            .toList();
    return new StaticPage.Section(
        "What each part is worth",
        "The description is read again without each %s.".formatted(report.partKind()),
        List.of(new StaticPage.Table("", List.of("Part", "worth, nats", "says without it"), rows)),
        "Worth: log probability of the described answer with the part less that without it.");
  }

  private static StaticPage.Section examples(DescribeReport report) {
    List<StaticPage.Part> parts = new ArrayList<>();
    List<List<String>> rows =
        report.shown().stream()
            .map(one ->
                List.of(
                    one.id(),
                    one.question(),
                    one.description(),
                    one.answer(),
                    Spoken.number(one.multimodal()),
                    Spoken.number(one.text()),
                    Spoken.number(one.score())))
            .toList();
    parts.add(
        new StaticPage.Table(
            "",
            List.of(
                "Example", "question", "description", "its answer", "picture", "words", "score"),
            rows));
    double[] values =
        report.shots().stream().mapToDouble(DescribeReport.Shots::probability).toArray();
    parts.add(
        new StaticPage.Charts(
            List.of(
                Plots.lines(
                    "Probability of the described answer",
                    report.shots().stream().map(one -> Integer.toString(one.shots())).toList(),
                    "examples shown",
                    "probability",
                    List.of(new Plots.Series("described answer", values, values, values))))));
    return new StaticPage.Section(
        "Worked examples",
        "Shown before the question, the most alike last.",
        parts,
        "Picture: cosine of the states of picture and question; words: cosine of BM25 weights. Answers of"
            + " examples are the model's own.");
  }

  private static StaticPage.Section comparison(Comparing.Table table, String judge) {
    List<List<String>> rows =
        table.rows().stream()
            .map(row ->
                List.of(
                    row.step(),
                    row.inOrder(),
                    row.turned(),
                    row.verdict() + (row.biased() ? ", the place decided" : "")))
            .toList();
    return new StaticPage.Section(
        "Which description is better",
        "A: the first; B: the last. Each step is asked in both orders, and won only where both agree.",
        List.of(
            new StaticPage.Table("", List.of("Step", "A first", "B first", "better"), rows),
            new StaticPage.Text(
                "B better in %s of the steps, equal in %s, A better in %s; the place decided in %s."
                    .formatted(
                        Spoken.percent(table.better()),
                        Spoken.percent(table.equal()),
                        Spoken.percent(table.worse()),
                        Spoken.percent(table.bias())))),
        judge.equals("model")
            ? "The judge is the model itself."
            : "This model was taught no comparison: better is what makes the answer with the picture more"
                + " probable, so that all steps are one.");
  }

  private static StaticPage.Section put(DescribeReport report) {
    return new StaticPage.Section(
        "What was put to the model",
        "%d questions in all.".formatted(report.questions()),
        List.of(
            new StaticPage.Table(
                "",
                List.of("Prompt", "text"),
                report.prompts().stream().map(one -> List.of(one.step(), one.text())).toList())),
        "--prompt NAME=TEXT takes the place of one of them.");
  }
}
