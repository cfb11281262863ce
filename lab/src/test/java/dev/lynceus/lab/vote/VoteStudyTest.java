package dev.lynceus.lab.vote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageFileReader;
import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.strategy.Asking;
import dev.lynceus.lab.strategy.Choice;
import dev.lynceus.lab.strategy.Labels;
import dev.lynceus.lab.strategy.Speaker;
import dev.lynceus.lab.strategy.Things;
import dev.lynceus.lab.strategy.Wordings;
import dev.lynceus.run.Batch;
import dev.lynceus.run.Candidates;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Torch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A vote on the bundled model, and on small checkpoints of other families.
class VoteStudyTest {
  private static final String QUESTION = "What is the color of the car?";
  private static final RgbImage IMAGE =
      new ImageFileReader().read(Path.of("../samples/frog-umbrella-car.png"));
  private static final List<String> COLOURS =
      List.of(
          "The color of the car is brown.",
          "The color of the car is red.",
          "The color of the car is green.");

  private static LoadedModel model;

  @BeforeAll
  static void load() {
    model = LoadedModel.load("pupil", LoadOptions.DEFAULT);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static Speaker speaker(LoadedModel one) {
    return new Speaker(Asking.of(one), 24, Progress.NONE);
  }

  private static VoteReport report(VoteSettings settings) {
    return new VoteStudy(
            speaker(model),
            Wordings.of(VotePrompts.STEPS, model, Map.of()),
            QUESTION,
            List.of(IMAGE),
            settings)
        .hold();
  }

  @Test
  void probabilitiesOfCandidatesAreThoseOfWholePasses() {
    Choice choice = speaker(model).choose(QUESTION, List.of(IMAGE), COLOURS, Candidates.By.SUM);
    Prompt prompt = speaker(model).prompt(QUESTION, List.of(IMAGE));
    for (int i = 0; i < COLOURS.size(); i++) {
      int[] ids =
          model.tokenizer().wordIds(COLOURS.get(i)).stream().mapToInt(Integer::intValue).toArray();
      double sum = 0;
      try (Scope scope = Scope.open();
          Run run =
              model.run(
                  Batch.of(prompt.withAnswer(ids)),
                  Capture.of(Capture.request(Point.LOGITS).at(Positions.from(prompt.length() - 1))),
                  List.of())) {
        double[] logs =
            Torch.logSoftmax(run.get(Point.LOGITS, 0).select(0, 0).to(DType.FLOAT64), 1)
                .toDoubles();
        int vocabulary = logs.length / (ids.length + 1);
        for (int at = 0; at < ids.length; at++) {
          sum += logs[at * vocabulary + ids[at]];
        }
        double end = 0;
        for (int id : model.settings().ends()) {
          end += Math.exp(logs[ids.length * vocabulary + id]);
        }
        sum += Math.log(end);
      }
      assertThat(choice.logs().get(i)).isCloseTo(sum, within(1e-5));
    }
  }

  @Test
  void anotherOrderOfCandidatesPermutesTheirProbabilities() {
    VoteSettings settings = VoteSettings.USUAL.withLabels(COLOURS).withDraws(3, 1, 1);
    VoteReport one = report(settings);
    VoteReport other = report(settings.withLabels(COLOURS.reversed()));
    for (int j = 0; j < 3; j++) {
      List<Double> p = one.samples().get(j).probabilities();
      List<Double> q = other.samples().get(j).probabilities().reversed();
      for (int y = 0; y < p.size(); y++) {
        assertThat(q.get(y)).isCloseTo(p.get(y), within(1e-6));
      }
      assertThat(other.samples().get(j).explanation())
          .isEqualTo(one.samples().get(j).explanation());
    }
    assertThat(other.total("ease").answer()).isEqualTo(one.total("ease").answer());
  }

  @Test
  void withoutATemperatureAllDrawsAreTheSame() {
    VoteReport report = report(VoteSettings.USUAL.withLabels(COLOURS).withDraws(4, 0, 5));
    assertThat(report.samples().stream().map(VoteReport.Sample::explanation).distinct()).hasSize(1);
    assertThat(report.samples().stream().map(VoteReport.Sample::said).distinct()).hasSize(1);
    assertThat(report.total("ease").distribution()).isEqualTo(report.total("soft").distribution());
    assertThat(report.notes()).anyMatch(note -> note.contains("All explanations are the same"));
    VoteReport nearly = report(VoteSettings.USUAL.withLabels(COLOURS).withDraws(4, 1e-6, 5));
    assertThat(nearly.samples().getFirst().explanation())
        .isEqualTo(report.samples().getFirst().explanation());
  }

  @Test
  void aSeedRepeatsAndTheFirstDrawsDoNotDependOnTheirNumber() {
    VoteSettings hot = VoteSettings.USUAL.withLabels(COLOURS);
    VoteReport few = report(hot.withDraws(3, 2, 9));
    VoteReport more = report(hot.withDraws(5, 2, 9));
    assertThat(report(hot.withDraws(3, 2, 9))).isEqualTo(few);
    assertThat(more.samples().stream().limit(3).map(VoteReport.Sample::explanation).toList())
        .isEqualTo(few.samples().stream().map(VoteReport.Sample::explanation).toList());
    assertThat(report(hot.withDraws(3, 2, 10)).samples()).isNotEqualTo(few.samples());
  }

  @Test
  void whatItNamesIsJudgedByThePicture() {
    VoteReport report =
        report(
            VoteSettings.USUAL
                .withLabels(COLOURS)
                .withWeights(Weight.SCORE, Weight.IMAGE, Weight.MAP)
                .withGiven(
                    List.of(
                        "A green frog, an orange umbrella and a brown car.",
                        "A green guitar, an orange horse and a brown dove.")));
    VoteReport.Sample right = report.samples().getFirst();
    VoteReport.Sample wrong = report.samples().getLast();
    assertThat(right.score().orElseThrow()).isGreaterThan(.9);
    assertThat(wrong.score().orElseThrow()).isLessThan(.1);
    assertThat(right.weight())
        .isCloseTo(
            right.score().orElseThrow()
                * Math.max(0, right.score().orElseThrow() - right.blankScore().orElseThrow())
                * right.map().orElseThrow(),
            within(1e-12));
    assertThat(right.share()).isGreaterThan(.9);
    assertThat(report.total("ease").distribution().getFirst())
        .isCloseTo(
            right.share() * right.probabilities().getFirst()
                + wrong.share() * wrong.probabilities().getFirst(),
            within(1e-9));
    // Left out, the other one alone is left.
    assertThat(right.leftOut().getFirst())
        .isCloseTo(wrong.probabilities().getFirst(), within(1e-9));
  }

  @Test
  void anAnswerReadFromTheExplanationAloneFollowsIt() {
    VoteReport told =
        report(
            VoteSettings.USUAL
                .withLabels(COLOURS)
                .withAnswers(VoteSettings.Answers.TOLD)
                .withGiven(List.of("A green frog, an orange umbrella and a red car.")));
    assertThat(told.total("ease").answer()).isEqualTo(COLOURS.get(1));
    assertThat(told.direct()).isEqualTo(COLOURS.getFirst());
  }

  @ParameterizedTest
  @ValueSource(strings = {"llava-llama", "qwen2-vl", "blip2-opt", "blip-vqa", "gemma3", "internvl"})
  void anyFamilyVotesByTheSameCall(String name) {
    try (LoadedModel other =
        LoadedModel.load(
            Path.of("../core/src/test/resources/goldens", name, "hub"), LoadOptions.DEFAULT)) {
      VoteReport report =
          new VoteStudy(
                  new Speaker(Asking.of(other), 4, Progress.NONE),
                  // The text encoder of this small BLIP takes few words.
                  Wordings.of(
                      VotePrompts.STEPS,
                      other,
                      name.startsWith("blip-") ? Map.of("score", "good?") : Map.of()),
                  "What is it?",
                  List.of(IMAGE),
                  VoteSettings.USUAL
                      .withLabels(List.of("a", "b"))
                      .withDraws(2, 1, 0)
                      .withAnswers(VoteSettings.Answers.TOLD))
              .hold();
      double[] ease =
          report.total("ease").distribution().stream().mapToDouble(Double::doubleValue).toArray();
      assertThat(Arrays.stream(ease).sum()).isCloseTo(1, within(1e-9));
      assertThat(report.samples()).hasSize(2);
    }
  }

  @Test
  void aModelOfTextsVotesWithoutAPicture() {
    try (LoadedModel other =
        LoadedModel.load(
            Path.of("../core/src/test/resources/goldens/qwen3/hub"), LoadOptions.DEFAULT)) {
      Wordings wordings = Wordings.of(VotePrompts.STEPS, other, Map.of());
      Speaker speaker = new Speaker(Asking.of(other), 4, Progress.NONE);
      VoteSettings settings = VoteSettings.USUAL.withLabels(List.of("a", "b")).withDraws(2, 1, 0);
      assertThat(
              new VoteStudy(speaker, wordings, "What is it?", List.of(), settings).hold().labels())
          .hasSize(2);
      assertThatThrownBy(() ->
              new VoteStudy(
                  speaker, wordings, "What?", List.of(), settings.withWeights(Weight.IMAGE)))
          .isInstanceOf(LynceusException.class)
          .hasMessageContaining("without a picture");
    }
  }

  @Test
  void answersAreTheSameByTheirWords() {
    assertThat(Labels.of(List.of("Red.", "a red", "blue", "", "BLUE!", "blue")))
        .containsExactly("blue", "Red.");
    assertThat(Labels.meant("It is blue.", List.of("red", "blue"))).isEqualTo(1);
    assertThat(Labels.meant("Red or blue.", List.of("red", "blue"))).isEqualTo(-1);
    assertThat(Things.of("A green frog, an orange umbrella and a brown car. The sky is blue."))
        .containsExactly("a green frog", "an orange umbrella", "a brown car", "a sky");
    assertThat(Things.sentences("A dog. It barks! Why?")).hasSize(3);
  }

  @Test
  void promptsOfOnesOwnAreChecked() {
    Wordings own =
        Wordings.of(VotePrompts.STEPS, true, Map.of("score", "Is this right? {explanation}"));
    assertThat(own.fill("score", Map.of("explanation", "A $1 dog {x}.")))
        .isEqualTo("Is this right? A $1 dog {x}.");
    assertThatThrownBy(() -> Wordings.of(VotePrompts.STEPS, true, Map.of("judge", "x")))
        .hasMessageContaining("no prompt 'judge'");
    assertThatThrownBy(() -> Wordings.of(VotePrompts.STEPS, true, Map.of("score", "{picture}")))
        .hasMessageContaining("has no {picture}");
    assertThatThrownBy(() -> Wordings.parse("{\"a\": 1}", "p.json"))
        .hasMessageContaining("'a' is no text");
  }
}
