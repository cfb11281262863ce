package dev.lynceus.model.llavanext;

import static dev.lynceus.model.llavanext.LlavaNextGolden.file;
import static dev.lynceus.model.llavanext.LlavaNextGolden.picture;
import static dev.lynceus.model.llavanext.LlavaNextGolden.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.image.RgbImage;
import dev.lynceus.method.ExplainOptions;
import dev.lynceus.method.Explainer;
import dev.lynceus.method.Explanation;
import dev.lynceus.model.Picture;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.SeenView;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tap.TokenMap.Tile;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What positions mean where a picture is seen as a whole and in tiles.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LlavaNextViewsTest {
  private LoadedModel model;

  @BeforeAll
  void load() {
    model = LoadedModel.load(file("hub"), LoadOptions.DEFAULT);
  }

  @AfterAll
  void close() {
    model.close();
  }

  private Prompt prompt(Picture... pictures) {
    return model.raw("[INST] " + "<image>".repeat(pictures.length) + " Why? [/INST]", pictures);
  }

  @Test
  void aPictureHasAViewOfTheWholeAndOneOfTheTiles() {
    TokenMap tokens = prompt(model.picture("photo.png", picture("photo.png"))).tokens();
    List<TokenMap.View> views = tokens.views();

    assertThat(views)
        .extracting(TokenMap.View::label)
        .containsExactly("photo.png (whole)", "photo.png (tiles)");
    Tile tiles = views.get(1).tile();
    // 200 x 130 pixels in 112 x 112: 72 rows of pixels hold the picture, so 8 rows of patches lose
    // one above and below.
    assertThat(tiles.rows()).isEqualTo(6);
    assertThat(tiles.columns()).isEqualTo(8);
    assertThat(views.get(0).positions()).hasSize(16);
    assertThat(views.get(1).positions()).hasSize(48);
    assertThat(views.get(1).tokens()).hasSize(54);
    assertThat(tokens.image(0)).hasSize(70);
  }

  @Test
  void lineBreaksAreTokensOfTheImageAndNoPatches() {
    TokenMap tokens = prompt(model.picture("photo.png", picture("photo.png"))).tokens();
    TokenMap.View tiles = tokens.views().get(1);
    int end = tiles.tokens()[8];

    assertThat(tokens.label(end)).isEqualTo("image[0].tile[1].row[0].break");
    assertThat(tokens.find("image[0].tile[1].row[0].break")).containsExactly(end);
    assertThat(tokens.find("image[0].tile[1].row[5].col[7]"))
        .containsExactly(tiles.positions()[47]);
    assertThat(tokens.find("image[0].tile[0].row[0].col[0]")).containsExactly(tokens.image(0)[0]);
    assertThat(tiles.positions()).doesNotContain(end);
    assertThat(tiles.tile().patch(8)).isEqualTo(-1);
    assertThat(tiles.tile().patch(9)).isEqualTo(8);
    assertThat(tokens.spots().get(end).role()).isEqualTo(TokenMap.Role.IMAGE);
  }

  /// Margins are cut in whole patches, so that the tiles may miss up to a patch of the picture at
  /// each side, or show up to a patch of padding.
  @Test
  void patchesReachTheEdgesOfThePictureUpToOnePatch() {
    for (int[] size :
        new int[][] {{200, 130}, {200, 50}, {40, 150}, {61, 113}, {100, 99}, {37, 29}}) {
      RgbImage image = random(size[0], size[1], 1);
      for (TokenMap.View view : prompt(model.picture("p", image)).tokens().views()) {
        Tile tile = view.tile();
        double[] first = tile.pixels(0, 0);
        double[] last = tile.pixels(tile.rows() - 1, tile.columns() - 1);
        double patchWidth = first[2];
        double patchHeight = first[3];
        assertThat(first[0]).isEqualTo(0, within(patchWidth));
        assertThat(first[1]).isEqualTo(0, within(patchHeight));
        assertThat(last[0] + patchWidth).isEqualTo(size[0], within(patchWidth));
        assertThat(last[1] + patchHeight).isEqualTo(size[1], within(patchHeight));
        // Symmetric, up to the odd pixel of the padding.
        assertThat(first[0]).isEqualTo(size[0] - last[0] - patchWidth, within(patchWidth / 7));
        assertThat(first[1]).isEqualTo(size[1] - last[1] - patchHeight, within(patchHeight / 7));
      }
    }
  }

  @Test
  void aSliverOfWhichNoTilesStayHasOneView() {
    Picture flat = model.picture("flat", random(90, 2, 9));
    Picture thin = model.picture("thin", random(2, 90, 8));
    TokenMap tokens = prompt(flat, thin).tokens();

    assertThat(tokens.image(0)).hasSize(16);
    assertThat(tokens.image(1)).hasSize(24);
    assertThat(tokens.views())
        .extracting(TokenMap.View::label)
        .containsExactly("flat (whole)", "thin (whole)");
    assertThat(model.views(List.of(flat, thin))).hasSize(2);
  }

  @Test
  void theSeenViewsAreThePictureItself() {
    Picture photo = model.picture("photo.png", picture("photo.png"));
    List<SeenView> views = model.views(List.of(photo));
    RgbImage tiles = views.get(1).seen();

    assertThat(views.get(0).seen()).isEqualTo(photo.views().getFirst().seen());
    assertThat(tiles.width()).isEqualTo(8 * 14);
    assertThat(tiles.height()).isEqualTo(6 * 14);
    // The tile at row 0, column 1 starts 14 rows below the edge of the sheet after the cut.
    RgbImage second = photo.views().get(2).seen();
    RgbImage third = photo.views().get(3).seen();
    for (int c = 0; c < 3; c++) {
      assertThat(tiles.sample(56, 0, c)).isEqualTo(second.sample(0, 14, c));
      assertThat(tiles.sample(111, 41, c)).isEqualTo(second.sample(55, 55, c));
      assertThat(tiles.sample(5, 42, c)).isEqualTo(third.sample(5, 0, c));
    }
  }

  @Test
  void anExplanationHasOneViewForEachGridAndMapsThatFit() {
    Picture photo = model.picture("photo.png", picture("photo.png"));
    Picture other = model.picture("other.png", random(50, 200, 3));
    Prompt prompt = prompt(photo, other);
    Explanation why =
        new Explainer(model, ExplainOptions.DEFAULT.maxTokens(3).words(2), Progress.NONE)
            .explain(prompt);

    assertThat(why.images())
        .extracting(Explanation.ImageView::name)
        .containsExactly(
            "photo.png (whole)", "photo.png (tiles)", "other.png (whole)", "other.png (tiles)");
    for (Explanation.ImageView view : why.images()) {
      assertThat(view.visualWords()).hasSize(view.rows() * view.columns());
      assertThat((double) view.modelWidth() / view.columns())
          .isEqualTo((double) view.modelHeight() / view.rows(), within(1e-9));
    }
    for (Explanation.WordExplanation word : why.words()) {
      for (int image = 0; image < 4; image++) {
        int index = image;
        Explanation.ImageView view = why.images().get(image);
        assertThat(word.maps().stream().filter(map -> map.image() == index))
            .hasSizeGreaterThan(2)
            .allSatisfy(map -> assertThat(map.values()).hasSize(view.rows() * view.columns()));
      }
    }
    mapsAreTheValuesOfTheirTokens(why);
  }

  /// The token strip says which patch of which view each position is: the map's value there is that
  /// of the head.
  private static void mapsAreTheValuesOfTheirTokens(Explanation why) {
    Explanation.WordExplanation word = why.words().getFirst();
    double[] head = word.topHeads().getFirst().positionIncrease();
    int patches = 0;
    int breaks = 0;
    for (Explanation.Token token : why.prompt().tokens()) {
      if (token.image() >= 0 && token.patch() >= 0) {
        double[] map =
            word.maps().stream()
                .filter(m -> m.id().equals("best-head") && m.image() == token.image())
                .findFirst()
                .orElseThrow()
                .values();
        assertThat(map[token.patch()]).isEqualTo(head[token.position()]);
        patches++;
      } else if (token.image() >= 0) {
        assertThat(token.label()).endsWith(".break");
        breaks++;
      }
    }
    int[] sizes = why.images().stream().mapToInt(v -> v.rows() * v.columns()).toArray();
    assertThat(patches).isEqualTo(Arrays.stream(sizes).sum());
    assertThat(breaks).isEqualTo(IntStream.of(1, 3).map(v -> why.images().get(v).rows()).sum());
  }
}
