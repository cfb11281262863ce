package dev.lynceus.run;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

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
  /// @param logProbabilities log probability that the model gave each token, natural logarithm,
  ///   before any setting of the checkpoint or sampling rule
  /// @param text the answer as a reader sees it
  /// @param mostProbable the token that the model held most probable in the place of each; another
  ///   one than in `ids` where a setting of the checkpoint, or chance, decided
  /// @param closing the end token, where one ended it
  // Read only; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  public record Answer(
      int[] ids,
      double[] logProbabilities,
      String text,
      End end,
      int[] mostProbable,
      OptionalInt closing) {

    /// Places of the answer where another token than the most probable one was chosen.
    public int[] overruled() {
      return IntStream.range(0, ids.length).filter(i -> ids[i] != mostProbable[i]).toArray();
    }
  }

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
