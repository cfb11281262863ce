package dev.lynceus.model.onevision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.InPrompt;
import dev.lynceus.image.RgbImage;
import dev.lynceus.method.gradient.PatchPlaces;
import dev.lynceus.model.Picture;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What each visual token stands for: a patch of the whole picture, a pooled part of its tiles, a
/// patch of the square that one of several pictures is padded to, or a line break.
class OneVisionTokensTest {
  private static final Path CHECKPOINT = Path.of("src/test/resources/goldens/llava-onevision/hub");
  private static LoadedModel model;

  @BeforeAll
  static void load() {
    model = LoadedModel.load(CHECKPOINT, LoadOptions.DEFAULT);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static RgbImage random(int width, int height, long seed) {
    byte[] samples = new byte[3 * width * height];
    new Random(seed).nextBytes(samples);
    return RgbImage.of(width, height, samples);
  }

  private static Prompt prompt(Picture... pictures) {
    return model.prompt("What is it?", pictures);
  }

  private static void everySlotLeadsBack(TokenMap tokens) {
    for (int image = 0; image < tokens.grids().size(); image++) {
      int[] slots = tokens.image(image);
      assertThat(slots).hasSize(tokens.grids().get(image).tokens());
      for (int slot : slots) {
        assertThat(tokens.find(tokens.label(slot))).containsExactly(slot);
      }
    }
    assertThat(
            tokens.views().stream().flatMapToInt(v -> IntStream.of(v.tokens())).sorted().toArray())
        .isEqualTo(
            IntStream.range(0, tokens.grids().size())
                .flatMap(image -> IntStream.of(tokens.image(image)))
                .toArray());
  }

  /// Each pixel of the tower's inputs that lies within a view belongs to one of its patches: the
  /// sums of all patches are the sum over those pixels, whatever the pixels hold.
  @ParameterizedTest
  @CsvSource({
    "200, 130",
    "130, 200",
    "40, 31",
    "42, 42",
    "126, 126",
    "300, 40",
    "40, 300",
    "97, 193",
    "7, 5",
    "1, 1",
    "85, 83"
  })
  void everyPixelBelongsToOnePatch(int width, int height) {
    Prompt prompt = prompt(model.picture("p", random(width, height, 5)));
    TokenMap tokens = prompt.tokens();
    everySlotLeadsBack(tokens);
    int inputs = prompt.pictures().getFirst().views().size();
    double[] ones = new double[inputs * 42 * 42];
    Arrays.fill(ones, 1);
    try (Run run = model.run(prompt, Capture.NONE)) {
      for (TokenMap.View view : tokens.views()) {
        PatchPlaces places = PatchPlaces.of(run, view);
        double[] pixels = places.sums(ones, 1);
        double area =
            IntStream.range(0, places.count())
                .mapToObj(places::parts)
                .flatMap(List::stream)
                .mapToDouble(PatchPlaces.Part::share)
                .sum();
        // Margins are cut in whole patches.
        assertThat(Arrays.stream(pixels).sum()).isEqualTo(Math.round(area) * 14 * 14.0);
        assertThat(area).isCloseTo(Math.round(area), within(1e-5));
        double[][] spread = new double[inputs][9];
        double[] values = new double[places.count()];
        Arrays.fill(values, 1);
        places.spread(values, spread, 0);
        assertThat(Arrays.stream(spread).flatMapToDouble(Arrays::stream).sum())
            .isCloseTo(places.count(), within(1e-6));
      }
    }
  }

  @Test
  void tilesOfALargePictureArePooledToParts() {
    TokenMap tokens = prompt(model.picture("p", random(200, 130, 1))).tokens();
    assertThat(tokens.grids().getFirst().tokens()).isEqualTo(27);
    TokenMap.Tile whole = tokens.grids().getFirst().tiles().get(0);
    TokenMap.Tile tiles = tokens.grids().getFirst().tiles().get(1);
    assertThat(whole.patches()).isEqualTo(9);
    // Three by two tiles of three by three patches, 9 x 6 without margins, to 5 x 3.
    assertThat(tiles.columns()).isEqualTo(5);
    assertThat(tiles.rows()).isEqualTo(3);
    double[] first = tiles.pixels(0, 0);
    double[] last = tiles.pixels(2, 4);
    assertThat(first[0]).isEqualTo(tiles.left(), within(1e-9));
    assertThat(last[0] + last[2]).isEqualTo(tiles.left() + tiles.seenWidth(), within(1e-9));
    assertThat(last[1] + last[3]).isEqualTo(tiles.top() + tiles.seenHeight(), within(1e-9));
    assertThat(tokens.label(tokens.image(0)[9 + 5])).isEqualTo("image[0].tile[1].row[0].break");
  }

  @Test
  void severalPicturesAreSquaresWithABreakAtTheEnd() {
    Picture wide = model.picture("wide", random(60, 40, 1));
    Picture high = model.picture("high", random(30, 90, 2));
    Prompt prompt = prompt(wide, high);
    TokenMap tokens = prompt.tokens();
    everySlotLeadsBack(tokens);
    assertThat(tokens.image(0)).hasSize(10);
    assertThat(tokens.image(1)).hasSize(10);
    assertThat(tokens.label(tokens.image(1)[4])).isEqualTo("image[1].row[1].col[1]");
    assertThat(tokens.label(tokens.image(1)[9])).isEqualTo("image[1].break");
    assertThat(tokens.views()).extracting(TokenMap.View::label).containsExactly("wide", "high");
    assertThat(tokens.grids().get(0).tiles().getFirst())
        .satisfies(tile -> {
          assertThat(tile.top()).isEqualTo(-10);
          assertThat(tile.seenHeight()).isEqualTo(60);
        });
    // Faces hold the pictures as they were before the prompt saw them.
    assertThat(model.views(List.of(wide, high)))
        .extracting(seen -> seen.seen())
        .isEqualTo(model.views(prompt.pictures()).stream().map(seen -> seen.seen()).toList());
    assertThat(wide.views()).hasSizeGreaterThan(1);
    assertThat(prompt(wide).tokens().image(0)).hasSizeGreaterThan(10);
    // A further prompt has the same pictures: nothing is processed again.
    assertThat(prompt(wide, high).pictures().getFirst()).isSameAs(prompt.pictures().getFirst());
    // Whoever makes a picture may decide.
    RgbImage image = random(60, 40, 1);
    Prompt apart =
        prompt(
            model.picture("a", image, InPrompt.ALONE), model.picture("b", image, InPrompt.ALONE));
    assertThat(apart.tokens().image(1)).hasSize(prompt(wide).tokens().image(0).length);
  }

  /// The break between two pictures is the learned one, and each picture's tokens are its own: a
  /// change of the second leaves those of the first.
  @Test
  void tokensOfAPictureDependOnItAlone() {
    Picture first = model.picture("a", random(50, 50, 1));
    try (Scope scope = Scope.open();
        Run one = packed(first, model.picture("b", random(50, 50, 2)));
        Run other = packed(first, model.picture("c", random(50, 50, 3)))) {
      Tensor a = one.get(Point.PROJECTOR_PACKED, 0).select(0, 0);
      Tensor b = other.get(Point.PROJECTOR_PACKED, 0).select(0, 0);
      assertThat(a.narrow(0, 0, 10).toFloats()).isEqualTo(b.narrow(0, 0, 10).toFloats());
      assertThat(a.narrow(0, 10, 9).toFloats()).isNotEqualTo(b.narrow(0, 10, 9).toFloats());
      float[] newline = ((OneVision) model.model()).newline().toFloats();
      assertThat(a.select(0, 9).toFloats()).isEqualTo(newline);
      assertThat(b.select(0, 19).toFloats()).isEqualTo(newline);
    }
  }

  private static Run packed(Picture... pictures) {
    return model.run(prompt(pictures), Capture.of(Capture.request(Point.PROJECTOR_PACKED)));
  }

  @Test
  void aPlaceOfAVideoWithoutOneIsRefusedByName() {
    assertThatThrownBy(() -> model.raw("see <video> what"))
        .isInstanceOfSatisfying(
            LynceusException.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(ErrorCode.BAD_REQUEST);
              assertThat(refused).hasMessageContaining("<video>");
              assertThat(refused.nextStep()).contains("<video>", "<image>");
            });
  }

  /// Values of `interpolate` of PyTorch 2.13 for rows of 0 to 6, mode bilinear.
  @Test
  void poolingTakesTheTwoNearestAroundTheCentre() {
    try (Scope scope = Scope.open()) {
      float[] rows = {0, 1, 2, 3, 4, 5, 6};
      Tensor pooled = Pooling.of(Tensor.of(rows, 7, 1, 1), 4, 1);
      float[] expected = {0.375f, 2.125f, 3.875f, 5.625f};
      for (int i = 0; i < 4; i++) {
        assertThat(pooled.toFloats()[i]).isEqualTo(expected[i], within(1e-6f));
      }
      assertThat(Pooling.of(Tensor.of(rows, 1, 7, 1), 1, 4).toFloats())
          .isEqualTo(pooled.toFloats());
    }
  }
}
