package dev.lynceus.lab.train;

import dev.lynceus.tensor.Tensor;
import java.util.Map;
import java.util.SplittableRandom;

/// What one stage of an X-Former's training teaches.
interface XFormerLesson {

  /// A loss, and what it is made of.
  ///
  /// @param total one number that records gradients
  /// @param parts by name, and shares of right answers
  record Loss(Tensor total, Map<String, Double> parts) {}

  /// The loss of some scenes.
  ///
  /// @param some numbers of scenes
  /// @param random of everything that is drawn beside them
  Loss loss(TrainedXFormer model, ScenePool pool, int[] some, SplittableRandom random);
}
