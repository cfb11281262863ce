package dev.lynceus.method.evidence;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Logistic;
import dev.lynceus.method.evidence.Reliability.Calibration;
import dev.lynceus.method.evidence.Reliability.Knot;
import dev.lynceus.method.evidence.Reliability.Weight;
import dev.lynceus.method.probe.LinearProbe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Fits a [Reliability] to words whose truth is known. Everything that is chosen (depth of the
/// probe, Platt's curve or isotonic regression) is chosen on words that were left out: the scenes
/// are split into [#FOLDS] parts, and each part is judged by what was fitted on the others.
public final class ReliabilityFit {
  static final int FOLDS = 5;

  /// Squared weights of the logistic combination cost this much a word.
  private static final double PENALTY = 1e-3;

  /// Weights of probes, a case; states are wide and cases few.
  private static final double PROBE_PENALTY = .03;

  /// No probability is nearer to 0 or 1 than one word in so many.
  private static final double SURE = 1e-3;

  private ReliabilityFit() {}

  /// A word.
  ///
  /// @param scene number of its scene: words of one scene are never on both sides of a split
  /// @param scores one for each [Score]; [Score#PROBE] is filled in here
  /// @param states of the row that predicts it, `[depths][width]`; empty for none
  /// @param own whether the model said it: probes are fitted on these alone, because a state does
  ///   not know which word somebody else goes on with
  // Plain numbers; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  public record Word(int scene, double[] scores, float[][] states, boolean own, boolean right) {}

  /// Fits everything.
  ///
  /// @param scores that may be used beside the probe
  /// @throws LynceusException BAD_REQUEST without right or without wrong words
  public static Reliability fit(List<Word> words, List<Score> scores) {
    long right = words.stream().filter(Word::right).count();
    if (right < FOLDS || words.size() - right < FOLDS) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%d right and %d wrong words are too few to fit a reliability to"
              .formatted(right, words.size() - right),
          "Give more scenes.");
    }
    StateProbe probe = probe(words);
    List<Score> used = new ArrayList<>(scores);
    double[] crossed = new double[words.size()];
    Arrays.fill(crossed, Double.NaN);
    if (probe != null) {
      used.add(Score.PROBE);
      crossed = crossed(words, probe.depth());
    }
    List<Word> filled = filled(words, crossed);
    double[] sums = new double[words.size()];
    for (int fold = 0; fold < FOLDS; fold++) {
      Reliability part = combined(rest(filled, fold), used, null);
      for (int i = 0; i < sums.length; i++) {
        sums[i] = in(filled.get(i), fold) ? part.sum(filled.get(i).scores()) : sums[i];
      }
    }
    Calibration calibration = calibration(filled, sums);
    Reliability whole = combined(filled, used, probe);
    return new Reliability(whole.weights(), whole.bias(), calibration, probe);
  }

  private static boolean in(Word word, int fold) {
    return word.scene() % FOLDS == fold;
  }

  private static List<Word> rest(List<Word> words, int fold) {
    return words.stream().filter(word -> !in(word, fold)).toList();
  }

  private static List<Word> filled(List<Word> words, double[] probes) {
    List<Word> filled = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      Word word = words.get(i);
      double[] scores = word.scores().clone();
      scores[Score.PROBE.ordinal()] = probes[i];
      filled.add(new Word(word.scene(), scores, word.states(), word.own(), word.right()));
    }
    return filled;
  }

  // ---- the probe

  /// A probe at the depth that tells left-out words best; null where words have no states, or only
  /// right or only wrong ones are the model's own.
  public static @Nullable StateProbe probe(List<Word> words) {
    List<Word> own = own(words);
    if (own.isEmpty() || own.stream().map(Word::right).distinct().count() < 2) {
      return null;
    }
    int depths = own.getFirst().states().length;
    int best = -1;
    double most = Double.NEGATIVE_INFINITY;
    for (int depth = 0; depth < depths; depth++) {
      double[] values = crossed(own, depth);
      double area = area(own, values);
      if (area > most) {
        most = area;
        best = depth;
      }
    }
    return probe(own, best);
  }

  private static List<Word> own(List<Word> words) {
    return words.stream().filter(word -> word.own() && word.states().length > 0).toList();
  }

  private static double area(List<Word> words, double[] values) {
    return dev.lynceus.method.score.Auc.value(
        IntStream.range(0, values.length)
            .mapToObj(i -> new dev.lynceus.method.score.Auc.Case(values[i], words.get(i).right()))
            .toList());
  }

  /// Readings of every word by a probe of the other folds' own words.
  private static double[] crossed(List<Word> words, int depth) {
    double[] values = new double[words.size()];
    for (int fold = 0; fold < FOLDS; fold++) {
      List<Word> train = own(rest(words, fold));
      boolean both = train.stream().map(Word::right).distinct().count() == 2;
      StateProbe probe = both ? probe(train, depth) : null;
      for (int i = 0; i < values.length; i++) {
        Word word = words.get(i);
        if (in(word, fold)) {
          values[i] =
              probe == null || word.states().length == 0
                  ? Double.NaN
                  : probe.read(word.states()[depth]);
        }
      }
    }
    return values;
  }

  private static StateProbe probe(List<Word> words, int depth) {
    double[][] states =
        words.stream()
            .map(word -> {
              float[] state = word.states()[depth];
              return IntStream.range(0, state.length).mapToDouble(c -> state[c]).toArray();
            })
            .toArray(double[][]::new);
    int[] classes = words.stream().mapToInt(word -> word.right() ? 1 : 0).toArray();
    double[] weights = LinearProbe.fit(states, classes, 2, PROBE_PENALTY).direction(1);
    double bias = weights[weights.length - 1];
    return new StateProbe(
        depth, Arrays.stream(weights, 0, weights.length - 1).boxed().toList(), bias);
  }

  // ---- the combination

  /// Logistic regression by Newton's method on standardised scores, the two kinds of words weighted
  /// as they come.
  static Reliability combined(List<Word> words, List<Score> scores, @Nullable StateProbe probe) {
    List<Weight> shape = scores.stream().map(score -> standard(words, score)).toList();
    int n = shape.size() + 1;
    double[][] rows = new double[words.size()][n];
    for (int i = 0; i < rows.length; i++) {
      rows[i][0] = 1;
      for (int k = 1; k < n; k++) {
        Weight one = shape.get(k - 1);
        rows[i][k] = one.of(words.get(i).scores()[one.score().ordinal()]);
      }
    }
    double[] solved = Logistic.fit(rows, i -> words.get(i).right() ? 1 : 0, PENALTY);
    List<Weight> weights = new ArrayList<>();
    for (int k = 1; k < n; k++) {
      Weight one = shape.get(k - 1);
      weights.add(new Weight(one.score(), one.mean(), one.scale(), solved[k]));
    }
    return new Reliability(weights, solved[0], new Calibration(1, 0, List.of()), probe);
  }

  private static Weight standard(List<Word> words, Score score) {
    double[] known =
        words.stream()
            .mapToDouble(word -> word.scores()[score.ordinal()])
            .filter(value -> !Double.isNaN(value))
            .toArray();
    double mean = Arrays.stream(known).average().orElse(0);
    double square = Arrays.stream(known).map(v -> (v - mean) * (v - mean)).average().orElse(0);
    return new Weight(score, mean, square > 1e-12 ? Math.sqrt(square) : 1, 1);
  }

  // ---- calibration

  /// Platt's curve or isotonic regression, whichever gives left-out words the larger likelihood.
  static Calibration calibration(List<Word> words, double[] sums) {
    double platt = 0;
    double isotonic = 0;
    for (int fold = 0; fold < FOLDS; fold++) {
      int part = fold;
      int[] train = IntStream.range(0, sums.length).filter(i -> !in(words.get(i), part)).toArray();
      int[] test = IntStream.range(0, sums.length).filter(i -> in(words.get(i), part)).toArray();
      platt += likelihood(platt(words, sums, train), words, sums, test);
      isotonic += likelihood(isotonic(words, sums, train), words, sums, test);
    }
    int[] all = IntStream.range(0, sums.length).toArray();
    return platt >= isotonic ? platt(words, sums, all) : isotonic(words, sums, all);
  }

  private static double likelihood(
      Calibration calibration, List<Word> words, double[] sums, int[] some) {
    return IntStream.of(some)
        .mapToDouble(i -> {
          double p = Math.clamp(calibration.of(sums[i]), SURE, 1 - SURE);
          return Math.log(words.get(i).right() ? p : 1 - p);
        })
        .sum();
  }

  private static Calibration platt(List<Word> words, double[] sums, int[] some) {
    double[][] rows =
        IntStream.of(some).mapToObj(i -> new double[] {1, sums[i]}).toArray(double[][]::new);
    double[] solved = Logistic.fit(rows, i -> words.get(some[i]).right() ? 1 : 0, PENALTY);
    return new Calibration(solved[1], solved[0], List.of());
  }

  /// Pools neighbours that are out of order; a pool is a knot at the mean of its sums.
  static Calibration isotonic(List<Word> words, double[] sums, int[] some) {
    List<double[]> pools = new ArrayList<>();
    IntStream.of(some)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> sums[i]))
        .forEach(i -> {
          double[] pool = {sums[i], words.get(i).right() ? 1 : 0, 1};
          while (!pools.isEmpty() && pools.getLast()[1] / pools.getLast()[2] >= pool[1] / pool[2]) {
            double[] last = pools.removeLast();
            for (int k = 0; k < pool.length; k++) {
              pool[k] += last[k];
            }
          }
          pools.add(pool);
        });
    List<Knot> knots = new ArrayList<>();
    for (double[] pool : pools) {
      double sum = pool[0] / pool[2];
      if (knots.isEmpty() || sum > knots.getLast().sum()) {
        knots.add(new Knot(sum, Math.clamp(pool[1] / pool[2], SURE, 1 - SURE)));
      }
    }
    return new Calibration(1, 0, knots);
  }
}
