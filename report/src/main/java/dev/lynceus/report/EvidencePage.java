package dev.lynceus.report;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.evidence.Evidence;
import dev.lynceus.method.evidence.EvidenceWords;
import dev.lynceus.method.evidence.OtherPictures;
import dev.lynceus.method.evidence.Shares;
import dev.lynceus.method.evidence.Thresholds;
import dev.lynceus.method.evidence.Verdict;
import dev.lynceus.method.evidence.Whose;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What an answer rests on as one page: a verdict a word, what brings each word, and where the
/// picture's own tokens hold the things that are spoken of.
public final class EvidencePage {
  private static final String WORDS =
      "Without picture: the probability of the word where no position may look at the picture."
          + " Effect: what that costs, in nats. Image share: part of the picture in all that speaks"
          + " for the word.";

  private static final String RELEVANT =
      "The map is the word's relevancy: attention, weighted by how its logit depends on it, followed"
          + " back to the patches. It is an estimate; explain tests it, and occlude.";

  private static final String LOOKED =
      "The map is that of explain: what of each patch was read on the way to the word. It tells where"
          + " was looked, not what for; occlude tests it.";

  private EvidencePage() {}

  /// The page.
  ///
  /// @param seen the views of the pictures, as the model saw them
  /// @param command that makes the page again; may be empty
  public static String html(Evidence found, List<BufferedImage> seen, String command) {
    List<StaticPage.Section> sections = new ArrayList<>();
    List<StaticPage.Shot> looked = looked(found, seen);
    StaticPage.Shot first = first(found, seen);
    sections.add(inShort(found, first, seen));
    Whose whose = found.whose();
    if (whose != null) {
      sections.add(WhoseCard.of(found, whose, seen));
    }
    if (looked.size() > 1) {
      sections.add(
          new StaticPage.Section(
              "Where the model looked for each word",
              "The words that the picture decides or speaks against, each with what its verdict"
                  + " rests on and how often such a word was wrong. One scale for all of them.",
              List.of(new StaticPage.Cards(looked)),
              found.hasShares() ? LOOKED : RELEVANT));
    }
    sections.add(
        new StaticPage.Section(
            "Word by word",
            WORDS,
            List.of(
                words(found),
                new StaticPage.Beside(
                    verdicts(found),
                    found.hasShares()
                        ? List.of(new StaticPage.Charts(List.of(ShareBars.of(bars(found)))))
                        : List.of())),
            ""));
    if (!found.others().isEmpty()) {
      sections.add(others(found));
    }
    if (!found.premises().isEmpty()) {
      sections.add(premises(found));
    }
    if (found.hasShares()) {
      sections.add(HeldMaps.section(found, seen));
    }
    Evidence.Removed removed = found.removed();
    if (removed != null) {
      sections.add(removed(found, removed));
    }
    return new StaticPage(found.question(), lead(found), sections, command).html();
  }

  private static StaticPage.Section inShort(
      Evidence found, StaticPage.@Nullable Shot first, List<BufferedImage> seen) {
    Evidence.Headline headline = found.headline();
    List<StaticPage.Part> said = new ArrayList<>();
    said.add(marked(found));
    said.add(new StaticPage.Finding(headline.text(), headline.verdict(), headline.test()));
    if (!found.asked().isEmpty()) {
      said.add(asked(found));
      said.add(
          new StaticPage.Text(
              "What the model itself says where it is asked whether the thing is there, in log odds of"
                  + " yes against no. What a question takes for granted gets an answer whether it is"
                  + " there or not; a question whether it is there claims nothing."));
    }
    return new StaticPage.Section(
        "In short",
        "",
        first == null
            ? said
            : List.of(
                new StaticPage.Beside(
                    said, List.of(new StaticPage.Cards(List.of(first, plain(found, seen)))))),
        found.outside().isEmpty() ? "" : "Note: " + String.join(" ", found.outside()));
  }

  /// The map of the word that the headline is about; null where none was made.
  private static StaticPage.@Nullable Shot first(Evidence found, List<BufferedImage> seen) {
    for (int number : found.headline().words()) {
      Evidence.Word word = found.words().get(number);
      Evidence.Looked looked = word.looked();
      if (looked != null) {
        return new StaticPage.Shot(
            "Where the model looked for \u201c" + word.text() + "\u201d",
            "At the " + looked.place() + ". " + (found.hasShares() ? LOOKED : RELEVANT),
            map(found, looked, seen, range(found)));
      }
    }
    return null;
  }

  /// The picture without a map, whose colours change what is seen; the view that the map is on.
  private static StaticPage.Shot plain(Evidence found, List<BufferedImage> seen) {
    int view =
        found.headline().words().stream()
            .map(number -> found.words().get(number).looked())
            .filter(Objects::nonNull)
            .findFirst()
            .map(Evidence.Looked::view)
            .orElse(0);
    return new StaticPage.Shot(
        "The picture as the model saw it",
        "The colours of the map hide those of the picture. Its outline is around the patches with at"
            + " least half of the largest value of all words.",
        MapPicture.plain(seen.get(view)));
  }

  /// One scale for all words of the answer.
  private static ValueRange range(Evidence found) {
    return MapPicture.range(
        found.words().stream()
            .map(Evidence.Word::looked)
            .filter(Objects::nonNull)
            .flatMap(looked -> looked.maps().stream())
            .toArray(double[][]::new));
  }

  private static BufferedImage map(
      Evidence found, Evidence.Looked looked, List<BufferedImage> seen, ValueRange range) {
    int v = looked.view();
    Evidence.View view = found.views().get(v);
    return MapPicture.over(seen.get(v), looked.maps().get(v), view.rows(), view.columns(), range);
  }

