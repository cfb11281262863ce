package dev.lynceus.method.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.method.match.MatchScores;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedMatcher;
import dev.lynceus.run.MatchRun;
import dev.lynceus.run.MatchText;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Sight;
import dev.lynceus.tap.Capture;
import dev.lynceus.tensor.DType;
import dev.lynceus.verify.Goldens;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Queries of a model for matching: what is told of each is what the model says, what is taken away
/// is taken away, and a set that is worth no more than chance is told so.
class MatchQueriesTest {
  private static final String TEXT = "a brown dog on the grass";
  private static final QueryControl.Options FEW = new QueryControl.Options(8, 3);

  private static LoadedMatcher load(String family) {
    return LoadedMatcher.load(
        Goldens.checkpoint(family), LoadOptions.DEFAULT.compute(DType.FLOAT64));
  }

  private static RgbImage noise() {
    byte[] samples = new byte[48 * 48 * 3];
    new Random(5).nextBytes(samples);
    return RgbImage.of(48, 48, samples);
  }

  @Test
  void whatIsToldIsWhatTheModelSays() {
    try (LoadedMatcher model = load("blip2-itm");
        Sight sight = model.look(model.picture("noise", noise()))) {
      MatchText words = model.words(TEXT);
      MatchQueries queries = MatchQueries.of(model, sight, words, FEW, Progress.NONE);
      MatchScores.Pair pair =
          MatchScores.of(model, List.of(sight), List.of(words), Progress.NONE).pair(0, 0);
      assertThat(queries.verdicts()).containsExactly(pair.speakers(), within(1e-9));
      assertThat(queries.cosines()).containsExactly(pair.cosines(), within(1e-9));
      assertThat(queries.margin()).isCloseTo(pair.logits()[1] - pair.logits()[0], within(1e-9));
      assertThat(queries.cosine()).isCloseTo(pair.cosine(), within(1e-9));
      assertThat(queries.nearest()).isEqualTo(pair.nearest());
      assertThat(queries.byVerdict().getFirst()).isEqualTo(pair.mostFor());

      int n = queries.verdicts().length;
      for (int q = 0; q < n; q++) {
        int query = q;
        double others =
            IntStream.range(0, n)
                .filter(one -> one != query)
                .mapToDouble(one -> queries.verdicts()[one])
                .average()
                .orElseThrow();
        assertThat(queries.uncounted()[q]).isCloseTo(others - queries.margin(), within(1e-9));
        assertThat(queries.uncountedCosine()[q] == 0).isEqualTo(q != queries.nearest());
        try (MatchRun run =
            model.run(
                sight, words, Capture.NONE, List.of(QueryRemoval.EMBEDDING.of(q, layers(model))))) {
          double left =
              IntStream.range(0, n)
                  .filter(one -> one != query)
                  .mapToDouble(one -> run.verdicts()[one][1] - run.verdicts()[one][0])
                  .average()
                  .orElseThrow();
          assertThat(queries.gone()[q]).isCloseTo(left - queries.margin(), within(1e-9));
        }
        // Each query reads in the others, so that one that is gone changes what they say.
        assertThat(queries.gone()[q]).isNotCloseTo(queries.uncounted()[q], within(1e-12));
      }
    }
  }

  private static int layers(LoadedMatcher model) {
    return MatchQueries.requireFormer(model).layers();
  }

  @Test
  void layersAndHeadsMakeUpTheMaps() {
    try (LoadedMatcher model = load("blip2-itm");
        Sight sight = model.look(model.picture("noise", noise()))) {
      MatchQueries queries = MatchQueries.of(model, sight, model.words(TEXT), FEW, Progress.NONE);
      QueryDetail detail = queries.detail();
      assertThat(
              Arrays.stream(detail.layers()).allMatch(MatchQueries.requireFormer(model)::crosses))
          .isTrue();
      for (double[] map : queries.maps()) {
        assertThat(Arrays.stream(map).sum()).isCloseTo(1, within(1e-9));
      }
      for (double[][] layer : detail.heads()) {
        for (double[] map : layer) {
          assertThat(Arrays.stream(map).sum()).isCloseTo(1, within(1e-9));
        }
      }
      // Words stand beside the queries and take a part.
      for (double[] row : detail.reads()) {
        assertThat(Arrays.stream(row).sum()).isBetween(.01, 1 - 1e-6);
      }
      assertThat(detail.different()).isBetween(1.0, (double) queries.maps().length);
      assertThat(queries.gone()[detail.query()])
          .isEqualTo(Arrays.stream(queries.gone()).min().orElseThrow());
    }
  }

