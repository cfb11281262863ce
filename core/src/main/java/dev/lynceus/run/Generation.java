package dev.lynceus.run;

import java.util.List;

/// Generated answers, and the run that made them.
///
/// @param run prompt and answers; the caller closes it
/// @param answers one per row of the batch
public record Generation(Run run, List<Answer> answers) implements AutoCloseable {

  /// Why an answer ended.
  public enum End {
    /// The model ended it.
    END_OF_TEXT,
    /// A stop text came.
    STOP_TEXT,
    /// It reached the most tokens allowed.
    LENGTH
  }

  /// One answer.
  ///
  /// @param ids token ids, the closing token not included
  /// @param logProbabilities log probability of each token, natural logarithm, before any sampling
  ///   rule
  /// @param text the answer as a reader sees it
  public record Answer(int[] ids, double[] logProbabilities, String text, End end) {}

  public Generation {
    answers = List.copyOf(answers);
  }

  /// The answer of the first row.
  public Answer answer() {
    return answers.getFirst();
  }

  @Override
  public void close() {
    run.close();
  }
}
