package dev.lynceus.pupil.measure;

import dev.lynceus.method.evidence.Score;
import dev.lynceus.method.evidence.Thresholds;
import dev.lynceus.method.score.Estimate;
import java.util.List;
import java.util.Map;

/// How well scores of words tell right ones from wrong ones.
///
/// @param model the model
/// @param reading how words are read out of the picture
/// @param calibration scenes that the thresholds were chosen on
/// @param heldOut scenes that everything below was measured on
/// @param words how many there are of each kind
/// @param rows one for each task and score
/// @param thresholds chosen
/// @param verdicts for each kind of word, how many got each verdict
public record VerdictReport(
    String model,
    String reading,
    Scenes calibration,
    Scenes heldOut,
    Map<String, Integer> words,
    List<Row> rows,
    Thresholds thresholds,
    Map<String, Map<String, Integer>> verdicts) {

  /// The first scenes of a sequence.
  public record Scenes(long seed, int count) {}

  /// What two kinds of words are told apart.
  public enum Task {
    /// Right decisive words from wrong ones.
    WRONG("right answers from wrong ones"),
    /// Right decisive words from colours of things that are not there.
    ABSENT("right answers from colours of absent things"),
    /// Things and colours of descriptions that are there from those that are not.
    INVENTED("what is there from what is invented, in descriptions"),
    /// Things of questions that are there from those that are not.
    MISSING("things asked for that are there from those that are not"),
    /// Right decisive words from words that the form of an answer asks for.
    FORM("right answers from words of form");

    private final String words;

    Task(String words) {
      this.words = words;
    }

    /// As a reader sees it.
    public String words() {
      return words;
    }
  }

  /// A score at a task.
  ///
  /// @param good words that should have a large score
  /// @param bad words that should have a small one
  /// @param area under the ROC curve, on the held-out scenes
  /// @param shuffled the same with shuffled labels: chance
  public record Row(
      Task task, Score score, long good, long bad, Estimate area, Estimate shuffled) {}

  public VerdictReport {
    rows = List.copyOf(rows);
  }
}
