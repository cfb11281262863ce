package dev.lynceus.method.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.method.ExplainOptions;
import dev.lynceus.method.Explainer;
import dev.lynceus.method.Explanation;
import dev.lynceus.method.Headline;
import dev.lynceus.method.Headline.Origin;
import dev.lynceus.method.Shown;
import dev.lynceus.method.TargetSpec;
import dev.lynceus.method.WordChoice;
import dev.lynceus.method.WordChoice.Reason;
import dev.lynceus.method.WordChoice.Weighed;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A headline says no more than was measured.
class HeadlineMakerTest {
  private static final Thresholds MEASURED =
      new Thresholds(
          "none",
          "normed",
          .05,
          List.of(),
          null,
          null,
          new Thresholds.Measured(
              "100 scenes, of some world",
              List.of(
                  new Thresholds.Rate("image", 1, 50),
                  new Thresholds.Rate("contradicted", 9, 10),
                  new Thresholds.Rate("unsupported", 4, 5))));

  @TempDir static Path folder;
  private static LoadedModel model;

  @BeforeAll
  static void open() {
    model = TinyModels.load(folder, Family.LLAVA_CLIP);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static Explanation explained(TargetSpec target) {
    return new Explainer(model, ExplainOptions.DEFAULT.target(target).maxTokens(3), Progress.NONE)
        .explain(TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is the dog", 1));
  }

  private static Headline headline(Explanation explanation, @Nullable Thresholds thresholds) {
    return new HeadlineMaker(thresholds, (verb, word) -> verb + " " + word)
        .added(explanation, explanation.images().isEmpty() ? Shown.NOTHING : Shown.PICTURE)
        .headlines()
        .getFirst();
  }

  /// One word with these log probabilities.
  private static Headline told(double log, double blind, @Nullable Thresholds thresholds) {
    Explanation e = explained(new TargetSpec.NextToken());
    WordChoice choice =
        new WordChoice(
            List.of(new Weighed("word", 0, 1, log, blind)), 0, Reason.ASKED, Shown.PICTURE);
    return headline(
        new Explanation(
            e.provenance(), e.prompt(), e.images(), e.answer(), e.words(), choice, List.of()),
        thresholds);
  }

  @Test
  void whatThePictureRaisesComesFromIt() {
    Headline line = told(-.01, -3, MEASURED);

    assertThat(line.origin()).isEqualTo(Origin.PICTURE);
    assertThat(line.text())
        .contains("comes from the picture: 99.0 % with it, 5.0 % without.")
        .contains("supports 2.0 % were wrong, of those that it does not 80 % (100 scenes).");
    assertThat(line.test()).startsWith("occlude ");
    assertThat(told(-.01, -3, null).text()).contains("right was not measured");
  }

  @Test
  void whatStaysUnlikelyIsNotCalledTheAnswerAndHasNoRates() {
    assertThat(told(-9, -12, MEASURED).text())
        .contains("The picture raises", "but it stays unlikely")
        .doesNotContain("wrong");
  }

  @Test
  void onlyWhatIsUnlikelyIsSpokenAgainst() {
    assertThat(told(-3, -.5, MEASURED).text())
        .contains("The picture speaks against", "Of such words 90 % were wrong");
    Headline likely = told(-.2, -.001, MEASURED);
    assertThat(likely.origin()).isEqualTo(Origin.TEXT);
    assertThat(likely.text()).contains("does not need the picture").doesNotContain("were wrong");
  }

  @Test
  void reasonAndHeadlineAgreeOnWhatAnEffectIs() {
    // Above the threshold of these verdicts, below that of the choice.
    assertThat(told(-.01, -.08, MEASURED).origin()).isEqualTo(Origin.TEXT);
  }

  @Test
  void aContrastIsNotMeasuredWithoutThePicture() {
    Headline line = headline(explained(new TargetSpec.Contrast("dog", "cat")), MEASURED);

    assertThat(line.origin()).isEqualTo(Origin.NOT_MEASURED);
    assertThat(line.probability()).isNull();
    assertThat(line.test()).isEmpty();
    assertThat(line.text()).contains("minus that of the second").doesNotContain("wrong");
  }

  @Test
  void aWholeAnswerNamesItsWordsAndHasNoRates() {
    assertThat(headline(explained(new TargetSpec.Answer("the dog is what")), MEASURED).text())
        .containsPattern("Of its words the picture|decides none of its words")
        .doesNotContain("were wrong");
  }
}
