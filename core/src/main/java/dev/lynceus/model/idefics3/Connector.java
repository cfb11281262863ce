package dev.lynceus.model.idefics3;

import static dev.lynceus.tap.Point.PROJECTOR_OUT;

import dev.lynceus.model.Flow;
import dev.lynceus.model.TiledViews;
import dev.lynceus.model.vit.Vit;
import dev.lynceus.nn.Linear;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Weights;
import java.util.function.Supplier;

/// Tower and connector of Idefics3: the features of neighbouring patches are put side by side
/// (pixel shuffle) and projected together.
///
/// @param tower the vision tower
/// @param projection `[width, scale * scale * features]`
public record Connector(Idefics3Config config, Vit tower, Linear projection) {

  /// Takes the projection's weights.
  ///
  /// @param weights below `connector`
  static Connector of(Idefics3Config config, Vit tower, Weights weights) {
    int joined = config.scale() * config.scale() * config.vision().width();
    return new Connector(
        config,
        tower,
        new Linear(
            weights.get("modality_projection.proj.weight", config.text().width(), joined).own(),
            null));
  }

  /// Visual tokens of some views.
  ///
  /// @param pixels `[views, channels, side, side]`
  /// @param flow may know what left the tower
  /// @return `[views, tokens, width]`
  Tensor encode(Supplier<Tensor> pixels, Flow flow, Tap tap) {
    TiledViews views = new TiledViews(config.vision().imageSize(), config.side());
    int[] last = {config.vision().layers()};
    Tensor left =
        flow.through(Stack.VISION, tap, () -> tower.forward(pixels.get(), last, tap).getFirst());
    Tensor features = tap.at(Point.vision(Site.FEATURES), tower.finished(left, tap));
    return tap.at(PROJECTOR_OUT, projection.apply(views.shuffled(features, config.scale())));
  }
}
