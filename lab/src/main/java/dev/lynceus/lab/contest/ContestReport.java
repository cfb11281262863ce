package dev.lynceus.lab.contest;

import dev.lynceus.method.score.Estimate;
import java.util.List;

/// How often each way to get an answer is right, and whether strategies beat the direct answer and
/// their controls.
///
/// @param model its name
/// @param seeds of the sequences of scenes; what is left to chance is drawn anew with each
/// @param scenes of each sequence
/// @param samples explanations of each vote
/// @param temperature that they are drawn at
/// @param contenders in the order of the tables
/// @param kinds of questions, all usual kinds together first
/// @param cells how often each contender is right at each kind
/// @param differences of every strategy from the direct answer and from its controls
public record ContestReport(
    String model,
    List<Long> seeds,
    int scenes,
    int samples,
    double temperature,
    List<Entry> contenders,
    List<Kind> kinds,
    List<Cell> cells,
    List<Difference> differences) {

  /// A way to get an answer.
  ///
  /// @param part `base`, `strategy` or `control`
  /// @param what it is, in a few words
  public record Entry(String name, String part, String what) {}

  /// A kind of question.
  ///
  /// @param name `all` for the kinds about whole scenes together
  /// @param what is asked, in a few words
  /// @param questions how many
  /// @param chance share of right answers, 0 to 1, of one who always gives the most frequent one,
  ///   or, where every question offers its own, of one who guesses
  public record Kind(String name, String what, int questions, double chance) {}

  /// One contender at one kind.
  ///
  /// @param right share of right answers, 0 to 1, with its 95 % interval after Wilson (1927) for as
  ///   many cases as there are pictures
  /// @param questions that it could be tried on
  /// @param bySeed the share in each sequence of scenes, in the order of the seeds
  public record Cell(
      String contender, String kind, Estimate right, int questions, List<Double> bySeed) {
    public Cell {
      bySeed = List.copyOf(bySeed);
    }
  }

  /// A strategy and what it is compared with, on the questions that both were tried on.
  ///
  /// @param strategy its name
  /// @param against the other
  /// @param kind of the questions
  /// @param difference of the shares, the strategy's less the other's, -1 to 1, with its 95 %
  ///   interval by bootstrap over pictures
  /// @param questions that both were tried on
  /// @param p probability, 0 to 1, two-sided, by exchange picture by picture
  /// @param holm the same, corrected for all differences of the report (Holm 1979)
  public record Difference(
      String strategy,
      String against,
      String kind,
      Estimate difference,
      int questions,
      double p,
      double holm) {

    /// Whether the difference is more than chance, corrected, at 5 %.
    public boolean shown() {
      return holm < .05;
    }
  }

  public ContestReport {
    seeds = List.copyOf(seeds);
    contenders = List.copyOf(contenders);
    kinds = List.copyOf(kinds);
    cells = List.copyOf(cells);
    differences = List.copyOf(differences);
  }
}
