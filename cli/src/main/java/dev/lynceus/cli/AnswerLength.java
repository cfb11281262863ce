package dev.lynceus.cli;

import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How long the model's own answer may become that a command explains. Without the option it ends
/// where `ask` ends it: explaining another answer than the one that was given would explain
/// nothing.
final class AnswerLength {
  /// Most tokens where neither the user nor the checkpoint says anything.
  static final int USUAL = 32;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = {
        "Most tokens of the answer. Default: what the checkpoint says (max_new_tokens), else 32."
      })
  @Nullable Integer given;

  /// What was given, as a request has it.
  OptionalInt given() {
    return given == null ? OptionalInt.empty() : OptionalInt.of(given);
  }

  /// Most tokens of the answer to a prompt.
  int of(LoadedModel model, Prompt prompt) {
    return given == null ? of(model, prompt, USUAL) : given;
  }

  /// Most tokens of an answer that the user gave no length to.
  ///
  /// @param usual where the checkpoint says nothing
  static int of(LoadedModel model, Prompt prompt, int usual) {
    return model.settings().limit(usual, prompt.length());
  }
}
