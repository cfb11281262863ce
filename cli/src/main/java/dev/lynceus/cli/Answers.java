package dev.lynceus.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.lynceus.run.Batch;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.choice.GenerationSettings;
import dev.lynceus.tap.Capture;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Gives answers to prompts on stdout: as text while it comes, or as one line of JSON.
///
/// @param json whether answers are JSON
record Answers(
    Console console,
    LoadedModel model,
    SamplingOptions sampling,
    ProgressLine progress,
    boolean json) {

  /// One line of JSON.
  ///
  /// @param end why the answer ended, as [Generation.End] names it
  /// @param choice `greedy` or `drawn`
  /// @param settings which generation settings of the checkpoint decided
  /// @param template the file of the chat template, `default` where there is none, `raw` where the
  ///   prompt was given as it is
  /// @param outside why the prompt lies outside of what the model was made for
  record Line(
      String model,
      String question,
      String answer,
      String end,
      List<Token> tokens,
      String choice,
      Settings settings,
      String template,
      List<String> outside) {}

  /// Generation settings of the checkpoint.
  ///
  /// @param source the file that they come from
  /// @param endTokens what ends an answer
  /// @param leftOut settings with an effect that is not reproduced
  /// @param unknown keys that nothing is known of
  record Settings(
      String source,
      List<Integer> endTokens,
      List<String> applied,
      List<String> leftOut,
      List<String> unknown) {

    static Settings of(GenerationSettings settings) {
      return new Settings(
          settings.source(),
          settings.ends().stream().sorted().toList(),
          settings.applied(),
          settings.leftOut(),
          settings.unknown());
    }
  }

  /// A token of the answer.
  ///
  /// @param insteadOf the most probable token, where another was chosen; absent elsewhere
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Token(int id, String text, double logProbability, @Nullable String insteadOf) {}

  /// Answers on stdout.
  ///
  /// @return the text of the answer
  String give(Prompt prompt) {
    prompt.outside().forEach(progress::note);
    progress.at("thinking", 0, 0);
    StreamedText stream = new StreamedText();
    GenerationOptions options = sampling.options(model.settings(), prompt.length());
    try (Generation generation =
        model.generate(
            Batch.of(prompt),
            options,
            Capture.NONE,
            List.of(),
            json ? text -> {} : stream::accept)) {
      progress.clear();
      List<String> overruled = sampling.draws() ? List.of() : model.overruled(generation.answer());
      if (json) {
        console.out().println(ResultOptions.line(console, line(prompt, generation.answer())));
      } else {
        console.out().println();
      }
      console.out().flush();
      overruled.forEach(note -> console.err().println("note: " + note));
      Notes.unfinished(prompt, generation.answer().text()).ifPresent(progress::note);
      return generation.answer().text().strip();
    } catch (RuntimeException failure) {
      stream.end();
      throw failure;
    }
  }

  private Line line(Prompt prompt, Generation.Answer answer) {
    List<Token> tokens = new ArrayList<>();
    for (int i = 0; i < answer.ids().length; i++) {
      int id = answer.ids()[i];
      int first = answer.mostProbable()[i];
      tokens.add(
          new Token(id, text(id), answer.logProbabilities()[i], first == id ? null : text(first)));
    }
    String question = prompt.question().isEmpty() ? prompt.text() : prompt.question();
    return new Line(
        model.name(),
        question,
        answer.text().strip(),
        answer.end().name(),
        tokens,
        sampling.draws() ? "drawn" : "greedy",
        Settings.of(model.settings()),
        prompt.question().isEmpty() ? "raw" : model.template().origin(),
        prompt.outside());
  }

  /// What a reader sees for a token; rows of the output layer beyond the vocabulary have no text.
  private String text(int id) {
    return model.tokenizer().hasPiece(id) ? model.tokenizer().text(id) : "[" + id + "]";
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
