package dev.lynceus.method.query;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.causal.Job;
import dev.lynceus.method.causal.Measures;
import dev.lynceus.method.causal.Readout;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Intervention;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// A control of what single queries are worth: a few are chosen by one measure, and taken away
/// together by another; beside that as many at random, many times. Were both the same, the chosen
/// ones would come out first whatever they are: the largest of many is larger than the others.
///
/// @param chosen the queries that are worth most by the first measure
/// @param together what the second measure changes by without them
/// @param random the same without other sets of as many, one for each draw; none where there is one
///   query only
/// @param seed of the draws
// Plain numbers of a result; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
public record QueryControl(int[] chosen, double together, double[] random, long seed) {
  private static final double HALF = .5;

  /// How many draws, and from which seed.
  public record Options(int draws, long seed) {
    /// 32 draws.
    public static final Options DEFAULT = new Options(32, 0);

    public Options {
      if (draws < 1) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST, draws + " random draws are none", "Give 1 or more.");
      }
    }
  }

  /// The control of a reading of an answer: chosen are the queries that a token loses most without
  /// when what they found is zero ([QueryRemoval#OUTPUT]), and their visual tokens are taken away
  /// ([QueryRemoval#PROJECTED]).
  ///
  /// @param run kept what [QueryReading#capture] says
  /// @throws LynceusException CANCELLED
  public static QueryControl of(Run run, int id, QueryReading reading, Options options, Job job) {
    int layers = QueryReading.former(run.model()).config().layers();
    int[] chosen = chosen(reading.changes(QueryRemoval.OUTPUT));
    List<List<Intervention>> replays = new ArrayList<>();
    replays.add(without(chosen, layers));
    List<int[]> draws = draws(reading.maps().length, chosen, options);
    draws.forEach(draw -> replays.add(without(draw, layers)));
    Readout readout = Readout.of(run, OptionalInt.of(id), OptionalInt.empty());
    double[] changes =
        job.run("queries at random", run, replays, readout).stream()
            .mapToDouble((Measures measures) -> measures.logProbability() - reading.base())
            .toArray();
    return new QueryControl(
        chosen, changes[0], Arrays.copyOfRange(changes, 1, changes.length), options.seed());
  }

  /// The control of something that is measured without any set of queries.
  ///
  /// @param single change without each query, by which they are chosen
  /// @param without change without a set, by another measure
  static QueryControl of(double[] single, Options options, ToDoubleFunction<int[]> without) {
    int[] chosen = chosen(single);
    double together = without.applyAsDouble(chosen);
    double[] random = draws(single.length, chosen, options).stream().mapToDouble(without).toArray();
    return new QueryControl(chosen, together, random, options.seed());
  }

  private static List<Intervention> without(int[] queries, int layers) {
    return IntStream.of(queries)
        .mapToObj(query -> QueryRemoval.PROJECTED.of(query, layers))
        .toList();
  }

  /// The queries that make up half of all that is lost without single ones, at most half of them.
  static int[] chosen(double[] changes) {
    List<Integer> sorted =
        IntStream.range(0, changes.length)
            .boxed()
            .sorted((a, b) -> Double.compare(changes[a], changes[b]))
            .toList();
    double all = DoubleStream.of(changes).map(change -> Math.max(0, -change)).sum();
    double sum = 0;
    int count = 0;
    do {
      sum += Math.max(0, -changes[sorted.get(count++)]);
    } while (sum < HALF * all && count < changes.length / 2);
    return sorted.subList(0, count).stream().mapToInt(query -> query).toArray();
  }

  /// Random sets of as many queries, the chosen one left out; none where there is no other.
  private static List<int[]> draws(int all, int[] chosen, Options options) {
    SplittableRandom random = new SplittableRandom(options.seed());
    int[] own = IntStream.of(chosen).sorted().toArray();
    List<int[]> draws = new ArrayList<>();
    while (all > 1 && draws.size() < options.draws()) {
      int[] draw = random.ints(0, all).distinct().limit(own.length).sorted().toArray();
      if (!Arrays.equals(draw, own)) {
        draws.add(draw);
      }
    }
    return draws;
  }

  /// How many of the random draws take as much, or more.
  public int asMuch() {
    return (int) DoubleStream.of(random).filter(change -> change <= together).count();
  }

  /// What random draws take on average; NaN without any.
  public double randomMean() {
    return DoubleStream.of(random).average().orElse(Double.NaN);
  }

  /// Whether both measures agree on the chosen ones: without them the second fell, and further than
  /// in nine of ten draws.
  public boolean holds() {
    return together < 0 && random.length > 0 && asMuch() * 10 <= random.length;
  }

  /// One sentence about what came out.
  ///
  /// @param what is measured, for example `the log probability of “red”`
  public String conclusion(String what) {
    String queries =
        chosen.length == 1
            ? "query " + chosen[0]
            : "queries %s together"
                .formatted(
                    String.join(
                        ", ", IntStream.of(chosen).sorted().mapToObj(Integer::toString).toList()));
    if (random.length == 0) {
      return "Without %s, %s moves by %s; there is no other query to compare with."
          .formatted(queries, what, Spoken.signed(together));
    }
    return "Without %s, %s moves by %s; without as many at random by %s on average, and in %d of %d draws by as much. %s"
        .formatted(
            queries,
            what,
            Spoken.signed(together),
            Spoken.signed(randomMean()),
            asMuch(),
            random.length,
            holds()
                ? "Both measures agree on these queries."
                : "That is no more than chance does: which queries matter depends on how it is measured.");
  }
}
