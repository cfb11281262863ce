package dev.lynceus.report;

import dev.lynceus.method.evidence.Evidence;
import dev.lynceus.method.evidence.Shares;
import dev.lynceus.method.evidence.Whose;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// What an answer rests on as one page: a verdict a word, what brings each word, and where the
/// picture's own tokens hold the things that are spoken of.
public final class EvidencePage {
  private static final String WORDS =
      "Without picture: the probability of the word where no position may look at the picture."
          + " Effect: what that costs, in nats. Image share: part of the picture in all that speaks"
          + " for the word. Held: how probable the word is read out of the picture's own tokens.";

  private EvidencePage() {}

  /// The page.
  ///
  /// @param seen the views of the pictures, as the model saw them
  /// @param command that makes the page again; may be empty
  public static String html(Evidence found, List<BufferedImage> seen, String command) {
    List<StaticPage.Section> sections = new ArrayList<>();
    sections.add(
        new StaticPage.Section(
            "Word by word",
            WORDS,
            List.of(
                marked(found),
                words(found),
                new StaticPage.Charts(List.of(ShareBars.of(bars(found))))),
            verdicts(found)));
    Whose whose = found.whose();
    if (whose != null) {
      sections.add(WhoseCard.of(found, whose, seen));
    }
    if (!found.premises().isEmpty()) {
      sections.add(premises(found));
    }
    if (!found.asked().isEmpty()) {
      sections.add(
          new StaticPage.Section(
              "What the question speaks of",
              "Is it there: log odds of yes against no where the model itself is asked. A question"
                  + " about a thing that is not there gets an answer all the same.",
              List.of(asked(found)),
              ""));
    }
    List<StaticPage.Shot> shots = shots(found, seen);
    if (!shots.isEmpty()) {
      sections.add(
          new StaticPage.Section(
              "Where the picture holds the words",
              "For each patch, the largest probability of the word over all layers ("
                  + found.reading()
                  + " reading).",
              List.of(new StaticPage.Gallery(shots)),
              "Maps have scales of their own. That a word can be read out of a patch does not show"
                  + " that the model uses it, and on models whose visual tokens are no words it may"
                  + " say nothing."));
    }
    Evidence.Removed removed = found.removed();
    if (removed != null) {
      sections.add(removed(found, removed));
    }
    return new StaticPage(found.question(), lead(found), sections, command).html();
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
            + EvidenceWords.rates(found.thresholds());
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
      Evidence.Held held = word.held();
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
              held == null ? "" : number("%.3f", held.value())));
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
            "held"),
        rows);
  }

  private static StaticPage.Table asked(Evidence found) {
    return new StaticPage.Table(
        "",
        List.of("thing", "verdict", "is it there", "held", "most at"),
        found.asked().stream()
            .map(thing ->
                List.of(
                    thing.text(),
                    EvidenceWords.verdict(thing.verdict()),
                    number("%+.2f", thing.presence()),
                    number("%.3f", thing.held().value()),
                    thing.held().where() + ", depth " + thing.held().depth()))
            .toList());
  }

  private static StaticPage.Section premises(Evidence found) {
    List<StaticPage.Part> parts = new ArrayList<>();
    EvidenceWords.warnings(found).forEach(line -> parts.add(new StaticPage.Text(line)));
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
      Evidence.View view = found.views().get(v);
      String title = found.views().size() > 1 ? word + " · " + view.label() : word;
      shots.add(
          new StaticPage.Shot(
              title,
              number("at most %.3f", held.value()) + ", depth " + held.depth(),
              MapPicture.over(seen.get(v), held.maps().get(v), view.rows(), view.columns())));
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
