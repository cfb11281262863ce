package dev.lynceus.method;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tensor.Scope;
import java.util.Arrays;

/// One word of an answer, and the prompt that ends right before it, so that the last row predicts
/// it. For methods that explain one token of one prompt.
///
/// @param answer what the model answers
/// @param prompt continued by the answer up to the word
/// @param target the word's first token, at the last row of the prompt
/// @param choice all words of the answer, what becomes of them without the picture, and why this
///   one
public record KeyWord(String answer, Prompt prompt, Target target, WordChoice choice) {

  /// Asks the model and picks the word.
  ///
  /// @param spec the model's own answer: the word that [WordChoice] chooses; a word: where the
  ///   answer says it, else as the next word after the prompt; the next token
  /// @throws LynceusException BAD_REQUEST for an answer that was given or a contrast, which are no
  ///   single word, or if the model answers nothing
  public static KeyWord find(LoadedModel model, Prompt prompt, TargetSpec spec, int maxTokens) {
    int firstRow = prompt.length() - 1;
    try (Generation generation =
        model.generate(prompt, GenerationOptions.greedy(maxTokens), Capture.NONE)) {
      Generation.Answer said = generation.answer();
      int[] ids = said.ids();
      AnswerWords words = new AnswerWords(model.tokenizer(), ids, firstRow);
      WordChoice choice =
          WordChoice.of(
              generation.run(), words, ids, said.logProbabilities(), firstRow, prompt.question());
      return switch (spec) {
        case TargetSpec.OwnAnswer own -> {
          if (choice.chosen() < 0) {
            throw new LynceusException(
                ErrorCode.BAD_REQUEST,
                "the model answered no word, so there is nothing to explain",
                "Explain the next token (--next-token) or name a word (--target).");
          }
          int first = choice.words().get(choice.chosen()).first();
          yield said(prompt, said, words.at(first), choice);
        }
        case TargetSpec.NextToken next -> {
          int id = next(model, prompt);
          yield next(
              prompt, said, new Words(model.tokenizer()).text(id).strip(), id, choice.next());
        }
        case TargetSpec.Word word -> {
          int[] group = words.find(word.word());
          yield group == null
              ? next(
                  prompt,
                  said,
                  word.word().strip(),
                  model.tokenizer().wordIds(word.word()).getFirst(),
                  choice.asked(-1))
              : said(prompt, said, words.target(group), choice.asked(group[0]));
        }
        case TargetSpec.Answer given -> throw wholeAnswer();
        case TargetSpec.Contrast contrast -> throw contrast();
      };
    }
  }

  /// The token that the model itself holds most probable; a setting of the checkpoint may make the
  /// answer begin otherwise.
  private static int next(LoadedModel model, Prompt prompt) {
    try (Scope scope = Scope.open();
        Run run = model.run(prompt, Capture.NONE)) {
      return run.logits().reshape(-1).argmax(-1).toInts()[0];
    }
  }

  private static LynceusException wholeAnswer() {
    return new LynceusException(
        ErrorCode.BAD_REQUEST,
        "one word is explained here, by what its probability loses, and a whole answer is more than one",
        "Name one word with --target, or use --next-token; `lynceus ablate`, `knockout` and `trace`"
            + " measure a whole answer (--answer TEXT).");
  }

  /// The refusal of a contrast where one word is measured.
  public static LynceusException contrast() {
    return new LynceusException(
        ErrorCode.BAD_REQUEST,
        "one word is explained here, by what its probability loses, and a contrast is about two",
        "Explain each with --target; `lynceus ablate`, `knockout` and `trace` measure the difference of"
            + " two (--target WORD --against WORD --metric logit-difference).");
  }

  private static KeyWord next(
      Prompt prompt, Generation.Answer answer, String text, int id, WordChoice choice) {
    return new KeyWord(
        answer.text().strip(), prompt, Target.token(text, prompt.length() - 1, id), choice);
  }

  private static KeyWord said(
      Prompt prompt, Generation.Answer answer, Target word, WordChoice choice) {
    Target.Aim first = word.aims().getFirst();
    int before = first.row() - (prompt.length() - 1);
    return new KeyWord(
        answer.text().strip(),
        prompt.withAnswer(Arrays.copyOf(answer.ids(), before)),
        Target.token(word.text(), first.row(), first.id()),
        choice);
  }
}
