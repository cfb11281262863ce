package dev.lynceus.lab.mark;

import dev.lynceus.method.score.Estimate;
import java.util.List;

/// What operators do on scenes of which everything is known: the question is about the colour of
/// one thing, the answer that is measured is the right one.
///
/// @param scenes how many were measured
/// @param seed of their sequence
/// @param controls regions of the shape of the thing's box that each operator is compared with
/// @param rows one for each operator
public record MarkWorldReport(int scenes, long seed, int controls, List<Row> rows) {
  public MarkWorldReport {
    rows = List.copyOf(rows);
  }

  /// An operator; means over scenes with 95 % intervals.
  ///
  /// @param operator its name
  /// @param asked change of the log probability of the right answer with the box of the thing that
  ///   is asked about marked, nats
  /// @param other the same with the box of another thing marked, nats
  /// @param control the same with control regions marked, mean of each scene, nats
  /// @param background the same where control regions are pure background, nats; of fewer scenes
  /// @param specificity asked less control, nats
  /// @param beatsOther part of the scenes in which the mark at the thing does more for the answer
  ///   than at the other thing, 0 to 1
  /// @param belowBackground part of the scenes in which it does less than at background, 0 to 1:
  ///   what taking the thing away should
  /// @param referred part of the scenes in which “What is the color of the object?” is answered,
  ///   among the colours that are there, with the colour of the marked thing, 0 to 1
  /// @param unmarked the same without a mark, 0 to 1
  public record Row(
      String operator,
      Estimate asked,
      Estimate other,
      Estimate control,
      Estimate background,
      Estimate specificity,
      Estimate beatsOther,
      Estimate belowBackground,
      Estimate referred,
      Estimate unmarked) {}
}
