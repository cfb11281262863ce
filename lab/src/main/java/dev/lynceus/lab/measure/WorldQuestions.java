package dev.lynceus.lab.measure;

import dev.lynceus.image.RgbImage;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.World;
import java.util.ArrayList;
import java.util.List;

/// Questions about scenes of the world as rows of a data set: what a command takes where its user
/// names none.
///
/// @param question about the picture
/// @param answer that is right; empty for a question of the user's own
public record WorldQuestions(RgbImage image, String question, String answer) {

  /// Questions about scenes that nobody was taught on: one of every kind but descriptions, and
  /// where a thing is there, a question of one's own about it.
  ///
  /// @param own the question
  /// @param thing that it is about
  /// @param scenes of the sequence
  public static List<WorldQuestions> about(String own, String thing, int scenes) {
    Exam exam = new Exam(new World(World.HELD_OUT, SceneRecipe.FREE));
    List<WorldQuestions> rows = new ArrayList<>();
    for (int number = 0; number < scenes; number++) {
      Scene scene = exam.scene(number);
      if (scene.facts().stream().anyMatch(fact -> fact.noun().equalsIgnoreCase(thing))) {
        rows.add(new WorldQuestions(scene.image(), own, ""));
      }
      for (Question question : exam.questions(number, scene)) {
        if (question.kind() != Question.Kind.DESCRIBE) {
          rows.add(new WorldQuestions(scene.image(), question.text(), question.answer()));
        }
      }
    }
    return rows;
  }
}
