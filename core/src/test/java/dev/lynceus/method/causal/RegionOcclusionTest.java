package dev.lynceus.method.causal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.image.ProcessedImage;
import dev.lynceus.image.RgbImage;
import dev.lynceus.method.Target;
import dev.lynceus.method.map.RiseMap;
import dev.lynceus.run.Batch;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Values;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Masks mean the patches and pixels that they show, and hiding them equals whole runs.
class RegionOcclusionTest {
  @TempDir static Path folder;
  private static LoadedModel model;
  private static Prompt prompt;
  private static Run clean;
  private static Readout readout;

  @BeforeAll
  static void open() {
    model = TinyModels.load(folder, Family.LLAVA_CLIP);
    prompt = TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is the dog", 1);
    clean =
        model.run(
            prompt,
            new RegionOcclusion(Occlusion.Space.EMBEDDING, Occlusion.Fill.MEAN).capture(model));
    readout = Readout.of(clean, OptionalInt.empty(), OptionalInt.empty());
  }

  @AfterAll
  static void close() {
    clean.close();
    model.close();
  }

  /// A mask of the size of the original, 40 x 34, white inside a rectangle.
  private static RgbImage mask(int left, int top, int right, int bottom) {
    byte[] samples = new byte[40 * 34 * 3];
    for (int y = top; y < bottom; y++) {
      Arrays.fill(samples, (y * 40 + left) * 3, (y * 40 + right) * 3, (byte) 255);
    }
    return RgbImage.of(40, 34, samples);
  }

  private static Regions regions(RgbImage mask, int rings) {
    return Regions.masks(clean, 0, List.of("m"), List.of(mask), rings);
  }

  private static Measures full(Intervention change) {
    try (Run run = model.run(Batch.of(prompt), Capture.NONE, List.of(change))) {
      return readout.of(run);
    }
  }

  @Test
  void aMaskIsThePatchesThatItTouchesAndRingsGrow() {
    // The model sees the middle 34 x 34 pixels in 4 x 4 patches: (1, 1) begins at 3 + 8.5, 8.5.
    Regions one = regions(mask(13, 10, 14, 11), 1);
    assertThat(one.columns()).containsExactly("object", "+ 1 ring", "all but it");
    List<Regions.Region> row = one.regions().getFirst();
    int[] image = prompt.tokens().find("image");
    assertThat(row.get(0).positions()).containsExactly(image[5]);
    assertThat(row.get(1).positions())
        .containsExactly(IntStream.of(0, 1, 2, 4, 5, 6, 8, 9, 10).map(i -> image[i]).toArray());
    assertThat(row.get(2).positions()).hasSize(15).doesNotContain(image[5]);
    Regions corner = regions(mask(3, 0, 4, 1), 2);
    assertThat(corner.regions().getFirst().get(0).positions()).containsExactly(image[0]);
    assertThat(corner.regions().getFirst().get(2).positions()).hasSize(9);
    // Exact pixels where there is no ring: about one of 28 * 28.
    assertThat(count(row.get(0).pixels())).isBetween(1, 2);
    assertThat(count(row.get(1).pixels())).isEqualTo(9 * 49);
    assertThat(count(row.get(0).pixels()) + count(row.get(2).pixels())).isEqualTo(28 * 28);
    assertThatThrownBy(() -> regions(mask(0, 0, 0, 0), 1)).hasMessageContaining("marks no patch");
    assertThatThrownBy(() -> regions(mask(0, 0, 9, 9), -1)).hasMessageContaining("-1 rings");
  }

  private static int count(boolean[] pixels) {
    int count = 0;
    for (boolean pixel : pixels) {
      count += pixel ? 1 : 0;
    }
    return count;
  }

