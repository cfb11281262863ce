package dev.lynceus.lab.think;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.image.ImageFileReader;
import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.data.LabelledRegion;
import dev.lynceus.lab.data.WorldData;
import dev.lynceus.lab.picture.Region;
import dev.lynceus.lab.strategy.AnswerJudge;
import dev.lynceus.lab.strategy.Asking;
import dev.lynceus.lab.strategy.Choice;
import dev.lynceus.lab.strategy.Speaker;
import dev.lynceus.lab.strategy.Wordings;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.run.Candidates;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Chains of pictures on the bundled model, and on small checkpoints of other families.
class ThinkStudyTest {
  private static final String QUESTION = "What is the color of the car?";
  private static final RgbImage IMAGE =
      new ImageFileReader().read(Path.of("../samples/frog-umbrella-car.png"));
  private static final List<String> COLOURS =
      List.of("The color of the car is brown.", "The color of the car is red.");
  private static final Region.Box CAR = new Region.Box(62, 34, 108, 74);

  private static LoadedModel model;

  @BeforeAll
  static void load() {
    model = LoadedModel.load("pupil", LoadOptions.DEFAULT);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static ThinkStudy study(LoadedModel one, ThinkSettings settings) {
    return new ThinkStudy(
        new Speaker(Asking.of(one), 24, Progress.NONE),
        Wordings.of(ThinkPrompts.STEPS, one, Map.of()),
        QUESTION,
        IMAGE,
        settings);
  }

  private static ThinkSettings planned(Plan.Step... steps) {
    return ThinkSettings.USUAL.withLabels(COLOURS).withPlan(new Plan(List.of(steps)));
  }

  private static Choice direct(LoadedModel one) {
    return new Speaker(Asking.of(one), 24, Progress.NONE)
        .choose(QUESTION, List.of(IMAGE), COLOURS, Candidates.By.SUM);
  }

  @ParameterizedTest
  @EnumSource(ThinkSettings.Shown.class)
  void anEmptyPlanIsTheDirectAnswerToTheBit(ThinkSettings.Shown shown) {
    ThinkReport report = study(model, planned().withShown(shown)).think();
    assertThat(report.way("thought").choice()).isEqualTo(direct(model));
    assertThat(report.steps()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(ThinkSettings.Shown.class)
  void theOriginalAndNoWordsAreDecorative(ThinkSettings.Shown shown) {
    Plan.Step nothing = new Plan.Step("look", new Tool.Keep(), "", "");
    ThinkReport report = study(model, planned(nothing, nothing).withShown(shown)).think();
    assertThat(report.way("thought").choice()).isEqualTo(direct(model));
    assertThat(report.steps())
        .hasSize(2)
        .allSatisfy(step -> {
          assertThat(step.decorative()).isTrue();
          assertThat(step.dropped()).isZero();
        });
    assertThat(ThinkWords.conclusion(report)).contains("No step mattered");
  }

  @Test
  void aStepThatSaysSomethingElseMatters() {
    ThinkReport report =
        study(
                model,
                planned(
                    new Plan.Step("be told", new Tool.Keep(), "", "The car is red."),
                    new Plan.Step("look", new Tool.Keep(), "", "")))
            .think();
    assertThat(report.steps().getLast().decorative()).isTrue();
    double moved =
        report.way("thought").choice().log(report.way("thought").answer())
            - direct(model).log(report.way("thought").answer());
    assertThat(report.steps().getFirst().dropped()).isCloseTo(moved, within(1e-9));
  }

  @Test
  void aKeptChainReplaysToTheSamePicturesAndNumbers() {
    ThinkSettings settings =
        planned(
            Plan.Step.of("see it alone", new Tool.Crop(null, .2)),
            Plan.Step.of("colours", new Tool.Convert(Tool.Convert.Space.HSV)));
    ThinkReport report = study(model, settings).think();
    ThinkRecord record = ThinkRecord.parse(report.record(), "x");
    assertThat(record.json()).isEqualTo(report.record());
    assertThat(record.steps().getFirst().tool().waits()).as("every box is in its place").isFalse();
    Replayed again = study(model, ThinkSettings.USUAL).replay(record);
    assertThat(again.same()).isTrue();
    assertThat(again.logs()).isEqualTo(record.logs());
    assertThat(study(model, settings).think()).isEqualTo(report);
    // What was changed is found.
    ThinkRecord.Step first = record.steps().getFirst();
    ThinkRecord other =
        new ThinkRecord(
            record.model(),
            record.question(),
            record.picture(),
            record.shown(),
            List.of(
                new ThinkRecord.Step(
                    first.goal(), new Tool.Crop(CAR, .5), first.text(), first.digest()),
                record.steps().getLast()),
            record.labels(),
            record.logs());
    assertThat(study(model, ThinkSettings.USUAL).replay(other).changed()).containsExactly(0);
  }

  /// Right answers, 0 to 1: directly, with a crop of the scene, and with one of the same size
  /// anywhere.
  private static double[] large(int factor) {
    int asked = 0;
    double[] right = new double[3];
    SplittableRandom random = new SplittableRandom(1);
    List<Example> examples =
        WorldData.large(20_260, 24, SceneRecipe.FREE.withItems(1, 2), factor).examples();
    for (Example example : examples) {
      if (!example.kind().equals("which")) {
        continue;
      }
      asked++;
      RgbImage image = example.images().getFirst().read();
      LabelledRegion region = example.regions().getFirst();
      Region.Box box = new Region.Box(region.x0(), region.y0(), region.x1(), region.y1());
      double x = random.nextDouble() * (image.width() - (box.x1() - box.x0()));
      double y = random.nextDouble() * (image.height() - (box.y1() - box.y0()));
      List<Region.Box> boxes =
          List.of(box, new Region.Box(x, y, x + box.x1() - box.x0(), y + box.y1() - box.y0()));
      Speaker speaker = new Speaker(Asking.of(model), 24, Progress.NONE);
      right[0] +=
          AnswerJudge.AUTO.score(
              speaker.say(example.question(), List.of(image)), example.answers());
      for (int i = 0; i < 2; i++) {
        RgbImage made = new Tool.Crop(boxes.get(i), 0).apply(image).image();
        right[i + 1] +=
            AnswerJudge.AUTO.score(
                speaker.say(example.question(), List.of(made)), example.answers());
      }
    }
    for (int i = 0; i < 3; i++) {
      right[i] /= asked;
    }
    return right;
  }

  @Test
  void aCropLiftsSmallThingsFromChanceAndARandomOneDoesNot() {
    double[] right = large(7);
    // One noun of twenty by chance; 24 questions at most.
    assertThat(right[0]).as("directly").isLessThan(.2);
    assertThat(right[1]).as("with the crop").isGreaterThan(.8);
    assertThat(right[2]).as("with a crop anywhere").isLessThan(.3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"llava-llama", "qwen2-vl", "gemma3", "internvl"})
  void anyFamilyThinksByTheSameCall(String name) {
    try (LoadedModel other =
        LoadedModel.load(
            Path.of("../core/src/test/resources/goldens", name, "hub"), LoadOptions.DEFAULT)) {
      for (ThinkSettings.Planning planning : ThinkSettings.Planning.values()) {
        ThinkReport report =
            new ThinkStudy(
                    new Speaker(Asking.of(other), 4, Progress.NONE),
                    Wordings.of(ThinkPrompts.STEPS, other, Map.of()),
                    "How many are there?",
                    IMAGE,
                    ThinkSettings.USUAL.withLabels(List.of("a", "b")).withPlanning(planning))
                .think();
        assertThat(report.ways()).hasSize(3);
        assertThat(report.steps()).isNotEmpty();
        if (planning == ThinkSettings.Planning.MODEL) {
          // Random weights write no plan.
          assertThat(report.planned()).startsWith("rules; the model's plan could not be read");
        }
      }
    }
  }
}
