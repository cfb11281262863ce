package dev.lynceus.lab.describe;

import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.strategy.Choice;
import dev.lynceus.lab.strategy.Speaker;
import dev.lynceus.lab.strategy.Things;
import dev.lynceus.lab.strategy.Wordings;
import dev.lynceus.method.Unit;
import dev.lynceus.run.Candidates;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Two captions and two pictures, each caption for one of them (Winoground, arXiv 2204.03162): a
/// model that tells words apart but not who does what to whom fails.
///
/// @param captions two
/// @param scores `[caption][picture]`
/// @param by what a score is
/// @param text whether of each picture its own caption scores higher
/// @param image whether of each caption its own picture scores higher
/// @param group whether both hold
public record Pairs(
    List<String> captions,
    @Unit("nats") List<List<Double>> scores,
    String by,
    boolean text,
    boolean image,
    boolean group) {

  /// What a caption scores.
  public enum By {
    /// Log odds of Yes when it is asked whether the caption fits; where the prompt is about a
    /// thing, the sum over the things that the caption names.
    YES,
    /// Log probability of the caption as the description of the picture.
    LIKELIHOOD
  }

  public Pairs {
    captions = List.copyOf(captions);
    scores = scores.stream().map(List::copyOf).toList();
  }

  /// Judges scores `[caption][picture]`.
  public static Pairs of(List<String> captions, double[][] s, String by) {
    boolean text = s[0][0] > s[1][0] && s[1][1] > s[0][1];
    boolean image = s[0][0] > s[0][1] && s[1][1] > s[1][0];
    List<List<Double>> scores = List.of(List.of(s[0][0], s[0][1]), List.of(s[1][0], s[1][1]));
    return new Pairs(captions, scores, by, text, image, text && image);
  }

  /// Asks a model.
  public static Pairs of(
      Speaker speaker, Wordings wordings, List<RgbImage> images, List<String> captions, By by) {
    double[][] scores = new double[2][2];
    for (int c = 0; c < 2; c++) {
      for (int i = 0; i < 2; i++) {
        scores[c][i] =
            switch (by) {
              case YES -> odds(speaker, wordings, images.get(i), captions.get(c));
              case LIKELIHOOD ->
                  speaker
                      .choose(
                          wordings.fill(DescribePrompts.CAPTION, Map.of("question", "")),
                          List.of(images.get(i)),
                          List.of(captions.get(c)),
                          Candidates.By.SUM)
                      .logs()
                      .getFirst();
            };
      }
    }
    return of(captions, scores, by.name().toLowerCase(java.util.Locale.ROOT));
  }

  private static double odds(Speaker speaker, Wordings wordings, RgbImage image, String caption) {
    boolean asWhole = speaker.model().knows("caption");
    List<String> asked = new ArrayList<>(asWhole ? List.of() : Things.of(caption));
    if (asked.isEmpty()) {
      asked.add(caption);
    }
    double sum = 0;
    for (String one : asked) {
      Choice choice =
          speaker.choose(
              wordings.fill(DescribePrompts.FITS, Map.of("caption", one)),
              List.of(image),
              List.of(wordings.text(DescribePrompts.YES), wordings.text(DescribePrompts.NO)),
              Candidates.By.SUM,
              Candidates.Ending.OPEN);
      sum += choice.logs().getFirst() - choice.logs().getLast();
    }
    return sum;
  }
}
