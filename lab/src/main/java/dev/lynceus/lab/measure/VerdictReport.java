package dev.lynceus.lab.measure;

import dev.lynceus.method.evidence.Score;
import dev.lynceus.method.evidence.Thresholds;
import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.score.Share;
import java.util.List;
import java.util.Map;

/// How well scores of words tell right ones from wrong ones, and what verdicts make of them.
///
/// @param model the model
/// @param reading how words are read out of the picture
/// @param calibration scenes that everything was chosen on
/// @param heldOut scenes that everything below was measured on
/// @param rows one for each task and score
/// @param forms ways of asking back about an attribute
/// @param combined the calibrated combination of scores; null where none was fitted
/// @param thresholds chosen
/// @param situations for each kind of word, how many got each verdict
public record VerdictReport(
    String model,
    String reading,
    Scenes calibration,
    Scenes heldOut,
    List<Row> rows,
    List<Form> forms,
    @org.jspecify.annotations.Nullable Combined combined,
    Thresholds thresholds,
    List<Situation> situations) {

  /// What two kinds of words are told apart.
  public enum Task {
    /// Right decisive words from wrong ones.
    WRONG("right answers from wrong ones"),
    /// Right decisive words from colours of things that are not there.
    ABSENT("right answers from colours of absent things"),
    /// Things and colours of descriptions that are there from those that are not.
    INVENTED("what is there from what is invented, in descriptions"),
    /// Right yes and no from false ones that were given.
    YES_NO("right yes and no from false ones that were given"),
    /// Right colours and numbers from wrong ones that were given.
    GIVEN("right answers from wrong ones that were given"),
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
  /// @param shuffled the same with shuffled labels: chance. For the probe: of one that was fitted
  ///   to shuffled labels
  public record Row(
      Task task, Score score, long good, long bad, Estimate area, Estimate shuffled) {}

  /// A way of asking back.
  ///
  /// @param question an example
  /// @param truths attributes that are so
  /// @param lies attributes that are not
  /// @param area under the ROC curve
  /// @param believed lies that the limit for things lets pass; for the open question, its own limit
  public record Form(String question, long truths, long lies, Estimate area, Share believed) {}

  /// The combination of all scores, on words that the picture decides or speaks against.
  ///
  /// @param scores that it is made of
  /// @param depth of the probe
  /// @param calibration `Platt` or `isotonic`
  /// @param area right words from all wrong ones
  /// @param own the same among the model's own words
  /// @param probability right words from all wrong ones by the log probability alone
  /// @param brier mean squared distance of the probability from the truth
  /// @param base the same for the share of right words, whatever the word
  /// @param bins words by their probability
  public record Combined(
      List<Score> scores,
      int depth,
      String calibration,
      Estimate area,
      Estimate own,
      Estimate probability,
      double brier,
      double base,
      List<Bin> bins) {
    public Combined {
      scores = List.copyOf(scores);
      bins = List.copyOf(bins);
    }
  }

  /// Words of about one probability.
  ///
  /// @param from least
  /// @param said mean probability
  /// @param right share of words that were
  public record Bin(double from, double to, double said, Share right) {}

  /// A kind of word.
  ///
  /// @param label its name in results
  /// @param what it is
  /// @param means what such a word is, and what it should be called
  /// @param verdicts how many got each, by label
  /// @param due those that got the verdict that they should get
  public record Situation(
      String label, String what, String means, Map<String, Integer> verdicts, Share due) {}

  public VerdictReport {
    rows = List.copyOf(rows);
    forms = List.copyOf(forms);
    situations = List.copyOf(situations);
  }

  /// A kind of word by its name.
  public Situation situation(String label) {
    return situations.stream().filter(one -> one.label().equals(label)).findFirst().orElseThrow();
  }
}
