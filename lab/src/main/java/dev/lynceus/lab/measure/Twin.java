package dev.lynceus.lab.measure;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.pupil.world.Asker;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.Story;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.Prompt;
import dev.lynceus.text.Tokenizer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// A picture and the text that states the same facts, asked the same question: the colour of one of
/// two to four things of different colours.
///
/// @param number of the scene in its sequence
/// @param story the facts as sentences, `The dog is brown. The car is red.`
/// @param asked number of the thing that is asked about
/// @param other another thing of the scene
record Twin(long number, Scene scene, Story story, int asked, int other) {
  /// Tokens of a sentence: `The`, noun, `is`, colour, full stop.
  private static final int SENTENCE = 5;

  /// Where twins come from.
  static Exam exam(long seed) {
    return new Exam(new World(seed, SceneRecipe.FREE.withItems(2, 4).withRepeat(0)));
  }

  static Twin of(Exam exam, long number) {
    Scene scene = exam.scene(number);
    SplittableRandom random = exam.random(number);
    int count = scene.items().size();
    int asked = random.nextInt(count);
    int other = (asked + 1 + random.nextInt(count - 1)) % count;
    return new Twin(number, scene, Story.plain(scene.facts()), asked, other);
  }

  /// The question for the colour of a thing.
  Question question(int thing) {
    return Asker.colour(scene.facts(), thing).orElseThrow();
  }

  /// Positions in a prompt about the text of the sentence about a thing.
  ///
  /// @throws LynceusException UNSUPPORTED_MODEL if the words are not one token each
  int[] sentence(Prompt prompt, Tokenizer tokenizer, int thing) {
    int noun = word(tokenizer, scene.items().get(thing).noun());
    int colour = word(tokenizer, scene.items().get(thing).colour().word());
    int[] ids = prompt.ids();
    for (int p = 1; p + SENTENCE - 1 <= ids.length; p++) {
      if (ids[p] == noun && ids[p + 2] == colour) {
        return IntStream.range(p - 1, p - 1 + SENTENCE).toArray();
      }
    }
    throw new LynceusException(
        ErrorCode.UNSUPPORTED_MODEL,
        "the sentence about the "
            + scene.items().get(thing).noun()
            + " is not in the prompt as five tokens",
        "Use a model whose tokenizer has every word of the world as one token.");
  }

  /// The id of a word after a space.
  ///
  /// @throws LynceusException UNSUPPORTED_MODEL if it is several tokens
  static int word(Tokenizer tokenizer, String word) {
    List<Integer> ids = tokenizer.wordIds(word);
    if (ids.size() != 1) {
      throw new LynceusException(
          ErrorCode.UNSUPPORTED_MODEL,
          "'" + word + "' is " + ids.size() + " tokens of this model",
          "Use a model whose tokenizer has every word of the world as one token.");
    }
    return ids.getFirst();
  }
}
