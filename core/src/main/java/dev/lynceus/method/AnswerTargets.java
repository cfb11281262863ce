package dev.lynceus.method;

import dev.lynceus.run.Generation;
import dev.lynceus.run.LoadedModel;
import java.util.List;

/// The words of an answer as targets: one for each word, with an aim for each of its tokens.
public final class AnswerTargets {
  private AnswerTargets() {}

  /// The words of a generated answer, in order; none if it is empty.
  ///
  /// @param firstRow the row that predicts its first token: the last of the prompt
  public static List<Target> of(LoadedModel model, Generation.Answer answer, int firstRow) {
    AnswerWords words = new AnswerWords(model.tokenizer(), answer.ids(), firstRow);
    return words.groups().stream().map(words::target).toList();
  }
}
