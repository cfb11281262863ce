package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.Picture;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tap.TokenMap.Role;
import dev.lynceus.tap.TokenMap.Spot;
import dev.lynceus.text.Encoding;
import dev.lynceus.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/// Prompts of models whose decoder reads pictures, or an encoder of the question, by
/// cross-attention (BLIP). The decoder's own sequence begins with one token; the question is read
/// beside it, or, by a model that describes pictures, the user's words begin what it says.
record ReadingPrompts(Tokenizer tokenizer, VisionLanguageModel eyes) {

  /// A prompt.
  ///
  /// @param question the user's words; of a model that describes pictures they may be empty
  /// @param start words that the answer begins with, already given; may be empty
  Prompt of(String question, List<Picture> pictures, String start, List<String> outside) {
    VisionLanguageModel.Reading reading = eyes.reading().orElseThrow();
    eyes.require(pictures);
    if (reading.asked() && question.isBlank()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the question is empty",
          "Ask something, for example \"What is in the picture?\".");
    }
    List<Spot> spots = new ArrayList<>();
    spots.add(new Spot(reading.begin(), Role.TEMPLATE, 0, -1));
    if (!reading.asked()) {
      add(spots, Role.QUESTION, tokenizer.tokenize(question, false));
    }
    add(spots, Role.TEMPLATE, tokenizer.tokenize(start, false));
    String text = reading.asked() ? question : (question + " " + start).strip();
    return new Prompt(
        question,
        text,
        new TokenMap(spots, List.of()),
        pictures,
        outside,
        reading.asked() ? beside(question) : TokenMap.NONE);
  }

  private TokenMap beside(String question) {
    List<Spot> spots = new ArrayList<>();
    int asked = 0;
    int around = 0;
    for (Encoding.Token token : tokenizer.tokenize(question, true).tokens()) {
      boolean word = token.end() > token.start();
      spots.add(
          word
              ? new Spot(token.id(), Role.QUESTION, asked++, -1)
              : new Spot(token.id(), Role.TEMPLATE, around++, -1));
    }
    return new TokenMap(spots, List.of());
  }

  private static void add(List<Spot> spots, Role role, Encoding words) {
    int index = (int) spots.stream().filter(spot -> spot.role() == role).count();
    for (Encoding.Token token : words.tokens()) {
      spots.add(new Spot(token.id(), role, index++, -1));
    }
  }
}
