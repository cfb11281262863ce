package dev.lynceus.report;

import dev.lynceus.method.Explanation;
import dev.lynceus.method.Explanation.*;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/// Explanations that look like real ones, made from a seed: their shapes hold, their sums telescope.
final class SampleExplanations {
  private static final List<String> WORDS =
      List.of(
          "brown", "dog", "Brown", "animal", "dark", "orange", "black", "fur", "tan", "horse", "cat",
          "pet", "brow", "color", "white", "light", "ish", "colored", "red", "spot", "left", "top",
          "ear", "leg", "pink", "apple");

  private final Random random;
  private final int layers;
  private final int heads;
  private final List<ImageView> views;
  private final List<Token> tokens = new ArrayList<>();
  private final List<AnswerToken> answer = new ArrayList<>();
  private final int wordsPerList;
  private final int keptHeads;

  private SampleExplanations(
      long seed, int layers, int heads, List<ImageView> views, int wordsPerList, int keptHeads) {
    this.random = new Random(seed);
    this.layers = layers;
    this.heads = heads;
    this.views = views;
    this.wordsPerList = wordsPerList;
    this.keptHeads = keptHeads;
  }

  /// 8 x 8 patches of a real small picture, 4 layers, 8 heads, three explained words.
  static Explanation small() {
    ImageView view =
        new ImageView(
            "scene.png", 112, 112, 112, 112, 8, 8, new double[] {0, 0, 112, 112}, List.of());
    SampleExplanations maker = new SampleExplanations(7, 4, 8, List.of(view), 6, 6);
    return maker.build(
        "What is the color of the dog?",
        List.of(" What", " is", " the", " color", " of", " the", " dog", "?"),
        List.of(" The", " color", " of", " the", " dog", " is", " brown", "."),
        List.of(6, 4, 1));
  }

  /// 32 layers, 32 heads, a square image of 24 x 24 patches cut from a wider one, a wide one of 12 x 20.
  static Explanation big() {
    ImageView first =
        new ImageView(
            "kitchen table.jpg", 640, 480, 336, 336, 24, 24, new double[] {80, 0, 480, 480}, List.of());
    ImageView second =
        new ImageView(
            "harbour.png", 500, 300, 280, 168, 12, 20, new double[] {0, 0, 500, 300}, List.of());
    SampleExplanations maker =
        new SampleExplanations(11, 32, 32, List.of(first, second), 10, 10);
    return maker.build(
        "Which of the two pictures shows an animal, and what is its color?",
        List.of(
            " Which", " of", " the", " two", " pictures", " shows", " an", " animal", ",", " and",
            " what", " is", " its", " color", "?"),
        List.of(" The", " first", " one", ":", " a", " brown", " dog", "."),
        List.of(5, 6));
  }

  /// No image at all.
  static Explanation textOnly() {
    SampleExplanations maker = new SampleExplanations(3, 4, 4, List.of(), 5, 3);
    return maker.build(
        "Tim Duncan plays the sport of",
        List.of(" Tim", " Dun", "can", " plays", " the", " sport", " of"),
        List.of(" basketball"),
        List.of(0));
  }

  static List<PagePicture> pictures(Explanation explanation) {
    return explanation.images().stream()
        .map(
            view -> {
              BufferedImage original =
                  view.name().equals("scene.png") ? scene() : painted(view.width(), view.height());
              double[] c = view.crop();
              BufferedImage seen =
                  new BufferedImage(
                      view.modelWidth(), view.modelHeight(), BufferedImage.TYPE_INT_RGB);
              Graphics2D g = seen.createGraphics();
              g.drawImage(
                  original.getSubimage((int) c[0], (int) c[1], (int) c[2], (int) c[3]),
                  0, 0, view.modelWidth(), view.modelHeight(), null);
              g.dispose();
              return new PagePicture(original, seen);
            })
        .toList();
  }

