package dev.lynceus.method;

import dev.lynceus.method.Explanation.HeadExplanation;
import dev.lynceus.method.Explanation.LensRow;
import dev.lynceus.method.Explanation.Neuron;
import dev.lynceus.method.Explanation.PatchMap;
import dev.lynceus.method.Explanation.QueryShare;
import dev.lynceus.method.Explanation.Word;
import dev.lynceus.method.Explanation.WordExplanation;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Run;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Brings all findings about one target together.
final class WordExplainer {
  private final Run run;
  private final ExplainOptions options;
  private final Progress progress;

  WordExplainer(Run run, ExplainOptions options, Progress progress) {
    this.run = run;
    this.options = options;
    this.progress = progress;
  }

  WordExplanation explain(Target target) {
    try (Scope scope = Scope.open()) {
      Reading reading = Reading.of(run, target.aims().getFirst());
      LogIncrease.Result result = reading.increases();
      double[] first = everything(reading);
      double[] everything = first.clone();
      for (Target.Aim aim : target.aims().subList(1, target.aims().size())) {
        progress.at("heads", 0, 0);
        try (Scope inner = Scope.open()) {
          Reading other = Reading.of(run, aim);
          result = LogIncrease.add(result, other.increases());
          double[] more = everything(other);
          Arrays.setAll(everything, p -> everything[p] + more[p]);
        }
      }
      progress.at("heads", 1, 1);
      return explain(target, reading, result, first, everything);
    }
  }

  /// @param first what each position brings the first token
  /// @param everything the same for all tokens of the target
  private WordExplanation explain(
      Target target,
      Reading reading,
      LogIncrease.Result result,
      double[] first,
      double[] everything) {
    int row = reading.aim().row();
    HeadReader heads = new HeadReader(run, target, reading, options, progress);
    heads.read(result);
    List<WordViews.HeadRow> rows = heads.rows();
    Neurons finder = new Neurons(run, reading.aim(), options.listed());
    Neurons.@Nullable Found found =
        options.neurons() > 0 ? finder.find(reading, options.neurons()) : null;
    progress.at("words", 0, 1);
    int[] positions =
        IntStream.concat(
                rows.stream().flatMapToInt(head -> IntStream.of(head.best())),
                found == null
                    ? IntStream.empty()
                    : IntStream.concat(
                        IntStream.of(row),
                        heads.neurons().stream().mapToInt(Explanation.AttentionNeuron::position)))
            .distinct()
            .toArray();
    int deepest =
        Math.max(
            rows.stream().mapToInt(WordViews.HeadRow::layer).max().orElse(0),
            found == null ? 0 : found.deepest() + 1);
    try (PositionParts parts = new PositionParts(run, positions, deepest)) {
      progress.at("neurons", 0, 1);
      Views views = views(reading, rows, positions, parts, finder, found);
      List<QueryShare> queries =
          found == null
              ? List.of()
              : new QueryNeurons(run, row)
                  .layers(parts, positions, views.neurons, heads.neurons(), options.neurons());
      double[] attention = new AverageAttention().explain(run, target, progress);
      List<Word> predictions = predictions(reading);
      return new WordExplanation(
          new Explanation.TargetInfo(target.text(), target.ids(), target.kind()),
          row,
          result.total(),
          result.embedding(),
          predictions,
          result.attention(),
          result.feedForward(),
          result.heads(),
          views.heads,
          maps(
              target,
              rows.subList(0, Math.min(options.heads(), rows.size())),
              everything,
              attention),
          views.neurons,
          heads.neurons(),
          queries,
          lens(reading),
          zones(run.tokens(), everything),
          RunnerUp.of(run, reading, predictions, first));
    }
  }

  /// First-order increase of each position through all heads, `[T]`.
  private double[] everything(Reading reading) {
    try (Scope scope = Scope.open()) {
      double[] seen =
          FirstOrder.positions(List.of(reading.trace()), reading.inputSlopes().unsqueeze(0))[0];
      return Arrays.copyOf(seen, run.batch().length());
    }
  }

  private record Views(List<HeadExplanation> heads, List<Neuron> neurons) {}