  @Test
  void differentIsOneOfEqualsAndAllOfStrangers() {
    assertThat(QueryDetail.different(new double[][] {{1, 1}, {1, 1}})).isEqualTo(1);
    assertThat(QueryDetail.different(new double[][] {{1, 0}, {0, 1}})).isEqualTo(2);
    assertThat(QueryDetail.overlap(new double[][] {{1, 0}, {1, 0}, {0, 1}}))
        .isCloseTo(1 / 3.0, within(1e-12));
  }

  @Test
  void aControlTellsFewThatMatterFromChance() {
    double[] single = {-3, 0, .1, -.2, 0, .2, 0, 0, -.1, 0};
    QueryControl real =
        QueryControl.of(single, new QueryControl.Options(40, 1), some -> sum(single, some));
    assertThat(real.chosen()).containsExactly(0);
    assertThat(real.together()).isEqualTo(-3);
    assertThat(real.holds()).isTrue();
    assertThat(real.conclusion("it")).contains("Both measures agree");
    double[] alike = new double[10];
    Arrays.fill(alike, -.5);
    QueryControl chance =
        QueryControl.of(alike, new QueryControl.Options(40, 1), some -> sum(alike, some));
    assertThat(chance.chosen()).hasSize(5);
    assertThat(chance.asMuch()).isEqualTo(40);
    QueryControl alone =
        QueryControl.of(new double[] {-1}, new QueryControl.Options(5, 1), some -> -1);
    assertThat(alone.random()).isEmpty();
    assertThat(alone.holds()).isFalse();
    assertThat(alone.conclusion("it")).contains("no other query");
    assertThat(chance.holds()).isFalse();
    assertThat(chance.conclusion("it")).contains("no more than chance");
    // Nothing is lost without any: then no set is said to carry it.
    QueryControl none =
        QueryControl.of(
            new double[] {0, .1, .2}, new QueryControl.Options(5, 1), some -> .1 * some.length);
    assertThat(none.holds()).isFalse();
  }

  private static double sum(double[] values, int[] some) {
    return IntStream.of(some).mapToDouble(i -> values[i]).sum();
  }

  @Test
  void theControlOfAVerdictIsWhatTheOthersLose() {
    try (LoadedMatcher model = load("blip2-itm");
        Sight sight = model.look(model.picture("noise", noise()))) {
      MatchText words = model.words(TEXT);
      MatchQueries queries = MatchQueries.of(model, sight, words, FEW, Progress.NONE);
      QueryControl control = queries.control();
      assertThat(control.chosen()[0]).isEqualTo(queries.byVerdict().getFirst());
      try (MatchRun run =
          model.run(
              sight,
              words,
              Capture.NONE,
              IntStream.of(control.chosen())
                  .mapToObj(q -> QueryRemoval.EMBEDDING.of(q, layers(model)))
                  .toList())) {
        double change =
            IntStream.range(0, queries.verdicts().length)
                .filter(q -> IntStream.of(control.chosen()).noneMatch(one -> one == q))
                .mapToDouble(
                    q -> run.verdicts()[q][1] - run.verdicts()[q][0] - queries.verdicts()[q])
                .average()
                .orElseThrow();
        assertThat(control.together()).isCloseTo(change, within(1e-9));
      }
    }
  }

  @Test
  void aModelWithoutQueriesIsRefused() {
    try (LoadedMatcher model = load("blip-itm");
        Sight sight = model.look(model.picture("noise", noise()))) {
      MatchText words = model.words(TEXT);
      assertThatThrownBy(() -> MatchQueries.of(model, sight, words, FEW, Progress.NONE))
          .isInstanceOfSatisfying(
              LynceusException.class,
              refused -> assertThat(refused.code()).isEqualTo(ErrorCode.UNSUPPORTED_MODEL))
          .hasMessageContaining("no Q-Former");
    }
  }
}
