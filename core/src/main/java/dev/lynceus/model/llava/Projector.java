package dev.lynceus.model.llava;

import static dev.lynceus.tap.Point.PROJECTOR_OUT;
import static dev.lynceus.tap.Point.PROJECTOR_POST;
import static dev.lynceus.tap.Point.PROJECTOR_PRE;

import dev.lynceus.nn.Activation;
import dev.lynceus.nn.Linear;
import dev.lynceus.nn.Norm;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Weights;
import org.jspecify.annotations.Nullable;

/// Two projections with a function between them, which make visual tokens of a tower's features;
/// before them a norm, where there is one.
///
/// @param norm null without one
/// @param first `[width, features]`
/// @param second `[width, width]`
public record Projector(
    Norm.@Nullable Layer norm, Linear first, Activation activation, Linear second) {

  /// Takes the weights.
  ///
  /// @param features width of what is projected
  /// @param width of the decoder
  /// @param weights below `multi_modal_projector`
  /// @param normName name of the norm among them, where there is one
  /// @throws dev.lynceus.error.LynceusException BAD_CHECKPOINT if a tensor is absent or has another
  ///   shape
  public static Projector of(
      LlavaConfig.Projector config, int features, int width, Weights weights, String normName) {
    Norm.@Nullable Layer norm =
        config.normEps().isEmpty()
            ? null
            : new Norm.Layer(
                weights.get(normName + ".weight", features).own(),
                weights.get(normName + ".bias", features).own(),
                config.normEps().getAsDouble());
    return new Projector(
        norm,
        projection(weights, "linear_1", width, features, config.bias()),
        config.activation(),
        projection(weights, "linear_2", width, width, config.bias()));
  }

  private static Linear projection(Weights weights, String name, int out, int in, boolean hasBias) {
    @Nullable Tensor bias = hasBias ? weights.get(name + ".bias", out).own() : null;
    return new Linear(weights.get(name + ".weight", out, in).own(), bias);
  }

  /// Visual tokens.
  ///
  /// @param features `[views, tokens, features]`
  /// @return `[views, tokens, width]`
  public Tensor apply(Tensor features, Tap tap) {
    Tensor read =
        norm == null
            ? features
            : tap.at(Point.of(Stack.PROJECTOR, Site.LN_IN), norm.apply(features));
    Tensor hidden = tap.at(PROJECTOR_PRE, first.apply(read));
    Tensor activated = tap.at(PROJECTOR_POST, activation.apply(hidden));
    return tap.at(PROJECTOR_OUT, second.apply(activated));
  }
}
