package dev.lynceus.lab.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.measure.ScoreReport.Measure;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.method.score.Paired;
import dev.lynceus.method.score.Pointing;
import dev.lynceus.method.score.Truth;
import dev.lynceus.pupil.world.Box;
import dev.lynceus.pupil.world.Item;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
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
  void precisionIsOfTheOrderAloneAndEnergyIsNot() {
    double[] map = new SplittableRandom(1).doubles(64).toArray();
    double[] squared = java.util.Arrays.stream(map).map(v -> v * v).toArray();
    Box box = new Box(14, 14, 56, 42);

    Pointing one = Pointing.of(map, TILE, box.region());
    Pointing other = Pointing.of(squared, TILE, box.region());

    assertThat(other.precision()).isEqualTo(one.precision());
    assertThat(other.hit()).isEqualTo(one.hit());
    assertThat(other.energy()).isNotEqualTo(one.energy());
    assertThat(one.maskPrecision()).isNaN();
    // By hand: the wanted come second and third.
    assertThat(
            Pointing.precision(new double[] {4, 3, 2, 1}, new boolean[] {false, true, true, false}))
        .isCloseTo((1 / 2. + 2 / 3.) / 2, within(1e-12));
    // A flat map says nothing: its precision is the part that is wanted.
    assertThat(Pointing.precision(new double[4], new boolean[] {false, true, false, false}))
        .isEqualTo(.25);
  }

  @Test
  void masksCoverPartsOfPatches() {
    byte[] covered = new byte[World.SIZE * World.SIZE];
    for (int y = 0; y < 14; y++) {
      for (int x = 0; x < 21; x++) {
        covered[y * World.SIZE + x] = (byte) 255;
      }
    }
    Truth truth =
        new Truth(
            List.of(new Box(0, 0, 21, 14).region()),
            List.of(new Truth.Mask(World.SIZE, World.SIZE, covered)));

    assertThat(truth.covered(TILE)[0]).isEqualTo(1);
    assertThat(truth.covered(TILE)[1]).isCloseTo(.5, within(1e-12));
    assertThat(truth.covered(TILE)[2]).isZero();
    assertThat(truth.masked(TILE)[1]).isTrue();
  }

  @Test
  void pairsThatDoNotDifferAreNotTold() {
    SplittableRandom random = new SplittableRandom(2);
    double[] base = random.doubles(60).toArray();
    double[] noise = new double[60];
    double[] better = new double[60];
    for (int i = 0; i < 60; i++) {
      noise[i] = base[i] + random.nextDouble(-.1, .1);
      better[i] = base[i] + random.nextDouble(-.05, .15);
    }
    List<Paired> pairs =
        Paired.of(
            "hit",
            new Paired.Values("base", base),
            List.of(
                new Paired.Values("same", base),
                new Paired.Values("noise", noise),
                new Paired.Values("better", better)));

    assertThat(pairs.get(0).p()).isEqualTo(1);
    assertThat(pairs.get(1).holm()).isGreaterThan(.05);
    assertThat(pairs.get(2).p()).isLessThan(.002);
    assertThat(pairs.get(2).holm()).isCloseTo(3 * pairs.get(2).p(), within(1e-12));
    assertThat(pairs.get(2).difference().low()).isPositive();
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
      List<PatchMethod> methods =
          PatchMethod.named(
              "seeing-heads,seeing-heads-increase,seeing-heads-gradient,integrated-gradients-4,"
                  + "average-attention,random");
      Scoring.Plan plan = new Scoring.Plan(9, Scoring.Plan.SEEN, Scoring.Erased.TOKENS);
      ScoreReport report = new Scoring(model, methods, plan, Progress.NONE).measure(14);

      assertThat(report.asked()).isEqualTo(14);
      assertThat(report.right()).isBetween(9, 14);
      assertThat(report.items()).hasSize(report.right() * (methods.size() + 2));
      assertThat(report.items()).extracting(ScoreReport.Item::kind).contains("colour", "where");
      for (ScoreReport.Row row : report.rows()) {
        if (row.objects() == 0 && row.kind().equals(ScoreReport.ALL)) {
          assertThat(row.count()).as(row.method()).isEqualTo(report.right());
        }
      }
      // What knows the truth is the ceiling of what is measured against it.
      assertThat(value(report, ScoreReport.BOX, Measure.PRECISION)).isEqualTo(1);
      assertThat(value(report, ScoreReport.MASK, Measure.MASK_PRECISION)).isEqualTo(1);
      assertThat(value(report, ScoreReport.MASK, Measure.DELETION))
          .isLessThan(value(report, "random", Measure.DELETION) - .1);
      assertThat(value(report, ScoreReport.MASK, Measure.PIXELS)).isNaN();
      assertThat(value(report, "seeing-heads", Measure.HIT)).isGreaterThan(.7);
      assertThat(value(report, "seeing-heads", Measure.PRECISION))
          .isGreaterThan(value(report, "random", Measure.PRECISION) + .4);
      // The first is what the others are compared with.
      assertThat(report.pairs()).allMatch(pair -> pair.against().equals("seeing-heads"));
      assertThat(report.pairs())
          .filteredOn(pair -> pair.method().equals("random") && pair.measure().equals("precision"))
          .singleElement()
          .satisfies(pair -> {
            assertThat(pair.difference().high()).isNegative();
            assertThat(pair.p()).isLessThan(.01);
            assertThat(pair.holm()).isBetween(pair.p(), 5 * pair.p());
          });
    }
  }

  @Test
  void coveringThePixelsOfTheThingTakesTheAnswerAwayToo() {
    try (LoadedModel model = LoadedModel.load("pupil", LoadOptions.DEFAULT)) {
      Scoring.Plan plan =
          new Scoring.Plan(
              9, List.of(dev.lynceus.pupil.world.Question.Kind.COLOUR), Scoring.Erased.PIXELS_TOO);
      ScoreReport report =
          new Scoring(model, PatchMethod.named("random"), plan, Progress.NONE).measure(3);
      assertThat(report.pairs()).isEmpty();
      assertThat(value(report, ScoreReport.MASK, Measure.PIXELS))
          .isLessThan(value(report, "random", Measure.PIXELS) - .1);
    }
  }

  @Test
  void anUnknownMethodIsRefusedWithTheListOfMethods() {
    assertThatThrownBy(() -> PatchMethod.named("no-such-method"))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("no-such-method");
  }

  private static double value(ScoreReport report, String method, Measure measure) {
    return report.rows().stream()
        .filter(row -> row.method().equals(method) && row.objects() == 0)
        .filter(row -> row.kind().equals(ScoreReport.ALL))
        .findFirst()
        .orElseThrow()
        .value(measure)
        .value();
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }
}
