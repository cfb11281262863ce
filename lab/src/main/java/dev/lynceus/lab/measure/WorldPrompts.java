package dev.lynceus.lab.measure;

import dev.lynceus.pupil.world.Question;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import java.util.ArrayList;
import java.util.List;

/// Questions about scenes of the world with their right answers, as prompts.
public final class WorldPrompts {
  private WorldPrompts() {}

  /// One question about each of the first scenes of a sequence, the kinds in turn.
  public static List<Prompt> answered(LoadedModel model, long seed, int scenes) {
    Exam exam = new Exam(new World(seed, SceneRecipe.FREE));
    List<Prompt> prompts = new ArrayList<>();
    for (int number = 0; number < scenes; number++) {
      Scene scene = exam.scene(number);
      List<Question> questions = exam.questions(number, scene);
      Question question = questions.get(number % questions.size());
      try (Pictures pictures = new Pictures(model, List.of(scene))) {
        Exchange exchange = Exchange.about(pictures, 0, question);
        prompts.add(exchange.prompt().withAnswer(exchange.answer()));
      }
    }
    return prompts;
  }
}
