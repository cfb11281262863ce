package dev.lynceus.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ColourScaleTest {
  @Test
  void theSequentialScaleRisesEvenlyInLightness() {
    double[] lab = lightness(ColourScale.SEQUENTIAL);
    for (int i = 1; i < lab.length; i++) {
      assertThat(lab[i]).as("step " + i).isGreaterThan(lab[i - 1] - 0.15);
    }
    for (int i = 16; i < lab.length; i += 16) {
      assertThat(lab[i] - lab[i - 16]).as("sixteen steps to " + i).isBetween(3.0, 9.0);
    }
    assertThat(lab[255] - lab[0]).isGreaterThan(75);
  }

  @Test
  void theDivergingScalesAreMonotoneOnBothSidesAndNeutralInTheMiddle() {
    double[] light = lightness(ColourScale.DIVERGING_LIGHT);
    double[] dark = lightness(ColourScale.DIVERGING_DARK);
    for (int i = 129; i < 256; i++) {
      assertThat(light[i]).isLessThan(light[i - 1] + 0.4);
      assertThat(dark[i]).isGreaterThan(dark[i - 1] - 0.4);
      assertThat(light[i]).as("as light as the other side").isCloseTo(light[255 - i], within(8.0));
    }
    for (ColourScale scale :
        new ColourScale[] {ColourScale.DIVERGING_LIGHT, ColourScale.DIVERGING_DARK}) {
      int middle = scale.argb(0.5);
      int red = middle >> 16 & 255;
      int blue = middle & 255;
      assertThat(Math.abs(red - blue)).isLessThan(16);
    }
  }

  @Test
  void blueAndOrangeDifferForEveryKindOfColourVision() {
    for (ColourScale scale :
        new ColourScale[] {ColourScale.DIVERGING_LIGHT, ColourScale.DIVERGING_DARK}) {
      int low = scale.argb(0);
      int high = scale.argb(1);
      assertThat((low & 255) - (high & 255))
          .as("the blue channel carries the sign")
          .isGreaterThan(70);
    }
  }

  @Test
  void valuesBeyondTheEndsTakeTheEnds() {
    assertThat(ColourScale.SEQUENTIAL.argb(-3)).isEqualTo(ColourScale.SEQUENTIAL.argb(0));
    assertThat(ColourScale.SEQUENTIAL.argb(3)).isEqualTo(ColourScale.SEQUENTIAL.argb(1));
    assertThat(ColourScale.SEQUENTIAL.hex(1)).matches("#[0-9a-f]{6}");
    assertThat(ColourScale.SEQUENTIAL.packed())
        .hasSize(256 * 6)
        .startsWith(ColourScale.SEQUENTIAL.hex(0).substring(1));
  }

  @Test
  void signedRangesAreCentredOnZero() {
    assertThat(ValueRange.of(true, 0.2, -0.5, Double.NaN)).isEqualTo(new ValueRange(-0.5, 0.5));
    assertThat(ValueRange.of(true, 0.2, -0.5).fraction(0)).isEqualTo(0.5);
    assertThat(ValueRange.of(true, 0, 0)).isEqualTo(new ValueRange(-1, 1));
    assertThat(ValueRange.of(false, 3, 3)).isEqualTo(new ValueRange(3, 4));
    assertThat(ValueRange.of(false)).isEqualTo(new ValueRange(0, 1));
  }

  /// CIE lightness L* of each step, from the 8-bit colours that are shown.
  private static double[] lightness(ColourScale scale) {
    double[] all = new double[256];
    for (int i = 0; i < 256; i++) {
      int c = scale.argb(i / 255.0);
      double y =
          0.2126 * linear(c >> 16 & 255) + 0.7152 * linear(c >> 8 & 255) + 0.0722 * linear(c & 255);
      all[i] = y > 0.008856 ? 116 * Math.cbrt(y) - 16 : 903.3 * y;
    }
    return all;
  }

  private static double linear(int channel) {
    double v = channel / 255.0;
    return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
  }
}
