package dev.lynceus.lab.literacy;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.score.Share;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A test of visualization literacy as a model took it.
///
/// @param conclusion what it shows, in a few sentences
/// @param data `generated`, or the name of the file
/// @param seed of the suite and of the orders of options
/// @param side width and height of generated pictures; 0 for those of a file
/// @param answers how options are shown, see [AnswerStyle]
/// @param omit whether an option passes over the question
/// @param orders how often each item was asked
/// @param scores of all items
/// @param mini right answers by items, without a penalty, as mini-VLAT counts
/// @param charts scores of each kind of chart
/// @param tasks scores of each task
/// @param formats scores by the number of options
/// @param order what the order of options changes
/// @param controls what the picture changes; null where that was not asked for
/// @param risk right answers where the model may pass over what it is least sure of
/// @param spoken share of items of which the model's free answer meant the right option, and of
///   which it meant any; null where that was not asked for
/// @param human rank correlation of right answers with those of people; null where a file does not
///   tell theirs
/// @param pointing whether maps lie on the evidence, a row for each method
/// @param items everything, item by item
@JsonPropertyOrder("conclusion")
public record LiteracyReport(
    String conclusion,
    String data,
    long seed,
    int side,
    String answers,
    boolean omit,
    int orders,
    LiteracyScores scores,
    Estimate mini,
    List<LiteracyScores> charts,
    List<LiteracyScores> tasks,
    List<LiteracyScores> formats,
    Orders order,
    @Nullable Controls controls,
    List<Risk> risk,
    @Nullable Spoken spoken,
    @Nullable Human human,
    List<PointingRow> pointing,
    List<ItemRow> items) {
  public LiteracyReport {
    charts = List.copyOf(charts);
    tasks = List.copyOf(tasks);
    formats = List.copyOf(formats);
    risk = List.copyOf(risk);
    pointing = List.copyOf(pointing);
    items = List.copyOf(items);
  }

  /// What the order of options changes.
  ///
  /// @param right share of right answers of each order, the own one first
  /// @param steady items with the same answer in all orders
  /// @param picked share of answers that are at each place, of items with four options
  public record Orders(List<Double> right, Share steady, List<Double> picked) {}

  /// What the picture changes.
  ///
  /// @param own right answers of these items with their chart, in the first order
  /// @param none right answers without a picture
  /// @param blank right answers with a blank one
  /// @param follows answers that are right of other numbers, where those are shown
  /// @param seen items that are right with the chart, not right without it, and follow the numbers
  /// @param unmoved items whose answer is the same whatever is shown: the picture is not used
  /// @param legendOwn right answers of items whose chart has a legend
  /// @param legendGone the same with the legend covered
  public record Controls(
      Share own,
      Share none,
      Share blank,
      Share follows,
      Share seen,
      Share unmoved,
      Share legendOwn,
      Share legendGone) {}

  /// Right answers among those of which the model is surest.
  ///
  /// @param coverage share of items that are answered
  /// @param threshold least probability of an option that is answered
  /// @param right share of those that are right, in the first order
  /// @param corrected score of all items, the others passed over
  public record Risk(double coverage, double threshold, double right, double corrected) {}

  /// Free answers.
  public record Spoken(Share right, Share understood) {}

  /// Beside people.
  ///
  /// @param spearman rank correlation of the probability of the right option with P
  /// @param items that have a P
  /// @param people mean P
  public record Human(double spearman, int items, double people) {}

  /// Whether maps of a method lie on the evidence.
  ///
  /// @param hit maps whose strongest patch has its centre in a box of the evidence
  /// @param chance what `hit` is for a random patch
  /// @param chanceOnParts what it is for a random patch among those that lie on any part of the
  ///   chart: what a map reaches that is drawn to ink alone
  /// @param precision mean average precision of the patches' order
  /// @param hitRight the same as `hit`, of items that were answered rightly
  /// @param on what the strongest patch lies on, by kind of part, in shares of the maps
  public record PointingRow(
      String method,
      Share hit,
      double chance,
      double chanceOnParts,
      Estimate precision,
      Share hitRight,
      Map<String, Double> on) {}

  /// One item.
  ///
  /// @param id unique in the test
  /// @param chart kind of the chart
  /// @param task two letters; empty where a file names another
  /// @param variant what kind of value it is about; empty for items of files
  /// @param question as it is put
  /// @param key number of the right option
  /// @param omitted share of the orders in which the question was passed over
  /// @param spoken the option that a free answer meant; null where that was not asked for
  /// @param options in their own order, the one that passes over not among them
  /// @param answered number of the option in the first order, −2 for passed over
  /// @param probabilities of the options in their own order, and of passing over last, if offered
  /// @param right share of the orders in which the answer was right
  /// @param verdict what the controls say
  /// @param controls number of the option by what was shown
  /// @param difficulty share of people who answer it rightly; null where nobody knows
  public record ItemRow(
      String id,
      String chart,
      String task,
      String variant,
      String question,
      List<String> options,
      int key,
      int answered,
      List<Double> probabilities,
      double right,
      double omitted,
      String verdict,
      Map<String, Integer> controls,
      @Nullable Integer spoken,
      @Nullable Double difficulty) {}
}
