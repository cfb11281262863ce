package dev.lynceus.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What is read equals what Pillow reads.
class ImageFileReaderTest {
  private final ImageFileReader reader = new ImageFileReader();

  @TestFactory
  Stream<DynamicTest> everyFixtureIsReadAsPillowReadsIt() throws IOException {
    return Fixtures.table("decoded.txt", 4).stream()
        .map(row -> DynamicTest.dynamicTest(row[0], () -> requireEqual(row)));
  }

  private void requireEqual(String[] row) {
    RgbImage image = reader.read(Fixtures.file(row[0]));
    assertThat(image.width() + " x " + image.height()).isEqualTo(row[1] + " x " + row[2]);
    assertThat(Fixtures.sha256(image.toBytes())).isEqualTo(row[3]);
  }

  @Test
  void decodedGoldensOfTheSharedDataAreEqual() throws IOException {
    var images = Fixtures.shared("goldens/images");
    SafetensorsFile decoded = new SafetensorsFile(images.resolve("decoded_rgb.safetensors"));
    assertThat(decoded.names()).contains("rgba.png", "palette.png", "grey.png", "photo.jpg");
    for (String name : decoded.names()) {
      byte[] expected = new byte[decoded.bytes(name).remaining()];
      decoded.bytes(name).get(expected);
      assertThat(reader.read(images.resolve(name)).toBytes()).as(name).isEqualTo(expected);
    }
  }

  @Test
  void everyOrientationShowsTheSamePicture() {
    RgbImage upright = Fixtures.random(5, 3, 1);
    for (Orientation orientation : Orientation.values()) {
      RgbImage turned = orientation.apply(upright);
      Orientation back =
          switch (orientation) {
            case TURNED_RIGHT -> Orientation.TURNED_LEFT;
            case TURNED_LEFT -> Orientation.TURNED_RIGHT;
            case UPRIGHT, MIRRORED, TURNED_180, FLIPPED, TRANSPOSED, TRANSVERSED -> orientation;
          };
      assertThat(back.apply(turned)).as(orientation.name()).isEqualTo(upright);
    }
    assertThat(Orientation.TURNED_RIGHT.apply(upright)).isNotEqualTo(upright);
  }

  @Test
  void bufferedImageHoldsTheSameColours() {
    RgbImage image = reader.read(Fixtures.file("golden/small.png"));
    var buffered = image.toBufferedImage();
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < image.width(); x++) {
        int expected =
            image.sample(x, y, 0) << 16 | image.sample(x, y, 1) << 8 | image.sample(x, y, 2);
        assertThat(buffered.getRGB(x, y) & 0xffffff).isEqualTo(expected);
      }
    }
  }
}
