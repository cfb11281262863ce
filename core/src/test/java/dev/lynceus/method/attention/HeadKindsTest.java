package dev.lynceus.method.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.method.attention.HeadKinds.Result;
import dev.lynceus.method.attention.HeadKinds.Settings;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tensor.file.StoredTensor;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random weights make no kind of head; weights that compare tokens with themselves make one.
class HeadKindsTest {
  private static final Settings SMALL = new Settings(20, 4, 6, 1);

  @TempDir static Path folder;

  private static Result measure(LoadedModel model) {
    return HeadKinds.measure(model, SMALL, Progress.NONE);
  }

  @Test
  void aRandomModelScoresAsChance() {
    try (LoadedModel model = TinyModels.load(folder, Family.LLAVA_CLIP)) {
      Result result = measure(model);

      assertThat(result.scores()).hasSize(TinyModels.LAYERS * TinyModels.HEADS);
      assertThat(result.chance()).isBetween(1.0 / 41, 1.0 / 21);
      assertThat(result.scores().stream().mapToDouble(s -> s.induction()).average().orElseThrow())
          .isCloseTo(result.chance(), within(0.03));
      assertThat(result.scores().stream().mapToDouble(s -> s.previous()).average().orElseThrow())
          .isCloseTo(result.chance(), within(0.03));
      assertThat(result.scores()).allMatch(s -> s.induction() < 0.3 && s.previous() < 0.3);
      assertThat(result.texts()).as("it knows no full stop").isBetween(0, 6);
      assertThat(measure(model).scores()).isEqualTo(result.scores());
      assertThatThrownBy(() -> HeadKinds.measure(model, new Settings(60, 1, 1, 0), Progress.NONE))
          .hasMessageContaining("60 different tokens of");
    }
    assertThatThrownBy(() -> new Settings(1, 1, 1, 0)).hasMessageContaining("twice 1 tokens");
  }

  /// A head whose queries are its keys, without positions to speak of: it finds its own token.
  @Test
  void aHeadThatComparesTokensFindsDuplicates() {
    Path made =
        TinyModels.write(
            folder.resolve("same"),
            Family.LLAMA,
            7,
            tensors -> {
              float[] strong = new float[32 * 32];
              // Coordinates 3 and 7 of each head turn slowest; only these are compared.
              for (int head = 0; head < TinyModels.HEADS; head++) {
                strong[(head * 8 + 3) * 32 + head * 2] = 8;
                strong[(head * 8 + 7) * 32 + head * 2 + 1] = 8;
              }
              for (String part : new String[] {"q_proj", "k_proj"}) {
                tensors.put(
                    "model.layers.0.self_attn." + part + ".weight",
                    StoredTensor.of(strong, 32, 32));
              }
            });
    try (LoadedModel model = LoadedModel.load(made, dev.lynceus.run.LoadOptions.DEFAULT)) {
      Result result = measure(model);

      for (HeadKinds.Score score : result.scores().subList(0, TinyModels.HEADS)) {
        assertThat(score.duplicate())
            .as(score.head().text())
            .isGreaterThan(2 * result.chance())
            .isGreaterThan(score.induction());
      }
    }
  }
}
