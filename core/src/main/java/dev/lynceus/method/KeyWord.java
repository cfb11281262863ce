package dev.lynceus.method;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Scope;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// One word of an answer, and the prompt that ends right before it, so that the last row predicts
/// it. For methods that explain one token of one prompt.
///
/// @param answer what the model answers
/// @param prompt continued by the answer up to the word
/// @param target the word's first token, at the last row of the prompt
public record KeyWord(String answer, Prompt prompt, Target target) {

  /// Asks the model and picks the word.
  ///
  /// @param spec the model's own answer: the word that the picture raises most (first-order log
  ///   increase of the visual tokens); a word: where the answer says it, else as the next word
  ///   after the prompt; the next token
  /// @throws LynceusException BAD_REQUEST for an answer that was given or a contrast, which are no
  ///   single word, or if the model answers nothing
  public static KeyWord find(LoadedModel model, Prompt prompt, TargetSpec spec, int maxTokens) {
    int firstRow = prompt.length() - 1;
    try (Generation generation =
        model.generate(
            prompt,
            GenerationOptions.greedy(maxTokens),
            RowTrace.plan(model.model().decoder().config(), firstRow))) {
      Run run = generation.run();
      int[] ids = generation.answer().ids();
      AnswerWords words = new AnswerWords(model.tokenizer(), ids, firstRow);
      String answer = generation.answer().text().strip();
      return switch (spec) {
        case TargetSpec.OwnAnswer own -> said(prompt, answer, ids, raised(run, words));
        case TargetSpec.NextToken next -> {
          int id = next(model, prompt);
          yield next(prompt, answer, new Words(model.tokenizer()).text(id).strip(), id);
        }
        case TargetSpec.Word word -> {
          int[] group = words.find(word.word());
          yield group == null
              ? next(
                  prompt,
                  answer,
                  word.word().strip(),
                  model.tokenizer().wordIds(word.word()).getFirst())
              : said(prompt, answer, ids, words.target(group));
        }
        case TargetSpec.Answer given -> throw several("a whole answer");
        case TargetSpec.Contrast contrast -> throw several("a contrast of two words");
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

  private static LynceusException several(String what) {
    return new LynceusException(
        ErrorCode.BAD_REQUEST,
        what + " is more than one word",
        "Name one word with --target, or use --next-token.");
  }

  private static KeyWord next(Prompt prompt, String answer, String text, int id) {
    return new KeyWord(answer, prompt, Target.token(text, prompt.length() - 1, id));
  }

  private static KeyWord said(Prompt prompt, String answer, int[] ids, Target word) {
    Target.Aim first = word.aims().getFirst();
    int before = first.row() - (prompt.length() - 1);
    return new KeyWord(
        answer,
        prompt.withAnswer(Arrays.copyOf(ids, before)),
        Target.token(word.text(), first.row(), first.id()));
  }

  /// The word to which the visual tokens bring most.
  private static Target raised(Run run, AnswerWords words) {
    List<Target> targets =
        words.groups().stream()
            .filter(group -> Character.isLetterOrDigit((words.text(group) + " ").codePointAt(0)))
            .map(words::target)
            .toList();
    int[] image = run.tokens().positions(TokenMap.Role.IMAGE);
    List<Target.Aim> aims = targets.stream().flatMap(word -> word.aims().stream()).toList();
    double[][] positions = FirstOrder.positions(run, aims, done -> {});
    double[] shares = new double[targets.size()];
    int next = 0;
    for (int i = 0; i < shares.length; i++) {
      for (int token = 0; token < targets.get(i).aims().size(); token++) {
        double[] own = positions[next++];
        shares[i] += IntStream.of(image).mapToDouble(p -> own[p]).sum();
      }
    }
    return IntStream.range(0, shares.length)
        .boxed()
        .max(Comparator.comparingDouble(i -> shares[i]))
        .map(targets::get)
        .orElseThrow(() ->
            new LynceusException(
                ErrorCode.BAD_REQUEST,
                "the model answered no word, so there is nothing to explain",
                "Explain the next token (--next-token) or name a word (--target)."));
  }
}
