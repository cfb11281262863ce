package dev.lynceus.method.evidence;

import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.score.Share;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Thresholds that were measured on labelled answers, and what they are worth: every figure here is
/// about words of pictures that were left out when the thresholds of its part were chosen.
///
/// @param model the model
/// @param revision of its checkpoint
/// @param data what was measured on, in words
/// @param rows that could be used
/// @param pictures different ones
/// @param passedOver rows that could not be used, each with the reason
/// @param thresholds chosen on all rows, with how often verdicts were wrong on rows left out
/// @param kinds for each kind of word, how many got each verdict
/// @param areas how well each score tells right words from wrong ones
/// @param reliability what the combined probability is worth; null where none could be fitted
public record Calibration(
    String model,
    String revision,
    String data,
    int rows,
    int pictures,
    List<String> passedOver,
    Thresholds thresholds,
    List<Kind> kinds,
    List<Area> areas,
    @Nullable Worth reliability) {
  public Calibration {
    passedOver = List.copyOf(passedOver);
    kinds = List.copyOf(kinds);
    areas = List.copyOf(areas);
  }

  /// A kind of word.
  ///
  /// @param what it is
  /// @param image how many were called supported by the picture, and so on
  /// @param due share that got the verdict which such a word should get, with its 95 % interval
  public record Kind(
      String what, int image, int text, int contradicted, int unsupported, Share due) {}

  /// A score.
  ///
  /// @param score name of a [Score]
  /// @param right words that are right and have it
  /// @param wrong likewise
  /// @param area under the ROC curve with its 95 % interval; .5 is chance
  public record Area(String score, long right, long wrong, Estimate area) {}

  /// What the combined probability is worth.
  ///
  /// @param area under the ROC curve
  /// @param brier mean squared distance from the truth
  /// @param base the same for the share of right words, whatever the word
  public record Worth(Estimate area, double brier, double base) {}
}
