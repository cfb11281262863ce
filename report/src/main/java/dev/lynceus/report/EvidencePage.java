package dev.lynceus.report;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.evidence.Evidence;
import dev.lynceus.method.evidence.EvidenceWords;
import dev.lynceus.method.evidence.Shares;
import dev.lynceus.method.evidence.Thresholds;
import dev.lynceus.method.evidence.Verdict;
import dev.lynceus.method.evidence.Whose;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/// What an answer rests on as one page: a verdict a word, what brings each word, and where the
/// picture's own tokens hold the things that are spoken of.
public final class EvidencePage {
  private static final String WORDS =
      "Without picture: the probability of the word where no position may look at the picture."
          + " Effect: what that costs, in nats. Image share: part of the picture in all that speaks"
          + " for the word.";

  /// Probability below which no map of held words is drawn: what a lens gives any word.
  private static final double FLOOR = .05;

  private EvidencePage() {}

  /// The page.
  ///
  /// @param seen the views of the pictures, as the model saw them
  /// @param command that makes the page again; may be empty
  public static String html(Evidence found, List<BufferedImage> seen, String command) {
    List<StaticPage.Section> sections = new ArrayList<>();
    sections.add(inShort(found));
    Whose whose = found.whose();
    if (whose != null) {
      sections.add(WhoseCard.of(found, whose, seen));
    }
    List<StaticPage.Shot> looked = looked(found, seen);
    if (!looked.isEmpty()) {
      sections.add(
          new StaticPage.Section(
              looked.size() == 1
                  ? "Where the model looked"
                  : "Where the model looked for each word",
              "The words that the picture decides or speaks against, each with what its verdict"
                  + " rests on and how often such a word was wrong.",
              List.of(new StaticPage.Cards(looked)),
              "The map is that of explain: what of each patch was read on the way to the word. It"
                  + " tells where was looked, not what for; occlude tests it."));
    }
    sections.add(
        new StaticPage.Section(
            "Word by word",
            WORDS,
            List.of(words(found), new StaticPage.Charts(List.of(ShareBars.of(bars(found))))),
            verdicts(found)));
    if (!found.premises().isEmpty()) {
      sections.add(premises(found));
    }
    if (!found.asked().isEmpty()) {
      sections.add(
          new StaticPage.Section(
              "What the question speaks of",
              "What the model itself says where it is asked whether the thing is there, in log odds of"
                  + " yes against no. Taken for granted: a question about a thing that is not there"
                  + " gets an answer all the same; a question whether it is there claims nothing.",
              List.of(asked(found)),
              ""));
    }
    sections.add(held(found, seen));
    Evidence.Removed removed = found.removed();
    if (removed != null) {
      sections.add(removed(found, removed));
    }
    return new StaticPage(found.question(), lead(found), sections, command).html();
  }

  private static StaticPage.Section inShort(Evidence found) {
    Evidence.Headline headline = found.headline();
    return new StaticPage.Section(
        "In short",
        "",
        List.of(
            new StaticPage.Finding(headline.text(), headline.verdict(), headline.test()),
            marked(found)),
        found.outside().isEmpty() ? "" : "Note: " + String.join(" ", found.outside()));
  }

  private static List<StaticPage.Shot> looked(Evidence found, List<BufferedImage> seen) {
    List<StaticPage.Shot> shots = new ArrayList<>();
    // One scale for all words of the answer.
    ValueRange range =
        MapPicture.range(
            found.words().stream()
                .map(Evidence.Word::looked)
                .filter(Objects::nonNull)
                .flatMap(looked -> looked.maps().stream())
                .toArray(double[][]::new));
    for (Evidence.Word word : found.words()) {
      Evidence.Looked looked = word.looked();
      if (looked == null) {
        continue;
      }
      int v = looked.view();
      Evidence.View view = found.views().get(v);
      shots.add(
          new StaticPage.Shot(
              "\u201c" + word.text() + "\u201d \u00b7 " + EvidenceWords.verdict(word.verdict()),
              because(found, word, looked),
              MapPicture.over(
                  seen.get(v), looked.maps().get(v), view.rows(), view.columns(), range)));
    }
    return shots;
  }

