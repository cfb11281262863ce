package dev.lynceus.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResampleTest {

  @Test
  void equalsPillowOnManySizes() throws IOException {
    Set<ResampleFilter> seen = new TreeSet<>();
    for (String[] row : Fixtures.table("resample.txt", 8)) {
      RgbImage image =
          Fixtures.random(
              Integer.parseInt(row[0]), Integer.parseInt(row[1]), Long.parseLong(row[5]));
      ResampleFilter filter = filter(Integer.parseInt(row[4]));
      RgbImage resized =
          Resample.resize(
              image,
              Integer.parseInt(row[2]),
              Integer.parseInt(row[3]),
              filter,
              box(row[6], image));
      assertThat(Fixtures.sha256(resized.toBytes())).as(String.join(" ", row)).isEqualTo(row[7]);
      seen.add(filter);
    }
    assertThat(seen).containsExactly(ResampleFilter.values());
  }

  private static ResampleFilter filter(int id) {
    return Arrays.stream(ResampleFilter.values())
        .filter(f -> f.id() == id)
        .findFirst()
        .orElseThrow();
  }

  private static Resample.Box box(String text, RgbImage image) {
    if (text.equals("-")) {
      return Resample.Box.whole(image);
    }
    String[] sides = text.split(",", 4);
    return new Resample.Box(
        Float.parseFloat(sides[0]),
        Float.parseFloat(sides[1]),
        Float.parseFloat(sides[2]),
        Float.parseFloat(sides[3]));
  }

  @ParameterizedTest
  @EnumSource
  void oneColourStaysThatColour(ResampleFilter filter) {
    byte[] samples = new byte[13 * 11 * 3];
    Arrays.fill(samples, (byte) 201);
    RgbImage image = RgbImage.of(13, 11, samples);
    for (int side : new int[] {1, 2, 5, 12, 13, 14, 40}) {
      assertThat(Resample.resize(image, side, side + 1, filter).toBytes()).containsOnly(201);
    }
  }

  @ParameterizedTest
  @EnumSource
  void sameSizeChangesNothing(ResampleFilter filter) {
    RgbImage image = Fixtures.random(9, 7, 3);
    assertThat(Resample.resize(image, 9, 7, filter)).isEqualTo(image);
  }

  @Test
  void filtersDiffer() {
    RgbImage image = Fixtures.random(31, 23, 5);
    long different =
        Arrays.stream(ResampleFilter.values())
            .map(filter -> Resample.resize(image, 17, 40, filter))
            .distinct()
            .count();
    assertThat(different).isEqualTo(ResampleFilter.values().length);
  }

  @Test
  void sizesThatNoMemoryHoldsAreRefused() {
    RgbImage strip = Fixtures.random(60_000, 1, 1);
    assertThatThrownBy(() -> Resample.resize(strip, 1_000_000, 1_000, ResampleFilter.BICUBIC))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("too elongated");
  }

  @Test
  void boxesOutsideThePictureAreRefused() {
    RgbImage image = Fixtures.random(4, 4, 1);
    for (Resample.Box box :
        new Resample.Box[] {
          new Resample.Box(0, 0, 5, 4),
          new Resample.Box(-1, 0, 4, 4),
          new Resample.Box(2, 0, 2, 4),
          new Resample.Box(0, 0, Float.NaN, 4)
        }) {
      assertThatThrownBy(() -> Resample.resize(image, 2, 2, ResampleFilter.BOX, box))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
