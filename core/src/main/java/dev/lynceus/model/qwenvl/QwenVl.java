package dev.lynceus.model.qwenvl;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageRegion;
import dev.lynceus.image.PatchGrid;
import dev.lynceus.image.ProcessedImage;
import dev.lynceus.image.RgbImage;
import dev.lynceus.image.ViewLayout;
import dev.lynceus.model.Flow;
import dev.lynceus.model.ImageScale;
import dev.lynceus.model.Picture;
import dev.lynceus.model.TowerInput;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.model.vit.Tower;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Tap;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Weights;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Qwen2-VL, Qwen2.5-VL and Qwen3-VL (`Qwen2VLForConditionalGeneration` and so on). A picture keeps
/// its shape: it is resized to whole squares of patches, as many as the settings allow, and has as
/// many visual tokens as squares. Positions have three coordinates: words count on in all of them,
/// visual tokens stand at their row and column. In Qwen3-VL visual tokens of earlier layers of the
/// tower are added to the residual stream after the first layers of the decoder (DeepStack).
public final class QwenVl implements VisionLanguageModel {
  private final QwenVlConfig config;
  private final PatchTower tower;
  private final TextStack decoder;

  private QwenVl(QwenVlConfig config, PatchTower tower, TextStack decoder) {
    this.config = config;
    this.tower = tower;
    this.decoder = decoder;
  }

  /// Builds it.
  ///
  /// @param eyes the weights of the tower
  /// @param decoder made for so many additions as [#deep(QwenVlConfig)] says
  /// @throws LynceusException BAD_CHECKPOINT if a tensor is absent or has another shape
  public static QwenVl of(QwenVlConfig config, Weights eyes, TextStack decoder) {
    PatchTowerWeights weights = PatchTowerWeights.read(config.vision(), eyes);
    return new QwenVl(config, new PatchTower(config.vision(), weights), decoder);
  }

  /// After how many layers of the decoder something is added.
  public static int deep(QwenVlConfig config) {
    return config.vision().deep().size();
  }

  @Override
  public Optional<Tower> vision() {
    return Optional.of(tower);
  }

  @Override
  public TextStack decoder() {
    return decoder;
  }

  @Override
  public boolean has(Point point) {
    return point.site() == Site.LN_IN || VisionLanguageModel.super.has(point);
  }

  @Override
  public int imageToken() {
    return config.imageToken();
  }

  @Override
  public OptionalInt videoToken() {
    return OptionalInt.of(config.videoToken());
  }

  @Override
  public ImageScale imageScale() {
    return ImageScale.AS_PROJECTED;
  }

  @Override
  public int featureWidth() {
    return config.vision().width() * (1 + config.vision().deep().size());
  }

  @Override
  public int joinedWidth() {
    return config.vision().joined();
  }

  @Override
  public int projectorInner() {
    return config.vision().joined();
  }

  @Override
  public int viewTokens() {
    return 0;
  }

  /// Its positions depend on the pictures, see [#labels].
  @Override
  public TokenMap featureMap() {
    return TokenMap.NONE;
  }

  @Override
  public TowerInput input(List<Picture> pictures) {
    return patches(pictures);
  }

  private PatchInput patches(List<Picture> pictures) {
    return PatchInput.of(pictures.stream().map(this::patches).toList(), config.vision().window());
  }

  /// The patches of a picture.
  ///
  /// @throws LynceusException BAD_CHECKPOINT if the processor makes others than the tower takes
  private PatchGrid patches(Picture picture) {
    PatchTowerConfig tower = config.vision();
    if (picture.layout() instanceof ViewLayout.Patched(PatchGrid grid)) {
      if (grid.side() == tower.patch()
          && grid.temporal() == tower.temporal()
          && grid.merge() == tower.merge()) {
        return grid;
      }
      throw foreign(
          "preprocessor_config.json makes patches of %d frames of %d pixels in squares of %d, the tower takes %d of %d in squares of %d"
              .formatted(
                  grid.temporal(),
                  grid.side(),
                  grid.merge(),
                  tower.temporal(),
                  tower.patch(),
                  tower.merge()));
    }
    throw foreign("preprocessor_config.json makes no patches of " + picture.name());
  }

  private static LynceusException foreign(String what) {
    return new LynceusException(
        ErrorCode.BAD_CHECKPOINT,
        what,
        "Use the preprocessor_config.json that belongs to this checkpoint.");
  }

