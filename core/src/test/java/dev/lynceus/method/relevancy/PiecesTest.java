package dev.lynceus.method.relevancy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.method.relevancy.CompatibleRelevancy.Maps;
import dev.lynceus.method.relevancy.CompatibleRelevancy.Pieces;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How the maps of tokens become the map of a word, with numbers by hand.
class PiecesTest {
  private static final List<Maps> TOKENS =
      List.of(
          new Maps(
              new double[] {1, 0}, new double[] {2, 4}, new double[] {0, 1}, new double[] {1, 0}),
          new Maps(
              new double[] {.2, .8},
              new double[] {4, 0},
              new double[] {1, 1},
              new double[] {0, 1}));

  @Test
  void theToolShowsTheLastTokensRowAlone() {
    Maps word = Pieces.LAST.of(TOKENS);
    assertThat(word.llama()).containsExactly(.1, .4);
    assertThat(word.shown()).containsExactly(0, 1);
    assertThat(word.vit()).containsExactly(3, 2);
    assertThat(word.all()).containsExactly(.5, 1);
  }

  @Test
  void theMeanIsThatOfEveryMap() {
    Maps word = Pieces.MEAN.of(TOKENS);
    assertThat(word.llama()).containsExactly(.6, .4);
    assertThat(word.shown()).containsExactly(.5, .5);
    assertThat(word.vit()).containsExactly(3, 2);
  }

  @Test
  void aWordOfOneTokenIsThatToken() {
    for (Pieces pieces : Pieces.values()) {
      Maps word = pieces.of(TOKENS.subList(1, 2));
      assertThat(word.llama()).containsExactly(.2, .8);
      assertThat(word.shown()).containsExactly(0, 1);
    }
  }
}
