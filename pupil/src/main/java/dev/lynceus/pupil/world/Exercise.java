package dev.lynceus.pupil.world;

import dev.lynceus.image.RgbImage;
import java.util.List;

/// Pictures with questions about them, of which the answers are known.
///
/// @param pictures that every question is asked about together, at least one
/// @param questions at least one
/// @param patches what some patches show, where marks are taught
public record Exercise(List<RgbImage> pictures, List<Asked> questions, List<Patch> patches) {
  /// Ways in which a thing can be marked, the first of which is not at all.
  public static final int MARKS = 11;

  /// Colours that a mark can have, the first of which is none.
  public static final int COLOURS = 5;

  public Exercise {
    pictures = List.copyOf(pictures);
    questions = List.copyOf(questions);
    patches = List.copyOf(patches);
  }

  /// One that tells nothing of patches.
  public Exercise(List<RgbImage> pictures, List<Asked> questions) {
    this(pictures, questions, List.of());
  }

  /// A patch of a thing, and how that thing is marked; of charts, the step of the scale that a mark
  /// reaches, and the number of its name.
  ///
  /// @param picture number of the picture
  /// @param patch number of the patch, row after row
  /// @param mark 0 for none, below [#MARKS]
  /// @param colour of the mark, 0 for none, below [#COLOURS]
  public record Patch(int picture, int patch, int mark, int colour) {}

  /// A question with its answer.
  ///
  /// @param label what it is counted as, for example `colour`
  /// @param text the question
  /// @param answer the whole answer
  /// @param start index in the answer of its decisive words
  /// @param end index after them
  public record Asked(String label, String text, String answer, int start, int end) {

    /// A question about the facts of one scene.
    public static Asked of(Question question) {
      return new Asked(
          question.kind().label(),
          question.text(),
          question.answer(),
          question.start(),
          question.end());
    }

    /// A question whose answer consists of a beginning, the decisive words, and an end.
    public static Asked of(String label, String text, String before, String key, String after) {
      return new Asked(
          label, text, before + key + after, before.length(), before.length() + key.length());
    }

    /// The decisive words of the answer, for example `brown`.
    public String key() {
      return answer.substring(start, end);
    }

    /// Whether nearly all of the answer decides, as in a description.
    public boolean listed() {
      return start == 0 && end >= answer.length() - 1 && answer.indexOf(' ') > 0;
    }
  }
}
