package dev.lynceus.method.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.LynceusException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// An adviser finds what is planted, is no surer than it is right, says when it is asked about what
/// it does not know, and does not choose by the picture where that does not pay.
class AdviserTest {
  private static final List<String> METHODS = List.of("relevancy", "occlusion", "random");

  /// What tells when the first method is right; the second is right in 60 of 100 whatever is seen.
  private enum Planted {
    CURVES,
    BEGINNINGS,
    NOTHING
  }

  private static List<AdviserFit.Case> planted(int count, Planted what) {
    SplittableRandom random = new SplittableRandom(11);
    List<AdviserFit.Case> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double worth = random.nextDouble();
      boolean where = random.nextBoolean();
      boolean usual = random.nextDouble() < .95;
      boolean first =
          switch (what) {
            case CURVES -> worth > .5 == usual;
            case BEGINNINGS -> where == usual;
            case NOTHING -> random.nextDouble() < .8;
          };
      all.add(
          new AdviserFit.Case(
              comparison(
                  where ? "Where is the cat?" : "What is the cat?",
                  new double[] {worth, random.nextDouble(), 0},
                  new boolean[] {first, random.nextDouble() < .6, random.nextDouble() < .1}),
              "picture " + i / 2));
    }
    return all;
  }

  private static Comparison comparison(String question, double[] worth, boolean[] hits) {
    List<Comparison.Judged> judged = new ArrayList<>();
    for (int m = 0; m < worth.length; m++) {
      double hit = hits[m] ? 1 : 0;
      judged.add(
          new Comparison.Judged(
              METHODS.get(m),
              "",
              "",
              new double[] {1, .5},
              0,
              0,
              0,
              Optional.of(
                  new Curves(
                      new double[] {0, 1},
                      new double[] {.5, .5},
                      new double[] {worth[m], worth[m]})),
              Double.NaN,
              Double.NaN,
              OptionalDouble.empty(),
              Optional.of(new Pointing(hit, hit, hit, hit, hit, hit, hit, .1))));
    }
    double[][] square = {{1, .5, .5}, {.5, 1, .5}, {.5, .5, 1}};
    return new Comparison(
        "m", question, "a", "w", 1, 1, "v", 1, 2, judged, 1, square, square, Optional.empty());
  }

  private static Comparison asked(String question, double first) {
    return comparison(question, new double[] {first, .5, 0}, new boolean[3]);
  }

  @Test
  void signsThatTellAreUsedAndShuffledOnesAreNot() {
    Adviser adviser = AdviserFit.of("abc", planted(600, Planted.CURVES));
    Adviser.Tried tried = adviser.tried();

    assertThat(adviser.choice()).isEqualTo(Advice.Choice.PICTURE);
    assertThat(tried.questions()).isEqualTo(600);
    assertThat(tried.pictures()).isEqualTo(300);
    assertThat(tried.way("picture").gain().low()).isGreaterThan(.05);
    assertThat(tried.way("shuffled").hit().value())
        .isLessThan(tried.way("picture").hit().value() - .1);
    assertThat(tried.brier()).isLessThan(tried.plain() - .01);
    assertThat(adviser.judges().stream().map(Adviser.JudgeOf::method))
        .containsExactlyInAnyOrder("relevancy", "occlusion");
    Advice high = adviser.advise(asked("What is the cat?", .9)).orElseThrow();
    Advice low = adviser.advise(asked("What is the cat?", .1)).orElseThrow();
    assertThat(high.method()).isEqualTo("relevancy");
    assertThat(high.sure().value()).isGreaterThan(.85);
    assertThat(high.doubts()).isEmpty();
    assertThat(low.method()).isEqualTo("occlusion");
    assertThat(low.sure().value()).isBetween(.45, .75);
    assertThat(low.sure().low()).isLessThan(low.sure().value());
    assertThat(low.sure().high()).isGreaterThan(low.sure().value()).isLessThan(.8);
    assertThat(high.text()).contains("Trust the map of relevancy").contains("600 held-out");
  }

  @Test
  void beginningsThatTellAreUsed() {
    Adviser adviser = AdviserFit.of("abc", planted(600, Planted.BEGINNINGS));

    assertThat(adviser.choice()).isNotEqualTo(Advice.Choice.ALWAYS);
    assertThat(adviser.tried().way("form").gain().low()).isPositive();
    assertThat(adviser.advise(asked("Where is the dog?", .5)).orElseThrow().method())
        .isEqualTo("relevancy");
    assertThat(adviser.advise(asked("What is the dog?", .5)).orElseThrow().method())
        .isEqualTo("occlusion");
  }

  /// Where nothing tells when a map is right, the better one is taken always, and the probability
  /// is its share, told with an interval that holds the truth.
  @Test
  void whereNothingTellsTheBetterOneIsTakenAlways() {
    Adviser adviser = AdviserFit.of("abc", planted(1000, Planted.NOTHING));

    assertThat(adviser.choice()).isEqualTo(Advice.Choice.ALWAYS);
    assertThat(adviser.judges().getFirst().method()).isEqualTo("relevancy");
    for (double worth : new double[] {.05, .5, .95}) {
      Advice advice = adviser.advise(asked("What is the cat?", worth)).orElseThrow();
      assertThat(advice.method()).isEqualTo("relevancy");
      assertThat(advice.sure().low()).isLessThan(.8);
      assertThat(advice.sure().high()).isGreaterThan(.75);
      assertThat(advice.text()).contains("is not shown to pay");
    }
  }

  @Test
  void whatItWasNotFittedOnIsDoubted() {
    Adviser adviser = AdviserFit.of("abc", planted(200, Planted.CURVES));

    assertThat(adviser.advise(asked("Why does it rain?", .9)).orElseThrow().doubts())
        .anyMatch(doubt -> doubt.contains("begins “why does”"));
    Advice far = adviser.advise(asked("What is the cat?", 3)).orElseThrow();
    assertThat(far.doubts()).anyMatch(doubt -> doubt.contains("insertion 3.000 is outside"));
    assertThat(far.text()).contains("Do not rely on this advice here");
    assertThat(adviser.fitting("abc")).isSameAs(adviser);
    assertThatThrownBy(() -> adviser.fitting("other"))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("was fitted on abc, and knows nothing of other");
    assertThat(KnownAdvisers.of("nobody knows this one")).isEmpty();
  }

  @Test
  void withoutItsMethodsOrCurvesItSaysNothing() {
    Adviser adviser = AdviserFit.of("abc", planted(100, Planted.CURVES));
    Comparison all = asked("What is the cat?", .5);
    Comparison some =
        new Comparison(
            "m",
            "q",
            "a",
            "w",
            1,
            1,
            "v",
            1,
            2,
            all.methods().subList(1, 3),
            1,
            new double[][] {{1, 0}, {0, 1}},
            new double[][] {{1, 0}, {0, 1}},
            Optional.empty());

    assertThat(adviser.advise(all)).isPresent();
    assertThat(adviser.advise(some)).isEmpty();
    assertThat(adviser.advise(all.ranked())).isPresent();
  }

  @Test
  void itIsWrittenAndRead() {
    Adviser adviser = AdviserFit.of("abc", planted(100, Planted.CURVES));

    assertThat(Adviser.parse(adviser.json(), "x.json")).isEqualTo(adviser);
    for (String broken :
        List.of("", "{}", "[]", "null", adviser.json().replace("\"scale\" : ", "\"scale\" : -"))) {
      assertThatThrownBy(() -> Adviser.parse(broken, "x.json"))
          .isInstanceOf(LynceusException.class)
          .hasMessageContaining("x.json holds no adviser");
    }
  }

  @Test
  void tooFewQuestionsTeachNothing() {
    List<AdviserFit.Case> few = planted(59, Planted.CURVES);
    assertThatThrownBy(() -> AdviserFit.of("abc", few))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("59 questions");
    assertThatThrownBy(() -> AdviserFit.of("abc", List.of()))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("0 questions");
  }
}
