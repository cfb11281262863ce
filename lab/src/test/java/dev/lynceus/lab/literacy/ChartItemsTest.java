package dev.lynceus.lab.literacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.picture.Region;
import dev.lynceus.lab.picture.Rgb;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Would catch a key that does not follow from the numbers, a question that asks for something
/// else, options of which two are right, a chart that is drawn wrongly, and evidence that is
/// elsewhere.
class ChartItemsTest {
  private static final int EACH = 10;

  /// Ten of each place, small and full: 1060 items.
  private static List<ChartItem> items(Detail detail) {
    return ChartItems.suite(detail, 7, Blueprint.all(), EACH);
  }

  @Test
  void theBlueprintIsThatOfVlat() {
    assertThat(Blueprint.all()).hasSize(53).doesNotHaveDuplicates();
    Map<String, Long> tasks =
        Blueprint.all().stream()
            .collect(Collectors.groupingBy(place -> place.task().code(), Collectors.counting()));
    assertThat(tasks)
        .isEqualTo(
            Map.of(
                "RV", 13L, "CM", 13L, "EX", 12L, "RG", 5L, "TR", 5L, "AN", 2L, "CL", 2L, "HI", 1L));
    Map<Integer, Long> formats =
        Blueprint.all().stream()
            .collect(Collectors.groupingBy(Blueprint::options, Collectors.counting()));
    assertThat(formats).isEqualTo(Map.of(4, 34L, 3, 3L, 2, 16L));
  }

  @Test
  void oneOptionIsRightByTheTableAndTheWords() {
    for (Detail detail : Detail.values()) {
      for (ChartItem item : items(detail)) {
        assertThat(item.options())
            .as(item.id())
            .hasSize(item.place().options())
            .doesNotHaveDuplicates();
        assertThat(WordsOracle.answer(item.question(), item.chart()))
            .as("%s %s %s %s", detail, item.id(), item.question(), item.chart().table())
            .isEqualTo(item.answer());
        assertThat(WordsOracle.answer(item.question(), item.swapped()))
            .as("%s %s %s %s", detail, item.id(), item.question(), item.swapped().table())
            .isEqualTo(item.options().get(item.swappedKey()))
            .isNotEqualTo(item.answer());
      }
    }
  }

  @Test
  void aSeedGivesTheSameItemsWhateverElseIsAskedFor() {
    List<ChartItem> all = items(Detail.SMALL);
    assertThat(items(Detail.SMALL)).isEqualTo(all);
    List<Blueprint> pies =
        Blueprint.all().stream().filter(place -> place.chart() == ChartKind.PIE).toList();
    assertThat(ChartItems.suite(Detail.SMALL, 7, pies, EACH))
        .isEqualTo(all.stream().filter(item -> item.place().chart() == ChartKind.PIE).toList());
    assertThat(ChartItems.suite(Detail.SMALL, 8, pies, EACH))
        .isNotEqualTo(ChartItems.suite(Detail.SMALL, 7, pies, EACH));
  }

  @Test
  void rightOptionsStandEverywhereAndStatementsHoldAsOftenAsNot() {
    List<ChartItem> items = items(Detail.FULL);
    for (int place = 0; place < 4; place++) {
      int at = place;
      long of = items.stream().filter(item -> item.options().size() == 4).count();
      long here =
          items.stream().filter(item -> item.options().size() == 4 && item.key() == at).count();
      assertThat(here / (double) of).as("place " + place).isBetween(.18, .32);
    }
    long held =
        items.stream().filter(item -> item.options().size() == 2 && item.key() == 0).count();
    assertThat(held / (16.0 * EACH)).isBetween(.38, .62);
  }

  @Test
  void evidenceIsOnThePictureAndIsWhatItSays() {
    for (ChartItem item : items(Detail.SMALL).subList(0, 530)) {
      if (!item.id().endsWith("-1")) {
        continue;
      }
      Drawn drawn = ChartPainter.draw(item.chart(), 112, 112);
      List<Part> parts = drawn.of(item.evidence());
      assertThat(item.evidence())
          .as(item.id())
          .allMatch(ref -> drawn.parts().stream().anyMatch(ref::means));
      for (Part part : parts) {
        assertThat(part.region().mask(112, 112).isEmpty()).as(item.id() + part).isFalse();
      }
    }
  }

