package dev.lynceus.method.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedMatcher;
import dev.lynceus.run.MatchRun;
import dev.lynceus.run.MatchText;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Sight;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.verify.Goldens;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Maps of cross-attention: the gradient is the one that small changes show, a map is made of its
/// words, and the test by intervention tells a map that points at what the verdict rests on from
/// one that does not.
class MatchMapTest {
  private static final String TEXT = "a brown dog on the grass";

  @TempDir private Path folder;

  private static LoadedMatcher load(String family) {
    return LoadedMatcher.load(
        Goldens.checkpoint(family), LoadOptions.DEFAULT.compute(DType.FLOAT64));
  }

  private static RgbImage noise(int seed) {
    byte[] samples = new byte[48 * 48 * 3];
    new Random(seed).nextBytes(samples);
    return RgbImage.of(48, 48, samples);
  }

  @ParameterizedTest
  @CsvSource({"blip-itm,1,2,3,4", "blip2-itm,2,1,5,9"})
  void theGradientIsWhatSmallChangesShow(String family, int layer, int head, int row, int column) {
    try (LoadedMatcher model = load(family);
        Sight sight = model.look(model.picture("noise", noise(1)));
        Scope scope = Scope.open()) {
      MatchText words = model.words(TEXT);
      int at = family.equals("blip-itm") ? layer : layer / 2;
      MatchMap.Slope slope = MatchMap.slopes(model, sight, words).get(at);
      double[] size = new double[] {1e-4, -1e-4};
      double[] found = new double[2];
      for (int i = 0; i < 2; i++) {
        float[] change = new float[(int) slope.pattern().numel()];
        int heads = (int) slope.pattern().size(1);
        int rows = (int) slope.pattern().size(2);
        int columns = (int) slope.pattern().size(3);
        assertThat(head).isLessThan(heads);
        change[(head * rows + row) * columns + column] = (float) size[i];
        Intervention added =
            Intervention.at(
                Point.of(model.model().reader(), Site.CROSS_PATTERN),
                layer,
                new Op.Add(new Values.Inline(change, new long[] {1, heads, rows, columns}), 1));
        try (MatchRun run = model.run(sight, words, Capture.NONE, List.of(added))) {
          found[i] = run.logit();
        }
      }
      double gradient =
          slope.gradient().select(0, 0).select(0, head).select(0, row).select(0, column).item();
      assertThat(gradient)
          .isCloseTo((found[0] - found[1]) / 2e-4, within(1e-5 + 1e-3 * Math.abs(gradient)));
      assertThat(Math.abs(gradient)).isGreaterThan(1e-5);
    }
  }

