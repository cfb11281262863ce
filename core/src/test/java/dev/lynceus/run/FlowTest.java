package dev.lynceus.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.model.Flow;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Indices;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Labels;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Stacks before the decoder: what a replay need not pass again, and labels that are read in the
/// stack of their point.
class FlowTest {
  @TempDir static Path folder;

  /// Counts how often the tower is passed.
  private static final class Tower {
    int passes;

    Tensor pass() {
      passes++;
      return Tensor.of(new double[] {passes}, 1);
    }
  }

  private static Tap changing(Point point) {
    Intervention change =
        new Intervention(point, Indices.ALL, Indices.ALL, Positions.all(), new Op.Zero());
    return Tap.of(Capture.NONE, List.of(change), Labels.NONE);
  }

  @Test
  void aTowerIsPassedAgainOnlyWhereSomethingInItIsChanged() {
    Tower tower = new Tower();
    try (Scope scope = Scope.open();
        Flow first = Flow.fresh()) {
      first.through(Stack.VISION, Tap.idle(), tower::pass);
      first.own();
      assertThat(tower.passes).isEqualTo(1);
      for (Point after :
          List.of(Point.vision(Site.FEATURES), Point.PROJECTOR_OUT, Point.EMBED, Point.Z)) {
        assertThat(first.again().through(Stack.VISION, changing(after), tower::pass).item())
            .isEqualTo(1);
      }
      assertThat(tower.passes).isEqualTo(1);
      Flow renewed = first.again();
      assertThat(renewed.through(Stack.VISION, changing(Point.vision(Site.Z)), tower::pass).item())
          .isEqualTo(2);
      // What comes after a stack that was passed again is passed again, too.
      renewed.through(Stack.PROJECTOR, Tap.idle(), tower::pass);
      assertThat(tower.passes).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Family.class,
      names = {"LLAVA_CLIP", "LLAVA_SIGLIP", "IDEFICS3"})
  void labelsAreReadInTheStackOfTheirPoint(Family family) {
    try (LoadedModel model = TinyModels.load(folder, family)) {
      Prompt prompt = TinyModels.prompt(model, family, "what color is it", 1);
      Positions patch = Positions.parse("image[0].row[1].col[2]");
      boolean classToken = family.eyes.classToken();
      Capture plan =
          Capture.of(
              Capture.request(Point.vision(Site.RESID_POST)).at(patch),
              Capture.request(Point.vision(Site.PATCH_EMBED)).at(patch));
      try (Run run = model.run(prompt, plan)) {
        int[] tower = run.captured().positions(Point.vision(Site.RESID_POST), 0);
        assertThat(tower).containsExactly(classToken ? 7 : 6);
        assertThat(run.captured().positions(Point.vision(Site.PATCH_EMBED), 0)).containsExactly(6);
      }
    }
  }

  /// A change of words does not ask the tower again, and gives what a whole run gives.
  @Test
  void replaysBeforeTheDecoderEqualWholeRuns() {
    try (LoadedModel model = TinyModels.load(folder, Family.LLAVA_CLIP)) {
      Prompt prompt = TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is it", 1);
      for (Point point :
          List.of(Point.EMBED, Point.vision(Site.FEATURES), Point.vision(Site.RESID_MID))) {
        Intervention change =
            new Intervention(point, Indices.ALL, Indices.ALL, Positions.all(), new Op.Scale(.5));
        try (Run clean = model.run(prompt, Capture.NONE);
            Run replay = clean.replay(change);
            Run again = replay.replay(Intervention.at(Point.EMBED_MERGED, 0, new Op.Scale(2)));
            Run whole = model.run(prompt, Capture.NONE, change);
            Run twice =
                model.run(
                    prompt,
                    Capture.NONE,
                    change,
                    Intervention.at(Point.EMBED_MERGED, 0, new Op.Scale(2)))) {
          Numbers.close("replay", replay.logits(), whole.logits(), 1e-6);
          Numbers.close("again", again.logits(), twice.logits(), 1e-6);
        }
      }
    }
  }
}
