package dev.lynceus.pupil.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Progress;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.method.score.Pointing;
import dev.lynceus.pupil.world.Box;
import dev.lynceus.pupil.world.Item;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tap.TokenMap;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ScoringTest {
  private static final TokenMap.Tile TILE =
      new TokenMap.Tile(8, 8, 0, 0, 0, World.SIZE, World.SIZE);

  @Test
  void aPerfectMapScoresOneAndARandomMapScoresChance() {
    World world = new World(3, SceneRecipe.FREE);
    SplittableRandom random = new SplittableRandom(4);
    List<Double> hits = new ArrayList<>();
    List<Double> energies = new ArrayList<>();
    List<Double> chances = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      for (Item item : world.scene(i).items()) {
        boolean[] inside = Pointing.inside(TILE, item.box().region());
        double[] perfect = new double[64];
        for (int p = 0; p < 64; p++) {
          perfect[p] = inside[p] ? 1 : 0;
        }
        assertThat(Pointing.of(perfect, TILE, item.box().region()))
            .satisfies(score -> {
              assertThat(score.hit()).isEqualTo(1);
              assertThat(score.touch()).isEqualTo(1);
              assertThat(score.energy()).isEqualTo(1);
              assertThat(score.iou()).isEqualTo(1);
            });
        Pointing blind = Pointing.of(random.doubles(64).toArray(), TILE, item.box().region());
        hits.add(blind.hit());
        energies.add(blind.energy());
        chances.add(blind.chance());
      }
    }
    assertThat(mean(hits)).isCloseTo(mean(chances), within(.05));
    assertThat(mean(energies)).isCloseTo(mean(chances), within(.01));
  }

  @Test
  void aMapOfTheOtherThingMissesTheBox() {
    Box box = new Box(0, 0, 28, 28);
    double[] map = new double[64];
    map[63] = 2;
    map[9] = 1;

    Pointing score = Pointing.of(map, TILE, box.region());

    assertThat(score.hit()).isZero();
    assertThat(score.touch()).isZero();
    assertThat(score.energy()).isCloseTo(1 / 3., within(1e-12));
    assertThat(score.chance()).isEqualTo(4 / 64.);
  }

  @Test
  void aThingTooNarrowForAnyCentreHasThePatchesThatShareMost() {
    // Columns 2 to 6 of the first patch, whose centre is at 7.
    boolean[] inside = Pointing.inside(TILE, new Box(2, 0, 6, 28).region());

    assertThat(inside[0]).isTrue();
    assertThat(inside[8]).isTrue();
    assertThat(inside[1]).isFalse();
    assertThat(inside[16]).isFalse();
  }

  @Test
  void equalLargestValuesShareTheHit() {
    double[] flat = new double[64];

    assertThat(Pointing.of(flat, TILE, new Box(0, 0, 28, 28).region()).hit()).isEqualTo(4 / 64.);
    assertThat(Pointing.of(flat, TILE, new Box(0, 0, 28, 28).region()).energy()).isNaN();
  }

  /// A map that points at the asked thing, because it is told where things are: what a perfect
  /// method does.
  private static double[] told(boolean[] inside) {
    double[] map = new double[inside.length];
    for (int p = 0; p < map.length; p++) {
      map[p] = inside[p] ? 1 : 0;
    }
    return map;
  }

  @Test
  void takingTheThingAwayTakesTheAnswerAway() {
    try (LoadedModel model = LoadedModel.load("pupil", LoadOptions.DEFAULT)) {
      Exam exam = new Exam(new World(World.HELD_OUT, SceneRecipe.FREE.withItems(2, 2)));
      float[] blank =
          Scoring.blank(model, List.of(exam.scene(100), exam.scene(101), exam.scene(102)));
      double told = 0;
      double other = 0;
      for (int i = 0; i < 6; i++) {
        var scene = exam.scene(i);
        try (Pictures pictures = new Pictures(model, List.of(scene))) {
          var question = dev.lynceus.pupil.world.Asker.colour(scene.facts(), 0).orElseThrow();
          Exchange exchange = Exchange.about(pictures, 0, question);
          var prompt = exchange.untilKey();
          TokenMap.View view = prompt.tokens().views().getFirst();
          Erasing erasing = new Erasing(pictures, blank);
          for (int item = 0; item < 2; item++) {
            double[] map =
                told(Pointing.inside(view.tile(), scene.items().get(item).box().region()));
            Erasing.Areas areas = erasing.areas(prompt, 0, view, map, exchange.key());
            assertThat(areas.deletion()).isBetween(0., 1.);
            if (item == 0) {
              told += areas.insertion() - areas.deletion();
            } else {
              other += areas.insertion() - areas.deletion();
            }
          }
        }
      }
      // A map of the other thing takes that one away first and this one somewhere on the way.
      assertThat(told / 6).isGreaterThan(.25);
      assertThat(other / 6).isLessThan(told / 6 - .25);
    }
  }

  @Test
  void everyMethodIsScoredOnEveryRightAnswer() {
    try (LoadedModel model = LoadedModel.load("pupil", LoadOptions.DEFAULT)) {
      ScoreReport report =
          new Scoring(model, PatchMethod.named("all"), 9, Progress.NONE).measure(12);

      assertThat(report.asked()).isEqualTo(12);
      assertThat(report.right()).isBetween(8, 12);
      for (ScoreReport.Row row : report.rows()) {
        if (row.objects() == 0) {
          assertThat(row.hit().of()).as(row.method()).isEqualTo(report.right());
          assertThat(row.seconds()).isPositive();
        }
      }
      assertThat(hit(report, "top-heads")).isGreaterThan(hit(report, "random") + .3);
    }
  }

  @Test
  void anUnknownMethodIsRefusedWithTheListOfMethods() {
    assertThatThrownBy(() -> PatchMethod.named("no-such-method"))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("no-such-method");
  }

  private static double hit(ScoreReport report, String method) {
    return report.rows().stream()
        .filter(row -> row.method().equals(method) && row.objects() == 0)
        .findFirst()
        .orElseThrow()
        .hit()
        .value();
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }
}
