package dev.lynceus.lab.measure;

import dev.lynceus.pupil.world.Question;
import dev.lynceus.pupil.world.Story;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.text.Encoding;
import dev.lynceus.text.Tokenizer;
import java.util.Arrays;
import java.util.List;

/// A question with its answer in tokens of a model.
///
/// @param prompt what the model reads before it answers
/// @param picture number of the picture that it asks about, -1 for a text
/// @param answer token ids of the right answer, the closing token not included
/// @param keyStart index in the answer of the first decisive token
/// @param keyEnd index after the last
record Exchange(Prompt prompt, int picture, int[] answer, int keyStart, int keyEnd) {

  /// A question about a picture.
  static Exchange about(Pictures pictures, int picture, Question question) {
    LoadedModel model = pictures.model();
    Prompt prompt = model.prompt(question.text(), List.of(pictures.get(picture)), "");
    return of(model, prompt, picture, question);
  }

  /// A question about a text.
  static Exchange about(LoadedModel model, Story story, Question question) {
    return of(
        model, model.prompt(story.text() + " " + question.text(), List.of(), ""), -1, question);
  }

  private static Exchange of(LoadedModel model, Prompt prompt, int picture, Question question) {
    Tokenizer tokenizer = model.tokenizer();
    // Cut out of a text that ends as prompts do: a word's tokens may depend on what is before it.
    String before = "ASSISTANT:";
    int[] start = tokenizer.encode(before, false);
    Encoding whole = tokenizer.tokenize(before + " " + question.answer(), false);
    List<Encoding.Token> tokens = whole.tokens().subList(start.length, whole.tokens().size());
    int offset = before.length() + 1;
    int keyStart = -1;
    int keyEnd = -1;
    for (int i = 0; i < tokens.size(); i++) {
      Encoding.Token token = tokens.get(i);
      boolean key =
          token.end() > offset + question.start()
              && token.start() < offset + question.end()
              && token.end() > token.start();
      if (key) {
        keyStart = keyStart < 0 ? i : keyStart;
        keyEnd = i + 1;
      }
    }
    int[] ids = whole.ids();
    return new Exchange(
        prompt, picture, Arrays.copyOfRange(ids, start.length, ids.length), keyStart, keyEnd);
  }

  /// The prompt up to the word that decides, and the words that a right answer begins with.
  Prompt untilKey() {
    return prompt.withAnswer(Arrays.copyOf(answer, keyStart));
  }

  /// The first decisive token.
  int key() {
    return answer[keyStart];
  }
}
