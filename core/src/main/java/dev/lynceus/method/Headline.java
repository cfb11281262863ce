package dev.lynceus.method;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The answer to "why did it say that, and can I trust it?" about one word, in a few sentences and
/// in the numbers that they are made of. Every face shows these sentences.
///
/// @param word what it is about
/// @param origin where the word comes from
/// @param probability of the word, 0 to 1; null for a contrast of two
/// @param blind the same where no position may look at a picture; null without a picture
/// @param imageShare part of what raised the word that came from positions of the pictures, first
///   order, 0 to 1; null without a picture
/// @param region where the first map of the word points; null where it points nowhere
/// @param sentences in their order: where it comes from, what it rests on, how far to believe it
/// @param test a command that tests it, without its model; empty for none
public record Headline(
    String word,
    Origin origin,
    @Nullable Double probability,
    @Nullable Double blind,
    @Nullable Double imageShare,
    @Nullable Region region,
    List<String> sentences,
    String test) {

  /// Where a word comes from.
  public enum Origin {
    /// Without the picture it would be less probable.
    PICTURE,
    /// The picture hardly matters for it.
    TEXT,
    /// Without the picture it would be more probable, and it is less likely than not.
    AGAINST_PICTURE,
    /// There is no picture.
    NO_PICTURE,
    /// What becomes of it without the picture was not measured: a contrast, or no word.
    NOT_MEASURED
  }

  /// Where a map points: patches that hang together around the strongest one.
  ///
  /// @param image index into [Explanation#images()]
  /// @param patches row-major numbers, the strongest first
  /// @param share part of the map's positive values that lies on them, 0 to 1
  /// @param place in words, for example `middle right`
  public record Region(int image, int[] patches, double share, String place) {}

  public Headline {
    sentences = List.copyOf(sentences);
  }

  /// All sentences.
  public String text() {
    return String.join(" ", sentences);
  }
}
