package dev.lynceus.lab.train;

import dev.lynceus.model.vit.Vit;
import dev.lynceus.tensor.Tensor;

/// A model in training, as far as the lesson of its tower is concerned.
interface Sight {
  /// The tower.
  Vit tower();

  /// Depth of the state that the rest of the model reads.
  int featureDepth();

  /// What the rest of the model reads of that state.
  ///
  /// @param state `[pictures, positions, width]`
  Tensor features(Tensor state);

  /// A tensor of the training, by name.
  Tensor tensor(String name);
}