  /// Words of all vectors that are read, in as few products as memory allows.
  private Views views(
      Reading reading,
      List<WordViews.HeadRow> rows,
      int[] positions,
      PositionParts parts,
      Neurons finder,
      Neurons.@Nullable Found found) {
    Words words = new Words(run.model().tokenizer());
    try (Scope scope = Scope.open()) {
      List<Tensor> vectors = new ArrayList<>();
      int first = found == null ? 0 : (int) found.columns().size(0);
      if (found != null) {
        vectors.add(found.columns());
      }
      rows.stream()
          .filter(head -> head.best().length > 0)
          .forEach(head -> vectors.add(WordViews.vectors(head, positions, parts)));
      Tensor all = Torch.cat(vectors, 0);
      List<Neuron> neurons = List.of();
      List<List<Word>> lists = new ArrayList<>();
      int most = Math.max(FrozenLens.most(run.model().model().decoder()), first);
      for (int start = 0; start < all.size(0); start += most) {
        try (Scope inner = Scope.open()) {
          long length = Math.min(most, all.size(0) - start);
          Tensor logits = reading.lens().logits(all.narrow(0, start, length));
          int skipped = start == 0 ? first : 0;
          if (start == 0 && found != null) {
            neurons = finder.named(found, logits.narrow(0, 0, first));
          }
          if (length > skipped) {
            lists.addAll(words.top(logits.narrow(0, skipped, length - skipped), options.listed()));
          }
        }
      }
      List<HeadExplanation> heads = new ArrayList<>();
      int at = 0;
      for (WordViews.HeadRow head : rows) {
        int count = 3 * head.best().length;
        heads.add(WordViews.explained(head, lists.subList(at, at + count)));
        at += count;
      }
      return new Views(heads, neurons);
    }
  }

  private List<Word> predictions(Reading reading) {
    try (Scope scope = Scope.open()) {
      Tensor last = reading.own().narrow(0, reading.own().size(0) - 1, 1);
      return new Words(run.model().tokenizer())
          .top(Torch.softmax(last, 1), options.listed())
          .getFirst();
    }
  }

  private List<LensRow> lens(Reading reading) {
    try (Scope scope = Scope.open()) {
      Tensor probabilities = Torch.softmax(reading.own(), 1);
      double[] target = probabilities.select(1, reading.aim().id()).toDoubles();
      List<List<Word>> words = new Words(run.model().tokenizer()).top(probabilities, 5);
      List<LensRow> rows = new ArrayList<>();
      for (int layer = 0; layer < target.length; layer++) {
        rows.add(new LensRow(layer, target[layer], words.get(layer)));
      }
      return rows;
    }
  }

  /// What the positions of each zone bring together.
  static Map<String, Double> zones(TokenMap tokens, double[] positions) {
    Map<String, Double> zones = new LinkedHashMap<>();
    for (TokenMap.Role role : TokenMap.Role.values()) {
      if (role != TokenMap.Role.PADDING) {
        double sum = 0;
        for (int p : tokens.positions(role)) {
          sum += positions[p];
        }
        zones.put(role.name().toLowerCase(Locale.ROOT), sum);
      }
    }
    return zones;
  }

  private List<PatchMap> maps(
      Target target, List<WordViews.HeadRow> heads, double[] everything, double[] attention) {
    List<PatchMap> maps = new ArrayList<>();
    List<TokenMap.View> views = run.tokens().views();
    if (views.isEmpty()) {
      return maps;
    }
    SeeingMap seeing = SeeingMap.of(run.model());
    for (int image = 0; image < views.size(); image++) {
      int[] positions = views.get(image).positions();
      maps.add(seeing.shown(run, target, views.get(image), image));
      WordViews.HeadRow best = heads.getFirst();
      double[] sum = new double[best.positions().length];
      for (WordViews.HeadRow head : heads) {
        for (int p = 0; p < sum.length; p++) {
          sum[p] += head.positions()[p];
        }
      }
      maps.add(
          new PatchMap(
              "top-heads",
              "Top %d heads".formatted(heads.size()),
              "Sum of the log increases of each patch alone through the heads with the largest increases. Steadier"
                  + " than one head where the best are close; the parts are measured alone, so the sum is not a"
                  + " probability.",
              Term.NATS.unit(),
              true,
              image,
              pick(sum, positions)));
      maps.add(
          new PatchMap(
              "all-heads",
              "All heads",
              "First-order log increase of each patch through all heads of all layers: the slope at each layer's"
                  + " input times what the patch adds there.",
              Term.NATS.unit(),
              true,
              image,
              pick(everything, positions)));
      maps.add(
          new PatchMap(
              "best-head",
              "Best head %d.%d".formatted(best.layer(), best.head()),
              "Log increase of each patch alone, moved by the head with the largest increase. It says what this head"
                  + " reads in favour of the word; it does not say what happens if the patch is removed.",
              Term.NATS.unit(),
              true,
              image,
              pick(best.positions(), positions)));
      maps.add(
          new PatchMap(
              "average-attention",
              "Average attention",
              "Mean attention from the predicting position to each patch, over all layers and heads. A baseline:"
                  + " attention can rest on patches that hold no information.",
              Term.ATTENTION.text(),
              false,
              image,
              pick(attention, positions)));
    }
    return maps;
  }

  private static double[] pick(double[] all, int[] positions) {
    return Arrays.stream(positions).mapToDouble(p -> all[p]).toArray();
  }
}
