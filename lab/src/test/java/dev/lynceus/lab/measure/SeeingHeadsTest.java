package dev.lynceus.lab.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.KeyWord;
import dev.lynceus.method.SeeingHeadStore;
import dev.lynceus.method.SeeingHeads;
import dev.lynceus.method.SeeingMap;
import dev.lynceus.method.SeeingReading;
import dev.lynceus.method.TargetSpec;
import dev.lynceus.method.score.SeeingScreen;
import dev.lynceus.pupil.BundledSeeingHeads;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Run;
import dev.lynceus.tap.TokenMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The heads through which a model sees: that they are found again by the same screen, kept for
/// their checkpoint alone, and that their reading follows the question and is no more than its
/// parts.
class SeeingHeadsTest {
  private static final List<SeeingHeads.Head> EVERY = SeeingMap.every(4, 8);
  private static LoadedModel model;
  private static List<KeyWord> words;
  private static Scene scene;

  @BeforeAll
  static void open() {
    model = LoadedModel.load("pupil", LoadOptions.DEFAULT);
    words = new ArrayList<>();
    scene = new World(5, SceneRecipe.FREE.withItems(2, 2)).scene(1);
    for (int item = 0; item < 2; item++) {
      String noun = scene.items().get(item).noun();
      words.add(
          KeyWord.find(
              model,
              model.prompt(
                  "Where is the " + noun + "?", List.of(model.picture("scene", scene.image())), ""),
              new TargetSpec.OwnAnswer(),
              16));
    }
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static Run run(KeyWord word) {
    int row = word.prompt().length() - 1;
    return model.run(
        word.prompt(),
        SeeingMap.patterns(model.model().decoder().config(), word.prompt().tokens(), row));
  }

  private static double[] map(KeyWord word, Optional<SeeingHeads> heads) {
    try (Run run = run(word)) {
      return new SeeingMap(heads)
          .values(run, word.target(), word.prompt().tokens().views().getFirst());
    }
  }

  @Test
  void theBundledHeadsAreOfTheBundledModelAndSeeWhatIsAskedAbout() {
    SeeingHeads found = new BundledSeeingHeads().of(SeeingHeadStore.revision(model)).orElseThrow();
    assertThat(found.heads()).hasSizeBetween(4, SeeingHeads.MOST).doesNotHaveDuplicates();
    assertThat(new BundledSeeingHeads().of("another")).isEmpty();

    TokenMap.Tile tile = words.getFirst().prompt().tokens().views().getFirst().tile();
    double[][] maps = {
      map(words.get(0), Optional.of(found)), map(words.get(1), Optional.of(found))
    };
    for (int asked = 0; asked < 2; asked++) {
      assertThat(
              dev.lynceus.method.score.Pointing.of(
                      maps[asked], tile, scene.items().get(asked).box().region())
                  .hit())
          .isEqualTo(1);
      // The two questions differ in one noun, and what is read goes with it.
      assertThat(on(maps[asked], tile, asked))
          .isGreaterThan(1.5 * on(maps[1 - asked], tile, asked));
    }
  }

  private static double on(double[] map, TokenMap.Tile tile, int item) {
    return dev.lynceus.method.score.Pointing.of(map, tile, scene.items().get(item).box().region())
        .energy();
  }

  @Test
  void theReadingOfHeadsAddsUpAndOneRowIsItsOwnAttention() {
    KeyWord word = words.getFirst();
    TokenMap.View view = word.prompt().tokens().views().getFirst();
    int row = word.prompt().length() - 1;
    try (Run run = run(word)) {
      double[][] all = new SeeingReading(run, row).of(EVERY, view);
      double[][] some = new SeeingReading(run, row).of(EVERY.subList(8, 10), view);
      assertThat(some[0]).isEqualTo(all[8]);
      assertThat(some[1]).isEqualTo(all[9]);
      for (double[] map : all) {
        assertThat(map).hasSize(64);
        assertThat(Arrays.stream(map).min().orElseThrow()).isNotNegative();
      }
      assertThat(Arrays.stream(SeeingReading.sum(List.of(all[8], all[9]), 64)).sum())
          .isCloseTo(Arrays.stream(all[8]).sum() + Arrays.stream(all[9]).sum(), within(1e-9));
    }
    // With nothing but the first row after the picture there is nobody to hand anything on.
    int first = SeeingReading.start(word.prompt().tokens(), row);
    assertThat(word.prompt().tokens().spots().get(first - 1).role()).isEqualTo(TokenMap.Role.IMAGE);
    assertThat(word.prompt().tokens().spots().get(first).role()).isNotEqualTo(TokenMap.Role.IMAGE);
    assertThat(SeeingReading.start(word.prompt().tokens(), first)).isEqualTo(first);
  }

  @Test
  void gatheringKeepsWhatLiesTogetherAndFadesWhatLiesAlone() {
    double[] flat = new double[16];
    Arrays.fill(flat, 2);
    assertThat(SeeingReading.gathered(flat, 4, 4)).containsOnly(2);
    double[] map = new double[16];
    map[0] = 1;
    map[10] = 1;
    map[11] = 1;
    map[15] = 1;
    map[5] = -9;
    double[] gathered = SeeingReading.gathered(map, 4, 4);
    assertThat(gathered[11]).isGreaterThan(gathered[0]);
    assertThat(gathered[0]).isCloseTo(Math.sqrt(1 / 4.), within(1e-12));
    assertThat(gathered[5]).isZero();
    assertThat(gathered[1]).isZero();
  }

  @Test
  void theScreenFindsTheSameHeadsAgainAndLayerOneIsAmongThem() {
    SeeingScreen.Settings settings = new SeeingScreen.Settings(12, 6, 3);
    SeeingHeads one = new SeeingScreen(model, settings, Progress.NONE).find(words, "two", "test");
    SeeingHeads two = new SeeingScreen(model, settings, Progress.NONE).find(words, "two", "test");
    assertThat(two).isEqualTo(one);
    assertThat(one.heads()).hasSizeBetween(1, 6);
    assertThat(one.screen().candidates().getFirst().score()).isPositive();
    assertThat(one.screen().chosenOn()).isEqualTo(2);
    assertThat(one.screen().checked()).isNaN();
    assertThatThrownBy(
            () -> new SeeingScreen(model, settings, Progress.NONE).find(List.of(), "none", "test"))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("no questions");
    assertThatThrownBy(() -> new SeeingScreen.Settings(2, 6, 3))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("2 blankings");
  }

  @Test
  void heldHeadsAreOfTheirCheckpointAlone(@TempDir Path folder) throws IOException {
    SeeingHeadStore store = new SeeingHeadStore(folder.resolve("seeing"));
    String revision = SeeingHeadStore.revision(model);
    SeeingHeads bundled = store.of(model).orElseThrow();
    SeeingHeads own =
        new SeeingHeads(revision, List.of(new SeeingHeads.Head(2, 3)), bundled.screen());
    Path file = store.keep(own);
    assertThat(store.of(model)).contains(own);
    for (String wrong :
        List.of(
            "no json",
            "null",
            "{}",
            SeeingHeadStore.json(new SeeingHeads("other", own.heads(), own.screen())),
            SeeingHeadStore.json(new SeeingHeads(revision, List.of(), own.screen())),
            SeeingHeadStore.json(own).replace(": 2,", ": 9,"),
            SeeingHeadStore.json(own).replace(": 3", ": -1"))) {
      Files.writeString(file, wrong);
      assertThatThrownBy(() -> store.of(model))
          .as(wrong)
          .isInstanceOf(LynceusException.class)
          .hasMessageContaining(file.toString())
          .satisfies(
              e -> assertThat(((LynceusException) e).code()).isEqualTo(ErrorCode.BAD_CHECKPOINT));
    }
  }

  @Test
  void aModelWithoutFoundHeadsIsReadThroughAllOfThem() {
    double[] all = map(words.getFirst(), Optional.empty());
    TokenMap.Tile tile = words.getFirst().prompt().tokens().views().getFirst().tile();
    assertThat(Arrays.stream(all).sum()).isPositive();
    assertThat(on(all, tile, 0)).isGreaterThan(on(all, tile, 1));
  }
}
