package dev.lynceus.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.verify.Goldens;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Models for matching: every place fires and can be changed, looks are taken once, pairs do not
/// depend on their company, and checkpoints for something else are told apart.
class MatcherTest {
  private static final String TEXT = "a brown dog on the grass";

  @TempDir private Path folder;

  private static LoadedMatcher load(String family) {
    return LoadedMatcher.load(Goldens.checkpoint(family), LoadOptions.DEFAULT);
  }

  private static RgbImage noise(int seed) {
    byte[] samples = new byte[40 * 34 * 3];
    new Random(seed).nextBytes(samples);
    return RgbImage.of(40, 34, samples);
  }

  private static Sight look(LoadedMatcher model, int seed) {
    return model.look(model.picture("noise" + seed, noise(seed)));
  }

  private static double logit(LoadedMatcher model, Sight sight, Intervention... changes) {
    try (MatchRun run = model.run(sight, model.words(TEXT), Capture.NONE, List.of(changes))) {
      return run.logit();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"blip-itm", "blip2-itm"})
  void everyPlaceFires(String family) {
    try (LoadedMatcher model = load(family);
        Sight sight = look(model, 1)) {
      double plain = logit(model, sight);
      for (Point point : Point.all()) {
        if (!model.model().has(point)) {
          continue;
        }
        try (MatchRun run =
            model.run(sight, model.words(TEXT), Capture.of(Capture.request(point)), List.of())) {
          int last = point.perLayer() ? model.model().layers(point.stack()) - 1 : 0;
          boolean reads = !point.site().isCross() || model.model().reads(last);
          assertThat(run.captured().has(point, reads ? last : last - 1))
              .as(point.template())
              .isTrue();
          assertThat(run.logit()).as("a look at " + point.template()).isEqualTo(plain);
        }
        if (point.writable()) {
          assertThat(logit(model, sight, Intervention.at(point, 0, new Op.Scale(1))))
              .as("an edit of nothing at " + point.template())
              .isEqualTo(plain);
          assertThat(logit(model, sight, Intervention.at(point, 0, new Op.Noise(1, .1))))
              .as("an edit at " + point.template())
              .isNotEqualTo(plain);
        }
      }
    }
  }

