package dev.lynceus.pupil.measure;

import dev.lynceus.method.score.Estimate;
import java.util.List;

/// How well explanations agree with the truth.
///
/// @param model the model
/// @param seed of the scenes
/// @param asked questions for a colour, about scenes of two to four things
/// @param right of them were answered right, and are explained
/// @param rows one for each method and number of things
public record ScoreReport(String model, long seed, int asked, int right, List<Row> rows) {

  /// A method on scenes with so many things.
  ///
  /// @param objects how many things there are; 0 for all numbers together
  /// @param hit pointing game: the largest value lies on a patch of the asked thing's box
  /// @param touch the largest value lies on a patch that touches the box
  /// @param energy share of the positive values on patches of the box
  /// @param iou intersection over union at the area of the box
  /// @param deletion area under the curve of the answer's probability while patches are taken away;
  ///   small is good
  /// @param insertion the same while they are given back; large is good
  /// @param chance part of the patches that belong to the box
  /// @param seconds median time of an explanation: one pass and the map, the picture encoded
  public record Row(
      String method,
      int objects,
      Estimate hit,
      Estimate touch,
      Estimate energy,
      Estimate iou,
      Estimate deletion,
      Estimate insertion,
      double chance,
      double seconds) {}

  public ScoreReport {
    rows = List.copyOf(rows);
  }
}
