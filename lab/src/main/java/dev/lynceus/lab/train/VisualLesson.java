package dev.lynceus.lab.train;

import dev.lynceus.model.Flow;
import dev.lynceus.model.llava.Llava;
import dev.lynceus.pupil.world.Asker;
import dev.lynceus.pupil.world.Fact;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.pupil.world.Question.Kind;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.Silhouette;
import dev.lynceus.pupil.world.World;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// The lesson of the whole model: questions about pictures.
///
/// @param pixels makes the tower's input
/// @param texts lesson that takes the place of the pictures now and then, so that the decoder does
///   not forget texts; null where the decoder does not learn
/// @param examples pictures of a step
record VisualLesson(Phrases phrases, Pixels pixels, @Nullable TextLesson texts, int examples)
    implements Lesson<Parameters.Replica> {
  private static final int QUESTIONS = 6;

  /// One share of a step in this many is about texts.
  private static final int TEXT_EVERY = 8;

  @Override
  public Loss loss(Parameters.Replica model, SplittableRandom random, int count, double progress) {
    World world = new World(random.nextLong(), SceneRecipe.FREE);
    if (texts != null && random.nextInt(TEXT_EVERY) == 0) {
      return texts.loss(model, random, 2 * count, progress);
    }
    List<Scene> scenes = new ArrayList<>();
    Sequences batch = new Sequences();
    int[] beginning = phrases.picture(model.shape().imageToken());
    Asker asker = new Asker(Silhouette.names(), random);
    for (int i = 0; i < count; i++) {
      Scene scene = world.scene(i);
      scenes.add(scene);
      batch.begin(beginning);
      List<Fact> facts = scene.facts();
      int asked = 0;
      while (asked < QUESTIONS) {
        Question question = asker.ask(kind(random), facts).orElse(null);
        if (question != null) {
          asked++;
          TextLesson.ask(batch, phrases.aboutPicture(question), question, asked, beginning.length);
        }
      }
    }
    return batch.loss(model.model().decoder(), embedded(model, batch, scenes));
  }

  private static Kind kind(SplittableRandom random) {
    double drawn = random.nextDouble();
    if (drawn < .17) {
      return Kind.COLOUR;
    }
    if (drawn < .31) {
      return Kind.WHICH;
    }
    if (drawn < .52) {
      return Kind.WHERE;
    }
    if (drawn < .67) {
      return Kind.EXISTS;
    }
    if (drawn < .77) {
      return Kind.COUNT;
    }
    if (drawn < .84) {
      return Kind.SAME;
    }
    return drawn < .94 ? Kind.SIDE : Kind.DESCRIBE;
  }

  private Tensor embedded(Parameters.Replica model, Sequences batch, List<Scene> scenes) {
    Llava llava = model.model();
    Tensor ids = batch.idTensor(model.shape().vocabulary() - 1);
    Tensor visual = llava.encoder().encode(() -> pixels.of(scenes), Flow.fresh(), Tap.idle());
    return llava.merge(
        llava.decoder().embed(ids, DType.FLOAT32, Tap.idle()),
        ids,
        visual.reshape(-1, model.shape().width()));
  }
}
