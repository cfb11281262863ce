package dev.lynceus.method.causal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.image.RgbImage;
import dev.lynceus.method.Inputs;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Necessity and sufficiency are those of plain runs, add up as they must, and their p is what it
/// says: uniform where the region is any other.
class RegionEffectTest {
  private static final List<Occlusion.Fill> MEAN = List.of(Occlusion.Fill.MEAN);

  @TempDir static Path folder;
  private static LoadedModel model;
  private static Run clean;
  private static Readout readout;

  @BeforeAll
  static void open() {
    model = TinyModels.load(folder, Family.LLAVA_CLIP);
    clean = run(model, TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is the dog", 1));
    readout = Readout.of(clean, OptionalInt.empty(), OptionalInt.empty());
  }

  @AfterAll
  static void close() {
    clean.close();
    model.close();
  }

  private static Run run(LoadedModel of, Prompt prompt) {
    return of.run(prompt, new RegionEffect(Occlusion.Space.EMBEDDING, MEAN, 0, 0, 0).capture(of));
  }

  /// A mask of the size of the original, 40 x 34, white inside some rectangles; the model sees the
  /// middle 34 x 34 pixels in 4 x 4 patches.
  private static RgbImage mask(int... edges) {
    byte[] samples = new byte[40 * 34 * 3];
    for (int i = 0; i < edges.length; i += 4) {
      for (int y = edges[i + 1]; y < edges[i + 3]; y++) {
        Arrays.fill(samples, (y * 40 + edges[i]) * 3, (y * 40 + edges[i + 2]) * 3, (byte) 255);
      }
    }
    return RgbImage.of(40, 34, samples);
  }

  /// A mask that is one patch.
  private static RgbImage patch(int number) {
    int x = (int) (3 + (number % 4 + .5) * 8.5);
    int row = number / 4;
    int y = (int) ((row + .5) * 8.5);
    return mask(x, y, x + 1, y + 1);
  }

  private static RegionEffect.Result found(RegionEffect effect, RgbImage mask) {
    return effect.explain(clean, 0, mask, readout, Job.QUIET);
  }

  @ParameterizedTest
  @EnumSource(Occlusion.Space.class)
  void theyAreThoseOfPlainOcclusion(Occlusion.Space space) {
    // Whole patches: (1, 1) to (2, 2) and, of the pixels, exactly these.
    RgbImage mask = mask(12, 9, 28, 25);
    RegionEffect.Result found = found(new RegionEffect(space, MEAN, 2, 3, 5), mask);
    assertThat(found.patches()).containsExactly(5, 6, 9, 10);
    assertThat(found.rows() * found.columns()).isEqualTo(16);
    MatchedRegions same = MatchedRegions.of(clean, 0, mask);
    Regions regions =
        new Regions(
            "",
            "",
            List.of("it"),
            "",
            List.of("it", "rest", "all"),
            List.of(
                List.of(
                    same.region(same.patches()),
                    same.region(MatchedRegions.rest(same.patches())),
                    same.region(same.whole()))));
    List<Measures> cells =
        new RegionOcclusion(space, Occlusion.Fill.MEAN)
            .explain(clean, regions, readout, Job.QUIET)
            .cells()
            .getFirst();
    RegionEffect.Filling filling = found.fillings().getFirst();
    close(filling.hidden(), cells.get(0));
    close(filling.kept(), cells.get(1));
    close(filling.nothing(), cells.get(2));
    assertThat(found.fillings()).hasSize(3);
    assertThat(found.fillings().get(1).hidden().logProbability())
        .as("another draw is another filling")
        .isNotCloseTo(found.fillings().get(2).hidden().logProbability(), within(1e-6));
    assertThat(found.necessity().region().value())
        .isCloseTo(
            found.fillings().stream()
                .mapToDouble(one -> found.clean().logProbability() - one.hidden().logProbability())
                .average()
                .orElseThrow(),
            within(1e-9));
    if (space == Occlusion.Space.EMBEDDING) {
      // What `occlude --mask` does, too.
      List<Measures> plain =
          new RegionOcclusion(space, Occlusion.Fill.MEAN)
              .explain(
                  clean,
                  Regions.masks(clean, 0, List.of("m"), List.of(mask), 0),
                  readout,
                  Job.QUIET)
              .cells()
              .getFirst();
      close(filling.hidden(), plain.get(0));
      close(filling.kept(), plain.get(1));
    }
  }

  private static void close(Measures one, Measures other) {
    assertThat(one.logProbability()).isCloseTo(other.logProbability(), within(1e-5));
    assertThat(one.logitDifference()).isCloseTo(other.logitDifference(), within(1e-5));
  }

  @ParameterizedTest
  @EnumSource(Occlusion.Space.class)
  void aRegionAndAllButItShareWhatThePictureBrings(Occlusion.Space space) {
    RegionEffect effect = new RegionEffect(space, MEAN, 2, 0, 3);
    RegionEffect.Result one = found(effect, mask(12, 0, 28, 33));
    RegionEffect.Result rest = found(effect, mask(3, 0, 11, 33, 29, 0, 37, 33));
    assertThat(one.patches().size() + rest.patches().size()).isEqualTo(16);
    for (int f = 0; f < 3; f++) {
      close(one.fillings().get(f).hidden(), rest.fillings().get(f).kept());
      close(one.fillings().get(f).nothing(), rest.fillings().get(f).nothing());
    }
    assertThat(one.necessity().region().value() + rest.sufficiency().region().value())
        .isCloseTo(one.brings(), within(1e-4));
    assertThat(one.necessity().p()).isEmpty();
    assertThat(one.necessity().random()).isEmpty();
  }

  @Test
  void pIsUniformOverRegionsOfWhichEachIsAsLikely() {
    RegionEffect effect = new RegionEffect(Occlusion.Space.EMBEDDING, MEAN, 0, 15, 1);
    List<Double> need = new ArrayList<>();
    List<Double> enough = new ArrayList<>();
    for (int p = 0; p < 16; p++) {
      RegionEffect.Result found = found(effect, patch(p));
      assertThat(found.patches()).containsExactly(p);
      assertThat(found.controls()).hasSize(15);
      assertThat(found.necessity().region().spread()).as("one filling").isEmpty();
      need.add(16 * found.necessity().p().orElseThrow());
      enough.add(16 * found.sufficiency().p().orElseThrow());
    }
    double[] each = IntStream.rangeClosed(1, 16).mapToDouble(i -> i).toArray();
    assertThat(need.stream().mapToDouble(d -> d).sorted()).containsExactly(boxed(each));
    assertThat(enough.stream().mapToDouble(d -> d).sorted()).containsExactly(boxed(each));
  }

  private static Double[] boxed(double[] values) {
    return Arrays.stream(values).boxed().toArray(Double[]::new);
  }

  @Test
  void randomRegionsAreAsLargeAndApart() {
    RegionEffect effect = new RegionEffect(Occlusion.Space.EMBEDDING, MEAN, 0, 19, 4);
    RegionEffect.Result found = found(effect, mask(12, 9, 28, 25));
    assertThat(found.controls()).hasSize(19);
    assertThat(found.how()).contains("in the same shape, moved").contains("scattered");
    assertThat(new HashSet<>(found.controls().stream().map(one -> one.patches()).toList()))
        .as("none twice")
        .hasSize(19);
    assertThat(found.controls())
        .allSatisfy(control ->
            assertThat(control.patches()).hasSize(4).doesNotContainAnyElementsOf(found.patches()));
    assertThat(found(effect, mask(12, 9, 28, 25))).as("the same seed").isEqualTo(found);
    RegionEffect.Result large = found(effect, mask(3, 0, 28, 33));
    assertThat(large.how()).contains("more than half");
    assertThat(large.controls()).isNotEmpty().allMatch(one -> one.patches().size() == 12);
    RegionEffect.Effect need = found.necessity();
    double mean = found.controls().stream().mapToDouble(one -> one.necessity()).average().orElse(0);
    assertThat(need.random().orElseThrow().value()).isCloseTo(mean, within(1e-9));
    assertThat(need.above().orElseThrow().value())
        .isCloseTo(need.region().value() - mean, within(1e-9));
    assertThat(RegionConclusion.of(found, "dog")).contains("“dog”");
  }

  @Test
  void whatIsNoRegionIsRefused() {
    RegionEffect effect = new RegionEffect(Occlusion.Space.EMBEDDING, MEAN, 0, 1, 0);
    assertThatThrownBy(() -> found(effect, mask())).hasMessageContaining("marks no patch");
    assertThatThrownBy(() -> found(effect, mask(0, 0, 40, 34)))
        .hasMessageContaining("the whole picture: all 16 patches");
    assertThatThrownBy(() -> effect.explain(clean, 1, mask(9, 9, 20, 20), readout, Job.QUIET))
        .hasMessageContaining("picture 1");
    assertThatThrownBy(() -> new RegionEffect(Occlusion.Space.EMBEDDING, List.of(), 0, 1, 0))
        .hasMessageContaining("0 fills, 0 draws");
    assertThatThrownBy(() ->
            new RegionEffect(Occlusion.Space.EMBEDDING, List.of(Occlusion.Fill.BLUR), 0, 1, 0))
        .hasMessageContaining("not blurred");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llava-next",
        "internvl",
        "qwen3-vl",
        "gemma3",
        "smolvlm",
        "paligemma",
        "blip-vqa"
      })
  void viewsOfOtherFamiliesArePartedTheSameWay(String name) {
    try (LoadedModel other =
            LoadedModel.load("src/test/resources/goldens/" + name + "/hub", LoadOptions.DEFAULT);
        Run run = run(other, other.prompt("what is it", TinyModels.picture(other, 1)))) {
      Readout read = Readout.of(run, OptionalInt.empty(), OptionalInt.empty());
      RegionEffect effect = new RegionEffect(Occlusion.Space.EMBEDDING, MEAN, 1, 2, 2);
      byte[] quarter = new byte[4 * 3];
      Arrays.fill(quarter, 0, 3, (byte) 255);
      RgbImage mask = RgbImage.of(2, 2, quarter);
      RegionEffect.Result one = effect.explain(run, 0, mask, read, Job.QUIET);
      MatchedRegions same = MatchedRegions.of(run, 0, mask);
      Regions.Region hidden = same.region(same.patches());
      Regions.Region kept = same.region(MatchedRegions.rest(same.patches()));
      // Together they are all patches, and no patch is of both.
      List<Integer> all = new ArrayList<>();
      IntStream.of(hidden.positions()).forEach(all::add);
      IntStream.of(kept.positions()).forEach(all::add);
      int patches =
          Inputs.seen(run).views().stream().mapToInt(view -> view.positions().length).sum();
      assertThat(all).hasSize(patches).doesNotHaveDuplicates();
      assertThat(one.fillings().get(0).hidden()).isNotEqualTo(one.fillings().get(0).kept());
      assertThat(one.fillings().get(1).hidden()).isNotEqualTo(one.fillings().get(0).hidden());
      assertThat(one.controls())
          .isNotEmpty()
          .allMatch(control -> control.patches().size() == one.patches().size());
    }
  }
}
