package dev.lynceus.method.query;

import dev.lynceus.method.Spoken;
import dev.lynceus.model.qformer.QFormerConfig;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Captured;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// The queries of a Q-Former layer by layer and head by head, and what they have to do with each
/// other.
///
/// *Different* is how many different queries their outputs amount to: `n² / sum of cos²` over all
/// pairs, which is `n` where all are at right angles, and 1 where all say the same. *Overlap* is
/// the mean cosine of two queries' maps: 1 where all look at the same patches alike.
///
/// @param layers of the Q-Former that read the tower
/// @param byLayer maps of each query in each of these, mean over heads,
///   `[layers][queries][patches]`, each summing to one
/// @param query the one whose heads are told
/// @param heads its maps, `[layers][heads][patches]`, each summing to one
/// @param reads how much each query (row) attends to each other one, mean over heads and all
///   layers, `[queries][queries]`; words beside them take the rest
/// @param different how many different ones the queries amount to
/// @param overlap mean cosine of the maps of two queries
// Plain numbers of a result; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
public record QueryDetail(
    int[] layers,
    double[][][] byLayer,
    int query,
    double[][][] heads,
    double[][] reads,
    double different,
    double overlap) {

  /// What the run must keep, beside what the reading needs.
  ///
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL for a model without a Q-Former
  public static Capture capture(LoadedModel model) {
    return QueryReading.capture(model).and(Capture.request(Point.of(Stack.QFORMER, Site.PATTERN)));
  }

  /// Reads a run of one prompt with one picture.
  ///
  /// @param run kept what [#capture] says
  /// @param query the one whose heads are told
  public static QueryDetail of(Run run, QueryReading reading, int query) {
    QFormerConfig config = QueryReading.former(run.model()).config();
    Point cross = Point.of(Stack.QFORMER, Site.CROSS_PATTERN);
    Point own = Point.of(Stack.QFORMER, Site.PATTERN);
    return of(
        config,
        l -> run.get(cross, l),
        l -> run.get(own, l),
        reading.alike(),
        reading.maps(),
        query);
  }

  /// Reads what a pass kept.
  static QueryDetail of(
      QFormerConfig config, Captured kept, double[][] alike, double[][] maps, int query) {
    return of(
        config,
        l -> kept.get(Point.of(Stack.QFORMER, Site.CROSS_PATTERN), l),
        l -> kept.get(Point.of(Stack.QFORMER, Site.PATTERN), l),
        alike,
        maps,
        query);
  }

  private static QueryDetail of(
      QFormerConfig config,
      IntFunction<Tensor> cross,
      IntFunction<Tensor> own,
      double[][] alike,
      double[][] maps,
      int query) {
    int[] layers = IntStream.range(0, config.layers()).filter(config::crosses).toArray();
    double[][][] byLayer = new double[layers.length][][];
    double[][][] heads = new double[layers.length][][];
    try (Scope scope = Scope.open()) {
      for (int i = 0; i < layers.length; i++) {
        Tensor pattern = cross.apply(layers[i]).select(0, 0).to(DType.FLOAT64);
        byLayer[i] = rows(patches(pattern.mean(0)));
        heads[i] = rows(patches(pattern.select(1, query)));
      }
      List<Tensor> all = new ArrayList<>();
      for (int l = 0; l < config.layers(); l++) {
        all.add(own.apply(l).select(0, 0).to(DType.FLOAT64).mean(0));
      }
      Tensor reads = Torch.stack(all, 0).mean(0);
      int n = config.queries();
      return new QueryDetail(
          layers,
          byLayer,
          query,
          heads,
          rows(reads.narrow(0, 0, n).narrow(1, 0, n)),
          different(alike),
          overlap(maps));
    }
  }

  /// Without the class token, which comes first, and divided by the sum.
  private static Tensor patches(Tensor attention) {
    Tensor some = attention.narrow(1, 1, attention.size(1) - 1);
    return some.div(some.sum(-1).unsqueeze(-1));
  }

  static double[][] rows(Tensor matrix) {
    int columns = (int) matrix.size(1);
    double[] flat = matrix.contiguous().toDoubles();
    return IntStream.range(0, flat.length / columns)
        .mapToObj(row -> Arrays.copyOfRange(flat, row * columns, (row + 1) * columns))
        .toArray(double[][]::new);
  }

  static double different(double[][] alike) {
    double squares = 0;
    for (double[] row : alike) {
      for (double cosine : row) {
        squares += cosine * cosine;
      }
    }
    return alike.length * (double) alike.length / squares;
  }

  static double overlap(double[][] maps) {
    double sum = 0;
    int pairs = 0;
    for (int a = 0; a < maps.length; a++) {
      for (int b = 0; b < a; b++) {
        sum += cosine(maps[a], maps[b]);
        pairs++;
      }
    }
    return pairs == 0 ? 1 : sum / pairs;
  }

  private static double cosine(double[] a, double[] b) {
    double both = 0;
    double first = 0;
    double second = 0;
    for (int i = 0; i < a.length; i++) {
      both += a[i] * b[i];
      first += a[i] * a[i];
      second += b[i] * b[i];
    }
    return both / Math.sqrt(first * second);
  }

  /// One sentence about how different the queries are.
  public String differentSentence() {
    int most = 0;
    double[] read = new double[reads.length];
    for (double[] row : reads) {
      for (int q = 0; q < row.length; q++) {
        read[q] += row[q] / reads.length;
      }
    }
    for (int q = 0; q < read.length; q++) {
      most = read[q] > read[most] ? q : most;
    }
    return String.format(
        Locale.ROOT,
        "By their outputs the %d queries amount to %.1f different ones, and their maps have a mean cosine of %.2f with each other. Among themselves they attend most to query %d (%s).",
        reads.length,
        different,
        overlap,
        most,
        Spoken.percent(read[most]));
  }
}
