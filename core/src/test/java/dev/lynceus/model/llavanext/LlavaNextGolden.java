package dev.lynceus.model.llavanext;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.image.ImageFileReader;
import dev.lynceus.image.RgbImage;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;

/// The small checkpoint with reference values under `src/test/resources/goldens/llava-next`.
/// `expected.safetensors` and `aspects.safetensors` come from transformers 5.18 in float32; the
/// latter holds, for pictures of several aspect ratios, the packed visual tokens, ids and last
/// logits.
final class LlavaNextGolden {
  private LlavaNextGolden() {}

  static Path file(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(
                  LlavaNextGolden.class.getResource("/goldens/llava-next/" + name), name)
              .toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  static RgbImage picture(String name) {
    return new ImageFileReader().read(file("images/" + name));
  }

  /// The picture that the reference values of `aspects.safetensors` were made from.
  static RgbImage random(int width, int height, int seed) {
    byte[] samples = new byte[3 * width * height];
    int state = seed;
    for (int i = 0; i < samples.length; i++) {
      state = state * 1664525 + 1013904223;
      samples[i] = (byte) (state >>> 24);
    }
    return RgbImage.of(width, height, samples);
  }

  /// The largest difference is at most 1e-5 of the largest reference value.
  static void assertClose(String name, Tensor actual, Tensor expected) {
    assertThat(actual.numel()).as(name + " numbers").isEqualTo(expected.numel());
    Tensor reference = expected.to(DType.FLOAT64).reshape(-1);
    double largest = actual.to(DType.FLOAT64).reshape(-1).sub(reference).abs().max().item();
    assertThat(largest / reference.abs().max().item())
        .as(name + " relative difference")
        .isLessThan(1e-5);
  }
}
