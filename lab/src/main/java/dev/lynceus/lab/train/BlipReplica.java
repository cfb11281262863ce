package dev.lynceus.lab.train;

import dev.lynceus.model.blip.Blip;
import dev.lynceus.model.vit.Vit;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.Tensor;
import java.util.Map;
import java.util.Objects;

/// A BLIP in training.
///
/// @param tensors all tensors of the training, by name
record BlipReplica(Blip model, Map<String, Tensor> tensors) implements Sight {

  @Override
  public Vit tower() {
    return model.tower();
  }

  /// The last one.
  @Override
  public int featureDepth() {
    return model.tower().config().layers();
  }

  @Override
  public Tensor features(Tensor state) {
    return model.tower().finished(state, Tap.idle());
  }

  @Override
  public Tensor tensor(String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }
}
