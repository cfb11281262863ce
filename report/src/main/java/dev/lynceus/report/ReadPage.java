package dev.lynceus.report;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.reader.MaskedWords;
import dev.lynceus.method.reader.PassageReading;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a model read as one page: the passage with the answer marked in it and the answers beside
/// it, or the words for each place of a text.
public final class ReadPage {
  private ReadPage() {}

  /// What was asked, and of whom.
  ///
  /// @param question empty where words were taken out
  /// @param text the passage, or the text
  /// @param shown answers or words of a place
  public record About(String model, String question, String text, int shown) {}

  /// The page.
  ///
  /// @param reading null where words were taken out
  /// @param command that makes the page again; may be empty
  public static String html(
      About about,
      @Nullable PassageReading reading,
      List<MaskedWords.Place> places,
      List<MaskedWords.Said> words,
      String command) {
    if (reading != null) {
      return new StaticPage(
              about.question(),
              "%s read the passage in %d window%s and answered %s."
                  .formatted(
                      about.model(),
                      reading.windows(),
                      reading.windows() == 1 ? "" : "s",
                      reading.none() ? "that it holds no answer" : "“" + reading.answer() + "”"),
              List.of(passage(about, reading)),
              command)
          .html();
    }
    return new StaticPage(
            about.text(),
            about.model() + (places.isEmpty() ? " on each word" : " on the words that are missing"),
            List.of(places.isEmpty() ? likelihood(words) : masked(places)),
            command)
        .html();
  }

  private static StaticPage.Section passage(About about, PassageReading reading) {
    PassageReading.Answer best = reading.answers().getFirst();
    List<StaticPage.Mark> marks = new ArrayList<>();
    int start = about.text().offsetByCodePoints(0, best.start());
    int end = about.text().offsetByCodePoints(0, best.end());
    if (start > 0) {
      marks.add(new StaticPage.Mark(about.text().substring(0, start), "", ""));
    }
    marks.add(
        new StaticPage.Mark(
            about.text().substring(start, end),
            reading.none() ? "guess" : "image",
            reading.none() ? "the best piece, though no answer scores higher" : "the answer"));
    if (end < about.text().length()) {
      marks.add(new StaticPage.Mark(about.text().substring(end), "", ""));
    }
    List<List<String>> rows = new ArrayList<>();
    reading.answers().stream()
        .limit(about.shown())
        .forEach(one ->
            rows.add(
                List.of(
                    one.text(),
                    Spoken.percent(one.probability()),
                    Spoken.percent(one.inWindow()),
                    String.format(Locale.ROOT, "%.2f", one.score()),
                    one.start() + "–" + one.end())));
    return new StaticPage.Section(
        "The answer in the passage",
        "",
        List.of(
            new StaticPage.Marked(marks),
            new StaticPage.Table(
                "Best pieces of the passage",
                List.of("Answer", "probability", "in its window", "score", "characters"),
                rows),
            new StaticPage.Text("The score of no answer is %.2f.".formatted(reading.nullScore()))),
        "Score: logit of the beginning plus logit of the end. Probability: a softmax over the scores of the twenty best pieces. In its window: how probable"
            + " beginning and end are among all positions that were read at once. A high probability says that the model decided, not that it is right.");
  }

  private static StaticPage.Section masked(List<MaskedWords.Place> places) {
    List<StaticPage.Part> parts = new ArrayList<>();
    for (MaskedWords.Place place : places) {
      parts.add(
          new StaticPage.Table(
              "Position " + place.position(),
              List.of("Word", "probability"),
              place.words().stream()
                  .map(word -> List.of(word.text(), Spoken.percent(word.probability())))
                  .toList()));
    }
    return new StaticPage.Section(
        "Words for what is missing",
        "",
        parts,
        "Each place is filled on its own: two words that are most probable alone need not go together.");
  }

  private static StaticPage.Section likelihood(List<MaskedWords.Said> words) {
    double sum = words.stream().mapToDouble(MaskedWords.Said::logProbability).sum();
    return new StaticPage.Section(
        "How probable each word is",
        "Each word alone was taken out, and this is how probable it was then.",
        List.of(
            new StaticPage.Table(
                "Log probability, nats",
                List.of("Word", "log probability", "probability"),
                words.stream()
                    .map(word ->
                        List.of(
                            word.text(),
                            Spoken.signed(word.logProbability()),
                            Spoken.percent(Math.exp(word.logProbability()))))
                    .toList()),
            new StaticPage.Text("Together " + Spoken.nats(sum) + ".")),
        "The sum is called pseudo log likelihood: it ranks texts of one length, and is no probability of the text.");
  }
}
