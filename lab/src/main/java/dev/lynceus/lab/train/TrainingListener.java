package dev.lynceus.lab.train;

import java.util.Map;

/// Told how a training goes.
public interface TrainingListener {

  /// Some steps are done.
  ///
  /// @param done steps of the stage so far
  /// @param loss mean over the steps since the last report
  /// @param right share of right answers over the same steps, by what was asked
  /// @param seconds since this run began
  /// @param rate steps a second
  void steps(
      long done, long all, double loss, Map<String, Double> right, double seconds, double rate);

  /// The model was asked about examples that it is not trained on.
  void evaluated(long done, double loss, Map<String, Double> right);
}
