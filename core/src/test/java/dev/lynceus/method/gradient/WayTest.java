package dev.lynceus.method.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.method.Target;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.run.Batch;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The way back that is written out is the one that automatic differentiation finds, and nothing on
/// it is computed twice.
class WayTest {
  /// A change of nothing, with which a layer is recorded.
  private static final Intervention RECORDED = Intervention.at(Point.RESID_MID, 1, new Op.Scale(1));

  @TempDir Path folder;

  private static Prompt prompt(LoadedModel model, Family family) {
    return TinyModels.prompt(model, family, "what color is the dog", 1);
  }

  private static List<Target> targets(int length) {
    return List.of(
        Target.token("", length - 1, 9),
        Target.token("", length - 2, 11),
        Target.token("", length - 4, 12));
  }

  /// Gradients of three logits with respect to the input and all attention.
  ///
  /// @param attention `[targets, layers, heads, pos, source]`
  private record Found(Tensor inputs, Tensor attention) {
    static Found of(Run run, DType dtype) {
      List<Objective> objectives =
          targets(run.batch().length()).stream()
              .flatMap(target -> Objective.logits(target).stream())
              .toList();
      Backward backward = new Backward(run);
      int length = run.batch().length();
      Tensor all =
          Torch.zeros(dtype, objectives.size(), backward.depth(), backward.heads(), length, length);
      List<Tensor> inputs =
          backward.attention(
              objectives,
              at ->
                  all.select(0, at.objective())
                      .select(0, at.layer())
                      .narrow(0, at.head(), at.pattern().size(0))
                      .narrow(1, at.row(), at.pattern().size(1))
                      .copy_(at.slope().mul(at.pattern())));
      return new Found(Torch.cat(inputs, 0), all);
    }
  }

  private static double farthest(Tensor a, Tensor b) {
    return a.sub(b).abs().max().item() / a.abs().max().item();
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void theWrittenWayIsTheRecordedOne(Family family) {
    Path file = TinyModels.write(folder.resolve("model"), family, 5);
    for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
      double close = dtype == DType.FLOAT64 ? 1e-11 : 2e-5;
      try (Scope scope = Scope.open();
          LoadedModel model = LoadedModel.load(file, LoadOptions.DEFAULT.compute(dtype))) {
        Prompt prompt = prompt(model, family);
        try (Run fresh = model.run(prompt, Capture.NONE);
            Run kept = model.run(prompt, GradientPlan.of(model, prompt));
            Run changed = model.run(Batch.of(prompt), Capture.NONE, everywhere(model))) {
          Found recorded = Found.of(changed, dtype);
          for (Run run : List.of(fresh, kept)) {
            Found written = Found.of(run, dtype);
            assertThat(farthest(recorded.inputs, written.inputs)).isLessThan(close);
            assertThat(farthest(recorded.attention, written.attention)).isLessThan(close);
          }
          // Several copies, and a word of two tokens at once.
          Objective both =
              Objective.of(
                  new Target(
                      "",
                      targets(prompt.length()).subList(0, 2).stream()
                          .flatMap(target -> target.aims().stream())
                          .toList()),
                  Objective.Score.LOG_PROBABILITY);
          Tensor x = new Backward(fresh).entering();
          Tensor two = Torch.cat(List.of(x, x.mul(.5)), 0);
          Backward.Slopes one = new Backward(changed).inputs(two, both);
          Backward.Slopes other = new Backward(fresh).inputs(two, both);
          assertThat(farthest(one.slopes(), other.slopes())).isLessThan(close);
          assertThat(other.values()).containsExactly(one.values(), within(1e-5));
          assertThat(new Backward(fresh).values(two, both))
              .containsExactly(one.values(), within(1e-5));
        }
      }
    }
  }

  private static List<Intervention> everywhere(LoadedModel model) {
    List<Intervention> changes = new ArrayList<>();
    for (int l = 0; l < model.model().decoder().config().layers(); l++) {
      changes.add(Intervention.at(Point.RESID_MID, l, new Op.Scale(1)));
    }
    return changes;
  }

