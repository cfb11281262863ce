package dev.lynceus.lab.vote;

import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.strategy.Pictures;
import dev.lynceus.method.Spoken;
import dev.lynceus.report.Plots;
import dev.lynceus.report.StaticPage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// A vote as one page: the ways to decide side by side, every explanation with what follows from
/// it, what each adds, what other exponents give, and what was put to the model.
public final class VotePage {
  private VotePage() {}

  /// The page.
  ///
  /// @param model its name
  /// @param command that makes it again
  public static String html(
      String model, List<RgbImage> images, VoteReport report, String command) {
    return new StaticPage(
            "Vote",
            "%s on “%s”. Without an explanation: “%s”"
                .formatted(model, report.question(), report.direct()),
            List.of(inShort(images, report), explanations(report), beside(report), put(report)),
            command)
        .html();
  }

  private static StaticPage.Section inShort(List<RgbImage> images, VoteReport report) {
    List<String> head = new ArrayList<>(List.of("Way to decide", "says"));
    List<String> names = named(report.labels());
    head.addAll(names);
    List<List<String>> rows = new ArrayList<>();
    for (VoteReport.Total total : report.totals()) {
      String said = names.get(report.labels().indexOf(total.answer()));
      List<String> cells = new ArrayList<>(List.of(total.name(), said));
      total.distribution().forEach(p -> cells.add(Spoken.percent(p)));
      rows.add(cells);
    }
    List<StaticPage.Part> main = new ArrayList<>();
    main.add(new StaticPage.Finding(VoteWords.conclusion(report), "image", ""));
    main.add(new StaticPage.Table("", head, rows));
    if (!names.equals(report.labels())) {
      main.add(new StaticPage.Text(key(report.labels())));
    }
    report.notes().forEach(note -> main.add(new StaticPage.Text(note)));
    List<StaticPage.Part> parts =
        images.isEmpty()
            ? main
            : List.of(
                new StaticPage.Beside(
                    main,
                    List.of(
                        new StaticPage.Gallery(
                            IntStream.range(0, images.size())
                                .mapToObj(i ->
                                    new StaticPage.Shot(
                                        images.size() == 1 ? "The picture" : "Picture " + (i + 1),
                                        "",
                                        Pictures.large(images.get(i))))
                                .toList()))));
    return new StaticPage.Section(
        "In short",
        "",
        parts,
        "Direct: no explanation. Greedy: one explanation, of the most probable tokens. Majority: the"
            + " most frequent drawn answer. Soft: the mean of the probabilities that explanations"
            + " give. EASE: that mean by the weights. Probabilities are shared among the candidates,"
            + " by the %s of the log probabilities of their tokens.".formatted(report.by()));
  }

  /// Long labels become letters, which a key tells.
  private static List<String> named(List<String> labels) {
    boolean fit = labels.stream().allMatch(label -> label.length() <= 12);
    return fit
        ? labels
        : IntStream.range(0, labels.size())
            .mapToObj(i -> String.valueOf((char) ('A' + i)))
            .toList();
  }

  private static String key(List<String> labels) {
    StringBuilder key = new StringBuilder();
    List<String> names = named(labels);
    for (int i = 0; i < labels.size(); i++) {
      key.append(i == 0 ? "" : "; ")
          .append(names.get(i))
          .append(": “")
          .append(labels.get(i))
          .append('”');
    }
    return key.append('.').toString();
  }

