package dev.lynceus.model.llava;

import static dev.lynceus.tap.Point.PROJECTOR_OUT;
import static dev.lynceus.tap.Point.PROJECTOR_POST;
import static dev.lynceus.tap.Point.PROJECTOR_PRE;
import static dev.lynceus.tap.Point.VISION_FEATURES;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.ImageScale;
import dev.lynceus.model.Model;
import dev.lynceus.model.llama.Llama;
import dev.lynceus.model.vit.Vit;
import dev.lynceus.nn.Linear;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.Weights;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// LLaVA (`LlavaForConditionalGeneration`): the tower's features go through a two-layer projector and take the
/// places of the image placeholders among the token embeddings.
///
/// @param first first projection, `[width, features]`
/// @param second second projection, `[width, width]`
/// @param scale whether visual tokens are scaled like token embeddings
public record Llava(
    LlavaConfig config, Vit tower, Linear first, Linear second, Llama decoder, ImageScale scale)
    implements Model {

  /// Takes the projector's weights.
  public static Linear projection(Weights projector, String name, int out, int in, boolean hasBias) {
    @Nullable Tensor bias = hasBias ? projector.get(name + ".bias", out) : null;
    return new Linear(projector.get(name + ".weight", out, in), bias);
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

  /// Puts visual tokens into the places of the placeholders, in order.
  ///
  /// @param embedded token embeddings, `[batch, pos, width]`
  /// @param ids int64 `[batch, pos]`
  /// @param visual `[images, tokens, width]`
  /// @throws LynceusException BAD_REQUEST if there are not as many placeholders as visual tokens
  public Tensor merge(Tensor embedded, Tensor ids, Tensor visual) {
    long[] flat = ids.toLongs();
    int[] places = java.util.stream.IntStream.range(0, flat.length).filter(i -> flat[i] == config.imageToken()).toArray();
    long tokens = visual.size(0) * visual.size(1);
    if (places.length != tokens) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the prompt has %d image positions for %d visual tokens".formatted(places.length, tokens),
          "Write one <image> placeholder for each picture.");
    }
    Tensor rows = visual.reshape(tokens, -1);
    if (scale == ImageScale.WITH_TEXT) {
      rows = rows.mul(decoder.config().embeddingScale());
    }
    long width = embedded.size(2);
    Tensor merged = embedded.reshape(-1, width).copy();
    return merged.indexCopy_(0, Tensor.indices(places), rows).reshape(embedded.shape());
  }
}