  private static List<StaticPage.Shot> looked(Evidence found, List<BufferedImage> seen) {
    List<StaticPage.Shot> shots = new ArrayList<>();
    ValueRange range = range(found);
    for (Evidence.Word word : found.words()) {
      Evidence.Looked looked = word.looked();
      if (looked == null) {
        continue;
      }
      shots.add(
          new StaticPage.Shot(
              "\u201c" + word.text() + "\u201d \u00b7 " + EvidenceWords.verdict(word.verdict()),
              because(found, word, looked),
              map(found, looked, seen, range)));
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
      text.append(" Its scores together: right with a probability of ");
      text.append(Spoken.percent(right)).append('.');
    }
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  private static String lead(Evidence found) {
    String who =
        found.given()
            ? "Judged as an answer of " + found.model() + ": "
            : found.model() + " answers: ";
    return who + found.answer();
  }

  /// How far to believe the verdicts.
  private static List<StaticPage.Part> verdicts(Evidence found) {
    Thresholds thresholds = found.thresholds();
    if (thresholds == null) {
      return List.of(
          new StaticPage.Text(
              "No thresholds are known for this model, so there are scores and no verdicts. "
                  + (found.hasShares()
                      ? "The command calibrate measures them on questions of your own."
                      : "None are measured for its kind: its logits have no shares. Effects are"
                          + " measured all the same, by taking the picture away.")));
    }
    List<StaticPage.Part> parts = new ArrayList<>();
    Thresholds.Measured measured = thresholds.measured();
    if (measured == null) {
      parts.add(new StaticPage.Text(EvidenceWords.rates(null)));
    } else {
      parts.add(
          new StaticPage.Table(
              "How often such verdicts were wrong",
              List.of("verdict", "wrong", "of", "share"),
              measured.rates().stream()
                  .filter(rate -> rate.of() > 0)
                  .map(rate ->
                      List.of(
                          EvidenceWords.verdict(rate.verdict()),
                          Integer.toString(rate.wrong()),
                          Integer.toString(rate.of()),
                          Spoken.percent(rate.wrong() / (double) rate.of())))
                  .toList()));
      parts.add(new StaticPage.Text("Measured on " + measured.on() + "."));
    }
    parts.add(
        new StaticPage.Text(
            "A verdict is about what the answer rests on, not about whether it is true. "
                + (thresholds.reliability() == null
                    ? "No probability of being right was calibrated for this model."
                    : "Right: the calibrated probability that the word is right, for questions like"
                        + " those it was fitted on; not for words from the text.")));
    return parts;
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
              right == null ? "" : Spoken.percent(right),
              Spoken.percent(Math.exp(word.logProbability())),
              Spoken.percent(Math.exp(word.blind())),
              Spoken.signed(word.effect()),
              Spoken.percent(word.imageShare()),
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
        "What the question speaks of",
        List.of("thing", "verdict", "is it there", "taken for granted"),
        found.asked().stream()
            .map(thing ->
                List.of(
                    thing.text(),
                    EvidenceWords.verdict(thing.verdict()),
                    EvidenceWords.presence(thing),
                    thing.granted() ? "yes" : "no"))
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
                        Spoken.signed(premise.odds()),
                        Spoken.signed(premise.effect())))
                .toList()));
    return new StaticPage.Section(
        "What the question takes for granted",
        "The model is asked for the attribute in a question that does not name it. Odds: log"
            + " probability of the attribute less that of the best other word in its place. Effect:"
            + " what the picture adds to the former.",
        parts,
        "A question with a wrong premise gets an answer all the same.");
  }

  private static StaticPage.Section others(Evidence found) {
    List<String> head = new ArrayList<>(List.of("word", "probability"));
    found.others().forEach(other -> head.add("about " + other.picture()));
    List<List<String>> rows = new ArrayList<>();
    for (int w = 0; w < found.words().size(); w++) {
      Evidence.Word word = found.words().get(w);
      List<String> row =
          new ArrayList<>(List.of(word.text(), Spoken.percent(Math.exp(word.logProbability()))));
      for (Evidence.Other other : found.others()) {
        row.add(Spoken.percent(Math.exp(other.words().get(w))));
      }
      rows.add(row);
    }
    List<StaticPage.Part> parts = new ArrayList<>();
    OtherPictures.told(found).forEach(line -> parts.add(new StaticPage.Text(line)));
    parts.add(new StaticPage.Table("", head, rows));
    return new StaticPage.Section(
        "The same answer about other pictures",
        "How probable each word is where another picture is shown, after the same words before it.",
        parts,
        "To hide the picture takes what any picture brings as well; another picture takes away this"
            + " one alone.");
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

  private static StaticPage.Section removed(Evidence found, Evidence.Removed removed) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < found.words().size(); i++) {
      Evidence.Word word = found.words().get(i);
      rows.add(
          List.of(
              word.text(),
              Spoken.percent(Math.exp(word.logProbability())),
              Spoken.percent(Math.exp(removed.words()[i]))));
    }
    return new StaticPage.Section(
        "“" + removed.word() + "” taken away",
        String.format(
            Locale.ROOT,
            "Each visual token that points along the word, read in a text %s, loses %s"
                + " times that part at the input of layer %d. The picture held it with %s, and"
                + " with %s then.",
            Spoken.depth(removed.textLayer()),
            plain(removed.strength()),
            removed.imageLayer(),
            Spoken.percent(removed.held()),
            Spoken.percent(removed.heldAfter())),
        List.of(
            new StaticPage.Text("Before: " + removed.before()),
            new StaticPage.Text("After: " + removed.after()),
            new StaticPage.Table("", List.of("word", "before", "after"), rows)),
        "Probabilities of the judged answer's words, before and after.");
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
