package dev.lynceus.pupil.train;

import dev.lynceus.pupil.world.Question;
import dev.lynceus.text.Encoding;
import dev.lynceus.text.Tokenizer;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Token ids of prompts and answers, in the words of the chat template. They are cut out of whole
/// prompts, so they are what the tokenizer makes of them.
final class Phrases {
  /// Before a question about a picture; the placeholder stands for its patches.
  private static final String PICTURE = "USER: " + TokenizerFiles.IMAGE + "\n";

  /// A question with its answer.
  ///
  /// @param ids what follows the beginning of the prompt, end of text included
  /// @param answer index of the answer's first token
  /// @param keyStart index of the first of its decisive tokens
  /// @param keyEnd index after the last
  record Exchange(int[] ids, int answer, int keyStart, int keyEnd) {}

  private final Tokenizer tokenizer;
  private final Map<String, Exchange> known = new ConcurrentHashMap<>();

  Phrases(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /// What a prompt about a picture begins with, a placeholder for each patch included.
  int[] picture(int imageToken) {
    return picture(imageToken, PupilShape.PATCHES);
  }

  /// The same with so many placeholders.
  int[] picture(int imageToken, int count) {
    int[] short_ = tokenizer.encode(PICTURE);
    int at = 0;
    while (short_[at] != imageToken) {
      at++;
    }
    int[] ids = new int[short_.length - 1 + count];
    System.arraycopy(short_, 0, ids, 0, at);
    Arrays.fill(ids, at, at + count, imageToken);
    System.arraycopy(short_, at + 1, ids, at + count, short_.length - at - 1);
    return ids;
  }

  /// What a prompt about a text begins with.
  int[] story(String text) {
    return tokenizer.encode("USER: " + text);
  }

  /// A question about a picture and its answer.
  Exchange aboutPicture(Question question) {
    return known.computeIfAbsent(
        "\n" + question.text() + question.answer(), key -> exchange(PICTURE, "", question));
  }

  /// A question about a text and its answer.
  Exchange aboutStory(Question question) {
    return known.computeIfAbsent(
        question.text() + question.answer(), key -> exchange("USER: x", " ", question));
  }

  /// Ids of words that follow each other.
  int[] words(String text) {
    int[] ids = tokenizer.encode("x " + text, false);
    return Arrays.copyOfRange(ids, tokenizer.encode("x", false).length, ids.length);
  }

  private Exchange exchange(String beginning, String space, Question question) {
    int before = tokenizer.encode(beginning).length;
    String prompt = beginning + space + question.text() + "\nASSISTANT:";
    Encoding encoding = tokenizer.tokenize(prompt + " " + question.answer() + "</s>", true);
    int answer = tokenizer.encode(prompt).length;
    int start = prompt.length() + 1 + question.start();
    int end = prompt.length() + 1 + question.end();
    int keyStart = -1;
    int keyEnd = -1;
    for (int i = answer; i < encoding.tokens().size(); i++) {
      Encoding.Token token = encoding.tokens().get(i);
      if (token.end() > start && token.start() < end && token.end() > token.start()) {
        keyStart = keyStart < 0 ? i : keyStart;
        keyEnd = i + 1;
      }
    }
    int[] ids = encoding.ids();
    return new Exchange(
        Arrays.copyOfRange(ids, before, ids.length),
        answer - before,
        keyStart - before,
        keyEnd - before);
  }
}
