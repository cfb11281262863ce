package dev.lynceus.method;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.method.Explanation.Word;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Results that tell nothing are told; others are not.
class DegenerateTest {
  private static double[] map(double first, double rest) {
    double[] values = new double[64];
    Arrays.fill(values, rest);
    values[0] = first;
    return values;
  }

  @Test
  void maps() {
    assertThat(Degenerate.map("the map m", map(Double.NaN, 1)))
        .contains("the map m has 1 of 64 values that are not finite");
    assertThat(Degenerate.map("m", map(.3, .3)))
        .contains("m has the same value for all 64 patches: it tells none from another");
    assertThat(Degenerate.map("m", map(.3, .3 * (1 + 1e-9)))).isPresent();
    assertThat(Degenerate.map("m", map(0, 0))).contains("m is zero for all 64 patches");
    assertThat(Degenerate.map("m", map(1, 1e-4)))
        .contains("m has 99 % of its weight on one of 64 patches");
    assertThat(Degenerate.map("m", map(-1, 1e-4))).isPresent();
    // A map with a clear best patch, a tiny map, and one of tiny numbers tell something.
    assertThat(Degenerate.map("m", map(1, .05))).isEmpty();
    assertThat(Degenerate.map("m", new double[] {1, 0})).isEmpty();
    assertThat(Degenerate.map("m", map(2e-12, 1e-12))).isEmpty();
  }

  @Test
  void words() {
    List<Word> same = List.of(word("a", 4), word(" a", 3), word("a ", 2), word("a", 1));
    assertThat(Degenerate.words("layer 3", same)).contains("layer 3 reads \u201ca\u201d 4 times");
    List<Word> equal = List.of(word("a", 1), word("b", 1), word("c", 1), word("d", 1));
    assertThat(Degenerate.words("layer 3", equal))
        .contains("layer 3 has the same value for all 4 words: it tells none from another");
    assertThat(Degenerate.words("l", List.of(word("a", Double.NaN)))).isPresent();
    assertThat(Degenerate.words("l", List.of(word("a", 2), word("b", 1)))).isEmpty();
    assertThat(Degenerate.places("layer 1", List.of("a", "a ", "a", "a", "a"), "positions"))
        .contains("layer 1 reads \u201ca\u201d at all 5 positions");
    assertThat(Degenerate.places("l", List.of("a", "a", "a", "a", "b"), "positions")).isEmpty();
  }

  private static Word word(String text, double score) {
    return new Word(0, text, score);
  }
}
