package dev.lynceus.method.score;

import dev.lynceus.method.score.Comparison.Judged;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// Comparisons of many words, taken together: the mean of every number over the words, with its
/// interval.
///
/// @param model its name
/// @param words that were explained
/// @param rows one for each method
/// @param agreement mean rank correlation of each pair of methods, `[methods][methods]`
public record Tally(String model, int words, List<Row> rows, double[][] agreement) {

  /// A method on all words; see [Judged] for what the numbers are.
  ///
  /// @param hit see [Pointing]; measured where a box was given
  /// @param gap mean relative distance from the promised sum
  public record Row(
      String method,
      Estimate seconds,
      int forward,
      int backward,
      Estimate deletion,
      Estimate insertion,
      Estimate steady,
      Estimate repeated,
      Estimate gap,
      Estimate hit,
      Estimate precision,
      Estimate iou,
      Estimate energy,
      Estimate maskPrecision,
      Estimate maskEnergy) {}

  public Tally {
    rows = List.copyOf(rows);
  }

  /// The same with the best methods first, by insertion less deletion.
  public Tally ranked() {
    int[] order =
        IntStream.range(0, rows.size())
            .boxed()
            .sorted(
                Comparator.comparingDouble((Integer i) -> {
                  Row row = rows.get(i);
                  double worth = row.insertion().value() - row.deletion().value();
                  return Double.isNaN(worth) ? 0 : -worth;
                }))
            .mapToInt(Integer::intValue)
            .toArray();
    return new Tally(
        model,
        words,
        IntStream.of(order).mapToObj(rows::get).toList(),
        Comparison.permuted(agreement, order));
  }

  /// Takes comparisons by the same methods together.
  ///
  /// @param all at least one
  public static Tally of(List<Comparison> all) {
    List<Row> rows = new ArrayList<>();
    int methods = all.getFirst().methods().size();
    double[][] agreement = new double[methods][methods];
    for (int m = 0; m < methods; m++) {
      int number = m;
      List<Judged> judged = all.stream().map(one -> one.methods().get(number)).toList();
      Judged first = judged.getFirst();
      rows.add(
          new Row(
              first.method(),
              mean(judged, Judged::seconds),
              first.forward(),
              first.backward(),
              mean(judged, j -> j.curves().map(Curves::deletionArea).orElse(Double.NaN)),
              mean(judged, j -> j.curves().map(Curves::insertionArea).orElse(Double.NaN)),
              mean(judged, Judged::steady),
              mean(judged, Judged::repeated),
              mean(judged, j -> j.gap().orElse(Double.NaN)),
              mean(judged, j -> j.truth().map(Pointing::hit).orElse(Double.NaN)),
              mean(judged, j -> j.truth().map(Pointing::precision).orElse(Double.NaN)),
              mean(judged, j -> j.truth().map(Pointing::iou).orElse(Double.NaN)),
              mean(judged, j -> j.truth().map(Pointing::energy).orElse(Double.NaN)),
              mean(judged, j -> j.truth().map(Pointing::maskPrecision).orElse(Double.NaN)),
              mean(judged, j -> j.truth().map(Pointing::maskEnergy).orElse(Double.NaN))));
      for (int n = 0; n < methods; n++) {
        int other = n;
        agreement[m][n] =
            all.stream()
                .mapToDouble(one -> one.agreement()[number][other])
                .filter(Double::isFinite)
                .average()
                .orElse(Double.NaN);
      }
    }
    return new Tally(all.getFirst().model(), all.size(), rows, agreement);
  }

  private static Estimate mean(List<Judged> judged, ToDoubleFunction<Judged> number) {
    return Estimate.mean(judged.stream().mapToDouble(number).toArray());
  }
}
