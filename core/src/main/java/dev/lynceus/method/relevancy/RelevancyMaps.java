package dev.lynceus.method.relevancy;

import dev.lynceus.method.Inputs;
import dev.lynceus.method.Method;
import dev.lynceus.method.Target;
import dev.lynceus.method.gradient.Backward;
import dev.lynceus.method.gradient.Objective;
import dev.lynceus.method.gradient.PatchPlaces;
import dev.lynceus.method.gradient.TowerGraph;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// Relevancy maps of words: attention, weighted by how the word's logit depends on it, followed
/// from the row that predicts the word back through all layers; see [Rules]. Exact for each token:
/// every row of every layer is weighted by the gradient of that token's own logit. One pass with
/// gradients serves all tokens; each costs one pass back. Sources: Chefer, Gur and Wolf, arXiv
/// 2103.15679; applied to LLaVA by LVLM-Interpret, arXiv 2404.03118.
///
/// A word of several tokens has the mean of their relevancies. Where stacks read each other by
/// cross-attention (BLIP), and for models that read, see [FlowRelevancy].
public record RelevancyMaps() implements Method<RelevancyMaps.Result> {

  /// What a word depends on. Values are shares of what its row gained: over all positions they add
  /// up to 1, or are all 0.
  ///
  /// @param text the word
  /// @param positions relevancy of each position of the sequence, `[T]`
  /// @param imageShare relevancy of all visual tokens, divided by that of visual tokens and
  ///   question, or of visual tokens and all words of the prompt where none of them is a question
  ///   (a raw prompt); NaN if both have none, and where pictures are read by cross-attention, whose
  ///   relevancies are on no common scale
  /// @param maps one for each view of the pictures
  /// @param question relevancy of each position of the words that an encoder read, `[Q]`; empty for
  ///   most models
  // Plain numbers of a result; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  public record Result(
      String text, double[] positions, double imageShare, List<Maps> maps, double[] question) {}

  /// Maps of one view, one number for each patch, row by row.
  ///
  /// @param decoder relevancy of the patch's visual token: its entries of [Result#positions]
  /// @param tower what all visual tokens together, each counted alike, take from the patch on their
  ///   way through the tower; divided by the sum over all views
  /// @param composed the visual tokens' own relevancies followed back through the tower to the
  ///   patches; divided by the sum over all views
  // Plain numbers of a result; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  public record Maps(double[] decoder, double[] tower, double[] composed) {}

  private static final double[] NOTHING = new double[0];

  @Override
  public String name() {
    return "relevancy";
  }

  @Override
  public Capture capture(Run.Shape shape, int firstRow) {
    return Capture.NONE;
  }

  @Override
  public Result explain(Run run, Target target, Progress progress) {
    return explain(run, List.of(target), progress).getFirst();
  }

  /// Explains several words of one run.
  ///
  /// @throws dev.lynceus.error.LynceusException BAD_REQUEST for a batch, for arithmetic in 16 bits,
  ///   or if a change of the run cuts the way from its pictures to the answer
  public List<Result> explain(Run run, List<Target> targets, Progress progress) {
    if (Inputs.reads(run.model().model())) {
      return FlowRelevancy.explain(run, targets, progress);
    }
    List<Result> results = new ArrayList<>();
    try (Scope scope = Scope.open()) {
      Backward backward = new Backward(run);
      List<Objective> objectives =
          targets.stream().flatMap(target -> Objective.logits(target).stream()).toList();
      DecoderRows rows = DecoderRows.of(backward, objectives, progress);
      boolean sees = !run.batch().pictures().isEmpty();
      TowerGraph graph = sees ? TowerGraph.attention(backward) : null;
      int next = 0;
      for (Target target : targets) {
        List<double[]> positions = new ArrayList<>();
        List<List<Maps>> maps = new ArrayList<>();
        for (int i = 0; i < target.aims().size(); i++, next++) {
          double[] row = rows.normalized(next);
          positions.add(row);
          if (graph != null) {
            try (Scope inner = Scope.open()) {
              maps.add(maps(run, row, TowerWeights.of(run, graph, rows.slopes().get(next))));
            }
          }
          progress.at("tower", next + 1L, objectives.size());
        }
        double[] mean = mean(positions);
        results.add(
            new Result(target.text(), mean, share(run.tokens(), mean), mean(maps, run), NOTHING));
      }
    }
    return results;
  }

  /// Relevancy of one word's row through the decoder alone, `[T]`, as in [Result#positions].
  public static double[] decoder(Run run, Target target) {
    return decoder(run, List.of(target), Progress.NONE)[0];
  }

  /// The same of several words, which share all that does not depend on them, `[words][T]`.
  public static double[][] decoder(Run run, List<Target> targets, Progress progress) {
    try (Scope scope = Scope.open()) {
      List<Objective> objectives =
          targets.stream().flatMap(target -> Objective.logits(target).stream()).toList();
      DecoderRows rows = DecoderRows.of(new Backward(run), objectives, progress);
      double[][] found = new double[targets.size()][];
      int next = 0;
      for (int i = 0; i < found.length; i++) {
        int end = next + targets.get(i).aims().size();
        found[i] = mean(IntStream.range(next, end).mapToObj(rows::normalized).toList());
        next = end;
      }
      return found;
    }
  }

  private static List<Maps> maps(Run run, double[] row, TowerWeights weights) {
    List<TokenMap.View> views = run.tokens().views();
    List<PatchPlaces> places = views.stream().map(view -> PatchPlaces.of(run, view)).toList();
    double[][] relevant = new double[weights.views()][weights.positions()];
    double[][] alike = new double[weights.views()][weights.positions()];
    for (int v = 0; v < views.size(); v++) {
      PatchPlaces at = places.get(v);
      double[] own = IntStream.of(views.get(v).positions()).mapToDouble(p -> row[p]).toArray();
      at.spread(own, relevant, weights.offset());
      at.spread(
          DoubleStream.generate(() -> 1).limit(at.count()).toArray(), alike, weights.offset());
    }
    double[][] composed = weights.followed(relevant);
    double[][] tower = weights.gained(alike);
    List<double[]> composedMaps = new ArrayList<>();
    List<double[]> towerMaps = new ArrayList<>();
    for (PatchPlaces at : places) {
      composedMaps.add(at.pick(composed, weights.offset()));
      towerMaps.add(at.pick(tower, weights.offset()));
    }
    shares(composedMaps);
    shares(towerMaps);
    return IntStream.range(0, views.size())
        .mapToObj(v ->
            new Maps(
                IntStream.of(views.get(v).positions()).mapToDouble(p -> row[p]).toArray(),
                towerMaps.get(v),
                composedMaps.get(v)))
        .toList();
  }

  /// Divides all maps by the sum over them, where it is not zero.
  private static void shares(List<double[]> maps) {
    double sum = maps.stream().flatMapToDouble(Arrays::stream).sum();
    if (sum != 0) {
      maps.forEach(map -> Arrays.setAll(map, p -> map[p] / sum));
    }
  }

  private static double share(TokenMap tokens, double[] row) {
    double image =
        IntStream.of(tokens.positions(TokenMap.Role.IMAGE)).mapToDouble(p -> row[p]).sum();
    int[] asked = tokens.positions(TokenMap.Role.QUESTION);
    int[] words = asked.length > 0 ? asked : tokens.positions(TokenMap.Role.TEMPLATE);
    double text = IntStream.of(words).mapToDouble(p -> row[p]).sum();
    return image / (image + text);
  }

  private static List<Maps> mean(List<List<Maps>> tokens, Run run) {
    if (tokens.isEmpty()) {
      return List.of();
    }
    return IntStream.range(0, run.tokens().views().size())
        .mapToObj(v ->
            new Maps(
                mean(tokens.stream().map(maps -> maps.get(v).decoder()).toList()),
                mean(tokens.stream().map(maps -> maps.get(v).tower()).toList()),
                mean(tokens.stream().map(maps -> maps.get(v).composed()).toList())))
        .toList();
  }

  static double[] mean(List<double[]> rows) {
    double[] mean = new double[rows.getFirst().length];
    for (double[] row : rows) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += row[i] / rows.size();
      }
    }
    return mean;
  }

  /// Rows of relevancy through the decoder, one for each objective.
  ///
  /// @param raw `[1, T]`, the row itself included; float64, because what was gained is what is left
  ///   when the row's own 1 is taken away
  /// @param start one entry of 1, `[1, T]`
  /// @param slopes gradients with respect to what enters the decoder
  record DecoderRows(List<Tensor> raw, List<Tensor> start, List<Tensor> slopes) {

    /// Follows the rows of some objectives, each with one row; in the scope that is open.
    static DecoderRows of(Backward backward, List<Objective> objectives, Progress progress) {
      List<Tensor> rows = new ArrayList<>();
      List<Tensor> starts = new ArrayList<>();
      Tensor entering = backward.entering();
      int length = (int) entering.size(1);
      for (Objective objective : objectives) {
        float[] one = new float[length];
        one[objective.rows()[0]] = 1;
        starts.add(Tensor.of(one, 1, length).to(DType.FLOAT64));
        rows.add(starts.getLast().copy());
      }
      LayerWeights weights =
          new LayerWeights(backward.heads(), length, entering.dtype(), objectives.size());
      List<Tensor> slopes =
          backward.attention(
              objectives,
              at -> {
                int k = at.objective();
                weights.add(at);
                if (at.last(backward.heads())) {
                  try (Scope scope = Scope.open()) {
                    Tensor row = rows.get(k);
                    row.copy_(Rules.down(row, weights.take(k).to(DType.FLOAT64)));
                  }
                  if (k == objectives.size() - 1) {
                    progress.at("decoder", backward.depth() - at.layer(), backward.depth());
                  }
                }
              });
      return new DecoderRows(rows, starts, slopes);
    }

    double[] normalized(int k) {
      try (Scope scope = Scope.open()) {
        return Rules.normalized(raw.get(k), start.get(k)).toDoubles();
      }
    }
  }
}
