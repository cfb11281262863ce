package dev.lynceus.lab.literacy;

import java.util.List;

/// Who takes the test: a model, or anything else that answers.
@FunctionalInterface
public interface TestTaker {
  /// A question as it is put.
  ///
  /// @param item which item
  /// @param options in the order in which they are shown; the last one is the option that passes
  ///   over, where that is offered
  /// @param seen what is shown with it
  record Put(LiteracyItem item, List<String> options, Seen seen) {
    public Put {
      options = List.copyOf(options);
    }
  }

  /// What was answered.
  ///
  /// @param option number among those that were shown
  /// @param probabilities of all that were shown; they add up to 1
  record Answer(int option, List<Double> probabilities) {
    public Answer {
      probabilities = List.copyOf(probabilities);
    }

    /// An answer without any doubt.
    public static Answer sure(int option, int options) {
      return new Answer(
          option,
          java.util.stream.IntStream.range(0, options)
              .mapToObj(i -> i == option ? 1.0 : 0.0)
              .toList());
    }
  }

  /// Answers a question.
  Answer take(Put put);
}
