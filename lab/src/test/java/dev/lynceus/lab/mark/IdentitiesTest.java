package dev.lynceus.lab.mark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.picture.AttentionMask;
import dev.lynceus.lab.picture.Mask;
import dev.lynceus.lab.picture.Region;
import dev.lynceus.lab.picture.Rgb;
import dev.lynceus.lab.picture.Side;
import dev.lynceus.lab.strategy.Asking;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.Contrast;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What marks nothing changes nothing, to the bit.
class IdentitiesTest {
  private static final String QUESTION = "What is the color of the dog?";
  private static final Region NOTHING = new Region.Box(40, 40, 40, 40);
  private static final Region ALL = new Region.Box(0, 0, World.SIZE, World.SIZE);
  private static final Region SOME = new Region.Box(20, 30, 60, 70);

  private static LoadedModel model;
  private static Asking asking;
  private static RgbImage image;

  @BeforeAll
  static void load() {
    model = LoadedModel.load("pupil", LoadOptions.DEFAULT);
    asking = Asking.of(model);
    image = new World(World.HELD_OUT, SceneRecipe.FREE).scene(0).image();
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static Markers markers(double alpha, double contrast) {
    return new Markers(
        image,
        new Region.Box(0, 0, World.SIZE, World.SIZE),
        QUESTION,
        Wording.USUAL,
        new Style(Rgb.RED, 1, alpha, Side.CENTRE),
        contrast);
  }

  private static float[] logits(Marked marked) {
    Prompt prompt = asking.prompt(marked.question(), marked.pictures());
    try (Run run = model.run(prompt, Capture.NONE)) {
      if (marked.against().isEmpty()) {
        return run.logits().toFloats();
      }
      Prompt other = asking.prompt(marked.question(), List.of(marked.against().get()));
      try (Run second = model.run(other, Capture.NONE);
          var scope = dev.lynceus.tensor.Scope.open()) {
        return Contrast.logits(run.logits(), second.logits(), marked.alpha().orElseThrow())
            .toFloats();
      }
    }
  }

  private static float[] clean() {
    try (Run run = model.run(asking.prompt(QUESTION, List.of(image)), Capture.NONE)) {
      return run.logits().toFloats();
    }
  }

  @Test
  void noAlphaIsNoMark() {
    for (MarkOperator operator :
        MarkOperator.named("box,circle,contour,arrow,scribble,point,triangle,som")) {
      Marked marked = markers(0, 1).apply(operator, List.of(SOME), Optional.empty());
      assertThat(logits(marked)).as(operator.label()).isEqualTo(clean());
    }
    assertThat(logits(markers(1, 0).apply(MarkOperator.CRG, List.of(SOME), Optional.empty())))
        .isEqualTo(clean());
  }

  @Test
  void noRegionIsNoMark() {
    for (MarkOperator operator : MarkOperator.values()) {
      boolean whole =
          operator.acts() == MarkOperator.Acts.WHOLE
              || operator.acts() == MarkOperator.Acts.QUESTION
              || operator == MarkOperator.ZOOM;
      if (!whole) {
        Marked marked = markers(1, 2).apply(operator, List.of(NOTHING), Optional.empty());
        assertThat(logits(marked)).as(operator.label()).isEqualTo(clean());
      }
    }
  }

  @Test
  void allOfThePictureHasNoOutside() {
    for (MarkOperator operator : MarkOperator.named("blur,grey,dim,crop")) {
      Marked marked = markers(1, 1).apply(operator, List.of(ALL), Optional.empty());
      assertThat(marked.picture()).as(operator.label()).isEqualTo(image);
    }
    double[] flat = new double[64];
    AttentionMask mask = AttentionMask.of(8, 8, flat, new Region.Box(0, 0, World.SIZE, World.SIZE));
    Marked api = markers(1, 1).apply(MarkOperator.API, List.of(SOME), Optional.of(mask));
    assertThat(api.picture()).isEqualTo(image);
    assertThat(logits(api)).isEqualTo(clean());
  }

  @Test
  void contrastWithAnEmptyRegionIsGreedy() {
    Prompt prompt = asking.prompt(QUESTION, List.of(image));
    try (Generation plain = model.generate(prompt, GenerationOptions.greedy(16), Capture.NONE)) {
      for (double alpha : new double[] {-1, 0, 1, 5}) {
        Marked marked =
            markers(1, alpha).apply(MarkOperator.CRG, List.of(NOTHING), Optional.empty());
        Prompt other = asking.prompt(QUESTION, List.of(marked.against().orElseThrow()));
        try (Generation found =
            model.generate(prompt, new Contrast(other, alpha), GenerationOptions.greedy(16))) {
          assertThat(found.answer().ids()).isEqualTo(plain.answer().ids());
          assertThat(found.answer().logProbabilities())
              .isEqualTo(plain.answer().logProbabilities());
        }
      }
    }
  }

  @Test
  void aMarkChangesLogitsAndControlsHaveItsShape() {
    assertThat(logits(markers(1, 1).apply(MarkOperator.BOX, List.of(SOME), Optional.empty())))
        .isNotEqualTo(clean());
    Region ring =
        Region.Painted.of(
            SOME.mask(112, 112).and(new Region.Box(30, 40, 50, 60).mask(112, 112).not()));
    for (Region region : List.of(SOME, ring)) {
      Mask own = region.mask(112, 112);
      List<Region> controls = Controls.of(region, 112, 112, 7, 3);
      assertThat(controls).hasSize(7).doesNotHaveDuplicates();
      assertThat(controls).isEqualTo(Controls.of(region, 112, 112, 7, 3));
      for (Region control : controls) {
        Mask mask = control.mask(112, 112);
        assertThat(mask.area()).isEqualTo(own.area());
        assertThat(mask.meets(own)).isFalse();
      }
    }
    assertThat(Controls.of(new Region.Box(5, 5, 100, 100), 112, 112, 5, 0)).isEmpty();
  }
}
