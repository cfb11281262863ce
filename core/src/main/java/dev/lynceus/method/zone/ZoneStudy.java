package dev.lynceus.method.zone;

import dev.lynceus.method.score.Estimate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// Attention between the zones of what is read or seen, and what the answer loses without it (arXiv
/// 2108.11574): for one question, or over a data set. [PassageZones] and [PictureZones] make it.
///
/// @param columns `ALL` and the pairs of zones, row zone first: `QP` is the question looking at the
///   passage, `AI` the answer at the picture
/// @param layers one for each layer
/// @param heads of the chosen layer, `[heads][pairs]`: mean change of the log probability; empty
///   without
/// @param headMass attention of those heads, `[heads][pairs]`
/// @param exact share of exact answers, without knock-outs; of one question without an answer NaN;
///   of pictures the share of words that are the most probable
/// @param f1 words in common, the same; of pictures NaN
/// @param correlation Spearman's, of how much attention goes between two zones with how much the
///   answer loses without it, over layers and pairs
/// @param headCorrelation the same over heads and pairs of the chosen layer
/// @param types by what questions ask for; of pictures none
/// @param answers of the first question: what the model says without knock-outs, and with each
public record ZoneStudy(
    int questions,
    List<String> columns,
    List<LayerRow> layers,
    List<List<Double>> heads,
    List<List<Double>> headMass,
    Estimate exact,
    Estimate f1,
    OptionalDouble correlation,
    OptionalDouble headCorrelation,
    List<ByType> types,
    Answers answers) {

  /// A layer.
  ///
  /// @param cells one for each column
  /// @param mass attention between each pair of zones, mean over heads and questions
  public record LayerRow(int layer, List<Cell> cells, List<Double> mass) {}

  /// What a knock-out does, as mean over questions with its 95 % interval.
  ///
  /// @param log change of the log probability of the model's own answer, nats
  /// @param exact change of exact answers, points of a share
  /// @param f1 change of words in common
  /// @param random change of the log probability where as many random positions lose sight of as
  ///   many others; empty for `ALL`, or without draws
  public record Cell(Estimate log, Estimate exact, Estimate f1, Optional<Estimate> random) {}

  /// Questions of a type.
  ///
  /// @param change of words in common without each column, mean over layers
  public record ByType(String type, int questions, Estimate f1, List<Estimate> change) {}

  /// What the model answers to the first question.
  ///
  /// @param clean without knock-outs
  /// @param without `[layers][columns]`
  public record Answers(String question, String clean, List<List<String>> without) {}
}
