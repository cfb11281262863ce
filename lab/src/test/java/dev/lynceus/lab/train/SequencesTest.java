package dev.lynceus.lab.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.pupil.world.Asker;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.pupil.world.Story;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.text.Tokenizer;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Would catch questions that see each other, or positions that do not go on from the beginning.
class SequencesTest {
  @TempDir Path folder;

  @Test
  void questionsSideBySideAreAsIfEachStoodAlone() {
    TokenizerFiles.WORLD.write(folder);
    Phrases phrases = new Phrases(Tokenizer.load(folder));
    Parameters parameters = new Parameters(PupilShape.tiny());
    parameters.variables().draw(EnumSet.allOf(Parameters.Part.class), 3);
    // Larger weights than a model begins with, so that attention is far from uniform.
    parameters.variables().vector().mul_(4);
    SplittableRandom random = new SplittableRandom(5);
    Story story = Story.plain(Story.facts(random, 3));
    Asker asker = new Asker(Story.nouns(), random);
    List<Question> questions =
        List.of(
            asker.ask(Question.Kind.COLOUR, story.facts()).orElseThrow(),
            asker.ask(Question.Kind.EXISTS, story.facts()).orElseThrow(),
            asker.ask(Question.Kind.COUNT, story.facts()).orElseThrow());
    try (Scope scope = Scope.open()) {
      Parameters.Replica model =
          parameters.replica(Set.of(), Torch.zeros(DType.FLOAT32, parameters.variables().size()));
      double alone = 0;
      for (Question question : questions) {
        alone += loss(model, phrases, story, List.of(question));
      }
      assertThat(loss(model, phrases, story, questions)).isCloseTo(alone, Offset.offset(1e-3));
      assertThat(alone).isGreaterThan(10);
    }
  }

  private static double loss(
      Parameters.Replica model, Phrases phrases, Story story, List<Question> questions) {
    Sequences batch = new Sequences();
    // A longer row beside it makes padding.
    for (String text : List.of(story.text(), story.text() + " The dog is red. The cat is blue.")) {
      int[] beginning = phrases.story(text);
      batch.begin(beginning);
      if (text.equals(story.text())) {
        for (int i = 0; i < questions.size(); i++) {
          TextLesson.ask(
              batch,
              phrases.aboutStory(questions.get(i)),
              questions.get(i),
              i + 1,
              beginning.length);
        }
      }
    }
    Tensor embedded =
        model
            .model()
            .decoder()
            .embed(batch.idTensor(model.shape().vocabulary() - 1), DType.FLOAT32, Tap.idle());
    return batch.loss(model.model().decoder(), embedded).sum().item();
  }
}
