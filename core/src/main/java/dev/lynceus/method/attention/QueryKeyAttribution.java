package dev.lynceus.method.attention;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.stack.Layer;
import dev.lynceus.model.stack.Projections;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.nn.Linear;
import dev.lynceus.nn.Norm;
import dev.lynceus.nn.Rope;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Why a head looked where it looked: its score of a row `i` for a position `j` as a sum over the
/// components that earlier layers wrote into the residual stream, of the row for the query and of
/// the position for the key.
///
/// With the norm of each frozen to the scale `s` that it had, query and key are linear in the
/// components `c`, and so is the score:
///
/// `score = (R_i q)·(R_j k) s`, `q = Σ_c W_Q (g ∘ c_i / s_i) + b_Q`, `k` alike,
///
/// where `R` turns by the rotary angle (not at all where positions are learned), `s` is the factor
/// on the scores (one over the root of the head's width, if the model has no other), and `g` the
/// norm's weight. A layer norm centres each component, and what its bias makes of the projection
/// counts with `b`. Components are the embedding (or visual token; with its learned position), each
/// head and each feed-forward network of the layers before, and the biases. The parts of either
/// side sum to the score. What a component would have done through other components before it, or
/// through the scale of the norm, is not told apart. (The decomposition of the query and key
/// circuit of Elhage and others, "A mathematical framework for transformer circuits", 2021.)
public final class QueryKeyAttribution {
  private QueryKeyAttribution() {}

  /// A component and its part of the score.
  ///
  /// @param name for example `embedding`, `head 1.4`, `feed-forward 2`, `bias`
  /// @param score its part; the parts of a side sum to the score
  public record Part(String name, double score) {}

  /// A component of the row.
  ///
  /// @param score its part of the score
  /// @param above its part of what the score has above the mean score over all positions that the
  ///   row can see: why it looked there rather than elsewhere
  public record QueryPart(String name, double score, double above) {}

  /// A component of the row with one of the position.
  public record Pair(String query, String key, double score) {}

  /// The score and what it is made of.
  ///
  /// @param row the row that looks
  /// @param position what it looks at
  /// @param score scaled, before the softmax
  /// @param probability after the softmax
  /// @param rank of the position among those that the row can see, 1 = most attended
  /// @param mean score over all positions that the row can see
  /// @param query parts by the components of the row, largest first
  /// @param key parts by the components of the position, largest first
  /// @param pairs the pairs with the largest parts, either way
  public record Result(
      HeadRef head,
      int row,
      int position,
      double score,
      double probability,
      int rank,
      double mean,
      List<QueryPart> query,
      List<Part> key,
      List<Pair> pairs) {}

  /// One side of the product, by components.
  ///
  /// @param vectors rotated, `[components, headWidth]`, float64
  private record Side(List<String> names, Tensor vectors) {}

