package dev.lynceus.cli;

import dev.lynceus.method.score.Comparison;
import dev.lynceus.method.score.Curves;
import dev.lynceus.method.score.Pointing;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// One map of one question of a dataset, as a line of a table.
///
/// @param number of the question in its dataset, from 0
/// @param image file of the picture
/// @param kind of the question; empty if the dataset has none
/// @param word that is explained
record CompareItem(
    int number,
    String image,
    String question,
    String kind,
    String word,
    double probability,
    String method,
    double hit,
    double touch,
    double precision,
    double maskPrecision,
    double iou,
    double energy,
    double maskEnergy,
    double deletion,
    double insertion,
    double noise,
    double seed,
    double gap,
    double seconds) {

  /// The lines of one question.
  static List<CompareItem> of(int number, CompareQuestion asked, Comparison found) {
    return found.methods().stream().map(judged -> of(number, asked, found, judged)).toList();
  }

  private static CompareItem of(
      int number, CompareQuestion asked, Comparison found, Comparison.Judged judged) {
    return new CompareItem(
        number,
        asked.asked().files().isEmpty()
            ? asked.asked().isBlind() ? "" : "video"
            : QuestionArguments.name(asked.asked().files().getFirst()),
        found.question(),
        asked.kind(),
        found.word(),
        found.probability(),
        judged.method(),
        truth(judged, Pointing::hit),
        truth(judged, Pointing::touch),
        truth(judged, Pointing::precision),
        truth(judged, Pointing::maskPrecision),
        truth(judged, Pointing::iou),
        truth(judged, Pointing::energy),
        truth(judged, Pointing::maskEnergy),
        judged.curves().map(Curves::deletionArea).orElse(Double.NaN),
        judged.curves().map(Curves::insertionArea).orElse(Double.NaN),
        judged.steady(),
        judged.repeated(),
        judged.gap().orElse(Double.NaN),
        judged.seconds());
  }

  private static double truth(Comparison.Judged judged, ToDoubleFunction<Pointing> value) {
    return judged.truth().isPresent()
        ? value.applyAsDouble(judged.truth().orElseThrow())
        : Double.NaN;
  }
}
