package dev.lynceus.method.reader;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.KeyWord;
import dev.lynceus.method.Shown;
import dev.lynceus.method.Target;
import dev.lynceus.method.TargetSpec;
import dev.lynceus.method.WordChoice;
import dev.lynceus.method.Words;
import dev.lynceus.model.Attends;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Passages;
import dev.lynceus.run.Piece;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.TokenMap;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// What is explained of any answer: a word that was written ([KeyWord]), or, of a model that reads,
/// the piece of the passage that it answers with, or the word that it says was taken out.
public final class AnswerWord {
  private AnswerWord() {}

  /// Asks the model and picks the word, or the piece, at the last row or at the place of the first
  /// word that was taken out.
  ///
  /// @param spec as for [KeyWord#find]; of a piece its words
  /// @param maxTokens most tokens of a written answer
  /// @throws LynceusException BAD_REQUEST as [KeyWord#find]; where the passage does not hold the
  ///   words, or where nothing was taken out
  public static KeyWord find(LoadedModel model, Prompt prompt, TargetSpec spec, int maxTokens) {
    if (model.model().attends() != Attends.ALL) {
      return KeyWord.find(model, prompt, spec, maxTokens);
    }
    return switch (spec) {
      case TargetSpec.OwnAnswer own -> read(model, prompt, "");
      case TargetSpec.NextToken next -> read(model, prompt, "");
      case TargetSpec.Word word -> read(model, prompt, word.word().strip());
      case TargetSpec.Answer given -> read(model, prompt, given.text().strip());
      case TargetSpec.Contrast contrast -> throw KeyWord.contrast();
    };
  }

  /// The window of a passage that holds the best answer, as a prompt.
  ///
  /// @throws LynceusException as [PassageReading#of]
  public static Prompt prompt(
      LoadedModel model,
      String question,
      String passage,
      PassageReading.Options options,
      Progress progress) {
    List<Passages.Window> windows = options.windows(model, question, passage);
    if (windows.size() == 1) {
      return windows.getFirst().prompt();
    }
    PassageReading reading = PassageReading.of(model, question, passage, options, progress);
    return windows.get(reading.answers().getFirst().window()).prompt();
  }

  private static KeyWord read(LoadedModel model, Prompt prompt, String wanted) {
    boolean pieces = model.model().decoder().config().answers() == TextConfig.Answers.SPANS;
    try (Run run =
        model.run(prompt, pieces ? Capture.of(Capture.request(Point.LOGITS)) : Capture.NONE)) {
      if (pieces) {
        SpanScores scores = SpanScores.of(run.get(Point.LOGITS, 0));
        return piece(model, prompt, scores, wanted);
      }
      if (prompt.tokens().positions(TokenMap.Role.MASK).length == 0) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "no word was taken out of the text",
            "Write %s in the place of a word."
                .formatted(model.tokenizer().specialToken("mask_token").orElse("[MASK]")));
      }
      int own = run.logits().reshape(-1).argmax(-1).toInts()[0];
      String said = new Words(model.tokenizer()).text(own).strip();
      int row = run.batch().answering(0);
      if (wanted.isEmpty()) {
        return word(said, prompt, Target.token(said, row, own), false);
      }
      List<Integer> ids = model.tokenizer().wordIds(wanted);
      if (ids.size() != 1) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "'%s' is %d tokens of this model, and one was taken out".formatted(wanted, ids.size()),
            "Name a word that is one token.");
      }
      return word(said, prompt, Target.token(wanted, row, ids.getFirst()), true);
    }
  }

  private static KeyWord piece(LoadedModel model, Prompt prompt, SpanScores scores, String wanted) {
    TokenMap tokens = prompt.tokens();
    Piece best =
        scores.best(tokens, 1, PassageReading.Options.DEFAULT.longest()).getFirst().piece();
    Piece chosen = wanted.isEmpty() ? best : found(model, tokens, scores, wanted);
    int id = chosen.id(tokens.length());
    Target target = Target.token(Words.answered(model, tokens, id), tokens.length() - 1, id);
    return word(
        Words.answered(model, tokens, best.id(tokens.length())), prompt, target, !wanted.isEmpty());
  }

  /// The piece of the passage that reads so; of several the best.
  private static Piece found(LoadedModel model, TokenMap tokens, SpanScores scores, String wanted) {
    int[] ids =
        model.tokenizer().tokenize(wanted, false).tokens().stream()
            .mapToInt(token -> token.id())
            .toArray();
    int[] passage = tokens.positions(TokenMap.Role.PASSAGE);
    int[] all = tokens.ids();
    return IntStream.rangeClosed(0, passage.length - ids.length)
        .filter(i -> IntStream.range(0, ids.length).allMatch(j -> all[passage[i + j]] == ids[j]))
        .mapToObj(i -> new Piece(passage[i], passage[i + ids.length - 1]))
        .max(Comparator.comparingDouble(scores::score))
        .orElseThrow(() ->
            new LynceusException(
                ErrorCode.BAD_REQUEST,
                "what was read of the passage does not hold '" + wanted + "'",
                "Name words as the passage has them."));
  }

  private static KeyWord word(String answer, Prompt prompt, Target target, boolean asked) {
    return new KeyWord(
        answer,
        prompt,
        target,
        new WordChoice(
            List.of(),
            -1,
            asked ? WordChoice.Reason.ASKED : WordChoice.Reason.FIRST,
            Shown.NOTHING));
  }
}
