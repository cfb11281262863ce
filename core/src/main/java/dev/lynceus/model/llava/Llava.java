package dev.lynceus.model.llava;

import static dev.lynceus.tap.Point.PROJECTOR_OUT;
import static dev.lynceus.tap.Point.PROJECTOR_POST;
import static dev.lynceus.tap.Point.PROJECTOR_PRE;
import static dev.lynceus.tap.Point.VISION_FEATURES;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.ImageScale;
import dev.lynceus.image.ImageRegion;
import dev.lynceus.image.ProcessedImage;
import dev.lynceus.model.Picture;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.model.llama.Llama;
import dev.lynceus.model.vit.Vit;
import dev.lynceus.nn.Linear;
import dev.lynceus.tap.Tap;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// LLaVA (`LlavaForConditionalGeneration`): the tower's features go through a two-layer projector and take the
/// places of the image placeholders among the token embeddings.
///
/// @param first first projection, `[width, features]`
/// @param second second projection, `[width, width]`
/// @param scale whether visual tokens are scaled like token embeddings
public record Llava(
    LlavaConfig config, Vit tower, Linear first, Linear second, Llama decoder, ImageScale scale)
    implements VisionLanguageModel {

  /// Takes the projector's weights.
  public static Linear projection(Weights projector, String name, int out, int in, boolean hasBias) {
    @Nullable Tensor bias = hasBias ? projector.get(name + ".bias", out).own() : null;
    return new Linear(projector.get(name + ".weight", out, in).own(), bias);
  }

  /// Sizes and switches.
  public LlavaConfig config() {
    return config;
  }

  @Override
  public Optional<Vit> vision() {
    return Optional.of(tower);
  }

  /// Visual tokens of some pictures.
  ///
  /// @param pixels `[images, channels, height, width]`
  /// @return `[images, tokens, width]`
  public Tensor encode(Tensor pixels, Tap tap) {
    List<Tensor> states = tower.forward(pixels, config.featureLayers(), tap);
    Tensor joined = states.size() == 1 ? states.getFirst() : Torch.cat(states, 2);
    Tensor features =
        tap.at(VISION_FEATURES, config.keepAll() ? joined : joined.narrow(1, 1, joined.size(1) - 1));
    Tensor hidden = tap.at(PROJECTOR_PRE, first.apply(features));
    Tensor activated = tap.at(PROJECTOR_POST, config.activation().apply(hidden));
    return tap.at(PROJECTOR_OUT, second.apply(activated));
  }

  @Override
  public int imageToken() {
    return config.imageToken();
  }

  @Override
  public TokenMap.ImageGrid grid(Picture picture) {
    ImageRegion seen = picture.views().getFirst().region();
    int side = config.vision().grid();
    return new TokenMap.ImageGrid(
        picture.name(),
        picture.original().width(),
        picture.original().height(),
        List.of(
            new TokenMap.Tile(side, side, 0, seen.left(), seen.top(), seen.width(), seen.height())));
  }

  @Override
  public Tensor visualTokens(List<Picture> pictures, DType dtype, Tap tap) {
    int side = config.vision().imageSize();
    List<Tensor> pixels = new ArrayList<>();
    for (Picture picture : pictures) {
      ProcessedImage view = picture.views().getFirst();
      if (picture.views().size() != 1 || view.height() != side || view.width() != side) {
        throw new LynceusException(
            ErrorCode.BAD_CHECKPOINT,
            "preprocessor_config.json makes %d x %d pixels, the tower takes %d x %d"
                .formatted(view.height(), view.width(), side, side),
            "Use the preprocessor_config.json that belongs to this checkpoint.");
      }
      pixels.add(Tensor.of(view.pixels(), view.channels(), view.height(), view.width()));
    }
    Tensor visual = encode(Torch.stack(pixels, 0).to(dtype), tap);
    return visual.reshape(visual.size(0) * visual.size(1), -1);
  }

  @Override
  public Tensor merge(Tensor embedded, Tensor ids, Tensor visual) {
    long[] flat = ids.toLongs();
    int[] places = IntStream.range(0, flat.length).filter(i -> flat[i] == config.imageToken()).toArray();
    long tokens = visual.size(0);
    if (places.length != tokens) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the prompt has %d image positions for %d visual tokens".formatted(places.length, tokens),
          "Write one <image> placeholder for each picture.");
    }
    Tensor rows = visual;
    if (scale == ImageScale.WITH_TEXT) {
      rows = rows.mul(decoder.config().embeddingScale());
    }
    long width = embedded.size(2);
    Tensor merged = embedded.reshape(-1, width).copy();
    return merged.indexCopy_(0, Tensor.indices(places), rows).reshape(embedded.shape());
  }
}
