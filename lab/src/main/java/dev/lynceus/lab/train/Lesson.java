package dev.lynceus.lab.train;

import dev.lynceus.tensor.Tensor;
import java.util.SplittableRandom;

/// What one stage of the training teaches: makes examples and says how wrong the model is.
///
/// @param <M> the model in training
interface Lesson<M> {

  /// The loss of some examples.
  ///
  /// @param sum sum over all targets of weight times loss, one number that records gradients
  /// @param weight sum of the weights
  record Loss(Tensor sum, double weight, Tally tally) {}

  /// Examples of one step.
  int examples();

  /// The loss of some of the examples of a step. All of it follows from the generator.
  ///
  /// @param count how many examples
  /// @param progress how much of the stage is over, 0 to 1
  Loss loss(M model, SplittableRandom random, int count, double progress);
}
