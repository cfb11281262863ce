package dev.lynceus.model.onevision;

import static dev.lynceus.tap.Point.PROJECTOR_PACKED;

import dev.lynceus.image.ImageRegion;
import dev.lynceus.image.OneVisionTokens;
import dev.lynceus.image.ProcessedImage;
import dev.lynceus.image.RgbImage;
import dev.lynceus.image.ViewLayout;
import dev.lynceus.model.Flow;
import dev.lynceus.model.ImageScale;
import dev.lynceus.model.Picture;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.model.llava.VisualEncoder;
import dev.lynceus.model.llavanext.Sheet;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.model.vit.Tower;
import dev.lynceus.tap.Tap;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// LLaVA-OneVision (`LlavaOnevisionForConditionalGeneration`). A picture alone is seen as by
/// LLaVA-NeXT: whole, then in tiles; where the tiles have many patches, they are pooled, so that a
/// visual token stands for a part of the picture larger than a patch. Each of several pictures is
/// padded to a square and seen whole, with one learned line break after its patches. Of a video
/// each frame is squeezed into a square, its patches are pooled, and one line break ends it.
///
/// @param encoder tower and projector
/// @param newline the line break, `[width]`
/// @param imageScale whether visual tokens, line breaks included, are scaled like token embeddings
public record OneVision(
    OneVisionConfig config,
    VisualEncoder encoder,
    Tensor newline,
    TextStack decoder,
    ImageScale imageScale)
    implements VisionLanguageModel {

  @Override
  public Optional<Tower> vision() {
    return Optional.of(encoder.tower());
  }

  @Override
  public int imageToken() {
    return config.tiled().base().imageToken();
  }

  @Override
  public OptionalInt videoToken() {
    return OptionalInt.of(config.videoToken());
  }

  @Override
  public int featureWidth() {
    return config.tiled().base().featureWidth();
  }

  @Override
  public int viewTokens() {
    return config.tiled().base().imageTokens();
  }

  @Override
  public TokenMap featureMap() {
    return encoder.featureMap();
  }

  /// Frames are pooled to half their side, rounded up.
  private int frameSide() {
    return Math.ceilDiv(config.tiled().base().vision().grid(), 2);
  }

  private TokenMap.ImageGrid video(Picture video) {
    List<TokenMap.Tile> tiles = new ArrayList<>();
    for (ProcessedImage frame : video.views()) {
      ImageRegion seen = frame.region();
      TokenMap.Tile tile =
          new TokenMap.Tile(
              "frame " + tiles.size(),
              frameSide(),
              frameSide(),
              0,
              seen.left(),
              seen.top(),
              seen.width(),
              seen.height());
      // One line break at the end of the video.
      tiles.add(tiles.size() + 1 == video.views().size() ? tile.ended() : tile);
    }
    return new TokenMap.ImageGrid(
        video.name(), video.original().width(), video.original().height(), tiles);
  }

  @Override
  public int[] viewsOf(Picture picture, int tile) {
    return picture.isVideo()
        ? new int[] {tile, tile + 1}
        : VisionLanguageModel.super.viewsOf(picture, tile);
  }

  private static boolean whole(Picture picture) {
    return picture.layout() instanceof ViewLayout.Whole;
  }

  private OneVisionTokens.Grid pooled(Sheet sheet) {
    return OneVisionTokens.pooled(sheet.layout(), config.mostTiles());
  }

  @Override
  public TokenMap.ImageGrid grid(Picture picture) {
    if (picture.isVideo()) {
      return video(picture);
    }
    if (whole(picture)) {
      ImageRegion square = picture.views().getFirst().region();
      int side = config.tiled().base().vision().grid();
      return new TokenMap.ImageGrid(
          picture.name(),
          picture.original().width(),
          picture.original().height(),
          List.of(
              new TokenMap.Tile(
                      side, side, 0, square.left(), square.top(), square.width(), square.height())
                  .ended()));
    }
    Sheet sheet = Sheet.of(picture, config.tiled());
    OneVisionTokens.Grid pooled = pooled(sheet);
    return sheet.grid(pooled.rows(), pooled.columns());
  }

  @Override
  public List<RgbImage> seen(Picture picture) {
    if (picture.isVideo()) {
      return picture.views().stream().map(ProcessedImage::seen).toList();
    }
    return whole(picture)
        ? List.of(picture.views().getFirst().seen())
        : Sheet.of(picture, config.tiled()).seen();
  }

  @Override
  public Tensor visualTokens(List<Picture> pictures, DType dtype, Flow flow, Tap tap) {
    List<ProcessedImage> views =
        pictures.stream().flatMap(picture -> picture.views().stream()).toList();
    Tensor encoded = encoder.encode(() -> encoder.tower().pixels(views, dtype), flow, tap);
    List<Tensor> packed = new ArrayList<>();
    int start = 0;
    for (Picture picture : pictures) {
      if (picture.isVideo()) {
        for (int frame = 0; frame < picture.views().size(); frame++) {
          packed.add(pooledFrame(encoded.select(0, start + frame)));
        }
        packed.add(newline.to(encoded.dtype()).unsqueeze(0));
        start += picture.views().size();
        continue;
      }
      packed.add(encoded.select(0, start));
      if (whole(picture)) {
        packed.add(newline.to(encoded.dtype()).unsqueeze(0));
      } else {
        Sheet sheet = Sheet.of(picture, config.tiled());
        Tensor tiles = sheet.joined(encoded.narrow(0, start + 1, sheet.layout().tiles()));
        packed.add(Sheet.broken(pooled(tiles, pooled(sheet)), newline));
      }
      start += picture.views().size();
    }
    return tap.at(PROJECTOR_PACKED, Torch.cat(packed, 0).unsqueeze(0)).select(0, 0);
  }

  private Tensor pooledFrame(Tensor features) {
    int side = config.tiled().base().vision().grid();
    return Pooling.of(features.reshape(side, side, features.size(1)), frameSide(), frameSide())
        .flatten(0, 1);
  }

  private static Tensor pooled(Tensor tiles, OneVisionTokens.Grid grid) {
    return tiles.size(0) == grid.rows() && tiles.size(1) == grid.columns()
        ? tiles
        : Pooling.of(tiles, grid.rows(), grid.columns());
  }
}
