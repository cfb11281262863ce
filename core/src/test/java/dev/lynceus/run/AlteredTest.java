package dev.lynceus.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.method.Blind;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Answers whose tokens are weighed under a change of the model while they are written, in all
/// families.
class AlteredTest {
  private static final int TOKENS = 4;

  @TempDir static Path folder;

  static Stream<Family> seeing() {
    return Arrays.stream(Family.values()).filter(Family::sees);
  }

  @ParameterizedTest
  @MethodSource("seeing")
  void everyTokenIsWeighedAsByAReplayOfTheWholeAnswer(Family family) {
    try (LoadedModel model = TinyModels.load(folder, family)) {
      weighedAsByAReplay(model, TinyModels.prompt(model, family, "what color is the dog", 1));
    }
  }

  /// Where pictures are read by cross-attention, where positions have three parts, and where what
  /// is seen enters several layers.
  @ParameterizedTest
  @ValueSource(strings = {"blip-vqa", "qwen2-vl", "qwen3-vl"})
  void soItIsInOtherFamilies(String golden) {
    try (LoadedModel model =
        LoadedModel.load("src/test/resources/goldens/" + golden + "/hub", LoadOptions.DEFAULT)) {
      weighedAsByAReplay(
          model, model.prompt("What color is the dog?", TinyModels.picture(model, 1)));
    }
  }

  /// The lies that this would catch: a change that is lost after the prompt, and one that reaches
  /// the answer itself.
  private static void weighedAsByAReplay(LoadedModel model, Prompt prompt) {
    List<Double> own = new ArrayList<>();
    List<Double> hidden = new ArrayList<>();
    StringBuilder told = new StringBuilder();
    try (Generation plain = model.generate(prompt, GenerationOptions.greedy(TOKENS), Capture.NONE);
        Generation weighed =
            model.generate(
                prompt,
                GenerationOptions.greedy(TOKENS),
                told::append,
                new Altered(
                    Blind.hide(model.model(), prompt),
                    (id, logProbability, altered) -> {
                      own.add(logProbability);
                      hidden.add(altered);
                    }))) {
      int[] ids = weighed.answer().ids();
      assertThat(ids).isEqualTo(plain.answer().ids());
      assertThat(told).hasToString(weighed.answer().text());
      assertThat(own.stream().mapToDouble(one -> one).toArray())
          .isEqualTo(weighed.answer().logProbabilities())
          .isEqualTo(plain.answer().logProbabilities());
      Prompt longer = prompt.withAnswer(Arrays.copyOf(ids, ids.length - 1));
      try (Run run = model.run(longer, Capture.NONE)) {
        double[] blind = Blind.logProbabilities(run, prompt.length() - 1, ids);
        assertThat(hidden).hasSize(ids.length);
        for (int i = 0; i < ids.length; i++) {
          assertThat(hidden.get(i)).as("token %d", i).isCloseTo(blind[i], within(1e-4));
        }
        assertThat(hidden).isNotEqualTo(own);
      }
    }
  }
}
