package dev.lynceus.model.llavanext;

import static dev.lynceus.tap.Point.PROJECTOR_PACKED;

import dev.lynceus.image.ProcessedImage;
import dev.lynceus.image.RgbImage;
import dev.lynceus.model.Flow;
import dev.lynceus.model.ImageScale;
import dev.lynceus.model.Picture;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.model.llava.VisualEncoder;
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

/// LLaVA-NeXT (`LlavaNextForConditionalGeneration`): the tower sees the whole picture, then its
/// tiles at a higher resolution. The visual tokens of the whole come first; those of the tiles
/// follow, put together to one grid, without the margins that show padding, with a learned line
/// break after each row.
///
/// @param encoder tower and projector
/// @param newline the line break, `[width]`
/// @param imageScale whether visual tokens, line breaks included, are scaled like token embeddings
public record LlavaNext(
    LlavaNextConfig config,
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
    return config.base().imageToken();
  }

  @Override
  public int featureWidth() {
    return config.base().featureWidth();
  }

  @Override
  public int viewTokens() {
    return config.base().imageTokens();
  }

  @Override
  public TokenMap featureMap() {
    return encoder.featureMap();
  }

  @Override
  public TokenMap.ImageGrid grid(Picture picture) {
    Sheet sheet = Sheet.of(picture, config);
    return sheet.grid(sheet.layout().rows(), sheet.layout().columns());
  }

  @Override
  public List<RgbImage> seen(Picture picture) {
    return Sheet.of(picture, config).seen();
  }

  @Override
  public Tensor visualTokens(List<Picture> pictures, DType dtype, Flow flow, Tap tap) {
    List<Sheet> sheets = pictures.stream().map(picture -> Sheet.of(picture, config)).toList();
    List<ProcessedImage> views =
        pictures.stream().flatMap(picture -> picture.views().stream()).toList();
    Tensor encoded = encoder.encode(() -> encoder.tower().pixels(views, dtype), flow, tap);
    List<Tensor> packed = new ArrayList<>();
    int start = 0;
    for (Sheet sheet : sheets) {
      int tiles = sheet.layout().tiles();
      packed.add(encoded.select(0, start));
      packed.add(Sheet.broken(sheet.joined(encoded.narrow(0, start + 1, tiles)), newline));
      start += tiles + 1;
    }
    return tap.at(PROJECTOR_PACKED, Torch.cat(packed, 0).unsqueeze(0)).select(0, 0);
  }
}
