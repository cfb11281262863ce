package dev.lynceus.report;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.WordChoice;
import dev.lynceus.method.dependence.Dependence;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// What an answer depends on as one page, for models whose logits have no shares: what the word
/// loses without parts of what was given, the same by gradients and relevancies, the tests of all
/// of them, and heads that were silenced.
public final class DependencePage {
  /// Words of a text that its table lists.
  private static final int LISTED = 12;

  /// Shades of a marked word, either way.
  private static final int SHADES = 5;

  private DependencePage() {}

  /// The page.
  ///
  /// @param seen what the model saw, one picture for each view
  /// @param test a command that tests it further; may be empty
  public static String html(Dependence found, List<BufferedImage> seen, String test) {
    List<StaticPage.Section> sections = new ArrayList<>();
    sections.add(inShort(found, seen, test));
    if (!found.views().isEmpty()) {
      sections.add(pictures(found, seen));
    }
    sections.add(words(found));
    sections.add(tests(found));
    sections.add(heads(found));
    return new StaticPage(found.question(), lead(found), sections, found.provenance().command())
        .html();
  }

  private static String lead(Dependence found) {
    String before = found.word().before().isEmpty() ? "" : " after “" + found.word().before() + "”";
    String own = found.word().text();
    return "%s answered “%s”. Explained here: %s%s, probability %s."
        .formatted(
            found.provenance().model(),
            found.answer(),
            own.equals(found.answer()) ? "that answer" : "“" + own + "”",
            before,
            Spoken.percent(Math.exp(found.word().logProbability())));
  }

  // ---- in short

  private static StaticPage.Section inShort(
      Dependence found, List<BufferedImage> seen, String test) {
    List<StaticPage.Part> main = new ArrayList<>();
    main.add(new StaticPage.Finding(found.conclusion(), "image", test));
    for (int t = 0; t < found.texts().size(); t++) {
      main.add(
          new StaticPage.Text(
              "The " + found.texts().get(t).name() + ", shaded by what is missed:"));
      main.add(marked(found, t));
    }
    List<List<String>> rows = new ArrayList<>();
    for (Dependence.Whole whole : found.wholes()) {
      rows.add(
          List.of(
              "without " + whole.name(),
              Spoken.percent(Math.exp(whole.without())),
              Spoken.signed(-whole.loss())));
    }
    main.add(
        new StaticPage.Table(
            "Without a whole part of what was given",
            List.of("Probability of “" + found.word().text() + "”", "then", "nats"),
            rows));
    List<StaticPage.Part> parts = new ArrayList<>();
    if (seen.isEmpty()) {
      parts.addAll(main);
    } else {
      Dependence.View view = found.views().getFirst();
      StaticPage.Shot shot =
          new StaticPage.Shot(
              "What is missed of the picture",
              "Each %s taken away alone. Warm: the word loses; cold: it gains."
                  .formatted(
                      view.square() == 1
                          ? "patch"
                          : "square of %d × %d patches".formatted(view.square(), view.square())),
              MapPicture.over(
                  seen.getFirst(),
                  found.maps().getFirst().patches().getFirst(),
                  view.rows(),
                  view.columns()));
      parts.add(new StaticPage.Beside(main, List.of(new StaticPage.Cards(List.of(shot)))));
    }
    found.notes().forEach(note -> parts.add(new StaticPage.Text("Note: " + note + ".")));
    return new StaticPage.Section(
        "In short",
        "",
        parts,
        found.wholes().stream()
            .map(whole -> "Without " + whole.name() + ": " + whole.how() + ".")
            .reduce((a, b) -> a + " " + b)
            .orElse(""));
  }

