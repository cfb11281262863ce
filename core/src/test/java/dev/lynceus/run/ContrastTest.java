package dev.lynceus.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Torch;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Answers that are decoded against a second prompt, in all families.
class ContrastTest {
  private static final int TOKENS = 4;

  @TempDir static Path folder;

  @ParameterizedTest
  @EnumSource(Family.class)
  void noAlphaAndNoDifferenceGiveTheAnswerItself(Family family) {
    try (LoadedModel model = TinyModels.load(folder, family)) {
      Prompt own = TinyModels.prompt(model, family, "what color is the dog", 1);
      Prompt other = TinyModels.prompt(model, family, "what color is the dog", 2);
      try (Generation plain = model.generate(own, GenerationOptions.greedy(TOKENS), Capture.NONE);
          Generation nothing = generate(model, own, other, 0)) {
        same(nothing, plain);
        for (double alpha : new double[] {-1, .5, 1, 5}) {
          try (Generation itself = generate(model, own, own, alpha)) {
            same(itself, plain);
          }
        }
      }
    }
  }

  /// The lie that this would catch: a second prompt that is not continued, or not by the same
  /// tokens.
  @ParameterizedTest
  @EnumSource(Family.class)
  void everyTokenIsChosenFromWholePassesOverBoth(Family family) {
    try (LoadedModel model = TinyModels.load(folder, family)) {
      Prompt own = TinyModels.prompt(model, family, "what color is the dog", 1);
      Prompt other = TinyModels.prompt(model, family, "here a cat sits", 2);
      double alpha = 1.5;
      try (Generation found = generate(model, own, other, alpha)) {
        int[] ids = found.answer().ids();
        for (int i = 0; i < ids.length; i++) {
          int[] before = Arrays.copyOf(ids, i);
          try (Scope scope = Scope.open();
              Run one = model.run(own.withAnswer(before), Capture.NONE);
              Run two = model.run(other.withAnswer(before), Capture.NONE)) {
            double[] logs =
                Torch.logSoftmax(
                        Contrast.logits(one.logits(), two.logits(), alpha)
                            .to(DType.FLOAT64)
                            .reshape(-1),
                        0)
                    .toDoubles();
            assertThat(logs[ids[i]])
                .isEqualTo(Arrays.stream(logs).max().orElseThrow(), within(1e-4));
            assertThat(found.answer().logProbabilities()[i]).isEqualTo(logs[ids[i]], within(1e-4));
          }
        }
      }
    }
  }

  private static Generation generate(LoadedModel model, Prompt own, Prompt other, double alpha) {
    return model.generate(own, new Contrast(other, alpha), GenerationOptions.greedy(TOKENS));
  }

  private static void same(Generation found, Generation plain) {
    assertThat(found.answer().ids()).isEqualTo(plain.answer().ids());
    assertThat(found.answer().logProbabilities()).isEqualTo(plain.answer().logProbabilities());
  }
}