  @Test
  void hidingEqualsWholeRuns() {
    Regions regions = regions(mask(9, 4, 22, 18), 1);
    for (int column = 0; column < 3; column++) {
      Regions.Region region = regions.regions().getFirst().get(column);
      CausalMap tokens =
          new RegionOcclusion(Occlusion.Space.EMBEDDING, Occlusion.Fill.MEAN)
              .explain(clean, regions, readout, Job.QUIET);
      close(
          tokens.cells().getFirst().get(column),
          full(
              Intervention.at(Point.EMBED_MERGED, 0, new Op.Mean(Positions.parse("image")))
                  .at(Positions.of(region.positions()))));
      for (Occlusion.Fill fill : Occlusion.Fill.values()) {
        Values covered = new CoveredPixels(clean, fill).covered(0, region.pixels());
        CausalMap pixels =
            new RegionOcclusion(Occlusion.Space.PIXELS, fill)
                .explain(clean, regions, readout, Job.QUIET);
        close(
            pixels.cells().getFirst().get(column),
            full(Intervention.at(Point.vision(Site.PIXELS), 0, new Op.Patch(covered))));
      }
    }
    assertThatThrownBy(() -> new RegionOcclusion(Occlusion.Space.EMBEDDING, Occlusion.Fill.INPAINT))
        .hasMessageContaining("not inpainted");
  }

  private static void close(Measures actual, Measures expected) {
    assertThat(actual.numbers()).containsExactly(expected.numbers(), within(1e-4));
  }

  @Test
  void whatIsInpaintedComesFromAround() {
    ProcessedImage view = prompt.pictures().getFirst().views().getFirst();
    CoveredPixels pixels = new CoveredPixels(clean, Occlusion.Fill.INPAINT);
    boolean[] one = new boolean[28 * 28];
    one[5 * 28 + 5] = true;
    double around = 0;
    for (int dy = -1; dy <= 1; dy++) {
      for (int dx = -1; dx <= 1; dx++) {
        around += dx == 0 && dy == 0 ? 0 : view.pixels()[(5 + dy) * 28 + 5 + dx] / 8;
      }
    }
    float[] filled = ((Values.Inline) pixels.covered(0, one)).numbers();
    assertThat(filled[5 * 28 + 5]).isCloseTo((float) around, within(1e-5f));
    assertThat(filled[5 * 28 + 6]).as("the rest stays").isEqualTo(view.pixels()[5 * 28 + 6]);
    boolean[] all = new boolean[28 * 28];
    Arrays.fill(all, true);
    float[] blank = ((Values.Inline) pixels.covered(0, all)).numbers();
    assertThat(blank[0]).isEqualTo(blank[783]);
  }

  @Test
  void piecesCoverThePicture() {
    Regions pieces = Regions.superpixels(clean, 0, 9);
    int[] times = new int[28 * 28];
    for (Regions.Region piece : pieces.regions().getFirst()) {
      assertThat(piece.positions()).isNotEmpty();
      for (int at = 0; at < times.length; at++) {
        times[at] += piece.pixels()[at] ? 1 : 0;
      }
    }
    assertThat(times).containsOnly(1);
    assertThatThrownBy(() -> Regions.superpixels(clean, 0, 0)).hasMessageContaining("0 super");
  }

  @Test
  void randomMasksAreSeededAndSeeNothingWhereNothingArrives() {
    RiseMap rise = new RiseMap(8, 3);
    double[] map = rise(rise, clean, 1);
    assertThat(rise(rise, clean, 1)).isEqualTo(map);
    assertThat(rise(rise, clean, 2)).isNotEqualTo(map);
    assertThat(Arrays.stream(map).map(Math::abs).max().orElseThrow()).isGreaterThan(1e-5);
    // Where nothing of the picture reaches the answer, no mask hides anything.
    Intervention deaf =
        Intervention.at(Point.RESID_POST, TinyModels.LAYERS - 1, new Op.Scale(0))
            .at(Positions.last());
    try (Run run = model.run(Batch.of(prompt), rise.capture(model, 0), List.of(deaf))) {
      assertThat(rise(rise, run, 1)).containsOnly(0);
    }
  }

  private static double[] rise(RiseMap rise, Run run, long seed) {
    int row = run.batch().length() - 1;
    int word = run.logits().argmax(-1).toInts()[0];
    return rise.map(
            run,
            Target.token("", row, word),
            run.tokens().views().getFirst(),
            new SplittableRandom(seed))
        .values();
  }
}
