package dev.lynceus.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.image.RgbImage;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.tap.TokenMap;
import java.util.Random;
import java.util.stream.IntStream;

/// What holds of the visual tokens of every model that sees a picture in tiles and as a whole.
public final class TiledTokens {
  private TiledTokens() {}

  /// Every pixel of the picture belongs to one patch of the tiles and to one of the whole, and
  /// every position leads back to its label.
  public static void areExact(LoadedModel model, int width, int height) {
    byte[] samples = new byte[3 * width * height];
    new Random(5).nextBytes(samples);
    Prompt prompt =
        model.prompt("What is it?", model.picture("p", RgbImage.of(width, height, samples)));
    TokenMap tokens = prompt.tokens();
    int[] image = tokens.image(0);
    assertThat(image).hasSize(tokens.grids().getFirst().tokens());
    assertThat(
            tokens.views().stream()
                .flatMapToInt(view -> IntStream.of(view.positions()))
                .sorted()
                .toArray())
        .containsExactly(image);
    assertThat(model.views(prompt.pictures())).hasSameSizeAs(tokens.views());
    for (TokenMap.View view : tokens.views()) {
      double area = 0;
      for (int patch = 0; patch < view.tile().patches(); patch++) {
        int row = patch / view.tile().columns();
        int column = patch % view.tile().columns();
        double[] pixels = view.tile().pixels(row, column);
        area += pixels[2] * pixels[3];
        assertThat(tokens.find(tokens.label(view.positions()[patch])))
            .containsExactly(view.positions()[patch]);
        assertThat(tokens.label(view.positions()[patch]))
            .endsWith("row[%d].col[%d]".formatted(row, column));
      }
      assertThat(area).isCloseTo((double) width * height, within(1e-6 * width * height));
    }
  }
}
