package dev.lynceus.lab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.LynceusException;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.pupil.PupilBase;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Would catch a loss without gradient, a state that forgets something, a way that is closed in
/// name only, and a frozen part that moves.
class XFormerTrainerTest {
  private static LoadedModel base;

  @TempDir Path folder;

  @BeforeAll
  static void load() {
    base = LoadedModel.load(new PupilBase().folder(), LoadOptions.DEFAULT);
  }

  @AfterAll
  static void close() {
    base.close();
  }

  private static XFormerPlan plan(XFormerVariant variant, double effort) {
    return new XFormerPlan(XFormerShape.tiny(), variant, 3, 48, effort);
  }

  private static TextStack decoder() {
    return base.model().decoder();
  }

  private static List<Double> train(Path into, XFormerStage stage, XFormerPlan plan, long until) {
    List<Double> losses = new ArrayList<>();
    ScenePool pool = XFormerTrainer.scenes(into, plan, Progress.NONE);
    new XFormerTrainer(into, stage, plan, decoder())
        .train(pool, (done, all, loss, parts, seconds) -> losses.add(loss), until);
    return losses;
  }

  private static void before(Path into, XFormerStage stage, XFormerPlan plan) {
    for (XFormerStage earlier : stage.after()) {
      train(into, earlier, plan, Long.MAX_VALUE);
    }
  }

  @Test
  void theLossOfEveryStageFalls() {
    XFormerPlan plan = plan(XFormerVariant.FULL, .1);
    for (XFormerStage stage : XFormerStage.values()) {
      List<Double> losses = train(folder, stage, plan, Long.MAX_VALUE);
      assertThat(losses.getLast()).as(stage.label()).isLessThan(losses.getFirst());
    }
  }

  @ParameterizedTest
  @EnumSource(XFormerStage.class)
  void aStoppedStageGoesOnAsIfItHadNotBeenStopped(XFormerStage stage) {
    XFormerPlan plan = plan(XFormerVariant.FULL, 4.0 / stage.steps());
    Path whole = folder.resolve("whole");
    Path parts = folder.resolve("parts");
    before(whole, stage, plan);
    before(parts, stage, plan);
    train(whole, stage, plan, 4);
    train(parts, stage, plan, 1);
    train(parts, stage, plan, 4);
    String name = plan.label(stage) + ".safetensors";
    assertThat(parts.resolve(name)).hasSameBinaryContentAs(whole.resolve(name));
    assertThat(Files.exists(parts.resolve(name))).isTrue();
  }

  @Test
  void aStageWhoseForerunnersAreMissingIsRefused() {
    assertThatThrownBy(() -> train(folder, XFormerStage.ALIGN, plan(XFormerVariant.FULL, .01), 1))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("tower is not finished");
  }
}
