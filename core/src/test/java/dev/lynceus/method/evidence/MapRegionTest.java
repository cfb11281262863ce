package dev.lynceus.method.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Where a map points, and where it does not.
class MapRegionTest {
  private static int count(boolean[] region) {
    return (int) IntStream.range(0, region.length).filter(p -> region[p]).count();
  }

  @Test
  void theRegionHangsTogetherWithTheStrongestPatch() {
    double[] map = {
      4, 3, 0, 0,
      1, 2, 0, 0,
      0, 0, 0, 3,
    };
    boolean[] region = MapRegion.of(map, 3, 4);
    assertThat(region)
        .containsExactly(
            true, true, false, false, false, true, false, false, false, false, false, false);
    assertThat(count(MapRegion.ringed(region, 3, 4))).isEqualTo(9);
    assertThat(count(MapRegion.of(new double[] {0, -1, 0, -2}, 2, 2))).isZero();
    assertThat(count(MapRegion.of(new double[] {Double.NaN, 1}, 1, 2))).isLessThanOrEqualTo(1);
  }

  @Test
  void otherRegionsHaveItsShapeAndShareNothingWithIt() {
    boolean[] region = new boolean[64];
    region[9] = true;
    region[10] = true;
    region[18] = true;
    List<boolean[]> others = MapRegion.elsewhere(region, 8, 8, 12);
    assertThat(others).hasSize(12).doesNotHaveDuplicates();
    for (boolean[] other : others) {
      assertThat(count(other)).isEqualTo(3);
      assertThat(IntStream.range(0, 64).noneMatch(p -> region[p] && other[p])).isTrue();
    }
    boolean[] all = new boolean[64];
    java.util.Arrays.fill(all, true);
    assertThat(MapRegion.elsewhere(all, 8, 8, 12)).as("nothing fits beside all").isEmpty();
    assertThat(MapRegion.elsewhere(new boolean[64], 8, 8, 12)).as("no region").isEmpty();
  }
}
