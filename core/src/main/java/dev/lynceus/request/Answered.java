package dev.lynceus.request;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.lynceus.method.Finding;
import dev.lynceus.method.Unit;
import dev.lynceus.run.Generation;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.choice.GenerationSettings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An answer with what it was made of.
///
/// @param end why the answer ended, as [Generation.End] names it
/// @param choice `greedy` or `drawn`
/// @param settings which generation settings of the checkpoint decided
/// @param template the file of the chat template, `default` where there is none, `raw` where the
///   prompt was given as it is
/// @param outside why the prompt lies outside of what the model was made for
public record Answered(
    String model,
    String question,
    String answer,
    String end,
    List<Token> tokens,
    String choice,
    Settings settings,
    String template,
    List<String> outside)
    implements Finding {

  /// Generation settings of the checkpoint.
  ///
  /// @param source the file that they come from
  /// @param endTokens what ends an answer
  /// @param leftOut settings with an effect that is not reproduced
  /// @param unknown keys that nothing is known of
  public record Settings(
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
  /// @param blind log probability where no other position may look at the pictures; absent where it
  ///   was not weighed
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Token(
      int id,
      String text,
      @Unit("nats") double logProbability,
      @Nullable String insteadOf,
      @Unit("nats") @Nullable Double blind) {}

  /// What a model answered to a prompt.
  ///
  /// @param blind log probability of each token without the pictures; none where it was not weighed
  static Answered of(
      LoadedModel model,
      Prompt prompt,
      Generation.Answer answer,
      List<Double> blind,
      Choice choice) {
    List<Token> tokens = new ArrayList<>();
    for (int i = 0; i < answer.ids().length; i++) {
      int id = answer.ids()[i];
      int first = answer.mostProbable()[i];
      tokens.add(
          new Token(
              id,
              model.tokenizer().shown(id),
              answer.logProbabilities()[i],
              first == id ? null : model.tokenizer().shown(first),
              blind.isEmpty() ? null : blind.get(i)));
    }
    String question = prompt.question().isEmpty() ? prompt.text() : prompt.question();
    return new Answered(
        model.name(),
        question,
        answer.text().strip(),
        answer.end().name(),
        tokens,
        choice.word(),
        Settings.of(model.settings()),
        prompt.question().isEmpty() ? "raw" : model.template().origin(),
        prompt.outside());
  }
}
