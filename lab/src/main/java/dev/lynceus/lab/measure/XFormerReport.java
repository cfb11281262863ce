package dev.lynceus.lab.measure;

import dev.lynceus.lab.train.XFormerExam;
import dev.lynceus.lab.train.XFormerPath;
import dev.lynceus.lab.train.XFormerVariant;
import java.util.List;
import java.util.Map;

/// What was measured of X-Formers that were trained with the same towers.
///
/// @param blockNumbers how many numbers the block has
/// @param trainScenes scenes of the training
/// @param effort factor on the steps of each stage
/// @param steps of each stage
/// @param probeScenes scenes that probes were fitted on
/// @param scenes scenes that all was tried on
/// @param asked losses and shares by path, of each variant and seed
/// @param read probes of each variant and seed
/// @param gaps of the count, with and without the loss of pixels
public record XFormerReport(
    long blockNumbers,
    int trainScenes,
    double effort,
    Map<String, Long> steps,
    int probeScenes,
    int scenes,
    List<Asked> asked,
    List<Read> read,
    List<Gap> gaps) {

  public XFormerReport {
    asked = List.copyOf(asked);
    read = List.copyOf(read);
    gaps = List.copyOf(gaps);
  }

  /// What probes read: of the leftmost thing, but for the count.
  public enum Attribute {
    COUNT("number of things"),
    COLOUR("colour of the leftmost"),
    KIND("kind of the leftmost"),
    HALF("upper or lower half, of the leftmost");

    private final String words;

    Attribute(String words) {
      this.words = words;
    }

    /// As a reader sees it.
    public String words() {
      return words;
    }
  }

  /// A model that was asked.
  ///
  /// @param stage `align` or `answer`
  /// @param path ways that were open when it was asked
  /// @param values losses in nats, errors, shares of right answers
  public record Asked(
      XFormerVariant variant,
      long seed,
      String stage,
      XFormerPath path,
      Map<String, Double> values) {}

  /// A probe after the first stage.
  ///
  /// @param right share of scenes that were read right
  /// @param shuffled the same where the labels that it was fitted on were shuffled
  /// @param most share of the most frequent class
  /// @param cases scenes that it was tried on
  public record Read(
      XFormerVariant variant,
      long seed,
      Attribute attribute,
      XFormerExam.Where where,
      double right,
      double shuffled,
      double most,
      int cases) {}

  /// How much better the count is read after the block than before it, by seed.
  ///
  /// @param withPixels of the model that was trained with the loss of pixels
  /// @param withoutPixels of the one that was trained without
  public record Gap(long seed, double withPixels, double withoutPixels) {}
}
