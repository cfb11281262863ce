package dev.lynceus.lab.vote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.LynceusException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Bad explanations are bad, and nothing is made of itself.
class ScorerBuilderTest {
  private static List<ScorerBuilder.Demo> demos(int count) {
    return IntStream.range(0, count)
        .mapToObj(i ->
            new ScorerBuilder.Demo(
                "d" + i, List.of(), "question " + i, "good " + i, List.of("answer" + i)))
        .toList();
  }

  @Test
  void everyBadOneIsWrongAndEachExampleHasOneOfBothOrNone() {
    List<ScorerBuilder.Demo> demos = demos(12);
    Scorer scorer =
        new ScorerBuilder(8, 5, 3)
            .build(
                demos,
                (demo, shown, number) -> {
                  assertThat(shown).hasSize(8).doesNotContain(demo).doesNotHaveDuplicates();
                  int own = Integer.parseInt(demo.id().substring(1));
                  // Even ones are sometimes answered wrong, odd ones never.
                  boolean wrong = own % 2 == 0 && number % 2 == 1;
                  return new ScorerBuilder.Drawn(
                      "drawn %d of %s".formatted(number, demo.id()),
                      wrong ? "other" : "It is answer" + own + ".");
                });

    assertThat(scorer.shown()).hasSize(12);
    assertThat(scorer.shown().stream().filter(Scorer.Shown::good)).hasSize(6);
    for (int i = 0; i < scorer.shown().size(); i += 2) {
      Scorer.Shown good = scorer.shown().get(i);
      Scorer.Shown bad = scorer.shown().get(i + 1);
      assertThat(good.good()).isTrue();
      assertThat(bad.good()).isFalse();
      assertThat(bad.demo()).isEqualTo(good.demo());
      assertThat(good.explanation()).isEqualTo("good " + good.demo().substring(1));
      assertThat(bad.answer()).isEqualTo("other").isNotEqualTo(good.answer());
      assertThat(bad.explanation())
          .endsWith("of " + bad.demo())
          .containsAnyOf("drawn 1", "drawn 3");
    }
    assertThat(scorer.shown().stream().map(Scorer.Shown::demo).distinct()).hasSize(6);
  }

  @Test
  void aSeedMakesTheSameScorer() {
    ScorerBuilder.Source source =
        (demo, shown, number) -> new ScorerBuilder.Drawn(shown.getFirst().id() + number, "wrong");
    Scorer one = new ScorerBuilder(3, 4, 7).build(demos(6), source);
    assertThat(new ScorerBuilder(3, 4, 7).build(demos(6), source)).isEqualTo(one);
    assertThat(new ScorerBuilder(3, 4, 8).build(demos(6), source)).isNotEqualTo(one);
  }

  @Test
  void itSurvivesItsFile() {
    Scorer scorer =
        new ScorerBuilder(2, 1, 0)
            .build(demos(3), (demo, shown, number) -> new ScorerBuilder.Drawn("no", "wrong"));
    assertThat(Scorer.parse(scorer.json(), "x")).isEqualTo(scorer);
    assertThatThrownBy(() -> Scorer.parse("[1]", "file.json"))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("file.json is no scorer");
  }
}
