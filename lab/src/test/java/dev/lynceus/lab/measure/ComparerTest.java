package dev.lynceus.lab.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageRegion;
import dev.lynceus.method.KeyWord;
import dev.lynceus.method.TargetSpec;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.method.score.Comparer;
import dev.lynceus.method.score.Comparison;
import dev.lynceus.method.score.Curves;
import dev.lynceus.method.score.Tally;
import dev.lynceus.method.score.Truth;
import dev.lynceus.pupil.world.Item;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.TokenMap;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What a comparison says of methods: that its curves begin and end where they must, that what must
/// not change does not, and that a map which knows the truth is judged better than one that points
/// elsewhere.
class ComparerTest {
  private static LoadedModel model;
  private static Scene scene;
  private static KeyWord word;

  @BeforeAll
  static void open() {
    model = LoadedModel.load("pupil", LoadOptions.DEFAULT);
    scene = new World(World.HELD_OUT, SceneRecipe.FREE.withItems(2, 2)).scene(3);
    String noun = scene.items().getFirst().noun();
    word =
        KeyWord.find(
            model,
            model.prompt(
                "What is the color of the " + noun + "?",
                List.of(model.picture("scene", scene.image())),
                ""),
            new TargetSpec.OwnAnswer(),
            16);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static Comparison compare(String methods, int steps, int noises, double deviation) {
    return new Comparer(
            model,
            PatchMethod.named(methods),
            new Comparer.Settings(steps, noises, deviation, 5),
            Progress.NONE)
        .compare(word, 0, Truth.box(box()));
  }

  private static ImageRegion box() {
    Item asked = scene.items().getFirst();
    return asked.box().region();
  }

  @Test
  void theWordIsTheColourAndThePromptEndsBeforeIt() {
    assertThat(word.answer()).contains(word.target().text());
    assertThat(word.target().text()).isEqualTo(scene.items().getFirst().colour().word());
    assertThat(word.target().aims().getFirst().row()).isEqualTo(word.prompt().length() - 1);
  }

  @Test
  void curvesBeginWholeAndEndEmptyAndAMapReadBackwardsExchangesThem() {
    try (Run run = model.run(word.prompt(), Sweep.base(model))) {
      TokenMap.View view = word.prompt().tokens().views().getFirst();
      double[] map = new double[64];
      Arrays.setAll(map, p -> (p * 37) % 64);
      double[] backwards = Arrays.stream(map).map(v -> -v).toArray();
      Curves forth = Curves.of(run, word.target(), view, map, 8);
      Curves back = Curves.of(run, word.target(), view, backwards, 8);

      assertThat(forth.deletion()[0]).isEqualTo(forth.insertion()[8]);
      assertThat(forth.deletion()[8]).isEqualTo(forth.insertion()[0]);
      for (int i = 0; i <= 8; i++) {
        // The last patches of one order are the first of the other.
        assertThat(forth.deletion()[i]).isCloseTo(back.insertion()[8 - i], within(1e-5));
      }
    }
  }

  @Test
  void whatTheModelReadsIsMissedSoonerThanWhatChanceNames() {
    List<Comparison.Judged> found = compare("top-heads,random", 8, 0, 0).methods();

    assertThat(found.get(0).curves().orElseThrow().deletionArea())
        .isLessThan(found.get(1).curves().orElseThrow().deletionArea() - .2);
  }

  @Test
  void noNoiseChangesNothingAndChanceChangesWithItsSeed() {
    Comparison found = compare("top-heads,random", 0, 1, 0);

    assertThat(found.methods())
        .allSatisfy(one -> assertThat(one.steady()).isCloseTo(1, within(1e-9)));
    assertThat(found.methods().get(0).repeated()).isCloseTo(1, within(1e-9));
    assertThat(found.methods().get(1).repeated()).isBetween(-.5, .5);
    assertThat(found.methods().get(0).curves()).isEmpty();
  }

  @Test
  void methodsAreComparedWithEachOtherAndWithTheTruth() {
    Comparison found = compare("top-heads,average-attention,centre", 4, 1, .02);

    for (int i = 0; i < 3; i++) {
      assertThat(found.agreement()[i][i]).isCloseTo(1, within(1e-12));
      assertThat(found.overlap()[i][i]).isEqualTo(1);
      for (int j = 0; j < 3; j++) {
        assertThat(found.agreement()[i][j]).isCloseTo(found.agreement()[j][i], within(1e-12));
      }
      assertThat(found.methods().get(i).truth()).isPresent();
    }
    // Noise changes the pixels, and the maps follow: they are near, but not the same.
    assertThat(found.methods().get(1).steady()).isBetween(.5, 1 - 1e-9);
    assertThat(found.methods().get(2).steady()).isCloseTo(1, within(1e-12));

    Tally tally = Tally.of(List.of(found, found));
    assertThat(tally.words()).isEqualTo(2);
    assertThat(tally.rows().getFirst().hit().value())
        .isEqualTo(found.methods().getFirst().truth().orElseThrow().hit());
  }

  @Test
  void everyMethodHasAnAddressAndSaysWhatItIs() {
    assertThat(PatchMethod.ALL)
        .allSatisfy(method -> {
          assertThat(method.name()).matches("[a-z-]+");
          assertThat(method.what()).isNotBlank();
          assertThat(method.source()).isNotBlank();
        })
        .extracting(PatchMethod::name)
        .doesNotHaveDuplicates();
  }

  @Test
  void whatCannotBeComparedIsRefused() {
    assertThatThrownBy(() ->
            new Comparer(model, PatchMethod.ALL, new Comparer.Settings(0, 0, 0, 0), Progress.NONE)
                .compare(word, 1, Truth.NONE))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("no view 1 among 1");
    assertThatThrownBy(() ->
            KeyWord.find(
                model,
                model.prompt("What is it?", List.of(), ""),
                new TargetSpec.Answer("a dog"),
                4))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("more than one");
  }
}
