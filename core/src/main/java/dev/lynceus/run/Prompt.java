package dev.lynceus.run;

import dev.lynceus.model.Picture;
import dev.lynceus.tap.TokenMap;
import java.util.List;

/// What a model is asked, ready to run.
///
/// @param question the user's words; empty where the prompt was given as raw text
/// @param text the text, template included, in which one placeholder stands for each picture
/// @param tokens every position, placeholders expanded to visual tokens
/// @param pictures in the order of their placeholders
/// @param outside why it lies outside of what the model was made for, a sentence each; empty where
///   it lies inside, or where nothing is known of that
/// @param beside the words that an earlier stack reads beside each picture (InstructBLIP); empty
///   for most models
public record Prompt(
    String question,
    String text,
    TokenMap tokens,
    List<Picture> pictures,
    List<String> outside,
    TokenMap beside) {
  public Prompt {
    pictures = List.copyOf(pictures);
    outside = List.copyOf(outside);
  }

  /// A prompt of which nothing is known beyond what it is.
  public Prompt(String question, String text, TokenMap tokens, List<Picture> pictures) {
    this(question, text, tokens, pictures, List.of(), TokenMap.NONE);
  }

  /// Token ids of all positions.
  public int[] ids() {
    return tokens.ids();
  }

  /// Number of positions.
  public int length() {
    return tokens.length();
  }

  /// This prompt continued by tokens of an answer.
  public Prompt withAnswer(int... ids) {
    return new Prompt(question, text, tokens.withAnswer(ids), pictures, outside, beside);
  }
}
