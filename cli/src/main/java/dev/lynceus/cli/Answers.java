package dev.lynceus.cli;

import dev.lynceus.run.Batch;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.tap.Capture;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// Gives answers to prompts on stdout: as text while it comes, or as one line of JSON.
///
/// @param json whether answers are JSON
record Answers(
    Console console,
    LoadedModel model,
    GenerationOptions options,
    ProgressLine progress,
    boolean json) {

  /// One line of JSON.
  ///
  /// @param end why the answer ended, as [Generation.End] names it
  private record Line(
      String model, String question, String answer, String end, List<Token> tokens) {}

  /// A token of the answer.
  private record Token(int id, String text, double logProbability) {}

  /// Answers on stdout.
  ///
  /// @return the text of the answer
  String give(Prompt prompt) {
    progress.at("thinking", 0, 0);
    StreamedText stream = new StreamedText();
    try (Generation generation =
        model.generate(
            Batch.of(prompt),
            options,
            Capture.NONE,
            List.of(),
            json ? text -> {} : stream::accept)) {
      progress.clear();
      if (json) {
        console.out().println(ResultOptions.line(console, line(prompt, generation.answer())));
      } else {
        console.out().println();
      }
      console.out().flush();
      return generation.answer().text().strip();
    } catch (RuntimeException failure) {
      stream.end();
      throw failure;
    }
  }

  private String line(Prompt prompt, Generation.Answer answer) {
    List<Token> tokens = new ArrayList<>();
    for (int i = 0; i < answer.ids().length; i++) {
      int id = answer.ids()[i];
      tokens.add(new Token(id, model.tokenizer().text(id), answer.logProbabilities()[i]));
    }
    String question = prompt.question().isEmpty() ? prompt.text() : prompt.question();
    return JsonMapper.shared()
        .writeValueAsString(
            new Line(model.name(), question, answer.text().strip(), answer.end().name(), tokens));
  }

  /// The text as it comes, without the space that tokenizers put before the first word.
  private final class StreamedText {
    private boolean begun;

    void accept(String piece) {
      String text = begun ? piece : piece.stripLeading();
      if (!text.isEmpty()) {
        progress.clear();
        begun = true;
        console.out().print(text);
        console.out().flush();
      }
    }

    /// Ends a line that was broken off.
    void end() {
      if (begun) {
        console.out().println();
        console.out().flush();
      }
    }
  }
}