  private static StaticPage.Marked marked(Dependence found, int text) {
    double[] values = found.maps().getFirst().words().get(text);
    double most = Arrays.stream(values).map(Math::abs).max().orElse(0);
    List<StaticPage.Mark> marks = new ArrayList<>();
    List<String> words = found.texts().get(text).words();
    for (int w = 0; w < values.length; w++) {
      boolean faint = Math.abs(values[w]) < WordChoice.LEAST;
      int shade = Math.clamp((int) Math.ceil(SHADES * Math.abs(values[w]) / most), 1, SHADES);
      String kind = faint ? "plain" : (values[w] > 0 ? "lost" : "gained") + " shade" + shade;
      // The key has one entry each way, in the fullest shade.
      boolean told = !faint && isFirst(values, w);
      marks.add(
          new StaticPage.Mark(
              words.get(w), kind, told ? values[w] > 0 ? "missed" : "better without" : ""));
    }
    return new StaticPage.Marked(marks);
  }

  /// Whether it is the first of the strongest words that go the same way.
  private static boolean isFirst(double[] values, int word) {
    return IntStream.range(0, values.length)
        .filter(w -> values[w] * values[word] > 0)
        .allMatch(w ->
            w < word
                ? Math.abs(values[w]) < Math.abs(values[word])
                : Math.abs(values[w]) <= Math.abs(values[word]));
  }

  // ---- the picture

  private static StaticPage.Section pictures(Dependence found, List<BufferedImage> seen) {
    List<StaticPage.Shot> shots = new ArrayList<>();
    for (Dependence.Values map : found.maps()) {
      for (int v = 0; v < found.views().size(); v++) {
        Dependence.View view = found.views().get(v);
        shots.add(
            new StaticPage.Shot(
                map.title(),
                map.caption() + test(found, map.id()),
                MapPicture.over(seen.get(v), map.patches().get(v), view.rows(), view.columns())));
      }
    }
    return new StaticPage.Section(
        "The picture, in three ways",
        "Each map has a scale of its own, from zero; outlined is half of its largest value or more.",
        List.of(new StaticPage.Cards(shots)),
        "");
  }

  private static String test(Dependence found, String map) {
    return found.tests().stream()
        .filter(test -> test.map().equals(map) && test.part().equals("the picture"))
        .findFirst()
        .map(test ->
            " Tested: without %s half of it the word loses %s; without as many elsewhere %s."
                .formatted(
                    test.units() == 1
                        ? "the patch that holds"
                        : "the %d patches that hold".formatted(test.units()),
                    number(test.loss()),
                    number(test.elsewhere())))
        .orElse("");
  }

  // ---- words

  private static StaticPage.Section words(Dependence found) {
    List<StaticPage.Part> parts = new ArrayList<>();
    for (int t = 0; t < found.texts().size(); t++) {
      int text = t;
      List<String> head = new ArrayList<>(List.of("Word"));
      found
          .maps()
          .forEach(map -> head.add(map.title().toLowerCase(Locale.ROOT) + ", " + map.unit()));
      double[] first = found.maps().getFirst().words().get(t);
      List<List<String>> rows = new ArrayList<>();
      IntStream.range(0, first.length)
          .boxed()
          .sorted(Comparator.comparingDouble(w -> -Math.abs(first[w])))
          .limit(LISTED)
          .forEach(w -> {
            List<String> row = new ArrayList<>();
            row.add(found.texts().get(text).words().get(w));
            found.maps().forEach(map -> row.add(value(map, map.words().get(text)[w])));
            rows.add(row);
          });
      parts.add(new StaticPage.Table("The " + found.texts().get(t).name(), head, rows));
    }
    Dependence.Values integrated = found.maps().get(1);
    Double promised = integrated.promised();
    Double gap = integrated.gap();
    Double rest = integrated.rest();
    if (promised != null && gap != null && rest != null) {
      parts.add(
          new StaticPage.Text(
              ("Integrated gradients promise a sum: the word gains %s nats by all that was given;"
                      + " their numbers add up to %s, of which %s are of positions that are neither"
                      + " word nor patch.")
                  .formatted(number(promised), number(promised + gap), number(rest))));
    }
    WordChoice choice = found.choice();
    if (choice != null && choice.words().size() > 1) {
      List<List<String>> rows = new ArrayList<>();
      for (WordChoice.Weighed word : choice.words()) {
        Double blind = word.blind();
        rows.add(
            List.of(
                word.text(),
                Spoken.percent(Math.exp(word.logProbability())),
                blind == null ? "–" : Spoken.percent(Math.exp(blind))));
      }
      parts.add(
          new StaticPage.Closed(
              "All words of the answer",
              List.of(
                  new StaticPage.Table(
                      "",
                      List.of("Word of the answer", "probability", "without the picture"),
                      rows),
                  new StaticPage.Text(
                      "Explained is “%s”: %s.".formatted(found.word().text(), choice.why())))));
    }
    return new StaticPage.Section(
        "What was read, word by word",
        "Most missed first. Above zero a word speaks for the answer.",
        parts,
        found.maps().stream()
            .map(map -> map.title() + ": " + map.caption())
            .reduce((a, b) -> a + " " + b)
            .orElse(""));
  }

