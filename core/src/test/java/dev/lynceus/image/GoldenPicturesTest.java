package dev.lynceus.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// For each family, from its own files: the pixels that its tower sees equal the reference's, and
/// the visual tokens counted from the pictures' sizes are as many as the reference's prompts have.
class GoldenPicturesTest {
  private static final ImageFileReader READER = new ImageFileReader();

  /// Patches of a side of a view of the small LLaVA-OneVision, and its N of `anyres_max_N`.
  private static final int SIDE = 3;

  private static final int MOST_TILES = 2;

  /// A row: family, pictures, place, visual tokens of a view, of the prompt, digest of the pixels.
  private record Row(
      String family,
      List<RgbImage> pictures,
      String place,
      String perView,
      String tokens,
      String digest) {
    static Row of(String[] fields) {
      return new Row(
          fields[0],
          Arrays.stream(fields[1].split(","))
              .map(name -> READER.read(Fixtures.file("golden/" + name)))
              .toList(),
          fields[2],
          fields[3],
          fields[4],
          fields[5]);
    }

    Path folder() {
      return Fixtures.file("families/" + family);
    }

    InPrompt inPrompt() {
      return place.equals("others") ? InPrompt.AMONG_OTHERS : InPrompt.ALONE;
    }
  }

  @Test
  void pixelsAreEqual() throws IOException {
    for (String[] fields : Fixtures.table("golden_pictures.txt", 6)) {
      Row row = Row.of(fields);
      if (row.digest().equals("-")) {
        continue;
      }
      assertThat(Fixtures.sha256(pixels(row)))
          .as("%s %s %s", fields[0], fields[1], fields[2])
          .isEqualTo(row.digest());
    }
  }

  private static float[][] pixels(Row row) {
    if (row.place().equals("video")) {
      return VideoProcessor.load(row.folder()).process(row.pictures()).frames().stream()
          .map(ProcessedImage::pixels)
          .toArray(float[][]::new);
    }
    ImageProcessor processor = ImageProcessor.load(row.folder());
    return row.pictures().stream()
        .map(picture -> processor.process(picture, row.inPrompt()))
        .flatMap(GoldenPicturesTest::pixels)
        .toArray(float[][]::new);
  }

  private static Stream<float[]> pixels(ProcessedPicture picture) {
    return picture.layout() instanceof ViewLayout.Patched patched
        ? Stream.of(patched.grid().flattened(picture.views()))
        : picture.views().stream().map(ProcessedImage::pixels);
  }

  @Test
  void visualTokensAreCountedFromSizesAlone() throws IOException {
    int counted = 0;
    for (String[] fields : Fixtures.table("golden_pictures.txt", 6)) {
      Row row = Row.of(fields);
      if (!row.tokens().equals("-")) {
        int tokens =
            row.place().equals("video")
                ? OneVisionTokens.video(row.pictures().size(), SIDE)
                : row.pictures().stream().mapToInt(picture -> tokens(row, picture)).sum();
        assertThat(tokens)
            .as("%s %s %s", fields[0], fields[1], fields[2])
            .isEqualTo(Integer.parseInt(row.tokens()));
        counted++;
      }
    }
    assertThat(counted).isGreaterThan(20);
  }

  private static int tokens(Row row, RgbImage picture) {
    ImageProcessor processor = ImageProcessor.load(row.folder());
    Extent size = new Extent(picture.height(), picture.width());
    ViewLayout layout = processor.layout(size, row.inPrompt());
    if (layout instanceof ViewLayout.Patched patched) {
      return patched.grid().tokens();
    }
    if (!(processor.settings().cutting() instanceof Cutting.Pinpoints pinpoints)) {
      return layout.views() * Integer.parseInt(row.perView());
    }
    return layout instanceof ViewLayout.Whole
        ? OneVisionTokens.amongOthers(SIDE)
        : OneVisionTokens.alone(
            TileLayout.of(size, pinpoints.resolutions(), pinpoints.tileSide(), SIDE), MOST_TILES);
  }
}
