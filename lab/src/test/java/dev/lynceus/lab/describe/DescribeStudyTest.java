package dev.lynceus.lab.describe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.image.ImageFileReader;
import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.strategy.Asking;
import dev.lynceus.lab.strategy.Speaker;
import dev.lynceus.lab.strategy.Wordings;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Describing on the bundled model, and on small checkpoints of other families.
class DescribeStudyTest {
  private static final String QUESTION = "What is the color of the car?";
  private static final RgbImage CAR = picture("frog-umbrella-car.png");
  private static final RgbImage HORSE = picture("heart-guitar-horse-dove.png");
  private static final List<String> COLOURS =
      List.of(
          "The color of the car is brown.",
          "The color of the car is red.",
          "The color of the car is green.");

  private static LoadedModel model;

  private static RgbImage picture(String name) {
    return new ImageFileReader().read(Path.of("../samples", name));
  }

  @BeforeAll
  static void load() {
    model = LoadedModel.load("pupil", LoadOptions.DEFAULT);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static DescribeStudy study(
      LoadedModel one, RgbImage image, DescribeSettings settings, Optional<Pool> pool) {
    return new DescribeStudy(
        new Speaker(Asking.of(one), 24, Progress.NONE),
        Wordings.of(DescribePrompts.STEPS, one, Map.of()),
        QUESTION,
        List.of(image),
        settings,
        pool);
  }

  @Test
  void theWordsDecideWhereThePictureIsNotSeen() {
    DescribeSettings settings = DescribeSettings.USUAL.withLabels(COLOURS);
    DescribeReport report =
        study(
                model,
                CAR,
                settings.withWords("A green frog and a red car.", List.of()).withLoops(0),
                Optional.empty())
            .describe();
    assertThat(report.way("described").answer()).isEqualTo(COLOURS.get(1));
    assertThat(report.way("seen").answer()).isEqualTo(COLOURS.getFirst());
    assertThat(report.way("first").choice()).isEqualTo(report.way("described").choice());
    assertThat(report.comparison()).isEmpty();
    // What says the colour carries the answer, and nothing else does.
    assertThat(report.parts().getLast().effect()).isGreaterThan(1);
    assertThat(report.parts().getFirst().effect()).isLessThan(.5);
  }

  @Test
  void aQuestionMendsAWrongDescription() {
    DescribeSettings usual = DescribeSettings.USUAL;
    DescribeReport report =
        new DescribeStudy(
                new Speaker(Asking.of(model), 24, Progress.NONE),
                // The bundled model reads descriptions of one form.
                Wordings.of(DescribePrompts.STEPS, model, Map.of("refine", "Describe the image.")),
                QUESTION,
                List.of(CAR),
                new DescribeSettings(
                    1,
                    Refining.Keep.LAST,
                    COLOURS,
                    usual.by(),
                    0,
                    "A green frog.",
                    List.of(),
                    0,
                    usual.selecting()),
                Optional.empty())
            .describe();
    assertThat(report.ledger().rounds()).hasSize(2);
    Refining.Round last = report.ledger().last();
    assertThat(last.asked()).isEqualTo(QUESTION);
    assertThat(last.description()).isEqualTo(last.said()).contains("a brown car");
    assertThat(last.prediction()).isEqualTo(COLOURS.getFirst());
    assertThat(report.comparison().orElseThrow().better()).isEqualTo(1);
    assertThat(report.questions()).isGreaterThan(5);
  }

  @Test
  void theSameCallGivesTheSame() {
    assertThat(study(model, CAR, DescribeSettings.USUAL, Optional.empty()).describe())
        .isEqualTo(study(model, CAR, DescribeSettings.USUAL, Optional.empty()).describe());
  }

  @Test
  void aPoolShowsExamplesWhoseAnswersAreTheModelsOwn() {
    Pool pool = new Pool();
    study(model, HORSE, DescribeSettings.USUAL, Optional.empty()).join(pool, "horse");
    study(model, CAR, DescribeSettings.USUAL, Optional.empty()).join(pool, "car");
    DescribeReport report =
        study(
                model,
                CAR,
                DescribeSettings.USUAL.withLabels(COLOURS).withShots(2).withLoops(0),
                Optional.of(pool))
            .describe();
    assertThat(report.shown()).hasSize(2);
    Pool.Chosen twin = report.shown().getFirst();
    assertThat(twin.id()).isEqualTo("car");
    assertThat(twin.score()).isCloseTo(2, within(1e-6));
    assertThat(twin.answer()).isEqualTo("The color of the car is brown.");
    assertThat(report.shots()).hasSize(3);
    assertThat(report.shots().getLast().probability())
        .isCloseTo(
            report.ledger().last().choice().of(report.ledger().last().prediction()), within(1e-6));
  }

  @Test
  void captionsAndPicturesBelongTogether() {
    Speaker speaker = new Speaker(Asking.of(model), 24, Progress.NONE);
    Wordings wordings = Wordings.of(DescribePrompts.STEPS, model, Map.of());
    List<String> captions =
        List.of(
            "A green frog, an orange umbrella and a brown car.",
            "A green heart, a white horse, a black guitar and a red dove.");
    for (Pairs.By by : Pairs.By.values()) {
      Pairs right = Pairs.of(speaker, wordings, List.of(CAR, HORSE), captions, by);
      Pairs wrong = Pairs.of(speaker, wordings, List.of(HORSE, CAR), captions, by);
      assertThat(right.group()).as(by + " " + right.scores()).isTrue();
      assertThat(wrong.text()).isFalse();
      assertThat(wrong.image()).isFalse();
      // The same four numbers, their columns exchanged.
      assertThat(wrong.scores().getFirst()).isEqualTo(right.scores().getFirst().reversed());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llava-llama", "qwen2-vl", "gemma3", "internvl"})
  void anyFamilyDescribesByTheSameCall(String name) {
    try (LoadedModel other =
        LoadedModel.load(
            Path.of("../core/src/test/resources/goldens", name, "hub"), LoadOptions.DEFAULT)) {
      DescribeReport report =
          new DescribeStudy(
                  new Speaker(Asking.of(other), 4, Progress.NONE),
                  Wordings.of(DescribePrompts.STEPS, other, Map.of()),
                  "What is it?",
                  List.of(CAR),
                  DescribeSettings.USUAL.withLabels(List.of("a", "b")),
                  Optional.empty())
              .describe();
      assertThat(report.ways()).hasSize(4);
      assertThat(report.ledger().rounds()).hasSize(2);
      assertThat(report.judge()).isEqualTo("model");
    }
  }
}