  private static String value(Dependence.Values map, double value) {
    return map.unit().equals("share") ? Spoken.percent(value) : Spoken.signed(value);
  }

  // ---- tests

  private static StaticPage.Section tests(Dependence found) {
    List<List<String>> rows = new ArrayList<>();
    for (Dependence.Test test : found.tests()) {
      rows.add(
          List.of(
              title(found, test.map()),
              test.part(),
              test.units() + " of " + test.of(),
              number(test.loss()),
              test.draws() == 0 ? "–" : number(test.elsewhere()),
              test.asMuch() + " of " + test.draws()));
    }
    return new StaticPage.Section(
        "Tested on the model",
        "What holds half of a map was taken away together, and so was as much elsewhere: patches in"
            + " the same shape moved over the picture, words drawn at random. A map that tells what"
            + " the word depends on costs it more than the others.",
        List.of(
            new StaticPage.Table(
                "What the word loses, nats",
                List.of("Map", "of", "taken away", "lost", "others, mean", "others as much"),
                rows)),
        "At most a quarter is taken away at once, at least one. Few draws tell a large difference from none, not a small one.");
  }

  private static String title(Dependence found, String map) {
    return found.maps().stream()
        .filter(one -> one.id().equals(map))
        .findFirst()
        .map(Dependence.Values::title)
        .orElse(map);
  }

  // ---- heads

  private static StaticPage.Section heads(Dependence found) {
    double scale =
        found.heads().stream()
            .flatMap(grid -> Arrays.stream(grid.values()))
            .flatMapToDouble(Arrays::stream)
            .map(Math::abs)
            .max()
            .orElse(1);
    List<StaticPage.Chart> charts =
        found.heads().stream()
            .map(grid -> Plots.heads(grid.title(), grid.values(), scale))
            .toList();
    List<List<String>> rows = new ArrayList<>();
    for (Dependence.Tried head : found.tried()) {
      rows.add(
          List.of(
              "%s %d.%d".formatted(name(found, head), head.layer(), head.head()),
              head.random() ? "drawn" : "by its estimate",
              Spoken.signed(head.estimated()),
              Spoken.signed(head.loss())));
    }
    List<StaticPage.Part> parts = new ArrayList<>();
    parts.add(new StaticPage.Charts(charts));
    if (!rows.isEmpty()) {
      parts.add(
          new StaticPage.Table(
              "Heads that were silenced, nats lost",
              List.of("Head (layer.head)", "chosen", "estimated", "measured"),
              rows));
    }
    return new StaticPage.Section(
        "Heads",
        "Estimated loss without each head: its output times the gradient of the word's log"
            + " probability there. Orange: the word needs it; blue: it would gain.",
        parts,
        "This model has no shares of a logit: its layers pass the stream through a norm after each"
            + " addition, so no sum of heads makes the word. Estimates are of first order, and where"
            + " they differ from what was measured, what was measured counts.");
  }

  private static String name(Dependence found, Dependence.Tried head) {
    return found.heads().stream()
        .filter(grid -> grid.stack().equals(head.stack()) && grid.kind().equals(head.kind()))
        .findFirst()
        .map(Dependence.Heads::title)
        .orElse(head.stack());
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