  @Test
  void theMapOfATextIsMadeOfItsWords() {
    try (LoadedMatcher model = load("blip-itm");
        Sight sight = model.look(model.picture("noise", noise(1)))) {
      MatchText words = model.words(TEXT);
      MatchMap map = MatchMap.of(model, sight, words, 1);
      assertThat(map.names()).containsExactly("a", "brown", "dog", "on", "the", "grass");
      assertThat(map.rows() * map.columns()).isEqualTo(9).isEqualTo(map.whole().length);
      int tokens = words.words().stream().mapToInt(MatchText.Word::count).sum();
      for (int patch = 0; patch < 9; patch++) {
        double sum = 0;
        for (int word = 0; word < map.names().size(); word++) {
          sum += map.maps()[word][patch] * words.words().get(word).count() / tokens;
          assertThat(map.maps()[word][patch]).isNotNegative();
        }
        assertThat(map.whole()[patch]).isCloseTo(sum, within(1e-12));
      }
      assertThat(map.most(9)).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8);
      assertThat(map.whole()[map.most(1)[0]])
          .isEqualTo(Arrays.stream(map.whole()).max().orElseThrow());
      assertThat(map.isEmpty()).isFalse();
    }
  }

  @Test
  void queriesLookWhereWordsDoNotRead() {
    try (LoadedMatcher model = load("blip2-itm");
        Sight sight = model.look(model.picture("noise", noise(1)))) {
      MatchText words = model.words(TEXT);
      assertThat(MatchMap.usualLayer(model.model())).isEqualTo(2);
      MatchMap map = MatchMap.of(model, sight, words, 2);
      assertThat(map.names()).hasSize(6).contains("query 5");
      assertThatThrownBy(() -> MatchMap.of(model, sight, words, 1))
          .isInstanceOfSatisfying(
              LynceusException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST);
                assertThat(e.nextStep()).contains("0, 2");
              })
          .hasMessageContaining("layer 1 reads no picture");
      assertThatThrownBy(() -> MatchMap.of(model, sight, words, 9))
          .isInstanceOf(LynceusException.class);
    }
  }

  /// A picture of one bright patch, in a model whose patches do not mix and have no places: the
  /// verdict rests on that patch alone.
  @Test
  void aMapThatPointsAtTheCauseHolds() {
    boolean held = false;
    boolean failed = false;
    for (int patch = 0; patch < 9 && !(held && failed); patch++) {
      for (double sign : new double[] {1, -1}) {
        try (LoadedMatcher model =
                LoadedMatcher.load(planted("planted" + patch + sign, sign), LoadOptions.DEFAULT);
            Sight sight = model.look(model.picture("one", bright(patch)))) {
          MatchText words = model.words(TEXT);
          MatchMap map = MatchMap.of(model, sight, words, 1);
          MatchTest test =
              MatchTest.of(
                  model, sight, words, map, new MatchTest.Options(.1, 16, 3), Progress.NONE);
          assertThat(test.patches()).isEqualTo(1);
          boolean points = map.most(1)[0] == patch;
          if (points && test.fall() > .05) {
            assertThat(test.fall()).isGreaterThan(test.randomFall());
            held |= test.holds();
          }
          // A map turned round points elsewhere: what is painted there is grey already.
          MatchMap wrong = pointing(map, (patch + 4) % 9);
          MatchTest chance =
              MatchTest.of(
                  model, sight, words, wrong, new MatchTest.Options(.1, 16, 3), Progress.NONE);
          assertThat(chance.random()).isEqualTo(test.random());
          assertThat(Math.abs(chance.fall())).isLessThan(Math.max(.01, Math.abs(test.fall())));
          failed |= !chance.holds();
        }
      }
    }
    assertThat(held).as("a map that points at the cause holds").isTrue();
    assertThat(failed).as("a map that points elsewhere does not").isTrue();
  }

  private static MatchMap pointing(MatchMap map, int patch) {
    double[] whole = new double[9];
    whole[patch] = 1;
    return new MatchMap(map.layer(), 3, 3, map.names(), map.maps(), whole);
  }

  /// Grey, and one white patch.
  private static RgbImage bright(int patch) {
    byte[] samples = new byte[48 * 48 * 3];
    for (int y = 0; y < 48; y++) {
      for (int x = 0; x < 48; x++) {
        boolean inside = y / 16 * 3 + x / 16 == patch;
        Arrays.fill(samples, (y * 48 + x) * 3, (y * 48 + x) * 3 + 3, (byte) (inside ? 255 : 96));
      }
    }
    return RgbImage.of(48, 48, samples);
  }

  private Path planted(String name, double sign) {
    return Goldens.copy("blip-itm")
        .tensors("self_attn.projection.weight", MatchMapTest::nothing)
        .tensors("self_attn.projection.bias", MatchMapTest::nothing)
        .tensors("position_embedding", MatchMapTest::nothing)
        .tensors("itm_head.weight", weight -> weight.mul(sign))
        .write(folder.resolve(name));
  }

  private static Tensor nothing(Tensor weight) {
    return weight.mul(0);
  }

  @Test
  void aTestIsRepeatable() {
    try (LoadedMatcher model = load("blip-itm");
        Sight sight = model.look(model.picture("noise", noise(1)))) {
      MatchText words = model.words(TEXT);
      MatchMap map = MatchMap.of(model, sight, words, 1);
      MatchTest.Options options = new MatchTest.Options(.4, 4, 11);
      MatchTest first = MatchTest.of(model, sight, words, map, options, Progress.NONE);
      MatchTest again = MatchTest.of(model, sight, words, map, options, Progress.NONE);
      assertThat(first.random()).isEqualTo(again.random());
      assertThat(first.pointed()).isEqualTo(again.pointed());
      assertThat(first.patches()).isEqualTo(4);
      MatchTest other =
          MatchTest.of(model, sight, words, map, new MatchTest.Options(.4, 4, 12), Progress.NONE);
      assertThat(other.random()).isNotEqualTo(first.random());
      assertThat(first.conclusion()).contains("4 patches").contains("of 4 random draws");
      assertThatThrownBy(() -> new MatchTest.Options(1, 4, 0)).isInstanceOf(LynceusException.class);
      assertThatThrownBy(() -> new MatchTest.Options(.5, 0, 0))
          .isInstanceOf(LynceusException.class);
    }
  }

  @Test
  void scoresAreRankedAndCancelled() {
    try (LoadedMatcher model = load("blip2-itm");
        Sight sight = model.look(model.picture("noise", noise(1)))) {
      List<MatchText> texts =
          List.of(model.words("a dog"), model.words("a cat"), model.words("the red house"));
      MatchScores scores = MatchScores.of(model, List.of(sight), texts, Progress.NONE);
      List<MatchScores.Pair> ranked = scores.ranked(0);
      assertThat(ranked).hasSize(3);
      assertThat(ranked.getFirst().match()).isGreaterThanOrEqualTo(ranked.getLast().match());
      for (MatchScores.Pair pair : ranked) {
        assertThat(pair.speakers()).hasSize(6);
        double mean = Arrays.stream(pair.speakers()).average().orElseThrow();
        assertThat(mean).isCloseTo(pair.logits()[1] - pair.logits()[0], within(1e-9));
        assertThat(pair.cosines()[pair.nearest()]).isEqualTo(pair.cosine());
        assertThat(Arrays.stream(pair.cosines()).max().orElseThrow()).isEqualTo(pair.cosine());
      }
      Progress stop =
          new Progress() {
            @Override
            public void at(String stage, long done, long total) {}

            @Override
            public boolean cancelled() {
              return true;
            }
          };
      assertThatThrownBy(() -> MatchScores.of(model, List.of(sight), texts, stop))
          .isInstanceOfSatisfying(
              LynceusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
      assertThatThrownBy(() -> MatchScores.of(model, List.of(), texts, Progress.NONE))
          .isInstanceOf(LynceusException.class);
    }
  }
}
