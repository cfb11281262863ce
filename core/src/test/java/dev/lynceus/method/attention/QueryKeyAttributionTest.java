package dev.lynceus.method.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tensor.Scope;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The parts of a score sum to the score, for every kind of decoder: with biases, with shared keys,
/// with scaled embeddings.
class QueryKeyAttributionTest {
  @TempDir static Path folder;

  @ParameterizedTest
  @EnumSource(Family.class)
  void partsOfBothSidesSumToTheScore(Family family) {
    try (LoadedModel model = TinyModels.load(folder, family)) {
      Prompt prompt = TinyModels.prompt(model, family, "what color is the dog on a mat", 3);
      int row = prompt.length() - 1;
      for (int layer = 0; layer < TinyModels.LAYERS; layer++) {
        HeadRef head = new HeadRef(layer, 3);
        for (int position : new int[] {row - 2, row}) {
          QueryKeyAttribution.Result result =
              QueryKeyAttribution.explain(model, prompt, head, row, position, 5);
          assertThat(score(model, prompt, head, row, position))
              .isCloseTo(result.score(), within(1e-5));
          assertThat(result.query().stream().mapToDouble(p -> p.score()).sum())
              .isCloseTo(result.score(), within(1e-4));
          assertThat(result.key().stream().mapToDouble(p -> p.score()).sum())
              .isCloseTo(result.score(), within(1e-4));
          assertThat(result.query().stream().mapToDouble(p -> p.above()).sum())
              .isCloseTo(result.score() - result.mean(), within(1e-4));
          assertThat(result.pairs()).hasSizeLessThanOrEqualTo(5);
        }
      }
    }
  }

  private static double score(
      LoadedModel model, Prompt prompt, HeadRef head, int row, int position) {
    Capture plan = Capture.of(Capture.request(Point.ATTN_SCORES));
    try (Run run = model.run(prompt, plan);
        Scope scope = Scope.open()) {
      return run.get(Point.ATTN_SCORES, head.layer())
          .select(0, 0)
          .select(0, head.head())
          .select(0, row)
          .toDoubles()[position];
    }
  }

  @Test
  void everyComponentIsNamedOnce() {
    try (LoadedModel model = TinyModels.load(folder, Family.QWEN2)) {
      Prompt prompt = model.raw("what color is the dog");
      QueryKeyAttribution.Result result =
          QueryKeyAttribution.explain(model, prompt, new HeadRef(2, 0), 4, 1, 1000);
      assertThat(result.query().stream().map(p -> p.name()))
          .doesNotHaveDuplicates()
          .contains("embedding", "head 0.0", "head 1.3", "feed-forward 1", "bias")
          .hasSize(1 + 2 * (TinyModels.HEADS + 1) + 1);
      assertThat(result.pairs().stream().mapToDouble(p -> p.score()).sum())
          .as("all pairs together")
          .isCloseTo(result.score(), within(1e-4));
      assertThatThrownBy(
              () -> QueryKeyAttribution.explain(model, prompt, new HeadRef(2, 0), 2, 4, 1))
          .hasMessageContaining("row 2 cannot see position 4");
    }
    try (LoadedModel model = TinyModels.load(folder, Family.MISTRAL)) {
      Prompt prompt = model.raw("what color is the dog on a mat");
      assertThatThrownBy(() ->
              QueryKeyAttribution.explain(
                  model, prompt, new HeadRef(1, 0), prompt.length() - 1, 0, 1))
          .as("a sliding window of four")
          .hasMessageContaining("sees 4 positions back only");
    }
  }
}
