package dev.lynceus.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Tiles, crops and patches know which part of the picture they show.
class ViewRegionsTest {
  private static final List<String> CUTTING =
      List.of(
          """
          {"image_processor_type": "LlavaOnevisionImageProcessor", "size": 48, "resample": 2,
           "image_grid_pinpoints": [[48, 96], [96, 48], [144, 48], [96, 144], [192, 192]]}
          """,
          """
          {"image_processor_type": "GotOcr2ImageProcessor", "size": [40, 48], "resample": 2,
           "crop_to_patches": true, "max_patches": 9}
          """,
          """
          {"image_processor_type": "Gemma3ImageProcessor", "size": 48, "do_pan_and_scan": true,
           "pan_and_scan_min_crop_size": 10, "pan_and_scan_min_ratio_to_activate": 1.1}
          """,
          """
          {"image_processor_type": "SmolVLMImageProcessor", "size": {"longest_edge": 120},
           "max_image_size": {"longest_edge": 40}, "resample": 2}
          """,
          """
          {"image_processor_type": "Qwen2VLImageProcessor", "patch_size": 4, "resample": 2,
           "min_pixels": 400, "max_pixels": 40000}
          """);

  /// The views of parts of a picture cover each of its places once; the whole is the whole.
  @Test
  void partsCoverThePictureOnce() {
    Random random = new Random(8);
    for (String settings : CUTTING) {
      for (int trial = 0; trial < 25; trial++) {
        RgbImage image = Fixtures.random(12 + random.nextInt(120), 12 + random.nextInt(120), trial);
        ProcessedPicture picture =
            FamilyProcessorsTest.parse(settings).process(image, InPrompt.ALONE);
        double area = 0;
        for (ProcessedImage part : parts(picture)) {
          ImageRegion inside = part.region().clippedTo(image.width(), image.height());
          area += inside.width() * inside.height();
        }
        assertThat(area)
            .as("%s on %s", picture.layout(), image)
            .isCloseTo((double) image.width() * image.height(), within(1e-6));
        assertThat(whole(picture).region()).isEqualTo(ImageRegion.whole(image));
      }
    }
  }

  /// The patches of tiles that stay show the picture: less than a patch of it is cut at an edge,
  /// and less than two patches of padding stay.
  @Test
  void patchesThatStayShowThePicture() {
    Random random = new Random(9);
    for (int trial = 0; trial < 60; trial++) {
      RgbImage image = Fixtures.random(20 + random.nextInt(150), 20 + random.nextInt(150), trial);
      ImageProcessor processor = FamilyProcessorsTest.parse(CUTTING.getFirst());
      Cutting.Pinpoints pinpoints = (Cutting.Pinpoints) processor.settings().cutting();
      TileLayout layout =
          TileLayout.of(
              new Extent(image.height(), image.width()),
              pinpoints.resolutions(),
              pinpoints.tileSide(),
              4);
      ImageRegion first = processor.views(image).get(1).region();
      ImageRegion kept = layout.kept(first);
      double patchWidth = first.width() / 4;
      double patchHeight = first.height() / 4;
      assertThat(kept.left()).isBetween(-patchWidth, patchWidth);
      assertThat(kept.top()).isBetween(-patchHeight, patchHeight);
      assertThat(kept.left() + kept.width())
          .isBetween(image.width() - patchWidth, image.width() + 2 * patchWidth);
      assertThat(kept.top() + kept.height())
          .isBetween(image.height() - patchHeight, image.height() + 2 * patchHeight);
    }
  }

  private static List<ProcessedImage> parts(ProcessedPicture picture) {
    int last = picture.views().size();
    return switch (picture.layout()) {
      case ViewLayout.Whole _, ViewLayout.Patched _, ViewLayout.Frames _ -> picture.views();
      case ViewLayout.Crops _ -> picture.views().subList(1, last);
      case ViewLayout.Tiles tiles ->
          switch (tiles.whole()) {
            case FIRST -> picture.views().subList(1, last);
            case LAST -> picture.views().subList(0, last - 1);
          };
    };
  }

  private static ProcessedImage whole(ProcessedPicture picture) {
    return switch (picture.layout()) {
      case ViewLayout.Whole _, ViewLayout.Patched _, ViewLayout.Crops _, ViewLayout.Frames _ ->
          picture.views().getFirst();
      case ViewLayout.Tiles tiles ->
          switch (tiles.whole()) {
            case FIRST -> picture.views().getFirst();
            case LAST -> picture.views().getLast();
          };
    };
  }

  /// A bright spot is seen in those views whose regions hold it, where the regions say it is.
  @Test
  void aSpotIsFoundWhereTheRegionsSay() {
    int width = 210;
    int height = 96;
    for (String settings : CUTTING) {
      for (int[] spot : new int[][] {{30, 30}, {77, 60}, {128, 41}, {190, 80}}) {
        byte[] samples = new byte[width * height * 3];
        for (int y = spot[1] - 4; y < spot[1] + 4; y++) {
          Arrays.fill(
              samples, (y * width + spot[0] - 4) * 3, (y * width + spot[0] + 4) * 3, (byte) 255);
        }
        ProcessedPicture picture =
            FamilyProcessorsTest.parse(settings)
                .process(RgbImage.of(width, height, samples), InPrompt.ALONE);
        int found = 0;
        for (ProcessedImage view : picture.views()) {
          ImageRegion region = view.region();
          double x = (spot[0] - region.left()) / region.width() * view.width();
          double y = (spot[1] - region.top()) / region.height() * view.height();
          double[] centre = centre(view.seen());
          boolean clear =
              Math.min(Math.min(x, view.width() - x), Math.min(y, view.height() - y)) > 6;
          if (clear) {
            found++;
            assertThat(centre[0]).as(settings).isCloseTo(x, within(0.1));
            assertThat(centre[1]).as(settings).isCloseTo(y, within(0.1));
          }
          if (x < -8 || y < -8 || x > view.width() + 8 || y > view.height() + 8) {
            assertThat(centre[2]).as(settings).isZero();
          }
        }
        assertThat(found).as(settings).isPositive();
      }
    }
  }

  /// The centre of brightness, and the sum of it.
  private static double[] centre(RgbImage image) {
    double sum = 0;
    double sumX = 0;
    double sumY = 0;
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < image.width(); x++) {
        double weight = image.sample(x, y, 1);
        sum += weight;
        sumX += weight * (x + 0.5);
        sumY += weight * (y + 0.5);
      }
    }
    return new double[] {sumX / sum, sumY / sum, sum};
  }
}
