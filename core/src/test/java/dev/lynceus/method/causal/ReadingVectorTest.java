package dev.lynceus.method.causal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.method.causal.ReadingVector.By;
import dev.lynceus.method.causal.ReadingVector.Sample;
import dev.lynceus.method.causal.ReadingVector.Score;
import dev.lynceus.method.causal.ReadingVector.Sets;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Point;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Planted directions are found and read; where nothing is planted nothing is read; prompts about
/// one picture are never on both sides.
class ReadingVectorTest {
  private static final int WIDTH = 24;
  private static final int PAIRS = 80;

  @TempDir static Path folder;

  /// Noise, of which pairs share most, and a step along the third axis between the sets.
  private static Sets planted(double step, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] some = new double[PAIRS][WIDTH];
    double[][] others = new double[PAIRS][WIDTH];
    for (int i = 0; i < PAIRS; i++) {
      for (int c = 0; c < WIDTH; c++) {
        double shared = 2 * random.nextGaussian();
        some[i][c] = shared + .3 * random.nextGaussian() + (c == 3 ? step : 0);
        others[i][c] = shared + .3 * random.nextGaussian();
      }
    }
    return new Sets(some, others);
  }

  private static Groups groups(int pictures, By by) {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < PAIRS; i++) {
      samples.add(sample("picture " + i % pictures));
    }
    return Groups.of(samples, samples, by);
  }

  /// A group is about names alone.
  @SuppressWarnings("NullAway")
  private static Sample sample(String about) {
    return new Sample(null, about);
  }

  private static double cosine(double[] one, int axis) {
    return one[axis] / Vectors.length(one);
  }

  @Test
  void pairsShowWhatMeansAloneShowLess() {
    Sets sets = planted(3, 1);
    double[] principal = new ReadingVector(By.PRINCIPAL, 0).direction(sets);
    assertThat(cosine(principal, 3)).isGreaterThan(.99);
    assertThat(principal[3]).as("as far as the sets are apart").isCloseTo(3, within(.2));
    assertThat(cosine(new ReadingVector(By.MEANS, 0).direction(sets), 3)).isGreaterThan(.97);
  }

  /// Without turning every other pair round, centring would take away what all pairs share.
  @Test
  void centringDoesNotTakeAwayWhatPairsShare() {
    double[][] some = new double[6][4];
    double[][] others = new double[6][4];
    for (int i = 0; i < 6; i++) {
      some[i][1] = 1;
      others[i][2] = i % 3 - 1;
    }
    double[] found = new ReadingVector(By.PRINCIPAL, 0).direction(new Sets(some, others));
    assertThat(cosine(found, 1)).isGreaterThan(.99);
  }

  @ParameterizedTest
  @EnumSource(By.class)
  void whatIsPlantedIsReadOnOtherPicturesAndWhatIsNotIsNot(By by) {
    Score read = new ReadingVector(by, 7).score(planted(8, 2), groups(20, by)).orElseThrow();
    assertThat(read.right().share()).isGreaterThan(.9);
    assertThat(read.right().of()).as("every prompt is tried once").isEqualTo(2 * PAIRS);
    assertThat(read.mixed()).isBetween(.3, .7);
    Score nothing = new ReadingVector(by, 7).score(planted(0, 3), groups(20, by)).orElseThrow();
    assertThat(nothing.right().low()).isLessThan(.5);
  }

  /// What is about a picture would be read on other prompts about it, were they on both sides.
  @Test
  void promptsAboutOnePictureAreOnOneSide() {
    int pictures = 4;
    double[][] some = new double[PAIRS][WIDTH];
    double[][] others = new double[PAIRS][WIDTH];
    List<Sample> ofSome = new ArrayList<>();
    List<Sample> ofOthers = new ArrayList<>();
    for (int i = 0; i < PAIRS; i++) {
      int picture = i % pictures;
      some[i][picture] = 1;
      others[i][pictures + picture] = 1;
      ofSome.add(sample("a" + picture));
      ofOthers.add(sample("b" + picture));
    }
    Score score =
        new ReadingVector(By.MEANS, 1)
            .score(new Sets(some, others), Groups.of(ofSome, ofOthers, By.MEANS))
            .orElseThrow();
    assertThat(score.right().share()).isLessThanOrEqualTo(.5);
  }

  @ParameterizedTest
  @EnumSource(By.class)
  void onePictureIsNotTried(By by) {
    assertThat(new ReadingVector(by, 0).score(planted(8, 2), groups(1, by))).isEmpty();
  }

  @Test
  void twoSetsOfAnotherSizeMakeNoPairs() {
    try (LoadedModel model = TinyModels.load(folder, Family.LLAVA_CLIP)) {
      Prompt prompt = TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is the dog", 1);
      Sample one = new Sample(prompt, "");
      assertThatThrownBy(() ->
              new ReadingVector(By.PRINCIPAL, 0)
                  .find(model, List.of(one), List.of(one, one), Point.RESID_POST, 1, Job.QUIET))
          .hasMessageContaining("make no pairs");
    }
  }
}
