package dev.lynceus.lab.train;

import java.util.List;

/// What the training of a reader follows from.
///
/// @param questions that it learns from
/// @param learns what of it learns
/// @param from what its encoder begins as
/// @param rate highest learning rate of the encoder; that of the head is ten times as high
/// @param length most positions of a window
/// @param steps of [#EXAMPLES] questions
public record ReaderPlan(
    List<PassageQuestion> questions,
    Learns learns,
    From from,
    double rate,
    int length,
    long seed,
    long steps,
    int threads) {
  /// Questions of a step.
  public static final int EXAMPLES = 16;

  public ReaderPlan {
    questions = List.copyOf(questions);
  }

  /// What learns.
  public enum Learns {
    /// Encoder and head.
    ALL,
    /// The head alone; the encoder stays as it is.
    HEAD
  }

  /// What the encoder begins as.
  public enum From {
    /// The weights that it has.
    WEIGHTS,
    /// Weights drawn anew, as BERT's first were: a control.
    RANDOM
  }

  /// Steps that go through the questions so many times.
  public static long steps(int questions, double passes) {
    return Math.max(1, Math.round(passes * questions / EXAMPLES));
  }
}
