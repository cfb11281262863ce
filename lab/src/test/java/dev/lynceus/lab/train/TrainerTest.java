package dev.lynceus.lab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.file.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Would catch a gradient that is lost or counted twice, a state that forgets something, examples
/// that depend on when they are made, and a checkpoint that is not the model that was trained.
class TrainerTest {
  private static final String MATRIX = "language_model.model.layers.0.self_attn.q_proj.weight";

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(
      value = Stage.class,
      names = {"COPY", "TOWER"})
  void theLossFalls(Stage stage) {
    Losses losses = new Losses();
    train(folder, stage, 120, 120, losses);
    assertThat(losses.values.getLast()).isLessThan(.8 * losses.values.getFirst());
  }

  @ParameterizedTest
  @EnumSource(
      value = Stage.class,
      names = {"COPY", "TEXT", "TOWER", "PROJECTOR", "TUNE"})
  void aStoppedStageGoesOnAsIfItHadNotBeenStopped(Stage stage) throws IOException {
    Path whole = Files.createDirectories(folder.resolve("whole"));
    Path parts = Files.createDirectories(folder.resolve("parts"));
    before(whole, stage);
    before(parts, stage);
    train(whole, stage, 6, 6, new Losses());
    train(parts, stage, 6, 2, new Losses());
    train(parts, stage, 6, 6, new Losses());
    assertThat(TrainingState.file(parts, stage))
        .hasSameBinaryContentAs(TrainingState.file(whole, stage));
  }

  @Test
  void anotherSeedGivesOtherWeights() {
    train(folder.resolve("a"), Stage.COPY, 2, 2, new Losses());
    try (Trainer trainer =
        new Trainer(
            folder.resolve("b"), Stage.COPY, new TrainingPlan(PupilShape.tiny(), 8, 2, 2))) {
      trainer.train(new Losses(), 2, () -> false);
    }
    // The files differ in their headers anyway, which hold the seed: the numbers must differ.
    assertThat(values(TrainingState.file(folder.resolve("a"), Stage.COPY), MATRIX))
        .isNotEqualTo(values(TrainingState.file(folder.resolve("b"), Stage.COPY), MATRIX));
  }

  private static float[] values(Path file, String name) {
    try (Safetensors stored = Safetensors.open(file);
        Scope scope = Scope.open()) {
      return stored.tensor(name).toFloats();
    }
  }

  @Test
  void anotherPlanIsRefused() {
    train(folder, Stage.COPY, 6, 2, new Losses());
    assertThatThrownBy(() -> train(folder, Stage.COPY, 7, 7, new Losses()))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("was begun with");
  }

  @Test
  void aStageWhoseForerunnersAreMissingIsRefused() {
    assertThatThrownBy(() -> train(folder, Stage.TUNE, 2, 2, new Losses()))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("text is not finished");
  }

  @Test
  void theCheckpointsAreTheModelsThatWereTrainedAndRun() {
    before(folder, Stage.TUNE);
    train(folder, Stage.TUNE, 2, 2, new Losses());
    assertHolds(folder.resolve("tune"), "", TrainingState.file(folder, Stage.TUNE));
    assertHolds(folder.resolve("text"), "language_model.", TrainingState.file(folder, Stage.TEXT));
    RgbImage image = new World(3, SceneRecipe.FREE).scene(1).image();
    try (LoadedModel base = LoadedModel.load(folder.resolve("text"), LoadOptions.DEFAULT);
        Run run = base.run(base.raw("USER: The dog is red. What"), Capture.NONE)) {
      assertThat(run.logits().shape()).containsExactly(1, PupilShape.tiny().vocabulary());
    }
    try (LoadedModel whole = LoadedModel.load(folder.resolve("tune"), LoadOptions.DEFAULT);
        Run run =
            whole.run(whole.prompt("Is there a dog?", whole.picture("x", image)), Capture.NONE)) {
      assertThat(run.batch().length()).isGreaterThan(PupilShape.PATCHES);
      assertThat(run.logits().isFinite().to(DType.FLOAT32).sum().item())
          .isEqualTo(PupilShape.tiny().vocabulary());
    }
  }

  /// Every tensor of a checkpoint is the trained one, rounded to float16.
  ///
  /// @param prefix what the checkpoint leaves out of the names
  private static void assertHolds(Path checkpoint, String prefix, Path state) {
    try (Safetensors written = Safetensors.open(checkpoint.resolve("model.safetensors"));
        Safetensors trained = Safetensors.open(state)) {
      assertThat(written.names()).hasSizeGreaterThan(10);
      for (String name : written.names()) {
        try (Scope scope = Scope.open()) {
          assertThat(written.tensor(name).toFloats())
              .as(name)
              .isEqualTo(
                  trained.tensor(prefix + name).to(DType.FLOAT16).to(DType.FLOAT32).toFloats());
        }
      }
    }
  }

  private static void before(Path folder, Stage stage) {
    for (Stage earlier : Stage.values()) {
      if (needs(stage, earlier)) {
        train(folder, earlier, 2, 2, new Losses());
      }
    }
  }

  private static boolean needs(Stage stage, Stage earlier) {
    return stage.after().stream().anyMatch(one -> one == earlier || needs(one, earlier));
  }

  private static void train(Path folder, Stage stage, long steps, long until, Losses losses) {
    try (Trainer trainer =
        new Trainer(folder, stage, new TrainingPlan(PupilShape.tiny(), 7, steps, 2))) {
      trainer.train(losses, until, () -> false);
      if (until == steps) {
        trainer.export(folder.resolve(stage.label()));
      }
    }
  }

  /// Keeps the losses that are reported.
  private static final class Losses implements TrainingListener {
    final List<Double> values = new ArrayList<>();

    @Override
    public void steps(
        long done, long all, double loss, Map<String, Double> right, double seconds, double rate) {
      values.add(loss);
    }

    @Override
    public void evaluated(long done, double loss, Map<String, Double> right) {
      values.add(loss);
    }
  }
}
