package dev.lynceus.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.error.LynceusException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ComparedTest {
  private static List<Measured> runOf(int pictures, int questions, long seed, double lift) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Measured> all = new ArrayList<>();
    for (int p = 0; p < pictures; p++) {
      double mood = random.nextDouble();
      for (int q = 0; q < questions; q++) {
        double value = Math.floor(mood + lift + random.nextDouble() * .5);
        all.add(new Measured(p + "-" + q, 1, "kind" + q % 2, "p" + p, "score", value));
      }
    }
    return all;
  }

  @Test
  void aLiftIsFoundAndChanceIsNot() {
    Compared same = Compared.of(runOf(60, 2, 1, 0), runOf(60, 2, 1, 0));
    Compared lifted = Compared.of(runOf(60, 2, 1, 0), runOf(60, 2, 1, .3));

    assertThat(same.lines()).allMatch(line -> line.p() == 1 && line.difference().value() == 0);
    assertThat(lifted.lines())
        .extracting(Compared.Line::kind)
        .containsExactly("all", "kind0", "kind1");
    Compared.Line all = lifted.lines().getFirst();
    assertThat(all.second() - all.first()).isCloseTo(all.difference().value(), within(1e-12));
    assertThat(all.p()).isLessThan(.001);
    assertThat(all.holm()).isGreaterThanOrEqualTo(all.p());
    assertThat(all.rows()).isEqualTo(120);
    assertThat(all.pictures()).isEqualTo(60);
  }

  @Test
  void underTheNullSmallChancesAreAsRareAsTheySay() {
    int below = 0;
    int of = 200;
    for (int i = 0; i < of; i++) {
      double p =
          Compared.of(runOf(30, 3, 2L * i, 0), runOf(30, 3, 2L * i + 1, 0)).lines().getFirst().p();
      below += p < .1 ? 1 : 0;
    }
    assertThat(below / (double) of).isBetween(.05, .16);
  }

  @Test
  void questionsOfOnePictureAreNotIndependent() {
    List<Measured> first = runOf(20, 1, 5, 0);
    List<Measured> second = runOf(20, 1, 5, .3);
    List<Measured> firstTenfold = new ArrayList<>();
    List<Measured> secondTenfold = new ArrayList<>();
    for (int copy = 0; copy < 10; copy++) {
      for (int i = 0; i < first.size(); i++) {
        Measured a = first.get(i);
        Measured b = second.get(i);
        firstTenfold.add(
            new Measured(a.example() + copy, 1, a.kind(), a.picture(), a.metric(), a.value()));
        secondTenfold.add(
            new Measured(b.example() + copy, 1, b.kind(), b.picture(), b.metric(), b.value()));
      }
    }
    Compared.Line once = Compared.of(first, second).lines().getFirst();
    Compared.Line tenfold = Compared.of(firstTenfold, secondTenfold).lines().getFirst();

    assertThat(tenfold.difference().low()).isCloseTo(once.difference().low(), within(1e-12));
    assertThat(tenfold.p()).isEqualTo(once.p());
    assertThat(Summary.of(firstTenfold).lines().getFirst().mean().high())
        .isCloseTo(Summary.of(first).lines().getFirst().mean().high(), within(1e-12));
  }

  @Test
  void runsWithoutACommonRowAreRefused() {
    List<Measured> other =
        runOf(3, 1, 1, 0).stream()
            .map(one -> new Measured("x" + one.example(), 1, "", "", "score", one.value()))
            .toList();

    assertThatThrownBy(() -> Compared.of(runOf(3, 1, 1, 0), other))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("share no example");
  }
}
