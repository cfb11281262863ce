package dev.lynceus.method.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.method.score.Auc;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// Words whose truth is known by construction: a word is right with the probability that a score
/// says, and a state says whether the thing is there.
class ReliabilityTest {
  private static final int WORDS = 1500;

  private static List<ReliabilityFit.Word> words(long seed, boolean shuffled) {
    SplittableRandom random = new SplittableRandom(seed);
    List<ReliabilityFit.Word> words = new ArrayList<>();
    for (int i = 0; i < WORDS; i++) {
      double[] scores = new double[Score.values().length];
      Arrays.fill(scores, Double.NaN);
      double x = 4 * random.nextDouble() - 2;
      scores[Score.EFFECT.ordinal()] = x;
      boolean right = random.nextDouble() < 1 / (1 + Math.exp(-2 * x));
      boolean label = shuffled ? random.nextBoolean() : right;
      float[][] states = new float[3][4];
      for (float[] state : states) {
        for (int c = 0; c < state.length; c++) {
          state[c] = (float) (2 * random.nextDouble() - 1);
        }
      }
      // Only the second depth knows, and not always.
      states[1][2] += right && random.nextInt(4) > 0 ? 1.5f : 0;
      words.add(new ReliabilityFit.Word(i / 3, scores, states, i % 2 == 0, label));
    }
    return words;
  }

  private static double area(Reliability fitted, List<ReliabilityFit.Word> words) {
    return Auc.value(
        words.stream()
            .map(word -> new Auc.Case(fitted.of(read(fitted, word)), word.right()))
            .toList());
  }

  private static double[] read(Reliability fitted, ReliabilityFit.Word word) {
    double[] scores = word.scores().clone();
    StateProbe probe = fitted.probe();
    assertThat(probe).isNotNull();
    scores[Score.PROBE.ordinal()] = probe.read(word.states()[probe.depth()]);
    return scores;
  }

  @Test
  void aProbabilityIsWhatItSaysOnNewWords() {
    Reliability fitted = ReliabilityFit.fit(words(1, false), List.of(Score.EFFECT));
    List<ReliabilityFit.Word> fresh = words(2, false);
    assertThat(fitted.probe()).isNotNull();
    assertThat(fitted.probe().depth()).as("the depth that knows").isEqualTo(1);
    assertThat(area(fitted, fresh)).isGreaterThan(.9);
    double[] said = new double[2];
    double[] right = new double[2];
    int[] of = new int[2];
    for (ReliabilityFit.Word word : fresh) {
      double p = fitted.of(read(fitted, word));
      int half = p < .5 ? 0 : 1;
      said[half] += p;
      right[half] += word.right() ? 1 : 0;
      of[half]++;
    }
    for (int half = 0; half < 2; half++) {
      assertThat(said[half] / of[half]).isCloseTo(right[half] / of[half], within(.06));
    }
  }

  @Test
  void shuffledLabelsTellNothing() {
    Reliability fitted = ReliabilityFit.fit(words(1, true), List.of(Score.EFFECT));
    assertThat(area(fitted, words(2, false))).isBetween(.3, .7);
    for (ReliabilityFit.Word word : words(2, false)) {
      assertThat(fitted.of(read(fitted, word))).isBetween(.3, .7);
    }
  }

  @Test
  void isotonicCalibrationPoolsWhatIsOutOfOrder() {
    List<ReliabilityFit.Word> words = new ArrayList<>();
    boolean[] right = {false, true, false, true, true};
    for (int i = 0; i < right.length; i++) {
      words.add(new ReliabilityFit.Word(i, new double[0], new float[0][], true, right[i]));
    }
    double[] sums = {0, 1, 2, 3, 4};
    Reliability.Calibration found = ReliabilityFit.isotonic(words, sums, new int[] {4, 2, 0, 1, 3});
    assertThat(found.of(-9)).isCloseTo(0, within(.01));
    assertThat(found.of(1.5)).isCloseTo(.5, within(1e-9));
    assertThat(found.of(9)).isCloseTo(1, within(.01));
    double before = 0;
    for (double sum = -1; sum < 5; sum += .1) {
      assertThat(found.of(sum)).isGreaterThanOrEqualTo(before);
      before = found.of(sum);
    }
  }

  @Test
  void aFileSaysTheSame() {
    Thresholds made =
        new Thresholds(
            "r",
            "normed",
            .1,
            List.of(new Thresholds.Limit(Score.PRESENCE, 1)),
            .5,
            ReliabilityFit.fit(words(1, false), List.of(Score.EFFECT)),
            new Thresholds.Measured("x", List.of(new Thresholds.Rate("image", 1, 9))));
    assertThat(Thresholds.parse(JsonMapper.shared().writeValueAsString(made), "f")).isEqualTo(made);
    // As earlier versions wrote it.
    Thresholds old =
        Thresholds.parse(
            "{\"revision\":\"r\",\"reading\":\"normed\",\"effect\":1,\"limits\":[]}", "f");
    assertThat(old.reliability()).isNull();
    assertThat(old.premise(9, 9)).isEqualTo(Verdict.UNCALIBRATED);
  }

  @Test
  void brokenFilesAreRefused() {
    String start = "{\"revision\":\"r\",\"reading\":\"normed\",";
    for (String broken :
        List.of(
            "",
            "[]",
            "null",
            "{}",
            start + "\"limits\":[]}",
            start + "\"effect\":null,\"limits\":[]}",
            start + "\"effect\":-1,\"limits\":[]}",
            start + "\"effect\":1e999,\"limits\":[]}",
            start + "\"effect\":\"NaN\",\"limits\":[]}",
            start + "\"effect\":1,\"limits\":[{\"score\":\"LUCK\",\"least\":1}]}",
            start + "\"effect\":1,\"limits\":[null]}",
            start + "\"effect\":1,\"limits\":[{\"score\":\"EFFECT\"}]}",
            start + "\"effect\":1,\"limits\":[],\"premise\":\"Infinity\"}",
            start + "\"effect\":1,\"limits\":[],\"sorce\":3}",
            start
                + "\"effect\":1,\"limits\":[],\"reliability\":{\"weights\":[{\"score\":\"EFFECT\","
                + "\"mean\":0,\"scale\":0,\"weight\":1}],\"bias\":0,\"calibration\":{\"slope\":1,"
                + "\"offset\":0,\"knots\":[]}}}")) {
      assertThatThrownBy(() -> Thresholds.parse(broken, "the file"))
          .as(broken)
          .isInstanceOf(dev.lynceus.error.LynceusException.class)
          .hasMessageStartingWith("the file holds");
    }
    for (String broken :
        List.of(
            "",
            "{}",
            "[]",
            "[null]",
            "[{\"name\":\"cat\"}]",
            "[{\"name\":\"cat\",\"box\":[1,2,3]}]",
            "[{\"name\":\"cat\",\"box\":[5,2,3,4]}]",
            "[{\"name\":\"\",\"box\":[1,2,3,4]}]",
            "[{\"name\":\"cat\",\"box\":[1,2,3,null]}]",
            "[{\"name\":\"cat\",\"bos\":[1,2,3,4]}]")) {
      assertThatThrownBy(() -> NamedBox.parse(broken, "the file"))
          .as(broken)
          .isInstanceOf(dev.lynceus.error.LynceusException.class)
          .hasMessageStartingWith("the file");
    }
    assertThatThrownBy(() -> ReliabilityFit.fit(List.of(), List.of(Score.EFFECT)))
        .hasMessageContaining("too few");
  }
}