  private static StaticPage.Section explanations(VoteReport report) {
    List<String> head =
        new ArrayList<>(List.of("Nr", "Explanation", "drawn answer", "most probable"));
    boolean scored = report.samples().stream().anyMatch(one -> one.score().isPresent());
    boolean blank = report.samples().stream().anyMatch(one -> one.blankScore().isPresent());
    boolean mapped = report.weights().contains(Weight.MAP.label());
    if (scored) {
      head.add("Yes");
    }
    if (blank) {
      head.add("Yes, blank picture");
    }
    if (mapped) {
      head.add("map");
    }
    head.addAll(List.of("weight", "share", "adds"));
    List<List<String>> rows = new ArrayList<>();
    for (VoteReport.Sample one : report.samples()) {
      List<String> cells =
          new ArrayList<>(
              List.of(
                  Integer.toString(one.number()),
                  one.explanation(),
                  "“%s”%s".formatted(one.said(), one.consistent() ? "" : " ≠"),
                  named(report.labels()).get(report.labels().indexOf(one.argmax()))));
      if (scored) {
        cells.add(percent(one.score()));
      }
      if (blank) {
        cells.add(percent(one.blankScore()));
      }
      if (mapped) {
        cells.add(one.map().map(Spoken::number).orElse("–"));
      }
      cells.add(Spoken.number(one.weight()));
      cells.add(Spoken.percent(one.share()));
      cells.add(Spoken.signed(one.marginal()));
      rows.add(cells);
    }
    return new StaticPage.Section(
        "Explanations",
        report.weights().isEmpty()
            ? "Every explanation counts the same."
            : "Weighed by %s.".formatted(String.join(" times ", report.weights())),
        List.of(new StaticPage.Table("", head, rows)),
        "≠: the drawn answer is another one than the explanation makes most probable. Yes: the"
            + " probability of Yes beside No when the model is asked about the explanation. Adds: the"
            + " probability of the answer of EASE with the explanation less that without it.");
  }

  private static StaticPage.Section beside(VoteReport report) {
    List<StaticPage.Part> parts = new ArrayList<>();
    double[][] values = new double[report.samples().size()][];
    for (int j = 0; j < values.length; j++) {
      values[j] =
          report.samples().get(j).probabilities().stream()
              .mapToDouble(Double::doubleValue)
              .toArray();
    }
    List<String> numbers =
        report.samples().stream().map(one -> Integer.toString(one.number())).toList();
    StaticPage.Chart grid =
        Plots.grid(
            "Probability of each candidate after each explanation, in hundredths",
            "nr",
            numbers,
            named(report.labels()).stream().map(VotePage::brief).toList(),
            values,
            1,
            value -> Long.toString(Math.round(100 * value)));
    parts.add(new StaticPage.Charts(List.of(grid)));
    List<String> names = named(report.labels());
    List<List<String>> gammas =
        report.gammas().stream()
            .map(one ->
                List.of(
                    plain(one.gamma()),
                    names.get(report.labels().indexOf(one.answer())),
                    Spoken.percent(one.probability())))
            .toList();
    parts.add(
        new StaticPage.Table(
            "Other exponents of the weights", List.of("gamma", "EASE says", "with"), gammas));
    List<List<String>> blind =
        report.samples().stream()
            .filter(one -> one.blank().isPresent())
            .map(one ->
                List.of(
                    Integer.toString(one.number()),
                    Spoken.percent(
                        one.probabilities()
                            .get(report.labels().indexOf(report.total("ease").answer()))),
                    percent(one.blank())))
            .toList();
    if (!blind.isEmpty()) {
      parts.add(
          new StaticPage.Table(
              "Does the explanation carry the answer, or the picture?",
              List.of("Nr", "probability of the answer", "with a blank picture"),
              blind));
    }
    return new StaticPage.Section(
        "What follows from each",
        "",
        parts,
        "With a gamma of 0 all weights are equal, which is the soft mean. Where the answer stays with a"
            + " blank picture, the words of the explanation carry it.");
  }

  private static StaticPage.Section put(VoteReport report) {
    return new StaticPage.Section(
        "What was put to the model",
        "%d explanations drawn at temperature %s with seed %d; %d questions in all; answers are read from %s."
            .formatted(
                report.samples().size(),
                plain(report.temperature()),
                report.seed(),
                report.questions(),
                report.answers().equals("told")
                    ? "the explanation alone"
                    : "picture and explanation"),
        List.of(
            new StaticPage.Table(
                "",
                List.of("Prompt", "text"),
                report.prompts().stream().map(one -> List.of(one.step(), one.text())).toList())),
        "--prompt NAME=TEXT takes the place of one of them.");
  }

  private static String percent(Optional<Double> value) {
    return value.map(Spoken::percent).orElse("–");
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }

  private static String brief(String name) {
    return name.length() <= 8 ? name : name.substring(0, 7) + "…";
  }
}
