package dev.lynceus.method.lens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.method.LogitLens;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A tuned lens begins as the logit lens, leaves less on other texts, and is read back as it was.
class TunedLensTest {
  @TempDir static Path folder;
  private static LoadedModel model;
  private static List<Prompt> some;
  private static List<Prompt> others;

  @BeforeAll
  static void open() {
    model = TinyModels.load(folder, Family.LLAVA_CLIP);
    some = prompts(List.of("what color is the dog", "red blue green on a mat", "run and jump"), 1);
    others = prompts(List.of("what color is the cat", "big small old new"), 40);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static List<Prompt> prompts(List<String> questions, int seed) {
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      for (String question : questions) {
        prompts.add(TinyModels.prompt(model, Family.LLAVA_CLIP, question, seed + i));
      }
    }
    return prompts;
  }

  private static TunedLensFit fit(int steps) {
    return new TunedLensFit(steps, 3e-3, "all", 64, 1);
  }

  @Test
  void itBeginsAsTheLogitLens() {
    try (TunedLens none = TunedLens.identity(model);
        Run run = model.run(some.getFirst(), Sweep.base(model))) {
      LogitLens lens = new LogitLens(LogitLens.Normalization.OWN);
      int[] last = {some.getFirst().length() - 1};
      assertThat(lens.grid(run, last, 3, none::translate)).isEqualTo(lens.grid(run, last, 3));
    }
  }

  @Test
  void itLeavesLessOnOtherTexts() {
    try (TunedLens none = TunedLens.identity(model);
        TunedLens lens = fit(300).fit(model, some, Progress.NONE)) {
      double[] before = fit(1).divergence(model, none, others, Progress.NONE);
      double[] after = fit(1).divergence(model, lens, others, Progress.NONE);
      assertThat(before).hasSize(TinyModels.LAYERS + 1);
      for (int depth = 0; depth < TinyModels.LAYERS; depth++) {
        assertThat(after[depth]).as("depth %d", depth).isLessThan(before[depth] * .9);
      }
      assertThat(after[TinyModels.LAYERS])
          .as("nothing is left at the end")
          .isCloseTo(0, within(1e-6));
    }
  }

  @Test
  void stepsAreRepeatable() {
    try (TunedLens one = fit(5).fit(model, some, Progress.NONE);
        TunedLens two = fit(5).fit(model, some, Progress.NONE)) {
      assertThat(two.weight(1).toFloats()).containsExactly(one.weight(1).toFloats());
    }
  }

  @Test
  void itIsKeptInAFile() {
    Path file = folder.resolve("lens.safetensors");
    try (TunedLens lens = fit(3).fit(model, some, Progress.NONE)) {
      lens.save(file);
      try (TunedLens read = TunedLens.load(file, model)) {
        for (int depth = 0; depth < TinyModels.LAYERS; depth++) {
          assertThat(read.weight(depth).toFloats()).containsExactly(lens.weight(depth).toFloats());
          assertThat(read.bias(depth).toFloats()).containsExactly(lens.bias(depth).toFloats());
        }
      }
    }
    try (LoadedModel another = TinyModels.load(folder, Family.LLAVA_SIGLIP)) {
      assertThatThrownBy(() -> TunedLens.load(file, another))
          .hasMessageContaining("was fitted for");
    }
  }

  @Test
  void whatCannotBeFittedIsRefused() {
    assertThatThrownBy(() -> fit(0)).hasMessageContaining("0 steps");
    assertThatThrownBy(() -> fit(1).fit(model, List.of(), Progress.NONE))
        .hasMessageContaining("there are none");
  }
}
