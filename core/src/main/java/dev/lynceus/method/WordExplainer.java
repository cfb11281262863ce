package dev.lynceus.method;

import dev.lynceus.method.Explanation.AttentionNeuron;
import dev.lynceus.method.Explanation.HeadExplanation;
import dev.lynceus.method.Explanation.LensRow;
import dev.lynceus.method.Explanation.Neuron;
import dev.lynceus.method.Explanation.PatchMap;
import dev.lynceus.method.Explanation.QueryShare;
import dev.lynceus.method.Explanation.Word;
import dev.lynceus.method.Explanation.WordExplanation;
import dev.lynceus.model.llama.Llama;
import dev.lynceus.run.Run;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Brings all findings about one target together.
final class WordExplainer {
  private final Run run;
  private final ExplainOptions options;
  private final Progress progress;
  private final LogIncrease increase = new LogIncrease();

  WordExplainer(Run run, ExplainOptions options, Progress progress) {
    this.run = run;
    this.options = options;
    this.progress = progress;
  }

  WordExplanation explain(Target target) {
    LogIncrease.Result result = increase.explain(run, target, progress);
    List<int[]> ranking = result.ranking();
    List<WordViews.HeadRow> rows = new ArrayList<>();
    for (int[] at : ranking.subList(0, Math.min(options.heads(), ranking.size()))) {
      rows.add(
          new WordViews.HeadRow(
              at[0],
              at[1],
              result.heads()[at[0]][at[1]],
              increase.positions(run, target, at[0], at[1]),
              WordViews.attention(run, target, at[0], at[1])));
      progress.at("positions", rows.size(), Math.min(options.heads(), ranking.size()));
    }
    progress.at("words", 0, 1);
    List<HeadExplanation> heads =
        new WordViews(run, target).explain(rows, options.positions(), options.listed());
    double[] everything = FirstOrder.positions(run, target);
    double[] attention = new AverageAttention().explain(run, target, progress);
    progress.at("neurons", 0, 1);
    Target.Aim aim = target.aims().getFirst();
    List<Neuron> neurons = List.of();
    List<AttentionNeuron> attentionNeurons = List.of();
    List<QueryShare> queries = List.of();
    if (options.neurons() > 0) {
      Neurons finder = new Neurons(run, aim, options.listed());
      neurons = finder.feedForward(options.neurons());
      attentionNeurons =
          finder.attention(ranking.subList(0, Math.min(3, ranking.size())), options.neurons());
      queries =
          new QueryNeurons(run, aim.row()).layers(neurons, attentionNeurons, options.neurons());
    }
    return new WordExplanation(
        new Explanation.TargetInfo(target.text(), target.ids(), target.kind()),
        aim.row(),
        result.total(),
        result.embedding(),
        predictions(aim),
        result.attention(),
        result.feedForward(),
        result.heads(),
        heads,
        maps(rows, everything, attention),
        neurons,
        attentionNeurons,
        queries,
        lens(aim),
        zones(everything));
  }

  private List<Word> predictions(Target.Aim aim) {
    try (Scope scope = Scope.open()) {
      Llama decoder = run.model().model().decoder();
      Tensor last = new RowTrace(run, aim.row()).last().unsqueeze(0);
      Tensor logits = new LogitLens(LogitLens.Normalization.OWN).logits(decoder, last);
      return new Words(run.model().tokenizer())
          .top(Torch.softmax(logits, 1), options.listed())
          .getFirst();
    }
  }

  private List<LensRow> lens(Target.Aim aim) {
    try (Scope scope = Scope.open()) {
      Llama decoder = run.model().model().decoder();
      Tensor states = new RowTrace(run, aim.row()).stream();
      Tensor probabilities =
          Torch.softmax(new LogitLens(LogitLens.Normalization.OWN).logits(decoder, states), 1);
      double[] target = probabilities.select(1, aim.id()).toDoubles();
      List<List<Word>> words = new Words(run.model().tokenizer()).top(probabilities, 5);
      List<LensRow> rows = new ArrayList<>();
      for (int layer = 0; layer < target.length; layer++) {
        rows.add(new LensRow(layer, target[layer], words.get(layer)));
      }
      return rows;
    }
  }

  private Map<String, Double> zones(double[] positions) {
    TokenMap tokens = run.tokens();
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
      List<WordViews.HeadRow> heads, double[] everything, double[] attention) {
    List<PatchMap> maps = new ArrayList<>();
    List<TokenMap.View> views = run.tokens().views();
    for (int image = 0; image < views.size(); image++) {
      int[] positions = views.get(image).positions();
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
              "log probability",
              true,
              image,
              pick(sum, positions)));
      maps.add(
          new PatchMap(
              "all-heads",
              "All heads",
              "First-order log increase of each patch through all heads of all layers: the slope at each layer's"
                  + " input times what the patch adds there.",
              "log probability",
              true,
              image,
              pick(everything, positions)));
      maps.add(
          new PatchMap(
              "best-head",
              "Best head %d.%d".formatted(best.layer(), best.head()),
              "Log increase of each patch alone, moved by the head with the largest increase. It says what this head"
                  + " reads in favour of the word; it does not say what happens if the patch is removed.",
              "log probability",
              true,
              image,
              pick(best.positions(), positions)));
      maps.add(
          new PatchMap(
              "average-attention",
              "Average attention",
              "Mean attention from the predicting position to each patch, over all layers and heads. A baseline:"
                  + " attention can rest on patches that hold no information.",
              "attention probability",
              false,
              image,
              pick(attention, positions)));
    }
    return maps;
  }

  private static double[] pick(double[] all, int[] positions) {
    return java.util.Arrays.stream(positions).mapToDouble(p -> all[p]).toArray();
  }
}
