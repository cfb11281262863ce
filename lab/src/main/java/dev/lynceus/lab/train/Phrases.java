package dev.lynceus.lab.train;

import dev.lynceus.pupil.world.Exercise;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.text.Encoding;
import dev.lynceus.text.Tokenizer;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/// Token ids of prompts and answers, in the words of the chat template. They are cut out of whole
/// prompts, so they are what the tokenizer makes of them.
final class Phrases {
  /// Before a question about a picture; the placeholder stands for its patches.
  private static final String USER = "USER: ";

  private static final String PICTURE = USER + TokenizerFiles.IMAGE + "\n";

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
    return pictures(imageToken, 1, count);
  }

  /// What a prompt about several pictures begins with.
  ///
  /// @param count of pictures
  int[] pictures(int imageToken, int count) {
    return pictures(imageToken, count, PupilShape.PATCHES);
  }

  private int[] pictures(int imageToken, int count, int placeholders) {
    return Arrays.stream(tokenizer.encode(USER + (TokenizerFiles.IMAGE + "\n").repeat(count)))
        .flatMap(id ->
            id == imageToken ? IntStream.generate(() -> id).limit(placeholders) : IntStream.of(id))
        .toArray();
  }

  /// What a prompt about a text begins with.
  int[] story(String text) {
    return tokenizer.encode("USER: " + text);
  }

  /// A question about a picture and its answer.
  Exchange aboutPicture(Question question) {
    return aboutPicture(Exercise.Asked.of(question));
  }

  /// A question about a picture, or several, and its answer.
  Exchange aboutPicture(Exercise.Asked asked) {
    return known.computeIfAbsent(
        "\n" + asked.text() + asked.answer(), key -> exchange(PICTURE, "", asked));
  }

  /// A question about a text and its answer.
  Exchange aboutStory(Question question) {
    return known.computeIfAbsent(
        question.text() + question.answer(),
        key -> exchange(USER + "x", " ", Exercise.Asked.of(question)));
  }

  /// Ids of words that follow each other.
  int[] words(String text) {
    int[] ids = tokenizer.encode("x " + text, false);
    return Arrays.copyOfRange(ids, tokenizer.encode("x", false).length, ids.length);
  }

  private Exchange exchange(String beginning, String space, Exercise.Asked question) {
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
