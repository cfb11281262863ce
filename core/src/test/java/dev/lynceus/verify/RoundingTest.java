package dev.lynceus.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.run.Batch;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Safetensors;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where two float32 programs differ by more than 1e-5, a float64 run tells a mistake from
/// rounding: with a mistake one side would stay away from it.
class RoundingTest {

  @Test
  void theLargeValuesOfGemmaAreRoundedByBothSides() {
    try (Scope scope = Scope.open();
        Runs runs = new Runs("llava-gemma");
        Safetensors golden = runs.golden();
        Run embedded =
            runs.wide.run(
                Batch.of(runs.prompt(runs.wide)),
                Capture.of(Capture.request(Point.RESID_POST)),
                List.of(
                    Case.everywhere(
                        Point.EMBED_MERGED,
                        new Op.Set(Values.of(golden.tensor("lm.inputs_embeds"))))))) {
      Tensor reference = golden.tensor("lm.block_output.3");
      Tensor exact = runs.in64.get(Point.RESID_POST, 3);
      double ours = distance(runs.in32.get(Point.RESID_POST, 3), exact);
      double theirs = distance(reference, exact);
      double decoderAlone = distance(reference, embedded.get(Point.RESID_POST, 3));

      // Values reach 61. We are nearer to float64 than the reference is.
      assertThat(reference.abs().max().item()).isBetween(61.0, 62.0);
      assertThat(ours).isLessThan(theirs).isLessThan(1e-3);
      // The reference comes from the tower: given its own embeddings, a float64 decoder meets it
      // ten times closer.
      assertThat(decoderAlone).isLessThan(1e-4);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llava-llama", "llava-llama-bf16", "llava-llama-fp16"})
  void gradientsAreRoundedByBothSides(String family) {
    try (Scope scope = Scope.open();
        Runs runs = new Runs(family);
        Safetensors golden = runs.golden()) {
      Tensor exact = new Gradients(runs.in64).ofTopLogit(Point.EMBED_MERGED);
      Tensor ours = new Gradients(runs.in32).ofTopLogit(Point.EMBED_MERGED);
      Tensor theirs = golden.tensor("grad.top_logit_wrt_inputs_embeds");
      double largest = theirs.abs().max().item();

      assertThat(distance(theirs, exact) / largest).isLessThan(2e-5);
      assertThat(distance(ours, exact) / largest).isLessThan(4e-5);
    }
  }

  private static double distance(Tensor a, Tensor b) {
    return a.to(DType.FLOAT64).reshape(-1).sub(b.to(DType.FLOAT64).reshape(-1)).abs().max().item();
  }

  /// A reference prompt in float32 and in float64.
  private static final class Runs implements AutoCloseable {
    final LoadedModel narrow;
    final LoadedModel wide;
    final Run in32;
    final Run in64;
    private final String family;

    Runs(String family) {
      this.family = family;
      narrow = LoadedModel.load(Goldens.checkpoint(family), LoadOptions.DEFAULT);
      wide =
          LoadedModel.load(Goldens.checkpoint(family), LoadOptions.DEFAULT.compute(DType.FLOAT64));
      Capture outputs = Capture.of(Capture.request(Point.RESID_POST));
      in32 = narrow.run(prompt(narrow), outputs);
      in64 = wide.run(prompt(wide), outputs);
    }

    Prompt prompt(LoadedModel model) {
      Path json = Goldens.reference(family).resolve("expected.json");
      return ReferenceFolder.open(Goldens.reference(family), Optional.empty())
          .prompt(model, json, ReferenceFolder.json(json));
    }

    Safetensors golden() {
      return Safetensors.open(Goldens.reference(family).resolve("expected.safetensors"));
    }

    @Override
    public void close() {
      in32.close();
      in64.close();
      narrow.close();
      wide.close();
    }
  }
}
