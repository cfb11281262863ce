package dev.lynceus.lab.measure;

import dev.lynceus.method.score.Share;
import dev.lynceus.pupil.world.Question;
import java.util.List;
import java.util.Optional;

/// How often a model answers right.
///
/// @param model the model that sees
/// @param base its text-only base; empty where there was none
/// @param seed of the scenes
/// @param scenes pictures of the free split; the other splits have half as many
/// @param cells one for each split, model, kind and number of objects
/// @param yesBias share of "Yes" among the answers to questions for existence about pictures, less
///   the share that should be; 0 is none, .03 are three points
public record AccuracyReport(
    String model, String base, long seed, int scenes, List<Cell> cells, double yesBias) {

  /// What was asked.
  public enum Split {
    /// Pictures as in training.
    PICTURES("pictures"),
    /// The colour of a thing, before the colours of two things are exchanged.
    BEFORE_SWAP("before the swap"),
    /// The same question about the same picture with those two colours exchanged.
    AFTER_SWAP("after the swap"),
    /// Right both times: the answer followed the colour.
    BOTH_SWAPS("both times"),
    /// Pictures of things in colours that they never had in training.
    UNSEEN_PAIRS("unseen pairs"),
    /// Texts instead of pictures, in the plain form.
    TEXTS("texts");

    private final String label;

    Split(String label) {
      this.label = label;
    }

    /// How tables call it.
    public String label() {
      return label;
    }
  }

  /// Some questions of one kind.
  ///
  /// @param objects how many objects there were; 0 for all numbers together
  /// @param exact whole answers that are right, token for token, by greedy choice
  /// @param key decisive words that are right, after the right beginning
  /// @param chance what one gets who always gives the most frequent decisive words of this kind
  public record Cell(
      Split split,
      String model,
      Question.Kind kind,
      int objects,
      Share exact,
      Share key,
      double chance) {}

  public AccuracyReport {
    cells = List.copyOf(cells);
  }

  /// A cell, if there were such questions.
  public Optional<Cell> cell(Split split, String of, Question.Kind kind, int objects) {
    return cells.stream()
        .filter(cell ->
            cell.split() == split
                && cell.model().equals(of)
                && cell.kind() == kind
                && cell.objects() == objects)
        .findFirst();
  }
}