  /// Attributes one score.
  ///
  /// @param prompt up to the row at least; tokens of an answer appended to it
  /// @param pairs how many pairs are listed
  /// @throws LynceusException BAD_REQUEST if the row cannot see the position
  public static Result explain(
      LoadedModel model, Prompt prompt, HeadRef head, int row, int position, int pairs) {
    TextStack decoder = model.model().decoder();
    head.in(decoder.config());
    if (position < 0 || position > row || row >= prompt.length()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "row %d cannot see position %d in a sequence of %d"
              .formatted(row, position, prompt.length()),
          "Name a position up to the row.");
    }
    try (Run run = model.run(prompt, capture(decoder, head, row, position));
        Scope scope = Scope.open()) {
      return explain(run, head, row, position, pairs);
    }
  }

  private static Capture capture(TextStack decoder, HeadRef head, int row, int position) {
    Positions both = Positions.of(IntStream.of(row, position).distinct().toArray());
    Positions one = Positions.of(row);
    int layer = head.layer();
    Capture plan =
        Capture.of(
            Capture.request(Point.EMBED_MERGED).at(both),
            Capture.request(Point.LN1_SCALE).layers(layer).at(both),
            Capture.request(Point.ATTN_SCORES).layers(layer).heads(head.head()).at(one),
            Capture.request(Point.PATTERN).layers(layer).heads(head.head()).at(one));
    if (decoder.has(Point.ROTARY_COS)) {
      for (Point table : decoder.rotation(layer)) {
        plan = plan.and(Capture.request(table).at(both));
      }
    }
    if (layer == 0) {
      return plan;
    }
    int[] before = IntStream.range(0, layer).toArray();
    if (decoder.deep() > 0) {
      int[] added = IntStream.range(0, Math.min(layer, decoder.deep())).toArray();
      plan = plan.and(Capture.request(Point.ADDED).layers(added).at(both));
    }
    if (decoder.has(Point.LN1_POST_SCALE)) {
      plan = plan.and(Capture.request(Point.LN1_POST_SCALE).layers(before).at(both));
    }
    return plan.and(Capture.request(Point.Z).layers(before).at(both))
        .and(Capture.request(Point.MLP_OUT).layers(before).at(both));
  }

  private static Result explain(Run run, HeadRef head, int row, int position, int pairs) {
    TextStack decoder = run.model().model().decoder();
    TextConfig config = decoder.config();
    Layer weights = decoder.weights().layers().get(head.layer());
    int shared = head.head() / (config.heads() / config.keyHeads());
    double scale = config.attention().scale();

    Projections.@Nullable HeadNorms norms = weights.attention().norms();
    Side query =
        side(
            run,
            head.layer(),
            row,
            weights.attention().query(),
            head.head(),
            norms == null ? null : norms.query());
    Side key =
        side(
            run,
            head.layer(),
            position,
            weights.attention().key(),
            shared,
            norms == null ? null : norms.key());
    double[] scores = run.get(Point.ATTN_SCORES, head.layer()).reshape(-1).toDoubles();
    double[] pattern = run.get(Point.PATTERN, head.layer()).reshape(-1).toDoubles();
    int[] visible =
        IntStream.range(0, scores.length).filter(p -> Double.isFinite(scores[p])).toArray();
    if (!Double.isFinite(scores[position])) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "layer %d sees %d positions back only, so that row %d cannot see position %d"
              .formatted(head.layer(), config.windows()[head.layer()], row, position),
          "Name a nearer position, or a head of a layer without a sliding window.");
    }

    Tensor meanKey =
        run.cache()
            .get(head.layer())
            .keys()
            .select(0, 0)
            .select(0, shared)
            .to(DType.FLOAT64)
            .indexSelect(0, Tensor.indices(visible))
            .mean(0);
    double[] onMean = query.vectors.matmul(meanKey.unsqueeze(1)).mul(scale).toDoubles();
    Tensor matrix = query.vectors.matmul(key.vectors.t()).mul(scale);
    double[] byQuery = matrix.sum(1).toDoubles();
    double[] byKey = matrix.sum(0).toDoubles();
    List<QueryPart> queryParts = new ArrayList<>();
    for (int c = 0; c < byQuery.length; c++) {
      queryParts.add(new QueryPart(query.names.get(c), byQuery[c], byQuery[c] - onMean[c]));
    }
    List<Part> keyParts = new ArrayList<>();
    for (int c = 0; c < byKey.length; c++) {
      keyParts.add(new Part(key.names.get(c), byKey[c]));
    }
    return new Result(
        head,
        row,
        position,
        scores[position],
        pattern[position],
        1 + (int) IntStream.of(visible).filter(p -> pattern[p] > pattern[position]).count(),
        IntStream.of(visible).mapToDouble(p -> scores[p]).average().orElse(0),
        queryParts.stream().sorted(Comparator.comparingDouble((QueryPart p) -> -p.score)).toList(),
        keyParts.stream().sorted(Comparator.comparingDouble((Part p) -> -p.score)).toList(),
        pairs(matrix, query, key, pairs));
  }

  private static List<Pair> pairs(Tensor matrix, Side query, Side key, int count) {
    int columns = key.names.size();
    double[] values = matrix.contiguous().toDoubles();
    return IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -Math.abs(values[i])))
        .limit(count)
        .map(i -> new Pair(query.names.get(i / columns), key.names.get(i % columns), values[i]))
        .toList();
  }

  /// The components at a position, projected, divided and turned. A norm of the head's own divides
  /// all components by the scale of their sum.
  private static Side side(
      Run run, int layer, int position, Linear projection, int head, Norm.@Nullable Rms own) {
    TextStack decoder = run.model().model().decoder();
    int width = decoder.config().headWidth();
    List<String> names = new ArrayList<>();
    List<Tensor> components = new ArrayList<>();
    names.add("embedding");
    components.add(at(run, Point.EMBED_MERGED, 0, position).unsqueeze(0));
    for (int l = 0; l < layer; l++) {
      Layer w = decoder.weights().layers().get(l);
      Tensor through = through(run, w, l, position);
      components.add(heads(at(run, Point.Z, l, position), w.attention().output()).mul(through));
      for (int h = 0; h < decoder.config().heads(); h++) {
        names.add("head " + new HeadRef(l, h).text());
      }
      Tensor outputBias = w.attention().output().bias();
      if (outputBias != null) {
        names.add("attention bias " + l);
        components.add(outputBias.to(DType.FLOAT64).unsqueeze(0).mul(through));
      }
      names.add("feed-forward " + l);
      components.add(at(run, Point.MLP_OUT, l, position).unsqueeze(0));
      if (l < decoder.deep()) {
        names.add("added " + l);
        components.add(at(run, Point.ADDED, l, position).unsqueeze(0));
      }
    }
    Norm norm = decoder.weights().layers().get(layer).attentionNorm();
    Tensor gain = norm.weight().to(DType.FLOAT64);
    Tensor scale = at(run, Point.LN1_SCALE, layer, position);
    Tensor rows = projection.weight().narrow(0, (long) head * width, width).to(DType.FLOAT64);
    Tensor read = norm.centred(Torch.cat(components, 0)).mul(gain).div(scale).matmul(rows.t());
    @Nullable Tensor bias = projection.bias();
    @Nullable Tensor shift = norm.bias();
    if (bias != null || shift != null) {
      names.add("bias");
      Tensor added = Torch.zeros(DType.FLOAT64, 1, width);
      if (bias != null) {
        added = added.add(bias.narrow(0, (long) head * width, width).to(DType.FLOAT64));
      }
      if (shift != null) {
        added = added.add(shift.to(DType.FLOAT64).unsqueeze(0).matmul(rows.t()));
      }
      read = Torch.cat(List.of(read, added), 0);
    }
    if (own != null) {
      Tensor divisor = own.scale(read.sum(0).unsqueeze(0));
      read = read.mul(own.weight().to(DType.FLOAT64)).div(divisor);
    }
    if (!decoder.has(Point.ROTARY_COS)) {
      return new Side(names, read);
    }
    Rope.Table table =
        new Rope.Table(
            at(run, decoder.rotation(layer).getFirst(), 0, position).reshape(1, 1, -1),
            at(run, decoder.rotation(layer).getLast(), 0, position).reshape(1, 1, -1));
    Tensor turned = Rope.rotate(read.unsqueeze(0).unsqueeze(0), table);
    return new Side(names, turned.select(0, 0).select(0, 0));
  }

  /// What becomes of the output of an attention on its way into the stream: a norm behind it is
  /// frozen, too.
  private static Tensor through(Run run, Layer w, int layer, int position) {
    return w.behind() == null
        ? Torch.full(DType.FLOAT64, 1, 1)
        : w.behind()
            .attention()
            .weight()
            .to(DType.FLOAT64)
            .div(at(run, Point.LN1_POST_SCALE, layer, position));
  }

  /// What each head wrote, `[heads, width]`.
  ///
  /// @param z `[heads, headWidth]`
  private static Tensor heads(Tensor z, Linear output) {
    long width = z.size(1);
    List<Tensor> parts = new ArrayList<>();
    for (int h = 0; h < z.size(0); h++) {
      Tensor columns = output.weight().narrow(1, h * width, width).to(DType.FLOAT64);
      parts.add(columns.matmul(z.select(0, h).unsqueeze(1)).squeeze(1));
    }
    return Torch.stack(parts, 0);
  }

  private static Tensor at(Run run, Point point, int layer, int position) {
    int[] kept = run.captured().positions(point, layer);
    int index =
        IntStream.range(0, kept.length).filter(i -> kept[i] == position).findFirst().orElseThrow();
    return run.get(point, layer).select(0, 0).select(0, index).to(DType.FLOAT64);
  }
}