  @Override
  public TokenMap.ImageGrid grid(Picture picture) {
    PatchGrid grid = patches(picture);
    return grid(picture, grid.mergedRows(), grid.mergedColumns());
  }

  private static TokenMap.ImageGrid grid(Picture picture, int rows, int columns) {
    ImageRegion region = picture.onlyView().region();
    TokenMap.Tile tile =
        new TokenMap.Tile(
            "", rows, columns, 0, region.left(), region.top(), region.width(), region.height());
    return new TokenMap.ImageGrid(
        picture.name(), picture.original().width(), picture.original().height(), List.of(tile));
  }

  /// The same in patches, in the order of the processor: squares next to each other.
  private TokenMap.ImageGrid patchGrid(Picture picture) {
    PatchGrid grid = patches(picture);
    TokenMap.ImageGrid rows = grid(picture, grid.rows(), grid.columns());
    return new TokenMap.ImageGrid(
        rows.name(),
        rows.width(),
        rows.height(),
        List.of(rows.tiles().getFirst().inBlocks(grid.merge(), grid.merge())));
  }

  @Override
  public List<RgbImage> seen(Picture picture) {
    return List.of(picture.onlyView().seen());
  }

  @Override
  public TokenMap labels(Point point, List<Picture> pictures, List<TokenMap> words) {
    return switch (point.site()) {
      case PIXELS -> TokenMap.NONE;
      case PATCH_EMBED, POS_EMBED ->
          patches(pictures).patchMap(pictures.stream().map(this::patchGrid).toList(), false);
      case LN_IN, PRE, POST, OUT ->
          patches(pictures).tokenMap(pictures.stream().map(this::grid).toList());
      case PACKED -> TokenMap.pictures(pictures.stream().map(this::grid).toList());
      default -> patches(pictures).patchMap(pictures.stream().map(this::patchGrid).toList(), true);
    };
  }

  /// Words count on from one more than the largest coordinate so far, visual tokens from there by
  /// time, row and column. Source: `get_rope_index` of transformers 5.18.
  @Override
  public int[][] standing(TokenMap tokens) {
    int[][] numbers = new int[3][tokens.length()];
    int next = 0;
    int first = 0;
    int after = 0;
    for (int p = 0; p < tokens.length(); p++) {
      TokenMap.Spot spot = tokens.spots().get(p);
      if (spot.role() == TokenMap.Role.IMAGE) {
        TokenMap.Tile tile = tokens.grids().get(spot.image()).tiles().getFirst();
        if (spot.index() == 0) {
          first = next;
          next += Math.max(tile.rows(), tile.columns());
        }
        numbers[0][p] = first;
        numbers[1][p] = first + spot.index() / tile.columns();
        numbers[2][p] = first + spot.index() % tile.columns();
      } else if (spot.role() != TokenMap.Role.PADDING) {
        for (int[] axis : numbers) {
          axis[p] = next;
        }
        next++;
      }
    }
    return numbers;
  }

  @Override
  public Visual visual(
      List<Picture> pictures, List<TokenMap> words, DType dtype, Flow flow, Tap tap) {
    PatchInput input = patches(pictures);
    Tensor left =
        flow.through(
            Stack.VISION, tap, () -> tower.forward(input, pixels(pictures, input, dtype), tap));
    Tensor features = tap.at(Point.vision(Site.FEATURES), left);
    Tensor tokens = inOrder(tower.merged(features, tap), input);
    return new Visual.Tokens(
        tap.at(Point.PROJECTOR_PACKED, tokens).select(0, 0),
        tower.deep(features).stream()
            .limit(decoder.deep())
            .map(one -> inOrder(one, input).select(0, 0))
            .toList());
  }

  /// Visual tokens in the order of the pictures.
  private Tensor inOrder(Tensor tokens, PatchInput input) {
    return config.vision().window() == 0
        ? tokens
        : tokens.indexSelect(1, Tensor.indices(input.back()));
  }

  private static Tensor pixels(List<Picture> pictures, PatchInput input, DType dtype) {
    List<float[]> views =
        pictures.stream().map(Picture::onlyView).map(ProcessedImage::pixels).toList();
    return Tensor.of(input.numbers(views), input.pixels()).to(dtype);
  }
}
