package dev.lynceus.method.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Target;
import dev.lynceus.method.features.SparseAutoencoder.Activation;
import dev.lynceus.method.features.SparseAutoencoder.Centred;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Autoencoders in a model: a perfect one changes nothing, features are taken out exactly, and
/// published files are read.
class FeatureReadingTest {
  @TempDir static Path folder;
  private static LoadedModel model;
  private static Prompt prompt;
  private static int width;

  @BeforeAll
  static void open() {
    model = TinyModels.load(folder.resolve("model"), Family.LLAVA_CLIP);
    prompt = TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is the dog", 3);
    width = model.model().decoder().config().width();
  }

  @AfterAll
  static void close() {
    model.close();
  }

  /// Each number of a state is a feature, and so is its negative: nothing is lost.
  private static SparseAutoencoder perfect() {
    float[] both = new float[2 * width * width];
    for (int i = 0; i < width; i++) {
      both[i * width + i] = 1;
      both[(width + i) * width + i] = -1;
    }
    return new SparseAutoencoder(
        Tensor.of(both, 2L * width, width).own(),
        Torch.zeros(DType.FLOAT32, 2L * width).own(),
        Tensor.of(both, 2L * width, width).own(),
        Torch.zeros(DType.FLOAT32, width).own(),
        new Activation.Relu(),
        Centred.YES);
  }

  @Test
  void aPerfectAutoencoderLeavesTheAnswerAsItIs() {
    SaeStates which = new SaeStates(0, SaeStates.Where.PATCHES);
    try (SparseAutoencoder sae = perfect()) {
      SaeScore score = SaeScore.of(model, sae, which, List.of(prompt), Progress.NONE);
      assertThat(score.unexplained()).isCloseTo(0, within(1e-10));
      assertThat(score.spliced()).isCloseTo(0, within(1e-9));
      assertThat(score.mean()).as("the mean state instead").isGreaterThan(1e-6);
      assertThat(score.recovered()).isCloseTo(1, within(1e-3));
      assertThat(score.on()).as("half of them are on").isCloseTo(width, within(1e-6));
    }
  }

  @Test
  void aFeatureThatIsTakenOutChangesTheWordAndOneOfNothingDoesNot() {
    SaeStates which = new SaeStates(0, SaeStates.Where.PATCHES);
    Target target = Target.token("red", prompt.length() - 1, 7);
    try (SparseAutoencoder sae = perfect()) {
      FeatureReading reading =
          FeatureReading.of(
              model,
              prompt,
              target,
              sae,
              which,
              new FeatureReading.Plan(4, 3, 2, 5),
              Progress.NONE);
      assertThat(reading.strongest()).hasSize(4);
      for (FeatureReading.Feature one : reading.strongest()) {
        assertThat(one.at()).hasSize(reading.states());
        assertThat(one.most()).isEqualTo(java.util.Arrays.stream(one.at()).max().orElse(-1));
        assertThat(one.raises()).hasSize(3);
        assertThat(one.without()).isNotZero();
        assertThat(one.random()).hasSize(2);
      }
      assertThat(reading.strongest().getFirst().sum())
          .isGreaterThanOrEqualTo(reading.strongest().get(1).sum());
    }
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    Path file = folder.resolve("own.safetensors");
    try (SparseAutoencoder sae = perfect();
        Scope scope = Scope.open()) {
      new SaeFile(sae, OptionalInt.of(1), "abc").save(file);
      Tensor x = Torch.randn(3, 5, width);
      try (SaeFile again = SaeFile.load(file)) {
        assertThat(again.layer()).hasValue(1);
        assertThat(again.revision()).isEqualTo("abc");
        assertThat(again.sae().encode(x).toFloats()).isEqualTo(sae.encode(x).toFloats());
        assertThat(again.sae().centred()).isEqualTo(Centred.YES);
      }
    }
  }

  /// The two published layouts, with the numbers that their own formulas give.
  @Test
  void publishedFilesAreRead() throws IOException {
    int features = 6;
    try (Scope scope = Scope.open()) {
      Tensor in = Torch.randn(1, width, features);
      Tensor out = Torch.randn(2, features, width);
      Tensor b = Torch.randn(3, features);
      Tensor d = Torch.randn(4, width);
      Tensor x = Torch.randn(5, 3, width);

      Path lens = Files.createDirectories(folder.resolve("lens"));
      new SafetensorsWriter()
          .add("W_enc", in)
          .add("b_enc", b)
          .add("W_dec", out)
          .add("b_dec", d)
          .add("threshold", Torch.full(DType.FLOAT32, .5, features))
          .write(lens.resolve("sae_weights.safetensors"));
      Files.writeString(
          lens.resolve("cfg.json"),
          "{\"architecture\":\"jumprelu\",\"hook_name\":\"blocks.1.hook_resid_post\",\"apply_b_dec_to_input\":false}");
      try (SaeFile file = SaeFile.load(lens)) {
        assertThat(file.layer()).hasValue(1);
        Tensor before = x.matmul(in).add(b);
        Tensor expected = before.mul(before.gt(.5).to(DType.FLOAT32));
        near(file.sae().encode(x), expected);
        near(file.sae().decode(expected), expected.matmul(out).add(d));
      }

      Path eleuther = Files.createDirectories(folder.resolve("model.layers.24"));
      new SafetensorsWriter()
          .add("encoder.weight", in.t().contiguous())
          .add("encoder.bias", b)
          .add("W_dec", out)
          .add("b_dec", d)
          .write(eleuther.resolve("sae.safetensors"));
      Files.writeString(eleuther.resolve("cfg.json"), "{\"k\": 2}");
      try (SaeFile file = SaeFile.load(eleuther)) {
        assertThat(file.layer()).hasValue(24);
        Tensor before = x.sub(d).matmul(in).add(b);
        Tensor least = before.topk(2).values().narrow(1, 1, 1);
        Tensor kept = before.sub(least).add(1e-6).gt(0).to(DType.FLOAT32);
        near(file.sae().encode(x), Torch.relu(before).mul(kept));
      }

      Path odd = Files.createDirectories(folder.resolve("odd"));
      Files.copy(eleuther.resolve("sae.safetensors"), odd.resolve("sae.safetensors"));
      assertThatThrownBy(() -> SaeFile.load(odd))
          .isInstanceOf(LynceusException.class)
          .hasMessageContaining("no k");
      Files.writeString(odd.resolve("cfg.json"), "{\"architecture\":\"gated\"}");
      assertThatThrownBy(() -> SaeFile.load(odd))
          .isInstanceOf(LynceusException.class)
          .hasMessageContaining("gated");
      assertThatThrownBy(() -> SaeFile.load(folder.resolve("model")))
          .isInstanceOf(LynceusException.class);
    }
  }

  private static void near(Tensor a, Tensor b) {
    assertThat(a.sub(b).abs().max().item()).isLessThan(1e-4);
  }
}
