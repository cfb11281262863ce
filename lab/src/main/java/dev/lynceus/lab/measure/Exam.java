package dev.lynceus.lab.measure;

import dev.lynceus.pupil.world.Asker;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.Silhouette;
import dev.lynceus.pupil.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Scenes of a world with questions about them. Scene and questions follow from the world's seed
/// and a number, so any of them can be made again, alone.
///
/// @param world where the scenes are from
public record Exam(World world) {

  /// A scene.
  public Scene scene(long number) {
    return world.scene(number);
  }

  /// One question of every kind that the scene allows, in the order of the kinds.
  public List<Question> questions(long number, Scene scene) {
    Asker asker = new Asker(Silhouette.names(), random(number));
    List<Question> questions = new ArrayList<>();
    for (Question.Kind kind : Question.Kind.values()) {
      asker.ask(kind, scene.facts()).ifPresent(questions::add);
    }
    return questions;
  }

  /// The generator of choices about a scene. It shares no draws with the one that made the scene.
  SplittableRandom random(long number) {
    return world.random(number).split();
  }
}
