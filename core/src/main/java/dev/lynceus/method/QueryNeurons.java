package dev.lynceus.method;

import dev.lynceus.method.Explanation.AttentionNeuron;
import dev.lynceus.method.Explanation.Neuron;
import dev.lynceus.method.Explanation.QueryShare;
import dev.lynceus.model.stack.FeedForward;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.nn.Linear;
import dev.lynceus.nn.Norm;
import dev.lynceus.run.Run;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// What activates the value neurons (arXiv 2312.12141): each neuron has input directions, and the
/// parts of the residual stream that lie along them activate it. A part's share is its inner
/// product with the direction over that of the whole stream; its score is the share times the
/// neuron's increase, summed over the neurons.
///
/// Input directions of a feed-forward neuron are its gate and up rows times the norm's weight (the
/// mean of both shares is taken); of an attention neuron the row of the value projection times the
/// norm's weight. Shares can be negative. A stream that hardly projects on a direction gives no
/// share (guard 1e-6).
public final class QueryNeurons {
  private static final double GUARD = 1e-6;

  private final Run run;
  private final int row;

  /// @param row the predicting row, where feed-forward neurons read
  public QueryNeurons(Run run, int row) {
    this.run = run;
    this.row = row;
  }

  private record Part(String kind, int layer) {}

  /// Scores of the embedding and of every attention and feed-forward layer, largest first.
  public List<QueryShare> layers(
      List<Neuron> neurons, List<AttentionNeuron> attentionNeurons, int count) {
    TextConfig config = run.model().model().decoder().config();
    int deepest =
        Math.max(
            neurons.stream().mapToInt(Neuron::layer).max().orElse(-1) + 1,
            attentionNeurons.stream().mapToInt(AttentionNeuron::layer).max().orElse(-1));
    int[] positions =
        IntStream.concat(
                IntStream.of(row), attentionNeurons.stream().mapToInt(AttentionNeuron::position))
            .distinct()
            .toArray();
    try (PositionParts parts =
        new PositionParts(run, positions, Math.min(deepest, config.layers()))) {
      return layers(parts, positions, neurons, attentionNeurons, count);
    }
  }

  /// The same where the parts of the stream are there.
  ///
  /// @param positions of the parts: the row, and those of the attention neurons, among others
  List<QueryShare> layers(
      PositionParts parts,
      int[] positions,
      List<Neuron> neurons,
      List<AttentionNeuron> attentionNeurons,
      int count) {
    Map<Part, Double> scores = new HashMap<>();
    try (Scope scope = Scope.open()) {
      RowTrace trace = new RowTrace(run, row);
      List<Key> keys = new ArrayList<>();
      for (Neuron neuron : neurons) {
        keys.addAll(feedForward(trace, neuron, indexOf(positions, row)));
      }
      for (AttentionNeuron neuron : attentionNeurons) {
        keys.add(attention(trace, neuron, indexOf(positions, neuron.position())));
      }
      if (!keys.isEmpty()) {
        add(scores, parts, keys);
      }
    }
    List<QueryShare> shares = new ArrayList<>();
    scores.forEach(
        (part, score) -> shares.add(new QueryShare(part.kind, part.layer, -1, score, null)));
    shares.sort(Comparator.comparingDouble((QueryShare s) -> -s.score()));
    return List.copyOf(shares.subList(0, Math.min(count, shares.size())));
  }

  /// An input direction of a neuron.
  ///
  /// @param direction float64, `[width]`
  /// @param index of the position where it reads
  /// @param feeds feed-forward layers that came before
  /// @param attends attention layers that came before
  /// @param weight of its shares
  private record Key(Tensor direction, int index, int feeds, int attends, double weight) {}

  private static List<Key> feedForward(RowTrace trace, Neuron neuron, int index) {
    int layer = neuron.layer();
    Norm norm = trace.weights(layer).feedForwardNorm();
    FeedForward net = trace.weights(layer).feedForward();
    List<Linear> readers = net.gate() == null ? List.of(net.up()) : List.of(net.gate(), net.up());
    double share = neuron.increase() / readers.size();
    return readers.stream()
        .map(map -> map.weight().select(0, neuron.index()))
        .map(row -> new Key(direction(row, norm), index, layer, layer + 1, share))
        .toList();
  }

  private static Key attention(RowTrace trace, AttentionNeuron neuron, int index) {
    TextConfig c = trace.config();
    int keyHead = neuron.head() / (c.heads() / c.keyHeads());
    Tensor row =
        trace
            .weights(neuron.layer())
            .attention()
            .value()
            .weight()
            .select(0, (long) keyHead * c.headWidth() + neuron.dimension());
    Norm norm = trace.weights(neuron.layer()).attentionNorm();
    return new Key(direction(row, norm), index, neuron.layer(), neuron.layer(), neuron.increase());
  }

  private static int indexOf(int[] positions, int position) {
    return IntStream.range(0, positions.length)
        .filter(i -> positions[i] == position)
        .findFirst()
        .orElseThrow();
  }

  private static Tensor direction(Tensor row, Norm norm) {
    return norm.centred(row.to(DType.FLOAT64).mul(norm.weight().to(DType.FLOAT64)));
  }

  /// Adds the shares of all parts before the neurons.
  private static void add(Map<Part, Double> scores, PositionParts parts, List<Key> keys) {
    Tensor all = parts.all();
    int layers = (int) all.size(0) / 2;
    int positions = (int) all.size(1);
    Tensor directions = Torch.stack(keys.stream().map(Key::direction).toList(), 0);
    double[] products = all.matmul(directions.t()).toDoubles();
    for (int k = 0; k < keys.size(); k++) {
      Key key = keys.get(k);
      Map<Part, Double> own = new LinkedHashMap<>();
      for (int part = 0; part <= 2 * layers; part++) {
        Part name =
            part == 0
                ? new Part("embedding", -1)
                : part <= layers
                    ? new Part("attention", part - 1)
                    : new Part("feedForward", part - 1 - layers);
        boolean before = part == 0 || name.layer < (part <= layers ? key.attends : key.feeds);
        if (before) {
          own.put(name, products[(part * positions + key.index) * keys.size() + k]);
        }
      }
      double whole = own.values().stream().mapToDouble(Double::doubleValue).sum();
      if (Math.abs(whole) >= GUARD) {
        own.forEach(
            (name, product) -> scores.merge(name, product / whole * key.weight, Double::sum));
      }
    }
  }
}
