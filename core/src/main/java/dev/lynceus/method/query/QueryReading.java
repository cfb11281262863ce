package dev.lynceus.method.query;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.causal.Job;
import dev.lynceus.method.causal.Readout;
import dev.lynceus.model.qformer.QFormer;
import dev.lynceus.model.qformer.QFormerConfig;
import dev.lynceus.model.vit.Vit;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// What the queries of a Q-Former look at, how alike they are, and what one token loses without
/// each of them.
///
/// The map of a query is its cross-attention, averaged over the heads of the layers that read the
/// tower, without the class token, divided by its sum: where it looked. The map of the answer adds
/// the maps of all queries, each weighted by what the token's log probability loses without it:
/// `sum_q max(0, -change_q) * map_q`. It shows where those queries looked that the answer needs; a
/// query may look at a patch and take nothing from it.
///
/// @param rows rows of patches
/// @param columns columns of patches
/// @param maps `[queries][patches]`, each summing to one
/// @param classShare how much of its attention each query pays the class token
/// @param alike cosines between what leaves the Q-Former, `[queries][queries]`
/// @param base log probability of the token, nats
/// @param changes of that when a query is taken away, nats, `[queries]` for each way
/// @param answer map of the answer, `[patches]`, in nats
// Plain numbers of a result; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
public record QueryReading(
    int rows,
    int columns,
    double[][] maps,
    double[] classShare,
    double[][] alike,
    double base,
    Map<QueryRemoval, double[]> changes,
    double[] answer) {
  private static final double HALF = .5;

  /// What the run must keep.
  ///
  /// @throws LynceusException UNSUPPORTED_MODEL for a model without a Q-Former
  public static Capture capture(LoadedModel model) {
    int last = former(model).config().layers() - 1;
    return Sweep.base(model)
        .and(Capture.request(Point.of(Stack.QFORMER, Site.CROSS_PATTERN)))
        .and(Capture.request(Point.of(Stack.QFORMER, Site.RESID_POST)).layers(last));
  }

  static QFormer former(LoadedModel model) {
    return model
        .model()
        .queries()
        .orElseThrow(() ->
            new LynceusException(
                ErrorCode.UNSUPPORTED_MODEL,
                model.name() + " has no Q-Former",
                "Choose a BLIP-2 or InstructBLIP; `explain` shows what other models look at."));
  }

  /// Reads a run of one prompt with one picture.
  ///
  /// @param run kept what [#capture] says
  /// @param id the token whose log probability is measured at the last position
  /// @param job how the runs without each query are made
  /// @throws LynceusException BAD_REQUEST without exactly one picture; CANCELLED
  public static QueryReading of(Run run, int id, Job job) {
    QFormer former = former(run.model());
    int pictures = run.batch().pictures().size();
    if (pictures != 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "queries are read of one picture, and the prompt has " + pictures,
          "Give one picture.");
    }
    QFormerConfig config = former.config();
    int side = ((Vit) run.model().model().vision().orElseThrow()).config().grid();
    try (Scope scope = Scope.open()) {
      Tensor attention = attention(run, config);
      double[] onClass = attention.select(1, 0).toDoubles();
      Tensor patches = attention.narrow(1, 1, attention.size(1) - 1);
      Tensor maps = patches.div(patches.sum(-1).unsqueeze(-1));
      double base = logProbabilities(run.logits()).select(1, id).item();
      Map<QueryRemoval, double[]> changes = changes(run, id, config, base, job);
      double[][] each = rows(maps);
      return new QueryReading(
          side,
          side,
          each,
          onClass,
          rows(alike(run, config)),
          base,
          changes,
          weighted(each, Objects.requireNonNull(changes.get(QueryRemoval.PROJECTED))));
    }
  }

  /// Cross-attention over what left the tower, averaged over heads and layers, `[queries,
  /// positions]`, float64.
  static Tensor attention(Run run, QFormerConfig config) {
    List<Tensor> layers = new ArrayList<>();
    for (int l = 0; l < config.layers(); l++) {
      if (config.crosses(l)) {
        layers.add(
            run.get(Point.of(Stack.QFORMER, Site.CROSS_PATTERN), l)
                .select(0, 0)
                .to(DType.FLOAT64)
                .mean(0));
      }
    }
    return Torch.stack(layers, 0).mean(0);
  }

  private static Map<QueryRemoval, double[]> changes(
      Run run, int id, QFormerConfig config, double base, Job job) {
    List<List<Intervention>> replays = new ArrayList<>();
    for (QueryRemoval way : QueryRemoval.values()) {
      for (int query = 0; query < config.queries(); query++) {
        replays.add(List.of(way.of(query, config.layers())));
      }
    }
    Readout readout = Readout.of(run, OptionalInt.of(id), OptionalInt.empty());
    double[] lost =
        job.run("queries", run, replays, readout).stream()
            .mapToDouble(measures -> measures.logProbability() - base)
            .toArray();
    Map<QueryRemoval, double[]> changes = new EnumMap<>(QueryRemoval.class);
    for (QueryRemoval way : QueryRemoval.values()) {
      int first = way.ordinal() * config.queries();
      changes.put(way, Arrays.copyOfRange(lost, first, first + config.queries()));
    }
    return changes;
  }

  /// The run without one query.
  public static Run without(Run run, QueryRemoval way, int query) {
    return run.replay(way.of(query, former(run.model()).config().layers()));
  }

  private static Tensor logProbabilities(Tensor logits) {
    return Torch.logSoftmax(logits.to(DType.FLOAT64), 1);
  }

  private static Tensor alike(Run run, QFormerConfig config) {
    Tensor states =
        run.get(Point.of(Stack.QFORMER, Site.RESID_POST), config.layers() - 1)
            .select(0, 0)
            .narrow(0, 0, config.queries())
            .to(DType.FLOAT64);
    Tensor unit = states.div(states.square().sum(-1).sqrt().unsqueeze(-1));
    return unit.matmul(unit.transpose(0, 1));
  }

  private static double[] weighted(double[][] maps, double[] changes) {
    double[] all = new double[maps[0].length];
    for (int q = 0; q < maps.length; q++) {
      double weight = Math.max(0, -changes[q]);
      for (int p = 0; p < all.length; p++) {
        all[p] += weight * maps[q][p];
      }
    }
    return all;
  }

  private static double[][] rows(Tensor matrix) {
    double[] flat = matrix.contiguous().toDoubles();
    int columns = (int) matrix.size(1);
    return IntStream.range(0, flat.length / columns)
        .mapToObj(row -> Arrays.copyOfRange(flat, row * columns, (row + 1) * columns))
        .toArray(double[][]::new);
  }

  /// What the token loses without each query, nats: below zero where the query speaks for it.
  public double[] changes(QueryRemoval way) {
    return Objects.requireNonNull(changes.get(way));
  }

  /// Mean cosine between what two different queries are in the end: 1 where all say the same.
  public double likeness() {
    double sum = 0;
    for (int a = 0; a < alike.length; a++) {
      for (int b = 0; b < a; b++) {
        sum += alike[a][b];
      }
    }
    return alike.length < 2 ? 1 : 2 * sum / (alike.length * (alike.length - 1.0));
  }

  /// The queries, those whose absence costs the token most first.
  public List<Integer> byWorth() {
    double[] lost = changes(QueryRemoval.PROJECTED);
    return IntStream.range(0, lost.length)
        .boxed()
        .sorted(Comparator.comparingDouble(query -> lost[query]))
        .toList();
  }

  /// The patch that a query looks at most, for example `row 3, column 7 (12 %)`.
  public String most(int query) {
    double[] map = maps[query];
    int best =
        IntStream.range(0, map.length)
            .boxed()
            .max(Comparator.comparingDouble(patch -> map[patch]))
            .orElseThrow();
    return "%s (%s)".formatted(Spoken.patch(best, columns), Spoken.percent(map[best]));
  }

  /// One sentence about the queries that the token rests on.
  public String conclusion(String word) {
    double[] lost = changes(QueryRemoval.PROJECTED);
    double all = DoubleStream.of(lost).map(change -> Math.max(0, -change)).sum();
    if (all == 0) {
      return "“%s” loses nothing without any one of the %d queries: none alone carries it."
          .formatted(word, lost.length);
    }
    List<Integer> sorted = byWorth();
    double sum = 0;
    int needed = 0;
    while (needed < sorted.size() && sum < HALF * all) {
      sum += Math.max(0, -lost[sorted.get(needed++)]);
    }
    int first = sorted.getFirst();
    return "“%s” needs query %d most: without it the word loses %s nats. %s half of all that the word loses without single ones of the %d queries."
        .formatted(
            word,
            first,
            Spoken.signed(lost[first]).replaceFirst("^-", ""),
            needed == 1 ? "That is" : needed + " queries make up",
            lost.length);
  }

  /// One sentence about how alike the queries are.
  public String alikeSentence() {
    return String.format(
        Locale.ROOT,
        "The queries' outputs have a mean cosine of %.2f with each other (1: all say the same).",
        likeness());
  }
}
