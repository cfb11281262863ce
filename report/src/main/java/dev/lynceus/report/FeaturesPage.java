package dev.lynceus.report;

import dev.lynceus.method.Explanation.Word;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.features.FeatureReading;
import dev.lynceus.method.features.FeatureReading.Feature;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Features of a picture as one page: where each is on, what its direction speaks for, and what the
/// word loses without it.
public final class FeaturesPage {
  private FeaturesPage() {}

  /// What was asked, and of whom.
  public record About(String question, String answer, String model) {}

  /// Where states stand in the first view of the first picture.
  ///
  /// @param states the number of the state at each patch, row by row; -1 where none was read
  // Plain numbers; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  public record Places(int rows, int columns, int[] states) {}

  /// The page.
  ///
  /// @param seen views as the model saw them; may be empty
  /// @param places empty where no patches were read
  /// @param command that makes the page again; may be empty
  public static String html(
      About about,
      FeatureReading found,
      List<BufferedImage> seen,
      Optional<Places> places,
      String command) {
    List<StaticPage.Section> sections = new ArrayList<>();
    sections.add(
        new StaticPage.Section(
            "In short",
            "",
            List.of(new StaticPage.Finding(found.conclusion(), "image", "")),
            "That a feature is on where a thing is says what a state holds. Whether the answer needs it,"
                + " taking it out says, beside random directions of the same length at the same places."));
    if (!seen.isEmpty() && places.isPresent()) {
      sections.add(
          new StaticPage.Section(
              "Where they are on",
              "The strongest first; each in a scale of its own, outlined where it is at least half of its"
                  + " largest value.",
              List.of(new StaticPage.Cards(shots(found, seen.getFirst(), places.get()))),
              ""));
    }
    sections.add(
        new StaticPage.Section(
            "What they are",
            "%d features are on at %d states that leave layer %d, which they tell but for %s of the variance."
                .formatted(
                    found.features(),
                    found.states(),
                    found.layer(),
                    Spoken.percent(found.unexplained())),
            List.of(table(found)),
            "Words that a direction speaks for are read off the unembedding; of states in early layers they need"
                + " mean nothing."));
    return new StaticPage(
            about.question(),
            "%s answers: %s Explained is “%s” (%s)."
                .formatted(
                    about.model(),
                    about.answer(),
                    found.word(),
                    Spoken.percent(Math.exp(found.logProbability()))),
            sections,
            command)
        .html();
  }

  private static List<StaticPage.Shot> shots(
      FeatureReading found, BufferedImage seen, Places places) {
    List<StaticPage.Shot> shots = new ArrayList<>();
    shots.add(new StaticPage.Shot("the picture", "as the model saw it", MapPicture.plain(seen)));
    for (Feature one : found.strongest()) {
      double[] map = new double[places.states().length];
      for (int patch = 0; patch < map.length; patch++) {
        int state = places.states()[patch];
        map[patch] = state < 0 ? 0 : one.at()[state];
      }
      shots.add(
          new StaticPage.Shot(
              "feature " + one.number(),
              "speaks for %s; without it %s nats".formatted(words(one.raises(), 3), signed(one)),
              MapPicture.over(seen, map, places.rows(), places.columns())));
    }
    return shots;
  }

  private static String signed(Feature one) {
    return Spoken.signed(one.without());
  }

  private static StaticPage.Table table(FeatureReading found) {
    return new StaticPage.Table(
        "",
        List.of(
            "feature",
            "sum",
            "largest",
            "without it, nats",
            "random, nats",
            "speaks for",
            "against"),
        found.strongest().stream()
            .map(one ->
                List.of(
                    Integer.toString(one.number()),
                    Spoken.number(one.sum()),
                    Spoken.number(one.most()),
                    signed(one),
                    one.random().isEmpty() ? "–" : Spoken.signed(one.randomMean()),
                    words(one.raises(), 5),
                    words(one.lowers(), 5)))
            .toList());
  }

  private static String words(List<Word> words, int count) {
    return words.stream()
        .limit(count)
        .map(word -> word.text().strip())
        .collect(Collectors.joining(" "));
  }
}