  @Test
  void barsReachTheirValues() {
    Chart chart =
        ChartItems.suite(Detail.SMALL, 3, places(ChartKind.STACKED_BAR), 1).getFirst().chart();
    for (int side : new int[] {112, 336}) {
      Drawn drawn = ChartPainter.draw(chart, side, side);
      double[] tick = new double[chart.y().ticks() + 1];
      for (Part part : drawn.parts()) {
        if (part.what() == Part.What.TICK && part.region() instanceof Region.Box box) {
          tick[part.row()] = (box.y0() + box.y1()) / 2;
        }
      }
      double high = (tick[0] - tick[5]) / chart.y().top();
      for (Part part : drawn.parts()) {
        if (part.what() == Part.What.MARK && part.region() instanceof Region.Box box) {
          int value = chart.table().values().get(part.row()).get(part.column());
          assertThat(box.y1() - box.y0()).isBetween(value * high - 1.5, value * high + 1.5);
          assertThat(colour(drawn.image(), box)).isEqualTo(chart.colours().get(part.column()));
        }
      }
    }
  }

  private static Rgb colour(RgbImage image, Region.Box box) {
    int x = (int) ((box.x0() + box.x1()) / 2);
    int y = (int) ((box.y0() + box.y1()) / 2);
    return new Rgb(image.sample(x, y, 0), image.sample(x, y, 1), image.sample(x, y, 2));
  }

  private static List<Blueprint> places(ChartKind kind) {
    return Blueprint.all().stream().filter(place -> place.chart() == kind).toList();
  }

  @Test
  void swappedChartsLookLikeTheirOwnButForTheNumbers() {
    for (ChartItem item : ChartItems.suite(Detail.FULL, 5, Blueprint.all(), 1)) {
      assertThat(item.swapped().colours()).isEqualTo(item.chart().colours());
      assertThat(item.swapped().legend()).isEqualTo(item.chart().legend());
      assertThat(item.swapped().table().rows()).isEqualTo(item.chart().table().rows());
      assertThat(ChartPainter.draw(item.swapped(), 240, 200).image())
          .isNotEqualTo(ChartPainter.draw(item.chart(), 240, 200).image());
    }
  }

  @Test
  void coveringTheLegendLeavesMarksAsTheyAre() {
    ChartItem item = ChartItems.suite(Detail.SMALL, 5, places(ChartKind.PIE), 1).getFirst();
    Drawn drawn = ChartPainter.draw(item.chart(), 112, 112);
    RgbImage covered = drawn.withoutLegend();
    assertThat(covered).isNotEqualTo(drawn.image());
    for (int y = 20; y < 112; y++) {
      for (int x = 0; x < 112; x++) {
        assertThat(covered.sample(x, y, 0)).isEqualTo(drawn.image().sample(x, y, 0));
      }
    }
  }

  @Test
  void trainingAsksWhatTheTablesAnswer() {
    SplittableRandom random = new SplittableRandom(11);
    ChartWorld world = new ChartWorld();
    var labels = new HashSet<String>();
    for (int i = 0; i < 60; i++) {
      var exercise = world.draw(random);
      assertThat(exercise.questions()).isNotEmpty();
      assertThat(exercise.patches()).isNotEmpty();
      exercise.questions().forEach(asked -> labels.add(asked.label()));
    }
    assertThat(labels).hasSizeGreaterThan(15);
    assertThat(new ChartWorld().draw(new SplittableRandom(4)))
        .isEqualTo(new ChartWorld().draw(new SplittableRandom(4)));
  }

  @Test
  void picturesTooSmallForNumbersAreRefused() {
    Chart chart = ChartItems.suite(Detail.SMALL, 5, places(ChartKind.BAR), 1).getFirst().chart();
    assertThatThrownBy(() -> ChartPainter.draw(chart, 50, 112))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("50 x 112");
  }
}
