package dev.lynceus.report;

import dev.lynceus.method.Explanation.AnswerToken;
import dev.lynceus.method.Explanation.AttentionNeuron;
import dev.lynceus.method.Explanation.HeadExplanation;
import dev.lynceus.method.Explanation.ImageView;
import dev.lynceus.method.Explanation.LensRow;
import dev.lynceus.method.Explanation.Neuron;
import dev.lynceus.method.Explanation.PatchMap;
import dev.lynceus.method.Explanation.PatchWords;
import dev.lynceus.method.Explanation.PositionExplanation;
import dev.lynceus.method.Explanation.QueryShare;
import dev.lynceus.method.Explanation.TargetInfo;
import dev.lynceus.method.Explanation.Token;
import dev.lynceus.method.Explanation.Word;
import dev.lynceus.method.Explanation.WordExplanation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/// The explained words of [SampleExplanations]: random, but of the right shapes, and telescoping.
record SampleWords(
    Random random,
    int layers,
    int heads,
    List<ImageView> views,
    List<Token> tokens,
    int wordsPerList,
    int keptHeads) {
  private static final List<String> WORDS =
      List.of(
          "brown", "dog", "Brown", "animal", "dark", "orange", "black", "fur", "tan", "horse",
          "cat", "pet", "brow", "color", "white", "light", "ish", "colored", "red", "spot", "left",
          "top", "ear", "leg", "pink", "apple");

  WordExplanation word(AnswerToken target) {
    double start = -10.376;
    double[] attention = steps(0.55 * (target.logProbability() - start));
    double[] feedForward = steps(0.45 * (target.logProbability() - start));
    double[][] increases = new double[layers][heads];
    for (int l = 0; l < layers; l++) {
      for (int h = 0; h < heads; h++) {
        double late = l / (double) layers;
        increases[l][h] =
            0.02 * random.nextGaussian()
                + (random.nextInt(14) == 0 ? late * random.nextGaussian() * 0.5 + 0.1 : 0);
      }
    }
    int best = layers * 2 / 3;
    increases[best][heads - 3] = 1.0399;
    List<HeadExplanation> top =
        IntStream.range(0, layers * heads)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -increases[i / heads][i % heads]))
            .limit(keptHeads)
            .map(i -> head(i / heads, i % heads, increases[i / heads][i % heads]))
            .toList();
    return new WordExplanation(
        new TargetInfo(target.text(), new int[] {target.id()}, "token"),
        target.position() - 1,
        target.logProbability(),
        start,
        words(),
        attention,
        feedForward,
        increases,
        top,
        maps(top),
        neurons(),
        attentionNeurons(top),
        queries(),
        lens(target),
        zones(),
        null);
  }

  /// Increases of the layers that add up to `total`.
  private double[] steps(double total) {
    double[] steps = new double[layers];
    double sum = 0;
    for (int l = 0; l < layers; l++) {
      steps[l] =
          (l + 1.0) / layers * (0.4 + random.nextDouble()) - (random.nextInt(5) == 0 ? 0.8 : 0);
      sum += steps[l];
    }
    for (int l = 0; l < layers; l++) {
      steps[l] += (total - sum) / layers;
    }
    return steps;
  }

  WordExplanation contrast(WordExplanation w) {
    return new WordExplanation(
        new TargetInfo("brown − black", new int[] {1006, 1200}, "contrast"),
        w.row(),
        3.21,
        0.04,
        w.predictions(),
        w.attention(),
        w.feedForward(),
        w.heads(),
        w.topHeads(),
        w.maps(),
        w.neurons(),
        List.of(),
        List.of(),
        w.lens(),
        w.zones(),
        null);
  }

  private HeadExplanation head(int layer, int head, double increase) {
    int n = tokens.size();
    double[] attention = new double[n];
    double[] increases = new double[n];
    double sum = 0;
    for (int p = 0; p < n; p++) {
      double near = tokens.get(p).image() < 0 ? 0.02 : bump(tokens.get(p), layer + head);
      attention[p] = near + 0.02 * random.nextDouble() + (p == 0 ? 3 : 0);
      increases[p] =
          0.3 * increase * near * (0.7 + 0.6 * random.nextDouble()) + 0.004 * random.nextGaussian();
      sum += attention[p];
    }
    for (int p = 0; p < n; p++) {
      attention[p] /= sum;
    }
    List<PositionExplanation> positions =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer p) -> -increases[p]))
            .limit(20)
            .map(p ->
                new PositionExplanation(
                    p, increases[p], attention[p], words(), words(), words(), words()))
            .toList();
    return new HeadExplanation(layer, head, increase, increases, attention, positions);
  }

  private double bump(Token token, int salt) {
    ImageView view = views.get(token.image());
    int rowIndex = token.patch() / view.columns();
    double row = (rowIndex + 0.5) / view.rows();
    double column = (token.patch() % view.columns() + 0.5) / view.columns();
    double atRow = view.rows() == 8 ? 0.17 : 0.55 + 0.02 * (salt % 3);
    double atColumn = view.rows() == 8 ? 0.35 : 0.5 + 0.02 * (salt % 5);
    double d = Math.pow((row - atRow) / 0.16, 2) + Math.pow((column - atColumn) / 0.17, 2);
    return Math.exp(-d) * (token.image() == 0 ? 1 : 0.15);
  }

  private List<PatchMap> maps(List<HeadExplanation> top) {
    List<PatchMap> maps = new ArrayList<>();
    for (int i = 0; i < views.size(); i++) {
      int image = i;
      int patches = views.get(i).rows() * views.get(i).columns();
      int first =
          IntStream.range(0, tokens.size())
              .filter(p -> tokens.get(p).image() == image)
              .findFirst()
              .orElseThrow();
      double[] best = Arrays.copyOfRange(top.getFirst().positionIncrease(), first, first + patches);
      double[] several = new double[patches];
      double[] attention = new double[patches];
      for (HeadExplanation h : top) {
        for (int p = 0; p < patches; p++) {
          several[p] += h.positionIncrease()[first + p];
          attention[p] += h.attention()[first + p] / top.size();
        }
      }
      maps.add(
          new PatchMap(
              "best-head",
              "Best head",
              "Log increase of each patch alone through the head with the largest increase.",
              "log probability",
              true,
              i,
              best));
      maps.add(
          new PatchMap(
              "top-heads",
              "Top heads together",
              "Sum of the log increases of each patch through the strongest heads, each measured"
                  + " alone.",
              "log probability",
              true,
              i,
              several));
      maps.add(
          new PatchMap(
              "average-attention",
              "Average attention",
              "Mean attention over all layers and heads: a baseline, not an explanation.",
              "attention probability",
              false,
              i,
              attention));
    }
    return maps;
  }

  List<PatchWords> patchWords(ImageView view) {
    List<PatchWords> all = new ArrayList<>();
    for (int p = 0; p < view.rows() * view.columns(); p++) {
      Map<Integer, List<Word>> depths = new LinkedHashMap<>();
      for (int l : new int[] {layers / 4, layers / 2, layers - 1}) {
        depths.put(l, words().subList(0, 5));
      }
      all.add(new PatchWords(words().subList(0, 5), words().subList(0, 5), depths));
    }
    return all;
  }

  private List<Word> words() {
    List<Word> list = new ArrayList<>();
    double score = 0.4 + 0.4 * random.nextDouble();
    for (int k = 0; k < wordsPerList; k++) {
      int id = random.nextInt(WORDS.size());
      list.add(new Word(id, " " + WORDS.get(id), score));
      score *= 0.5 + 0.4 * random.nextDouble();
    }
    return list;
  }

  private List<Neuron> neurons() {
    List<Neuron> list = new ArrayList<>();
    for (int k = 0; k < 30; k++) {
      list.add(
          new Neuron(
              random.nextInt(layers),
              random.nextInt(345),
              3 * random.nextGaussian(),
              0.6 / (k + 1),
              words(),
              words()));
    }
    return list;
  }

  private List<AttentionNeuron> attentionNeurons(List<HeadExplanation> top) {
    List<AttentionNeuron> list = new ArrayList<>();
    for (int k = 0; k < 20; k++) {
      HeadExplanation h = top.get(k % top.size());
      list.add(
          new AttentionNeuron(
              h.layer(),
              h.head(),
              random.nextInt(16),
              h.positions().get(k % 5).position(),
              random.nextGaussian(),
              0.05 / (k + 1),
              words()));
    }
    return list;
  }

  private List<QueryShare> queries() {
    List<QueryShare> list = new ArrayList<>();
    list.add(new QueryShare("feedForward", layers / 2, -1, 0.383, null));
    list.add(new QueryShare("attention", layers / 3, -1, 0.31, null));
    list.add(new QueryShare("embedding", -1, -1, -0.12, null));
    list.add(new QueryShare("feedForward", layers / 2, 291, 0.0675, words()));
    return list;
  }

  private List<LensRow> lens(AnswerToken target) {
    List<LensRow> rows = new ArrayList<>();
    for (int l = 0; l <= layers; l++) {
      double p = Math.exp(target.logProbability()) * Math.pow(l / (double) layers, 4);
      List<Word> row = new ArrayList<>(words());
      if (l > layers * 0.6) {
        row.addFirst(new Word(target.id(), target.text(), p));
      }
      rows.add(new LensRow(l, p, row));
    }
    return rows;
  }

  private Map<String, Double> zones() {
    Map<String, Double> zones = new LinkedHashMap<>();
    if (!views.isEmpty()) {
      zones.put("image", 3.412);
    }
    zones.put("question", 1.107);
    zones.put("template", -0.214);
    zones.put("answer", 0.62);
    return zones;
  }
}
