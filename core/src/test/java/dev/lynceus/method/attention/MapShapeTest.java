package dev.lynceus.method.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Spread, spatial entropy and the ranking, against numbers worked out by hand.
class MapShapeTest {
  private static MapShape of(int columns, double... values) {
    return MapShape.of(List.of(new MapShape.Grid(values, values.length / columns, columns)));
  }

  @Test
  void oneSpotIsOneRegion() {
    MapShape spot = of(4, 0, 0, 0, 0, 0, .5, 0, 0, 0, 0, .5, 0, 0, 0, 0, 0);

    assertThat(spot.regions()).as("patches that touch at a corner").isEqualTo(1);
    assertThat(spot.entropy()).isZero();
    assertThat(spot.spread()).isCloseTo((1 / 16.0) / .5, within(1e-12));
  }

  @Test
  void twoSpotsHaveTheEntropyOfTheirShares() {
    // The mean is 0.25, the threshold 0.5: 2.5 and 0.5 are above it.
    MapShape spots = of(4, 3, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    double a = 2.5 / 3;
    assertThat(spots.regions()).isEqualTo(2);
    assertThat(spots.entropy())
        .isCloseTo(-a * Math.log(a) - (1 - a) * Math.log(1 - a), within(1e-12));
  }

  @Test
  void aFlatMapHasNoPlace() {
    MapShape flat = of(2, 1, 1, 1, 1);

    assertThat(flat.entropy()).isInfinite();
    assertThat(flat.spread()).isEqualTo(1);
    assertThat(of(2, 0, 0, 0, 0).spread()).isEqualTo(1);
  }

  @Test
  void tilesDoNotTouch() {
    double[] right = {0, 0, 0, 4, 0, 0, 0, 0, 0};
    double[] left = {0, 0, 0, 4, 0, 0, 0, 0, 0};
    MapShape tiles =
        MapShape.of(List.of(new MapShape.Grid(right, 3, 3), new MapShape.Grid(left, 3, 3)));

    assertThat(tiles.regions()).isEqualTo(2);
    assertThat(tiles.entropy()).isCloseTo(Math.log(2), within(1e-12));
  }

  @Test
  void headsThatPayThePictureAreRankedByTheirShape() {
    double[][] mass = {{.9, .8}, {.02, .01}};
    MapShape[][] shapes = {
      {new MapShape(.1, .6, 3), new MapShape(.1, .2, 2)},
      {new MapShape(.1, 0, 1), new MapShape(.1, 0, 1)}
    };

    List<LocalisationHeads.Ranked> ranked = LocalisationHeads.rank(mass, shapes);

    assertThat(ranked.stream().map(r -> r.head().text()).toList())
        .startsWith("1.0")
        .containsExactlyInAnyOrder("0.0", "0.1", "1.0", "1.1");
    assertThat(LocalisationHeads.elbow(new double[] {.9, .8, .02, .01})).isEqualTo(.02);
    assertThat(LocalisationHeads.elbow(new double[] {1, 1, 1})).isEqualTo(1);
    assertThat(ranked.getLast().head().text()).isEqualTo("1.1");
    assertThat(ranked.getLast().localises()).isFalse();
  }
}
