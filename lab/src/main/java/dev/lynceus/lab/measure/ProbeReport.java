package dev.lynceus.lab.measure;

import dev.lynceus.method.score.Share;
import java.util.List;

/// What linear probes read out of a model's states.
///
/// @param model the model
/// @param train scenes that probes were fitted on
/// @param heldOut scenes that they were tried on
/// @param rows one for each attribute, place and depth
public record ProbeReport(String model, Scenes train, Scenes heldOut, List<Row> rows) {

  /// What is read: of the thing that is asked about, but for the count.
  public enum Attribute {
    COLOUR("colour"),
    SHAPE("kind of thing"),
    PLACE("place"),
    COUNT("number of things");

    private final String words;

    Attribute(String words) {
      this.words = words;
    }

    /// As a reader sees it.
    public String words() {
      return words;
    }
  }

  /// Which positions are read.
  public enum Where {
    /// Mean of the visual tokens inside the thing's box.
    OBJECT("patches of the thing"),
    /// The thing's word in the question.
    NOUN("its word in the question"),
    /// End of the prompt.
    END("end of the prompt"),
    /// The word before the colour, in the right answer.
    ANSWER("before the colour");

    private final String words;

    Where(String words) {
      this.words = words;
    }

    /// As a reader sees it.
    public String words() {
      return words;
    }
  }

  /// A probe.
  ///
  /// @param depth 0 = input of the first layer, l = output of layer l - 1
  /// @param right on held-out scenes
  /// @param shuffled the same where the labels that it was fitted on were shuffled
  /// @param most part of the most frequent class among the held-out ones
  public record Row(
      Attribute attribute, Where where, int depth, Share right, Share shuffled, double most) {}

  public ProbeReport {
    rows = List.copyOf(rows);
  }
}