  /// A look may be used again, and a change in the tower is not lost on it.
  @Test
  void looksAreTakenOnce() {
    try (LoadedMatcher model = load("blip-itm");
        Sight sight = look(model, 1);
        Sight other = look(model, 2)) {
      double plain = logit(model, sight);
      Intervention inTower = Intervention.at(Point.vision(Site.RESID_PRE), 1, new Op.Scale(.5));
      double changed = logit(model, sight, inTower);
      assertThat(changed).isNotEqualTo(plain);
      assertThat(logit(model, sight)).isEqualTo(plain);
      assertThat(logit(model, other)).isNotEqualTo(plain);
      try (Sight again = look(model, 1)) {
        assertThat(logit(model, again, inTower)).isEqualTo(changed);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"blip-itm", "blip2-itm"})
  void pairsDoNotDependOnTheirCompany(String family) {
    try (LoadedMatcher model = load(family);
        Sight sight = look(model, 1)) {
      List<MatchText> texts =
          List.of(model.words(TEXT), model.words("two"), model.words("a red ball and a house"));
      double[][][] all = model.verdicts(sight, texts);
      for (int text = 0; text < texts.size(); text++) {
        try (MatchRun run = model.run(sight, texts.get(text), Capture.NONE, List.of())) {
          for (int speaker = 0; speaker < model.model().speakers(); speaker++) {
            assertThat(all[text][speaker][1]).isCloseTo(run.verdicts()[speaker][1], within(1e-5));
          }
        }
      }
      assertThat(all[0][0][1]).isNotCloseTo(all[1][0][1], within(1e-3));
    }
  }

  @Test
  void vectorsHaveLengthOne() {
    try (LoadedMatcher model = load("blip2-itm");
        Sight sight = look(model, 1)) {
      assertThat(model.vectors(sight)).hasNumberOfRows(6);
      for (double[] vector : model.vectors(sight)) {
        assertThat(length(vector)).isCloseTo(1, within(1e-6));
      }
      assertThat(length(model.vector(model.words(TEXT)))).isCloseTo(1, within(1e-6));
    }
  }

  private static double length(double[] vector) {
    double sum = 0;
    for (double value : vector) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }

  @Test
  void wordsAreMadeOfTheirTokens() {
    try (LoadedMatcher model = load("blip-itm")) {
      MatchText words = model.words("A zebra's dog, twice");
      assertThat(words.words().stream().map(MatchText.Word::text))
          .containsExactly("A", "zebra", "'", "s", "dog", ",", "twice");
      int own = words.words().stream().mapToInt(MatchText.Word::count).sum();
      assertThat(own).isEqualTo(words.tokens().length() - 2);
      assertThat(words.words().getFirst().first()).isEqualTo(1);
      assertThatThrownBy(() -> model.words("  ")).hasMessageContaining("empty");
      assertThatThrownBy(() -> model.words(""))
          .isInstanceOfSatisfying(
              LynceusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
    }
  }

  @Test
  void aTextThatIsTooLongIsRefused() {
    try (LoadedMatcher model = load("blip-itm");
        Sight sight = look(model, 1)) {
      MatchText words = model.words("dog ".repeat(70));
      assertThatThrownBy(() -> model.run(sight, words, Capture.NONE, List.of()))
          .isInstanceOfSatisfying(
              LynceusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST))
          .hasMessageContaining("72 tokens");
    }
  }

  @Test
  void placesThatItHasNotAreRefused() {
    try (LoadedMatcher model = load("blip2-itm");
        Sight sight = look(model, 1)) {
      assertThatThrownBy(() ->
              model.run(
                  sight,
                  model.words(TEXT),
                  Capture.of("qformer.blocks.1.cross.hook_pattern"),
                  List.of()))
          .isInstanceOfSatisfying(
              LynceusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_POINT));
      assertThatThrownBy(() ->
              model.run(sight, model.words(TEXT), Capture.of("blocks.0.hook_resid_pre"), List.of()))
          .isInstanceOfSatisfying(
              LynceusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_POINT));
    }
  }

  /// Both kinds of loading say what the other kind is for.
  @ParameterizedTest
  @CsvSource({"blip-itm,BlipForImageTextRetrieval", "blip2-itm,Blip2ForImageTextRetrieval"})
  void whatItIsForIsTold(String family, String type) {
    assertThatThrownBy(() -> LoadedModel.load(Goldens.checkpoint(family), LoadOptions.DEFAULT))
        .isInstanceOfSatisfying(
            LynceusException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_MODEL);
              assertThat(e.nextStep()).contains("lynceus match");
            })
        .hasMessageContaining("matching")
        .hasMessageContaining(type);
    assertThatThrownBy(() -> load("blip2-opt"))
        .isInstanceOfSatisfying(
            LynceusException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_MODEL))
        .hasMessageContaining("no head that says how well a text fits a picture");
  }

  /// Where no class is named, the weights tell.
  @Test
  void withoutAClassTheWeightsTell() {
    Path unnamed =
        Goldens.copy("blip-itm")
            .json("config.json", json -> json.remove("architectures"))
            .write(folder.resolve("unnamed"));
    try (LoadedMatcher model = LoadedMatcher.load(unnamed, LoadOptions.DEFAULT)) {
      assertThat(model.model().speakers()).isEqualTo(1);
      assertThat(model.notes()).isEmpty();
    }
  }

  @Test
  void keysWithoutAnEffectAreTold() {
    Path odd =
        Goldens.copy("blip2-itm")
            .json("config.json", json -> json.withObject("qformer_config").put("use_magic", true))
            .write(folder.resolve("odd"));
    try (LoadedMatcher model = LoadedMatcher.load(odd, LoadOptions.DEFAULT)) {
      assertThat(model.notes()).singleElement().asString().contains("use_magic");
    }
    Path wordless =
        Goldens.copy("blip2-itm")
            .json(
                "config.json",
                json -> json.withObject("qformer_config").put("use_qformer_text_input", false))
            .write(folder.resolve("wordless"));
    assertThatThrownBy(() -> LoadedMatcher.load(wordless, LoadOptions.DEFAULT))
        .isInstanceOfSatisfying(
            LynceusException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_MODEL))
        .hasMessageContaining("use_qformer_text_input");
  }

  @Test
  void whatIsClosedRefuses() {
    LoadedMatcher model = load("blip-itm");
    Sight sight = look(model, 1);
    MatchText words = model.words(TEXT);
    model.close();
    model.close();
    assertThatThrownBy(() -> model.run(sight, words, Capture.NONE, List.of()))
        .isInstanceOfSatisfying(
            LynceusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST))
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> model.words(TEXT)).hasMessageContaining("closed");
    assertThatThrownBy(model::model).hasMessageContaining("closed");
    sight.close();
  }
}
