package dev.lynceus.method.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.method.evidence.ThresholdFit.Judged;
import dev.lynceus.method.evidence.ThresholdFit.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Which scores become limits.
class ThresholdFitTest {
  private static Judged word(int group, Kind kind, boolean right, Map<Score, Double> known) {
    double[] scores = new double[Score.values().length];
    Arrays.fill(scores, Double.NaN);
    known.forEach((score, value) -> scores[score.ordinal()] = value);
    return new Judged(group, kind, true, right, scores, new float[0][]);
  }

  /// Words whose probability tells most wrong ones, and whose presence tells all wrong ones that
  /// have it: two of forty.
  private static List<Judged> words() {
    List<Judged> words = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      double sure = -.001 * i;
      words.add(word(i, Kind.FORM, true, Map.of(Score.EFFECT, 0.)));
      words.add(
          word(
              i,
              Kind.ANSWER,
              true,
              i % 2 == 0
                  ? Map.of(Score.EFFECT, 2., Score.PROBABILITY, sure, Score.PRESENCE, 4. + i)
                  : Map.of(Score.EFFECT, 2., Score.PROBABILITY, sure)));
    }
    for (int i = 0; i < 40; i++) {
      double doubtful = i < 4 ? -.0005 : -1 - .01 * i;
      words.add(
          word(
              i,
              Kind.ANSWER,
              false,
              i < 2
                  ? Map.of(Score.EFFECT, 2., Score.PROBABILITY, doubtful, Score.PRESENCE, 1.)
                  : Map.of(Score.EFFECT, 2., Score.PROBABILITY, doubtful)));
    }
    return words;
  }

  private static List<Score> limits(List<Judged> words) {
    return ThresholdFit.limits("r", "normed", words, List.of()).limits().stream()
        .map(Thresholds.Limit::score)
        .toList();
  }

  @Test
  void aScoreOfAHandfulOfWordsDoesNotTakeThePlaceOfOneThatTellsThemAll() {
    assertThat(limits(words())).containsExactly(Score.PROBABILITY);
  }

  @Test
  void aScoreThatRightWordsLackIsChosenWhereEveryWrongOneHasIt() {
    List<Judged> words = words();
    for (int i = 0; i < 40; i++) {
      words.add(
          word(
              i,
              Kind.ABSENT,
              false,
              Map.of(Score.EFFECT, 2., Score.PROBABILITY, -.05, Score.PRESENCE, -3.)));
    }
    assertThat(limits(words)).containsExactly(Score.PRESENCE, Score.PROBABILITY);
  }
}