  private static String because(Evidence found, Evidence.Word word, Evidence.Looked looked) {
    StringBuilder text = new StringBuilder();
    text.append(word.because()).append(". The model looked at the ").append(looked.place());
    text.append(". ");
    Thresholds thresholds = found.thresholds();
    if (thresholds != null && found.outside().isEmpty()) {
      thresholds
          .rate(Verdict.labelled(word.verdict()))
          .ifPresent(rate -> text.append(EvidenceWords.rate(rate)));
    }
    Double right = word.reliability();
    if (right != null) {
      text.append(" By its own scores it is right with ").append(Spoken.percent(right)).append('.');
    }
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  /// Closed: on models whose visual tokens are no words these maps say nothing.
  private static StaticPage.Section held(Evidence found, List<BufferedImage> seen) {
    List<StaticPage.Shot> shots = shots(found, seen);
    StaticPage.Part maps =
        shots.isEmpty()
            ? new StaticPage.Text(
                number("No word is read out of any patch with a probability of %.2f.", FLOOR))
            : new StaticPage.Gallery(shots);
    return new StaticPage.Section(
        "Experimental",
        "",
        List.of(
            new StaticPage.Closed(
                "Which words can be read out of the picture\u2019s own tokens",
                List.of(
                    new StaticPage.Text(
                        "For each patch, the largest probability of the word over all layers ("
                            + found.reading()
                            + " reading). Below "
                            + number("%.2f", FLOOR)
                            + " nothing is drawn. That a word can be read out of a patch does not"
                            + " show that the model uses it; of the bundled model it tells nothing"
                            + " (docs/concepts/evidence.md)."),
                    maps))),
        "");
  }

  private static String lead(Evidence found) {
    String who =
        found.given()
            ? "Judged as an answer of " + found.model() + ": "
            : found.model() + " answers: ";
    return who + found.answer();
  }

  private static String verdicts(Evidence found) {
    return found.thresholds() == null
        ? "No thresholds are known for this model, so there are scores and no verdicts."
        : "Thresholds were chosen on scenes whose truth is known; a verdict is about what the answer"
            + " rests on, not about whether it is true. "
            + (found.thresholds().reliability() == null
                ? "No reliability was calibrated for this model. "
                : "Right: the calibrated probability that the word is right, for questions like those it"
                    + " was fitted on; not for words from the text. ")
            + EvidenceWords.rates(found.thresholds().measured());
  }

  private static StaticPage.Marked marked(Evidence found) {
    return new StaticPage.Marked(
        found.words().stream()
            .map(word ->
                new StaticPage.Mark(
                    word.text(), word.verdict(), EvidenceWords.verdict(word.verdict())))
            .toList());
  }

  private static StaticPage.Table words(Evidence found) {
    List<List<String>> rows = new ArrayList<>();
    for (Evidence.Word word : found.words()) {
      Double right = word.reliability();
      rows.add(
          List.of(
              word.text(),
              EvidenceWords.verdict(word.verdict()),
              right == null ? "" : number("%.2f", right),
              number("%.3f", Math.exp(word.logProbability())),
              number("%.3f", Math.exp(word.blind())),
              number("%+.2f", word.effect()),
              number("%.2f", word.imageShare()),
              word.because()));
    }
    return new StaticPage.Table(
        "",
        List.of(
            "word",
            "verdict",
            "right",
            "probability",
            "without picture",
            "effect",
            "image share",
            "because"),
        rows);
  }

  private static StaticPage.Table asked(Evidence found) {
    return new StaticPage.Table(
        "",
        List.of("thing", "is it there", "taken for granted", "verdict"),
        found.asked().stream()
            .map(thing ->
                List.of(
                    thing.text(),
                    EvidenceWords.presence(thing),
                    thing.granted() ? "yes" : "no",
                    EvidenceWords.verdict(thing.verdict())))
            .toList());
  }

  private static StaticPage.Section premises(Evidence found) {
    List<StaticPage.Part> parts = new ArrayList<>();
    EvidenceWords.warnings(found.premises()).forEach(line -> parts.add(new StaticPage.Text(line)));
    parts.add(
        new StaticPage.Table(
            "",
            List.of("attribute", "verdict", "asked back", "the model says", "odds", "effect"),
            found.premises().stream()
                .map(premise ->
                    List.of(
                        premise.thing() + ": " + premise.attribute(),
                        EvidenceWords.verdict(premise.verdict()),
                        premise.asked(),
                        premise.said(),
                        number("%+.2f", premise.odds()),
                        number("%+.2f", premise.effect())))
                .toList()));
    return new StaticPage.Section(
        "What the question takes for granted",
        "The model is asked for the attribute in a question that does not name it. Odds: log"
            + " probability of the attribute less that of the best other word in its place. Effect:"
            + " what the picture adds to the former.",
        parts,
        "A question with a wrong premise gets an answer all the same.");
  }

  private static List<ShareBars.Bar> bars(Evidence found) {
    return found.words().stream()
        .map(word -> {
          Shares shares = word.shares();
          return new ShareBars.Bar(
              word.text(),
              new double[] {
                shares.image(), shares.question(), shares.generated(), shares.template()
              });
        })
        .toList();
  }

  private static List<StaticPage.Shot> shots(Evidence found, List<BufferedImage> seen) {
    List<StaticPage.Shot> shots = new ArrayList<>();
    Stream.concat(
            found.asked().stream().map(thing -> shots(found, seen, thing.text(), thing.held())),
            found.words().stream()
                .filter(word ->
                    found.asked().stream().noneMatch(a -> a.text().equalsIgnoreCase(word.text())))
                .map(word -> shots(found, seen, word.text(), word.held())))
        .forEach(shots::addAll);
    return shots;
  }

  private static List<StaticPage.Shot> shots(
      Evidence found,
      List<BufferedImage> seen,
      String word,
      Evidence.@org.jspecify.annotations.Nullable Held held) {
    List<StaticPage.Shot> shots = new ArrayList<>();
    for (int v = 0; held != null && v < found.views().size(); v++) {
      if (Arrays.stream(held.maps().get(v)).max().orElse(0) < FLOOR) {
        continue;
      }
      double[] drawn = Arrays.stream(held.maps().get(v)).map(p -> p < FLOOR ? 0 : p).toArray();
      Evidence.View view = found.views().get(v);
      String title = found.views().size() > 1 ? word + " · " + view.label() : word;
      shots.add(
          new StaticPage.Shot(
              title,
              number("at most %.3f", held.value()) + ", depth " + held.depth(),
              MapPicture.over(seen.get(v), drawn, view.rows(), view.columns())));
    }
    return shots;
  }

  private static StaticPage.Section removed(Evidence found, Evidence.Removed removed) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < found.words().size(); i++) {
      Evidence.Word word = found.words().get(i);
      rows.add(
          List.of(
              word.text(),
              number("%.3f", Math.exp(word.logProbability())),
              number("%.3f", Math.exp(removed.words()[i]))));
    }
    return new StaticPage.Section(
        "“" + removed.word() + "” taken away",
        String.format(
            Locale.ROOT,
            "Each visual token that points along the word, read at depth %d of a text, loses %s"
                + " times that part at the input of layer %d. The picture held it with %.3f, and"
                + " with %.3f then.",
            removed.textLayer(),
            plain(removed.strength()),
            removed.imageLayer(),
            removed.held(),
            removed.heldAfter()),
        List.of(
            new StaticPage.Text("Before: " + removed.before()),
            new StaticPage.Text("After: " + removed.after()),
            new StaticPage.Table("", List.of("word", "before", "after"), rows)),
        "Probabilities of the judged answer's words, before and after.");
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
