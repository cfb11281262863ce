package dev.lynceus.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.error.LynceusException;
import dev.lynceus.run.Candidates.By;
import dev.lynceus.run.Candidates.Ending;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Indices;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Torch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Answers that share the pass of their prompt score as they do in passes of their own.
class CandidatesTest {
  private static final List<String> ANSWERS =
      List.of("dog", "the big dog on the mat", "what color", "mat");

  @TempDir static Path folder;

  private static double[] whole(
      LoadedModel model, Prompt prompt, int[] before, Intervention... all) {
    try (Run run = model.run(Batch.of(prompt.withAnswer(before)), Capture.NONE, List.of(all));
        Scope scope = Scope.open()) {
      return Torch.logSoftmax(run.logits().to(DType.FLOAT64), -1).toDoubles();
    }
  }

  private static void equalWholePasses(
      LoadedModel model, Prompt prompt, Candidates scored, Intervention... all) {
    for (Candidates.Score score : scored.scores()) {
      for (int i = 0; i < score.logProbabilities().length; i++) {
        double[] logs = whole(model, prompt, Arrays.copyOf(score.ids(), i), all);
        double expected =
            i < score.ids().length
                ? logs[score.ids()[i]]
                : Math.log(
                    model.settings().ends().stream().mapToDouble(id -> Math.exp(logs[id])).sum());
        assertThat(score.logProbabilities()[i])
            .as(score.text() + " " + i)
            .isCloseTo(expected, within(1e-5 * Math.max(1, Math.abs(expected))));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void equalWholePasses(Family family) {
    try (LoadedModel model = TinyModels.load(folder, family)) {
      Prompt prompt = TinyModels.prompt(model, family, "what color is the dog", 1);

      equalWholePasses(model, prompt, Candidates.of(model, prompt, ANSWERS, Ending.CLOSED));
      equalWholePasses(model, prompt, Candidates.of(model, prompt, ANSWERS, Ending.OPEN));
    }
  }

  @Test
  void changesOfTheRunHoldForItsAnswersToo() {
    try (LoadedModel model = TinyModels.load(folder, Family.LLAVA_CLIP)) {
      Prompt prompt = TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is the dog", 1);
      Intervention silenced =
          new Intervention(Point.Z, Indices.of(1), Indices.of(2), Positions.all(), new Op.Zero());
      try (Run plain = model.run(prompt, Capture.NONE);
          Run run = model.run(Batch.of(prompt), Capture.NONE, List.of(silenced))) {
        Candidates changed = Candidates.of(run, ANSWERS, Ending.CLOSED);

        equalWholePasses(model, prompt, changed, silenced);
        assertThat(changed.scores().get(1).by(By.SUM))
            .isNotEqualTo(Candidates.of(plain, ANSWERS, Ending.CLOSED).scores().get(1).by(By.SUM));
      }
    }
  }

  @Test
  void aGeneratedAnswerScoresAsItWasGenerated() {
    try (LoadedModel model = TinyModels.load(folder, Family.IDEFICS3)) {
      Prompt prompt = TinyModels.prompt(model, Family.IDEFICS3, "what is this", 3);
      try (Run run = model.run(prompt, Capture.NONE)) {
        List<String> one = List.of("dog");
        Candidates alone = Candidates.of(run, one, Ending.OPEN);
        Candidates among = Candidates.of(run, ANSWERS, Ending.OPEN);

        assertThat(alone.scores().getFirst().by(By.SUM))
            .isCloseTo(among.scores().getFirst().by(By.SUM), within(1e-6));
        assertThat(alone.among(By.SUM)).containsExactly(1);
        assertThat(Arrays.stream(among.among(By.MEAN)).sum()).isCloseTo(1, within(1e-12));
        assertThat(among.among(By.MEAN)[among.best(By.MEAN)])
            .isEqualTo(Arrays.stream(among.among(By.MEAN)).max().orElseThrow());
      }
    }
  }

  @Test
  void aBlankAnswerIsRefused() {
    try (LoadedModel model = TinyModels.load(folder, Family.LLAMA)) {
      Prompt prompt = TinyModels.prompt(model, Family.LLAMA, "what is this", 3);

      assertThatThrownBy(() -> Candidates.of(model, prompt, List.of("dog", " "), Ending.OPEN))
          .isInstanceOf(LynceusException.class)
          .hasMessageContaining("is empty");
    }
  }
}
