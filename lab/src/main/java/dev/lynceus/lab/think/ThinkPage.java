package dev.lynceus.lab.think;

import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.strategy.Pictures;
import dev.lynceus.method.Spoken;
import dev.lynceus.report.StaticPage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A chain of pictures as one page: the ways to answer side by side, every picture with what was
/// read from it, what each step is worth, and what was put to the model.
public final class ThinkPage {
  private ThinkPage() {}

  /// The page.
  ///
  /// @param model its name
  /// @param original the picture, with the place that the map gave
  /// @param pictures one for each step
  /// @param replayed what a replay gave; null where it is none
  /// @param command that makes it again
  public static String html(
      String model,
      RgbImage original,
      List<RgbImage> pictures,
      ThinkReport report,
      @Nullable Replayed replayed,
      String command) {
    List<StaticPage.Section> sections = new ArrayList<>();
    sections.add(inShort(original, report, replayed));
    sections.add(chain(original, pictures, report));
    if (!report.steps().isEmpty()) {
      sections.add(worth(report));
    }
    sections.add(put(report));
    return new StaticPage(
            "Thought in pictures",
            "%s on “%s”".formatted(model, report.question()),
            sections,
            command)
        .html();
  }

  private static StaticPage.Section inShort(
      RgbImage original, ThinkReport report, @Nullable Replayed replayed) {
    List<List<String>> rows = new ArrayList<>();
    for (ThinkReport.Way way : report.ways()) {
      rows.add(
          List.of(
              way.name(),
              way.what(),
              "“" + way.answer() + "”",
              Spoken.percent(way.choice().probabilities().get(way.choice().best())),
              Spoken.percent(way.choice().of(report.way("thought").answer()))));
    }
    List<StaticPage.Part> main = new ArrayList<>();
    main.add(new StaticPage.Finding(ThinkWords.conclusion(report), "image", ""));
    if (replayed != null) {
      main.add(new StaticPage.Text(replayed.conclusion()));
    }
    main.add(
        new StaticPage.Table("", List.of("Way", "", "says", "with", "answer of all steps"), rows));
    report.notes().forEach(note -> main.add(new StaticPage.Text(note)));
    return new StaticPage.Section(
        "In short",
        "",
        List.of(
            new StaticPage.Beside(
                main,
                List.of(
                    new StaticPage.Gallery(
                        List.of(
                            new StaticPage.Shot("The picture", "", Pictures.large(original))))))),
        "Probabilities are shared among the candidates: %s. Planned by: %s."
            .formatted(
                String.join(", ", report.labels().stream().map(one -> "“" + one + "”").toList()),
                report.planned()));
  }

  private static StaticPage.Section chain(
      RgbImage original, List<RgbImage> pictures, ThinkReport report) {
    List<StaticPage.Shot> shots = new ArrayList<>();
    shots.add(
        new StaticPage.Shot(
            "The picture", "directly: " + report.way("direct").answer(), Pictures.large(original)));
    for (ThinkReport.Step step : report.steps()) {
      shots.add(
          new StaticPage.Shot(
              "%d. %s%s"
                  .formatted(
                      step.number() + 1, step.what(), step.decorative() ? " (decorative)" : ""),
              "%s%s%s"
                  .formatted(
                      "Goal: " + step.goal() + ". ",
                      step.says().isEmpty() ? "" : "The tool says: " + step.says() + ". ",
                      step.read().isEmpty() ? "" : "Read: “" + step.read() + "”"),
              Pictures.large(pictures.get(step.number()))));
    }
    return new StaticPage.Section(
        "Every step",
        "What each step made of the picture, and what the model read from it.",
        List.of(
            new StaticPage.Cards(shots),
            new StaticPage.Text("The chain in words: " + report.thoughts())),
        "A plan can be changed and done again: --save keeps it with what was read, and --plan takes it.");
  }

  private static StaticPage.Section worth(ThinkReport report) {
    List<List<String>> rows = new ArrayList<>();
    for (ThinkReport.Step step : report.steps()) {
      rows.add(
          List.of(
              "%d. %s".formatted(step.number() + 1, step.what()),
              Spoken.signed(step.dropped()),
              Spoken.signed(step.neutral()),
              Spoken.signed(step.random()),
              Spoken.percent(step.attention()),
              step.decorative() ? "decorative" : "matters"));
    }
    return new StaticPage.Section(
        "What each step is worth",
        "Log probability of the answer after all steps, less that with the step changed, nats.",
        List.of(
            new StaticPage.Table(
                "",
                List.of(
                    "Step",
                    "left out",
                    "empty phrase",
                    "crop elsewhere",
                    "attention to its words",
                    ""),
                rows)),
        "Crop elsewhere: boxes of the same size at random places, read anew. A step is decorative where"
            + " neither leaving it out nor crops elsewhere change the answer by more than 0.05 nats; an"
            + " empty phrase may disturb by itself. Attention is where heads read, not what they do with"
            + " it.");
  }

  private static StaticPage.Section put(ThinkReport report) {
    return new StaticPage.Section(
        "What was put to the model",
        "%d questions in all; pictures of steps come again as %s."
            .formatted(
                report.questions(),
                switch (report.shown()) {
                  case "text" -> "what was read from them";
                  case "sheet" -> "one sheet";
                  default -> "pictures after the original";
                }),
        List.of(
            new StaticPage.Table(
                "",
                List.of("Prompt", "text"),
                report.prompts().stream().map(one -> List.of(one.step(), one.text())).toList())),
        "--prompt NAME=TEXT takes the place of one of them.");
  }
}