  /// Control: a change of something is felt, also where the layers beside it are written out.
  @Test
  void aChangedLayerIsDifferentiatedWithItsChange() {
    try (Scope scope = Scope.open();
        LoadedModel model = TinyModels.load(folder, Family.LLAVA_CLIP)) {
      Prompt prompt = prompt(model, Family.LLAVA_CLIP);
      Intervention half = Intervention.at(Point.RESID_MID, 1, new Op.Scale(.5));
      try (Run clean = model.run(prompt, Capture.NONE);
          Run same = model.run(Batch.of(prompt), Capture.NONE, List.of(RECORDED));
          Run changed = model.run(Batch.of(prompt), Capture.NONE, List.of(half))) {
        Found expected = Found.of(clean, DType.FLOAT32);
        Found mixed = Found.of(same, DType.FLOAT32);
        assertThat(farthest(expected.attention, mixed.attention)).isLessThan(2e-5);
        assertThat(farthest(expected.inputs, mixed.inputs)).isLessThan(2e-5);
        assertThat(farthest(expected.inputs, Found.of(changed, DType.FLOAT32).inputs))
            .isGreaterThan(1e-2);
      }
    }
  }

  /// Of a run that kept what gradients need, only the last layer's wanted rows are computed again;
  /// words of an answer share that, and integrated gradients cost one pass and one way back a
  /// point, and the baseline's value.
  @Test
  void nothingIsComputedTwice() {
    try (Scope scope = Scope.open();
        LoadedModel model = TinyModels.load(folder, Family.LLAVA_CLIP)) {
      Prompt prompt = prompt(model, Family.LLAVA_CLIP);
      int layers = TinyModels.LAYERS;
      Target target = targets(prompt.length()).getFirst();
      Objective objective = Objective.logProbability(target);
      for (PatchMethod method :
          PatchMethod.named(
              "saliency,input-x-gradient,attention-x-gradient,relevancy,relevancy-composed")) {
        try (Run run = model.run(prompt, method.capture(model, prompt))) {
          Backward backward = new Backward(run);
          backward.inputs(backward.entering(), objective);
          assertThat(backward.work().forward()).as(method.name()).isEqualTo(1);
          assertThat(backward.work().back()).as(method.name()).isEqualTo(layers);
        }
      }
      try (Run run = model.run(prompt, Capture.NONE)) {
        Backward saliency = new Backward(run);
        saliency.inputs(saliency.entering(), objective);
        assertThat(saliency.work().forward()).isEqualTo(layers);
        assertThat(saliency.work().back()).isEqualTo(layers);

        Backward integrated = new Backward(run);
        new IntegratedGradients(
                IntegratedGradients.Baseline.MEAN, PathIntegral.Spacing.EVEN, 16, 16)
            .explain(integrated, target);
        assertThat(integrated.work().forward()).isEqualTo(17L * layers);
        assertThat(integrated.work().back()).isEqualTo(16L * layers);
      }
      try (Generation generation =
          model.generate(prompt, GenerationOptions.greedy(6), GradientPlan.of(model, prompt))) {
        List<Objective> words =
            targets(generation.run().batch().length()).stream()
                .flatMap(word -> Objective.logits(word).stream())
                .toList();
        Backward relevancy = new Backward(generation.run());
        relevancy.attention(words, at -> {});
        assertThat(relevancy.work().forward()).isEqualTo(1);
        assertThat(relevancy.work().back()).isEqualTo((long) words.size() * layers);
      }
    }
  }

  /// Arithmetic of a mapped 16-bit checkpoint in float32: its weights are constants of the way back
  /// as they are of the way there.
  @Test
  void sixteenBitWeightsGoBackInFloat32() {
    try (Scope scope = Scope.open();
        LoadedModel model =
            LoadedModel.load(
                Path.of("src/test/resources/goldens/llava-llama-bf16/hub"),
                LoadOptions.DEFAULT.compute(DType.FLOAT32))) {
      Prompt prompt = model.raw("USER: what is it? ASSISTANT:");
      try (Run clean = model.run(prompt, Capture.NONE);
          Run changed = model.run(Batch.of(prompt), Capture.NONE, everywhere(model))) {
        Found recorded = Found.of(changed, DType.FLOAT32);
        assertThat(farthest(recorded.inputs, Found.of(clean, DType.FLOAT32).inputs))
            .isLessThan(2e-5);
      }
    }
  }
}
