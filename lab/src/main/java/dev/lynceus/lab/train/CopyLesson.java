package dev.lynceus.lab.train;

import dev.lynceus.pupil.world.Colour;
import dev.lynceus.pupil.world.Fact;
import dev.lynceus.pupil.world.Story;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// The first lesson of the decoder: copying. Half of the steps repeat random words, the others
/// state facts and restate some of them. Nearly every token of the second part can be learned from,
/// which is what makes the heads that fetch a fact form from random weights.
///
/// @param examples sequences of a step
record CopyLesson(Phrases phrases, int examples) implements Lesson<Parameters.Replica> {
  private static final int RESTATED = 6;

  @Override
  public Loss loss(Parameters.Replica model, SplittableRandom random, int count, double progress) {
    Sequences batch = new Sequences();
    // Words and facts in turns within a step: both signals in every gradient.
    for (int i = 0; i < count; i++) {
      if (i % 2 == 0) {
        repeat(batch, random);
      } else {
        restate(batch, random);
      }
    }
    return batch.loss(
        model.model().decoder(),
        model
            .model()
            .decoder()
            .embed(batch.idTensor(model.shape().vocabulary() - 1), DType.FLOAT32, Tap.idle()));
  }

  private void repeat(Sequences batch, SplittableRandom random) {
    List<String> words = new ArrayList<>(Story.nouns());
    for (Colour colour : Colour.values()) {
      words.add(colour.word());
    }
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(6, 24);
    for (int i = 0; i < length; i++) {
      text.append(i == 0 ? "" : " ").append(words.get(random.nextInt(words.size())));
    }
    int[] once = phrases.words(text.toString());
    int[] ids = new int[1 + 2 * once.length];
    ids[0] = 1;
    System.arraycopy(once, 0, ids, 1, once.length);
    System.arraycopy(once, 0, ids, 1 + once.length, once.length);
    batch.begin(ids);
    for (int p = 2 + once.length; p < ids.length; p++) {
      batch.target(p, 1, batch.answer("copy"));
    }
  }

  private void restate(Sequences batch, SplittableRandom random) {
    List<Fact> facts = Story.facts(random, random.nextInt(2, 5));
    StringBuilder text = new StringBuilder(Story.plain(facts).text());
    for (int i = 0; i < RESTATED; i++) {
      text.append(' ').append(Story.plain(List.of(facts.get(random.nextInt(facts.size())))).text());
    }
    int[] words = phrases.words(text.toString());
    int[] ids = new int[1 + words.length];
    ids[0] = 1;
    System.arraycopy(words, 0, ids, 1, words.length);
    batch.begin(ids);
    int sentence = words.length / (facts.size() + RESTATED);
    for (int i = facts.size(); i < facts.size() + RESTATED; i++) {
      // A sentence is: The, noun, is, colour, full stop.
      batch.target(1 + i * sentence + sentence - 2, 1, batch.answer("restate"));
    }
  }
}
