package dev.lynceus.lab.train;

import dev.lynceus.pupil.world.Asker;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.pupil.world.Story;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.DType;
import java.util.List;
import java.util.SplittableRandom;

/// The second lesson of the decoder: questions about texts.
///
/// @param examples texts of a step
record TextLesson(Phrases phrases, int examples) implements Lesson<Parameters.Replica> {
  private static final int QUESTIONS = 3;

  /// Weight of the loss on the tokens of the text itself, which are mostly chance.
  private static final double CONTEXT = .15;

  @Override
  public Loss loss(Parameters.Replica model, SplittableRandom random, int count, double progress) {
    Sequences batch = new Sequences();
    for (int i = 0; i < count; i++) {
      add(batch, phrases, random);
    }
    return batch.loss(
        model.model().decoder(),
        model
            .model()
            .decoder()
            .embed(batch.idTensor(model.shape().vocabulary() - 1), DType.FLOAT32, Tap.idle()));
  }

  private static void add(Sequences batch, Phrases phrases, SplittableRandom random) {
    Story story = Story.random(random);
    int[] beginning = phrases.story(story.text());
    batch.begin(beginning);
    for (int p = 3; p < beginning.length; p++) {
      batch.target(p, CONTEXT, -1);
    }
    Asker asker = new Asker(Story.nouns(), random);
    int asked = 0;
    while (asked < QUESTIONS) {
      Question.Kind kind = kind(List.copyOf(story.kinds()), random);
      Question question = asker.ask(kind, story.facts()).orElse(null);
      if (question != null) {
        asked++;
        ask(batch, phrases.aboutStory(question), question, asked, beginning.length);
      }
    }
  }

  private static Question.Kind kind(List<Question.Kind> kinds, SplittableRandom random) {
    double drawn = random.nextDouble();
    if (drawn < .3) {
      return Question.Kind.COLOUR;
    }
    if (drawn < .55 && kinds.contains(Question.Kind.WHERE)) {
      return Question.Kind.WHERE;
    }
    return drawn < .7 ? Question.Kind.SAME : kinds.get(random.nextInt(kinds.size()));
  }

  /// Adds an exchange to the last sequence and asks for its answer; decisive words weigh most.
  static void ask(
      Sequences batch, Phrases.Exchange exchange, Question question, int block, int beginning) {
    ask(
        batch,
        exchange,
        question.kind().label(),
        question.kind() == Question.Kind.DESCRIBE,
        block,
        beginning);
  }

  /// The same.
  ///
  /// @param label what it is counted as
  /// @param all whether all words of the answer weigh the same
  static void ask(
      Sequences batch,
      Phrases.Exchange exchange,
      String label,
      boolean all,
      int block,
      int beginning) {
    int start = batch.length();
    batch.ask(exchange.ids(), block, beginning);
    int answer = batch.answer(label);
    for (int i = exchange.answer(); i < exchange.ids().length; i++) {
      boolean key = i >= exchange.keyStart() && i < exchange.keyEnd();
      batch.target(start + i, key && !all ? 3 : 1, key ? answer : -1);
    }
  }
}
