package dev.lynceus.pupil.world;

import java.util.List;
import java.util.Locale;

/// A question about facts, with its answer.
///
/// @param text the question
/// @param answer the whole answer
/// @param start index in the answer of its decisive words
/// @param end index after them
/// @param evidence numbers of the facts that the answer follows from, the one that is asked about
///   first; empty where the answer follows from an absence
public record Question(
    Kind kind, String text, String answer, int start, int end, List<Integer> evidence) {

  /// What is asked for.
  public enum Kind {
    /// What is the color of X?
    COLOUR,
    /// Which object is C?
    WHICH,
    /// Where is X?
    WHERE,
    /// Is there an X? Half of them are not there.
    EXISTS,
    /// How many objects are there?
    COUNT,
    /// Are X and Y the same color?
    SAME,
    /// Is X left or right of Y?
    SIDE,
    /// Describe the image.
    DESCRIBE;

    /// The name in files and on the command line, for example `colour`.
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Question {
    evidence = List.copyOf(evidence);
  }

  /// The decisive words of the answer, for example `brown`.
  public String key() {
    return answer.substring(start, end);
  }
}
