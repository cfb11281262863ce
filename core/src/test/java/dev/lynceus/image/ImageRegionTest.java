package dev.lynceus.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Patches find their way back to the pixels they stand for.
class ImageRegionTest {
  private static final String CLIP =
      "{\"image_processor_type\": \"CLIPImageProcessor\", \"size\": 56, \"crop_size\": 56}";

  @Test
  void centreCropOfAWidePicture() {
    // 200 x 130 becomes 86 x 56; the crop takes columns 15 to 71.
    ImageRegion region = view(CLIP, Fixtures.random(200, 130, 1)).region();
    assertThat(region.left()).isCloseTo(15 * 200.0 / 86, within(1e-9));
    assertThat(region.width()).isCloseTo(56 * 200.0 / 86, within(1e-9));
    assertThat(region.top()).isZero();
    assertThat(region.height()).isCloseTo(130.0, within(1e-9));
    ImageRegion patch = region.cell(3, 4, 1, 4);
    assertThat(patch.left()).isCloseTo(29 * 200.0 / 86, within(1e-9));
    assertThat(patch.top()).isCloseTo(97.5, within(1e-9));
  }

  /// A bright spot drawn into the original is found in the view where the region says it is.
  @Test
  void aSpotIsFoundWhereTheRegionSays() {
    String padded =
        "{\"image_processor_type\": \"LlavaImageProcessor\", \"do_pad\": true, \"size\": 64,"
            + " \"crop_size\": 64}";
    String larger =
        "{\"image_processor_type\": \"CLIPImageProcessor\", \"size\": 50, \"crop_size\": 75}";
    String siglip =
        "{\"image_processor_type\": \"SiglipImageProcessor\","
            + " \"size\": {\"height\": 40, \"width\": 60}}";
    for (String text : List.of(CLIP, padded, larger, siglip)) {
      String settings = text.replaceFirst("\\{", "{\"resample\": 2, ");
      for (int[] spot : new int[][] {{90, 60}, {120, 20}, {64, 101}}) {
        byte[] samples = new byte[200 * 130 * 3];
        RgbImage black = view(settings, RgbImage.of(200, 130, samples)).seen();
        for (int y = spot[1] - 3; y < spot[1] + 3; y++) {
          Arrays.fill(
              samples, (y * 200 + spot[0] - 3) * 3, (y * 200 + spot[0] + 3) * 3, (byte) 255);
        }
        ProcessedImage view = view(settings, RgbImage.of(200, 130, samples));
        ImageRegion region = view.region();
        double x = (spot[0] - region.left()) / region.width() * view.width();
        double y = (spot[1] - region.top()) / region.height() * view.height();
        double[] centre = centreOfDifference(view.seen(), black);
        assertThat(centre[0]).as(settings).isCloseTo(x, within(0.05));
        assertThat(centre[1]).as(settings).isCloseTo(y, within(0.05));
      }
    }
  }

  /// Where the two pictures differ, weighed by how much.
  private static double[] centreOfDifference(RgbImage image, RgbImage other) {
    double sum = 0;
    double sumX = 0;
    double sumY = 0;
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < image.width(); x++) {
        double weight = image.sample(x, y, 1) - other.sample(x, y, 1);
        sum += weight;
        sumX += weight * (x + 0.5);
        sumY += weight * (y + 0.5);
      }
    }
    return new double[] {sumX / sum, sumY / sum};
  }

  @Test
  void paddingLiesOutsideThePicture() {
    String padded =
        "{\"image_processor_type\": \"LlavaImageProcessor\", \"do_pad\": true, \"size\": 64,"
            + " \"crop_size\": 64}";
    RgbImage image = Fixtures.random(200, 100, 2);
    ImageRegion region = view(padded, image).region();
    assertThat(region).isEqualTo(new ImageRegion(0, -50, 200, 200));
    ImageRegion empty = region.cell(0, 4, 0, 4).clippedTo(200, 100);
    assertThat(empty.height()).isZero();
    assertThat(region.clippedTo(200, 100)).isEqualTo(new ImageRegion(0, 0, 200, 100));
  }

  @Test
  void tilesCoverThePictureTwice() {
    String next =
        "{\"image_processor_type\": \"LlavaNextImageProcessor\", \"size\": 56, \"crop_size\": 56,"
            + " \"image_grid_pinpoints\": [[56, 112], [112, 56], [112, 112], [56, 168]]}";
    RgbImage image = Fixtures.random(200, 130, 4);
    ProcessedPicture tiled = ImageProcessorTest.parse(next).process(image, InPrompt.ALONE);
    assertThat(tiled.layout()).isEqualTo(new ViewLayout.Tiles(2, 2, ViewLayout.Tiles.Side.FIRST));
    assertThat(tiled.views()).hasSize(5);
    assertThat(tiled.views().getFirst().region()).isEqualTo(new ImageRegion(0, 0, 200, 130));
    // 112 x 73 pixels in 112 x 112: 19 rows of padding above, 20 below.
    double unitY = 130.0 / 73;
    ImageRegion first = tiled.views().get(1).region();
    assertThat(first.left()).isZero();
    assertThat(first.width()).isCloseTo(100, within(1e-9));
    assertThat(first.top()).isCloseTo(-19 * unitY, within(1e-9));
    ImageRegion last = tiled.views().getLast().region();
    assertThat(last.left()).isCloseTo(100, within(1e-9));
    assertThat(last.top() + last.height()).isCloseTo(130 + 20 * unitY, within(1e-9));
  }

  @Test
  void strangeShapesAreRefusedNotCrashed() {
    for (int[] shape : new int[][] {{60_000_000, 1}, {1, 60_000_000}}) {
      RgbImage strip = RgbImage.wrap(shape[0], shape[1], new byte[180_000_000]);
      Throwable thrown = catchThrowable(() -> view(CLIP, strip));
      assertThat(thrown).isInstanceOf(LynceusException.class).hasMessageContaining("too elongated");
      assertThat(((LynceusException) thrown).code()).isEqualTo(ErrorCode.BAD_IMAGE);
    }
  }

  private static ProcessedImage view(String settings, RgbImage image) {
    return ImageProcessorTest.parse(settings).views(image).getFirst();
  }
}
