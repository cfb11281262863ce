package dev.lynceus.method.query;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Spoken;
import dev.lynceus.model.qformer.QFormerConfig;
import dev.lynceus.run.LoadedMatcher;
import dev.lynceus.run.MatchRun;
import dev.lynceus.run.MatchText;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Sight;
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
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// What the queries of a model for matching look at, which of them speak for a text, and what the
/// verdict loses without each.
///
/// The model's *margin* is the mean over the queries of the score of “matches” less that of “does
/// not match”; its cosine is the largest over the queries. A query is left out in two ways: it is
/// *not counted*, which is arithmetic on what the queries said; or it is *gone*: its learned
/// embedding is zero besides, so that the others cannot read in it either.
///
/// @param rows rows of patches
/// @param columns columns of patches
/// @param maps `[queries][patches]`, each summing to one: cross-attention beside the text
/// @param classShare how much of its attention each query pays the class token
/// @param alike cosines between what leaves the Q-Former, `[queries][queries]`
/// @param margin of the model
/// @param probability of a match
/// @param cosine of the model
/// @param verdicts margin of each query
/// @param cosines of each query
/// @param uncounted change of the margin where a query is not counted
/// @param gone change of the margin where a query is gone
/// @param uncountedCosine change of the cosine where a query is not counted
/// @param goneCosine change of the cosine where a query is gone
/// @param control what the others say when those that are most for a match are gone together, less
///   what the same others said before, beside random sets
/// @param detail layer by layer and head by head, of the query that the margin needs most
// Plain numbers of a result; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
public record MatchQueries(
    int rows,
    int columns,
    double[][] maps,
    double[] classShare,
    double[][] alike,
    double margin,
    double probability,
    double cosine,
    double[] verdicts,
    double[] cosines,
    double[] uncounted,
    double[] gone,
    double[] uncountedCosine,
    double[] goneCosine,
    QueryControl control,
    QueryDetail detail) {

  /// The Q-Former of a model for matching.
  ///
  /// @throws LynceusException UNSUPPORTED_MODEL where it has none
  public static QFormerConfig requireFormer(LoadedMatcher model) {
    return model
        .model()
        .queries()
        .orElseThrow(() ->
            new LynceusException(
                ErrorCode.UNSUPPORTED_MODEL,
                model.name() + " has no Q-Former: its text reads the picture itself",
                "Use `lynceus match`, which shows where each word looked; here BLIP-2 is needed."))
        .config();
  }

  /// Reads a text beside a picture.
  ///
  /// @throws LynceusException UNSUPPORTED_MODEL for a model without a Q-Former; CANCELLED
  public static MatchQueries of(
      LoadedMatcher model,
      Sight sight,
      MatchText words,
      QueryControl.Options options,
      Progress progress) {
    QFormerConfig config = requireFormer(model);
    int side = model.model().tower().config().grid();
    int n = config.queries();
    double[] text = model.vector(words);
    double[] cosines = cosines(model.vectors(sight), text);
    double cosine = IntStream.range(0, n).mapToDouble(q -> cosines[q]).max().orElseThrow();
    Point last = Point.of(Stack.QFORMER, Site.RESID_POST);
    Capture capture =
        Capture.of(
            Capture.request(Point.of(Stack.QFORMER, Site.CROSS_PATTERN)),
            Capture.request(Point.of(Stack.QFORMER, Site.PATTERN)),
            Capture.request(last).layers(config.layers() - 1));
    double[] gone = new double[n];
    double[] goneCosine = new double[n];
    try (MatchRun run = model.run(sight, words, capture, List.of());
        Scope scope = Scope.open()) {
      double[] verdicts = margins(run);
      double margin = mean(verdicts, new int[0]);
      for (int q = 0; q < n; q++) {
        progress(progress, "queries", q, n);
        int[] one = {q};
        gone[q] = margin(model, sight, words, one) - margin;
        goneCosine[q] =
            largest(cosines(model.vectors(sight, removed(one, config)), text), q) - cosine;
      }
      double[] uncounted =
          IntStream.range(0, n).mapToDouble(q -> mean(verdicts, new int[] {q}) - margin).toArray();
      QueryControl control =
          QueryControl.of(
              uncounted, options, some -> margin(model, sight, words, some) - mean(verdicts, some));
      Tensor attention = attention(run, config);
      Tensor patches = attention.narrow(1, 1, attention.size(1) - 1);
      double[][] maps = QueryDetail.rows(patches.div(patches.sum(-1).unsqueeze(-1)));
      Tensor states =
          run.get(last, config.layers() - 1).select(0, 0).narrow(0, 0, n).to(DType.FLOAT64);
      Tensor unit = states.div(states.square().sum(-1).sqrt().unsqueeze(-1));
      double[][] alike = QueryDetail.rows(unit.matmul(unit.transpose(0, 1)));
      return new MatchQueries(
          side,
          side,
          maps,
          attention.select(1, 0).toDoubles(),
          alike,
          margin,
          run.probability(),
          cosine,
          verdicts,
          cosines,
          uncounted,
          gone,
          IntStream.range(0, n).mapToDouble(q -> largest(cosines, q) - cosine).toArray(),
          goneCosine,
          control,
          QueryDetail.of(config, run.captured(), alike, maps, smallest(gone)));
    }
  }

  private static void progress(Progress progress, String stage, int done, int total) {
    if (progress.cancelled()) {
      throw new LynceusException(
          ErrorCode.CANCELLED,
          "stopped at %s, %d of %d".formatted(stage, done, total),
          "Run it again to begin anew.");
    }
    progress.at(stage, done, total);
  }

  /// Cross-attention, mean over heads and layers, `[queries, positions]`.
  private static Tensor attention(MatchRun run, QFormerConfig config) {
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

  /// The margin of the others where some queries are gone.
  private static double margin(LoadedMatcher model, Sight sight, MatchText words, int[] without) {
    QFormerConfig config = requireFormer(model);
    try (MatchRun run = model.run(sight, words, Capture.NONE, removed(without, config))) {
      return mean(margins(run), without);
    }
  }

  private static List<Intervention> removed(int[] queries, QFormerConfig config) {
    return IntStream.of(queries)
        .mapToObj(query -> QueryRemoval.EMBEDDING.of(query, config.layers()))
        .toList();
  }

  private static double[] margins(MatchRun run) {
    double[] margins = new double[run.verdicts().length];
    for (int q = 0; q < margins.length; q++) {
      margins[q] = run.verdicts()[q][1] - run.verdicts()[q][0];
    }
    return margins;
  }

  /// @param without those that are not counted
  private static double mean(double[] values, int[] without) {
    return IntStream.range(0, values.length)
        .filter(q -> IntStream.of(without).noneMatch(one -> one == q))
        .mapToDouble(q -> values[q])
        .average()
        .orElse(0);
  }

  private static double largest(double[] values, int without) {
    return IntStream.range(0, values.length)
        .filter(q -> q != without)
        .mapToDouble(q -> values[q])
        .max()
        .orElse(0);
  }

  private static int smallest(double[] values) {
    return IntStream.range(0, values.length)
        .boxed()
        .min(Comparator.comparingDouble((Integer q) -> values[q]))
        .orElseThrow();
  }

  private static double[] cosines(double[][] seen, double[] text) {
    double[] cosines = new double[seen.length];
    for (int q = 0; q < seen.length; q++) {
      for (int i = 0; i < text.length; i++) {
        cosines[q] += seen[q][i] * text[i];
      }
    }
    return cosines;
  }

  /// The queries, those that are most for a match first.
  public List<Integer> byVerdict() {
    return IntStream.range(0, verdicts.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer q) -> -verdicts[q]))
        .toList();
  }

  /// The query whose vector is nearest to the text's.
  public int nearest() {
    return IntStream.range(0, cosines.length)
        .boxed()
        .max(Comparator.comparingDouble((Integer q) -> cosines[q]))
        .orElseThrow();
  }

  /// The patch that a query looks at most, for example `row 3, column 7 (12 %)`.
  public String most(int query) {
    double[] map = maps[query];
    int best = 0;
    for (int p = 1; p < map.length; p++) {
      best = map[p] > map[best] ? p : best;
    }
    return "%s (%s)".formatted(Spoken.patch(best, columns), Spoken.percent(map[best]));
  }

  /// Two sentences about who speaks for the text.
  public String conclusion() {
    int most = byVerdict().getFirst();
    int nearest = nearest();
    long pro = IntStream.range(0, verdicts.length).filter(q -> verdicts[q] > 0).count();
    return "%d of %d queries are for a match; the mean margin is %s, a probability of %s. Most for it is query %d (%s). Nearest to the text by contrast is query %d (cosine %s); without it the cosine is %s."
        .formatted(
            pro,
            verdicts.length,
            Spoken.signed(margin),
            Spoken.percent(probability),
            most,
            Spoken.signed(verdicts[most]),
            nearest,
            Spoken.signed(cosine),
            Spoken.signed(cosine + uncountedCosine[nearest]));
  }
}
