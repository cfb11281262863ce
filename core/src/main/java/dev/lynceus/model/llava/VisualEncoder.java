package dev.lynceus.model.llava;

import dev.lynceus.error.LynceusException;
import dev.lynceus.model.Flow;
import dev.lynceus.model.vit.Vit;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Tap;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.Weights;
import java.util.List;
import java.util.function.Supplier;

/// Tower and projector of the LLaVA families: from the pixels of a view to visual tokens in the
/// decoder's width.
///
/// @param config which hidden states of the tower are read, and how they are projected
/// @param tower the vision tower
/// @param projector from features to visual tokens
public record VisualEncoder(LlavaConfig config, Vit tower, Projector projector) {

  /// Takes the projector's weights.
  ///
  /// @param projector the weights below `multi_modal_projector`
  /// @throws LynceusException BAD_CHECKPOINT if a tensor is absent or has another shape
  public static VisualEncoder of(LlavaConfig config, Vit tower, Weights projector) {
    return new VisualEncoder(
        config,
        tower,
        Projector.of(
            config.projector(),
            config.featureWidth(),
            config.text().width(),
            projector,
            "projector_layernorm"));
  }

  /// What the positions of the features of a view are.
  public TokenMap featureMap() {
    int side = config.vision().grid();
    boolean classToken = config.vision().classToken();
    return TokenMap.view(
        side, side, classToken && config.keepAll() ? 1 : 0, classToken || config.keepAll() ? 0 : 1);
  }

  /// Visual tokens of some views.
  ///
  /// @param pixels `[views, channels, height, width]`, made where the tower is passed
  /// @param flow may know what left the tower
  /// @return `[views, tokens, width]`
  public Tensor encode(Supplier<Tensor> pixels, Flow flow, Tap tap) {
    Tensor joined =
        flow.through(
            Stack.VISION,
            tap,
            () -> {
              List<Tensor> states = tower.forward(pixels.get(), config.featureLayers(), tap);
              return states.size() == 1 ? states.getFirst() : Torch.cat(states, 2);
            });
    Tensor features =
        tap.at(
            Point.vision(Site.FEATURES),
            config.keepAll() ? joined : joined.narrow(1, 1, joined.size(1) - 1));
    return projector.apply(features, tap);
  }
}