  static BufferedImage scene() {
    try (InputStream in = SampleExplanations.class.getResourceAsStream("sample.png")) {
      return ImageIO.read(in);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static BufferedImage painted(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setPaint(new GradientPaint(0, 0, new Color(0xA8C8D8), 0, height, new Color(0xE8DCC0)));
    g.fillRect(0, 0, width, height);
    g.setColor(new Color(0x6E8B4E));
    g.fillRect(0, height * 2 / 3, width, height / 3);
    g.setColor(new Color(0x7A4A24));
    g.fill(new Ellipse2D.Double(width * 0.38, height * 0.42, width * 0.3, height * 0.3));
    g.fill(new Ellipse2D.Double(width * 0.6, height * 0.3, width * 0.14, height * 0.2));
    g.dispose();
    return image;
  }

  private Explanation build(
      String question, List<String> asked, List<String> said, List<Integer> explained) {
    add("<s>", "template", "template[0]", -1, -1);
    for (String t : List.of("US", "ER", ":")) {
      add(t, "template", "template", -1, -1);
    }
    for (int i = 0; i < views.size(); i++) {
      ImageView view = views.get(i);
      for (int p = 0; p < view.rows() * view.columns(); p++) {
        String label = "image[%d].row[%d].col[%d]".formatted(i, p / view.columns(), p % view.columns());
        add("<image>", "image", label, i, p);
      }
    }
    add("\n", "template", "template", -1, -1);
    asked.forEach(t -> add(t, "question", "question", -1, -1));
    for (String t : List.of("\n", "ASS", "IST", "ANT", ":")) {
      add(t, "template", "template", -1, -1);
    }
    for (int i = 0; i < said.size(); i++) {
      int position = tokens.size();
      add(said.get(i), "answer", "answer[" + i + "]", -1, -1);
      double p = explained.contains(i) ? 0.55 + 0.4 * random.nextDouble() : 0.93 + 0.07 * random.nextDouble();
      answer.add(
          new AnswerToken(
              position, 1000 + i, said.get(i), Math.log(p), random.nextGaussian(), explained.indexOf(i)));
    }
    List<WordExplanation> words = new ArrayList<>();
    for (int i : explained) {
      words.add(word(answer.get(i)));
    }
    if (explained.size() == 3) {
      words.add(contrast(words.getFirst()));
    }
    List<ImageView> withWords =
        views.stream()
            .map(
                v ->
                    new ImageView(
                        v.name(), v.width(), v.height(), v.modelWidth(), v.modelHeight(), v.rows(),
                        v.columns(), v.crop(), patchWords(v)))
            .toList();
    String text = "USER: <image>\n" + question + "\nASSISTANT:";
    String whole = String.join("", said).strip();
    Map<String, Double> seconds = new LinkedHashMap<>();
    seconds.put("load", 0.213);
    seconds.put("image", 0.0112);
    seconds.put("forward", 0.0834);
    seconds.put("explain", 0.00912);
    return new Explanation(
        new Provenance(
            "0.1.0", "llava-emergent", "llava", "5d2c0a9e3b", 2_630_000, "float16", "float32", "cpu", 2, 0,
            "2026-11-23T14:02:11Z", "./lynceus explain scene.png \"" + question + "\"", seconds,
            Map.of("java", "25.0.3", "libtorch", "2.10.0")),
        new Prompt(question, text, layers, heads, tokens),
        withWords,
        new Answer(whole, answer),
        words);
  }

  private void add(String text, String role, String label, int image, int patch) {
    tokens.add(new Token(tokens.size(), 40 + tokens.size() % 500, text, role, label, image, patch));
  }

  private WordExplanation word(AnswerToken target) {
    double start = -10.376;
    double[] attention = steps(0.55 * (target.logProbability() - start));
    double[] feedForward = steps(0.45 * (target.logProbability() - start));
    double[][] increases = new double[layers][heads];
    for (int l = 0; l < layers; l++) {
      for (int h = 0; h < heads; h++) {
        double late = l / (double) layers;
        increases[l][h] = 0.02 * random.nextGaussian() + (random.nextInt(14) == 0 ? late * random.nextGaussian() * 0.5 + 0.1 : 0);
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
        zones());
  }

  /// Increases of the layers that add up to `total`.
  private double[] steps(double total) {
    double[] steps = new double[layers];
    double sum = 0;
    for (int l = 0; l < layers; l++) {
      steps[l] = (l + 1.0) / layers * (0.4 + random.nextDouble()) - (random.nextInt(5) == 0 ? 0.8 : 0);
      sum += steps[l];
    }
    for (int l = 0; l < layers; l++) {
      steps[l] += (total - sum) / layers;
    }
    return steps;
  }

  private WordExplanation contrast(WordExplanation w) {
    return new WordExplanation(
        new TargetInfo("brown − black", new int[] {1006, 1200}, "contrast"),
        w.row(), 3.21, 0.04, w.predictions(), w.attention(), w.feedForward(), w.heads(), w.topHeads(),
        w.maps(), w.neurons(), List.of(), List.of(), w.lens(), w.zones());
  }

  private HeadExplanation head(int layer, int head, double increase) {
    int n = tokens.size();
    double[] attention = new double[n];
    double[] increases = new double[n];
    double sum = 0;
    for (int p = 0; p < n; p++) {
      double near = tokens.get(p).image() < 0 ? 0.02 : bump(tokens.get(p), layer + head);
      attention[p] = near + 0.02 * random.nextDouble() + (p == 0 ? 3 : 0);
      increases[p] = 0.3 * increase * near * (0.7 + 0.6 * random.nextDouble()) + 0.004 * random.nextGaussian();
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
            .map(p -> new PositionExplanation(p, increases[p], attention[p], words(), words(), words(), words()))
            .toList();
    return new HeadExplanation(layer, head, increase, increases, attention, positions);
  }

  private double bump(Token token, int salt) {
    ImageView view = views.get(token.image());
    double row = (token.patch() / view.columns() + 0.5) / view.rows();
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
      int first = IntStream.range(0, tokens.size()).filter(p -> tokens.get(p).image() == image).findFirst().orElseThrow();
      double[] best = Arrays.copyOfRange(top.getFirst().positionIncrease(), first, first + patches);
      double[] several = new double[patches];
      double[] attention = new double[patches];
      for (HeadExplanation h : top) {
        for (int p = 0; p < patches; p++) {
          several[p] += h.positionIncrease()[first + p];
          attention[p] += h.attention()[first + p] / top.size();
        }
      }
      maps.add(new PatchMap("best-head", "Best head", "Log increase of each patch alone through the head with the largest increase.", "log probability", true, i, best));
      maps.add(new PatchMap("top-heads", "Top heads together", "Sum of the log increases of each patch through the strongest heads, each measured alone.", "log probability", true, i, several));
      maps.add(new PatchMap("average-attention", "Average attention", "Mean attention over all layers and heads: a baseline, not an explanation.", "attention probability", false, i, attention));
    }
    return maps;
  }

  private List<PatchWords> patchWords(ImageView view) {
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
      list.add(new Neuron(random.nextInt(layers), random.nextInt(345), 3 * random.nextGaussian(), 0.6 / (k + 1), words(), words()));
    }
    return list;
  }

  private List<AttentionNeuron> attentionNeurons(List<HeadExplanation> top) {
    List<AttentionNeuron> list = new ArrayList<>();
    for (int k = 0; k < 20; k++) {
      HeadExplanation h = top.get(k % top.size());
      list.add(new AttentionNeuron(h.layer(), h.head(), random.nextInt(16), h.positions().get(k % 5).position(), random.nextGaussian(), 0.05 / (k + 1), words()));
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
