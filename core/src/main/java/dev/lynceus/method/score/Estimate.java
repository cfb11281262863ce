package dev.lynceus.method.score;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// A number found on a sample of scenes, with its 95 % interval by bootstrap: the scenes are drawn
/// again with replacement, and the middle 95 % of what comes out are the interval.
///
/// @param value on the sample itself; NaN where there was nothing to measure
/// @param low lower end of the interval
/// @param high upper end
/// @param of scenes
public record Estimate(double value, double low, double high, int of) {
  private static final int DRAWS = 1000;

  /// The same draws for every quantity: a result is repeatable, and two of them can be compared.
  private static final long SEED = 95;

  /// The mean of some values; NaN among them count as not measured.
  public static Estimate mean(double... values) {
    double[] known = Arrays.stream(values).filter(v -> !Double.isNaN(v)).toArray();
    return of(
        known.length,
        picked -> Arrays.stream(picked).mapToDouble(i -> known[i]).average().orElse(Double.NaN));
  }

  /// Any statistic of a sample.
  ///
  /// @param count size of the sample
  /// @param statistic of the members with these numbers; a number may come several times
  public static Estimate of(int count, ToDoubleFunction<int[]> statistic) {
    if (count == 0) {
      return new Estimate(Double.NaN, Double.NaN, Double.NaN, 0);
    }
    double value = statistic.applyAsDouble(IntStream.range(0, count).toArray());
    SplittableRandom random = new SplittableRandom(SEED);
    double[] drawn =
        IntStream.range(0, DRAWS)
            .mapToDouble(draw ->
                statistic.applyAsDouble(
                    IntStream.range(0, count).map(i -> random.nextInt(count)).toArray()))
            // A draw of which it is not defined, such as one without a case of a rare kind.
            .filter(v -> !Double.isNaN(v))
            .sorted()
            .toArray();
    if (drawn.length == 0) {
      return new Estimate(value, Double.NaN, Double.NaN, count);
    }
    int end = drawn.length / 40;
    return new Estimate(value, drawn[end], drawn[drawn.length - 1 - end], count);
  }

  /// As tables show it, for example `0.710 [0.680, 0.740]`.
  public String text() {
    if (Double.isNaN(low)) {
      return Share.plain(value);
    }
    return of == 0
        ? ""
        : Share.plain(value) + " [" + Share.plain(low) + ", " + Share.plain(high) + "]";
  }
}
