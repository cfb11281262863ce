package dev.lynceus.report;

import dev.lynceus.method.Explanation;
import dev.lynceus.method.Explanation.Answer;
import dev.lynceus.method.Explanation.AnswerToken;
import dev.lynceus.method.Explanation.ImageView;
import dev.lynceus.method.Explanation.Prompt;
import dev.lynceus.method.Explanation.Token;
import dev.lynceus.method.Explanation.WordExplanation;
import dev.lynceus.method.Provenance;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;

/// Explanations that look like real ones, made from a seed: their shapes hold, their sums
/// telescope.
final class SampleExplanations {
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

  /// 32 layers, 32 heads, a square image of 24 x 24 patches cut from a wider one, a wide one of 12
  /// x 20.
  static Explanation big() {
    ImageView first =
        new ImageView(
            "kitchen table.jpg",
            640,
            480,
            336,
            336,
            24,
            24,
            new double[] {80, 0, 480, 480},
            List.of());
    ImageView second =
        new ImageView(
            "harbour.png", 500, 300, 280, 168, 12, 20, new double[] {0, 0, 500, 300}, List.of());
    SampleExplanations maker = new SampleExplanations(11, 32, 32, List.of(first, second), 10, 10);
    return maker.build(
        "Which of the two pictures shows an animal, and what is its color?",
        List.of(
            " Which",
            " of",
            " the",
            " two",
            " pictures",
            " shows",
            " an",
            " animal",
            ",",
            " and",
            " what",
            " is",
            " its",
            " color",
            "?"),
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
        .map(view -> {
          BufferedImage original =
              view.name().equals("scene.png") ? scene() : painted(view.width(), view.height());
          double[] c = view.crop();
          BufferedImage seen =
              new BufferedImage(view.modelWidth(), view.modelHeight(), BufferedImage.TYPE_INT_RGB);
          Graphics2D g = seen.createGraphics();
          g.drawImage(
              original.getSubimage((int) c[0], (int) c[1], (int) c[2], (int) c[3]),
              0,
              0,
              view.modelWidth(),
              view.modelHeight(),
              null);
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
        String label =
            "image[%d].row[%d].col[%d]".formatted(i, p / view.columns(), p % view.columns());
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
      double p =
          explained.contains(i)
              ? 0.55 + 0.4 * random.nextDouble()
              : 0.93 + 0.07 * random.nextDouble();
      answer.add(
          new AnswerToken(position, 1000 + i, said.get(i), Math.log(p), explained.indexOf(i)));
    }
    SampleWords maker =
        new SampleWords(random, layers, heads, views, tokens, wordsPerList, keptHeads);
    List<WordExplanation> words = new ArrayList<>();
    for (int i : explained) {
      words.add(maker.word(answer.get(i)));
    }
    if (explained.size() == 3) {
      words.add(maker.contrast(words.getFirst()));
    }
    List<ImageView> withWords =
        views.stream()
            .map(v ->
                new ImageView(
                    v.name(),
                    v.width(),
                    v.height(),
                    v.modelWidth(),
                    v.modelHeight(),
                    v.rows(),
                    v.columns(),
                    v.crop(),
                    maker.patchWords(v)))
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
            "0.1.0",
            "llava-emergent",
            "llava",
            "5d2c0a9e3b",
            2_630_000,
            "float16",
            "float32",
            "cpu",
            2,
            0,
            "2026-11-23T14:02:11Z",
            "./lynceus explain scene.png \"" + question + "\"",
            seconds,
            Map.of("java", "25.0.3", "libtorch", "2.10.0")),
        new Prompt(question, text, layers, heads, tokens),
        withWords,
        new Answer(whole, answer),
        words);
  }

  private void add(String text, String role, String label, int image, int patch) {
    tokens.add(new Token(tokens.size(), 40 + tokens.size() % 500, text, role, label, image, patch));
  }
}
