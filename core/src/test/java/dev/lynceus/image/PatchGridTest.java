package dev.lynceus.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Patches of pictures and videos of any size, and the tokens that they become.
class PatchGridTest {

  /// Every pixel of every frame is in exactly one patch, and that patch lies where it says.
  @Test
  void everyPixelIsInThePatchThatClaimsIt() {
    Random random = new Random(4);
    for (int trial = 0; trial < 60; trial++) {
      int merge = 1 + random.nextInt(3);
      PatchGrid grid =
          new PatchGrid(
              1 + random.nextInt(3),
              merge * (1 + random.nextInt(4)),
              merge * (1 + random.nextInt(4)),
              1 + random.nextInt(4),
              1 + random.nextInt(3),
              merge);
      int height = grid.rows() * grid.side();
      int width = grid.columns() * grid.side();
      int frames = grid.time() * grid.temporal();
      float[] rows = grid.flattened(numbered(frames, height, width));
      int[] seen = new int[rows.length];
      for (int i = 0; i < rows.length; i++) {
        int pixel = (int) rows[i];
        seen[pixel]++;
        PatchGrid.Place place = grid.place(i / grid.patchWidth());
        assertThat(pixel % width / grid.side()).isEqualTo(place.column());
        assertThat(pixel / width % height / grid.side()).isEqualTo(place.row());
        assertThat(pixel / (3 * width * height) / grid.temporal()).isEqualTo(place.time());
      }
      assertThat(seen).containsOnly(1);
    }
  }

  /// Frames whose every number is its own index.
  private static List<ProcessedImage> numbered(int frames, int height, int width) {
    RgbImage seen = RgbImage.of(width, height, new byte[3 * width * height]);
    ProcessedImage[] all = new ProcessedImage[frames];
    for (int i = 0; i < frames; i++) {
      float[] values = new float[3 * width * height];
      for (int k = 0; k < values.length; k++) {
        values[k] = i * values.length + k;
      }
      all[i] = new ProcessedImage(values, 3, height, width, seen, ImageRegion.whole(seen));
    }
    return Arrays.asList(all);
  }

  @Test
  void placesAndIndicesAreInverse() {
    PatchGrid grid = new PatchGrid(3, 6, 9, 2, 2, 3);
    for (int i = 0; i < grid.patches(); i++) {
      assertThat(grid.index(grid.place(i))).isEqualTo(i);
    }
    assertThat(grid.place(0)).isEqualTo(new PatchGrid.Place(0, 0, 0));
    assertThat(grid.place(3)).isEqualTo(new PatchGrid.Place(0, 1, 0));
    assertThat(grid.place(9)).isEqualTo(new PatchGrid.Place(0, 0, 3));
    assertThat(grid.place(54)).isEqualTo(new PatchGrid.Place(1, 0, 0));
    assertThat(grid.tokens()).isEqualTo(18);
    assertThatThrownBy(() -> grid.place(162)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> grid.index(new PatchGrid.Place(0, 6, 0)))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  /// Negative control: patches row by row, without squares, are another order.
  @Test
  void aPlainOrderOfPatchesIsNotTheirs() {
    PatchGrid squares = new PatchGrid(1, 4, 4, 2, 1, 2);
    PatchGrid plain = new PatchGrid(1, 4, 4, 2, 1, 1);
    List<ProcessedImage> frame = numbered(1, 8, 8);
    assertThat(squares.flattened(frame)).isNotEqualTo(plain.flattened(frame));
  }

  @Test
  void tokensOfOneVisionAreThoseOfTheReference() throws IOException {
    for (String[] row : Fixtures.table("onevision_tokens.txt", 7)) {
      int[] n = Arrays.stream(row).limit(6).mapToInt(Integer::parseInt).toArray();
      List<Extent> pinpoints =
          JsonMapper.shared().readTree(row[6]).valueStream().map(PatchGridTest::extent).toList();
      TileLayout layout = TileLayout.of(new Extent(n[0], n[1]), pinpoints, n[2], n[3]);
      assertThat(OneVisionTokens.alone(layout, n[4])).as(String.join(" ", row)).isEqualTo(n[5]);
    }
  }

  private static Extent extent(JsonNode pair) {
    return new Extent(pair.get(0).asInt(), pair.get(1).asInt());
  }

  @Test
  void theLimitOfTilesIsReadFromItsName() {
    assertThat(OneVisionTokens.mostTiles("anyres_max_9", "config.json")).isEqualTo(9);
    for (String wrong : List.of("anyres", "anyres_max_0", "pad", "anyres_max_9x", "")) {
      assertThatThrownBy(() -> OneVisionTokens.mostTiles(wrong, "config.json"))
          .isInstanceOf(LynceusException.class)
          .hasMessageContaining("config.json asks for vision_aspect_ratio " + wrong);
    }
  }
}
