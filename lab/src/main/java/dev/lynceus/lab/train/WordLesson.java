package dev.lynceus.lab.train;

import dev.lynceus.model.match.Unit;
import dev.lynceus.pupil.world.Colour;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.Silhouette;
import dev.lynceus.pupil.world.World;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// The lesson of the encoder's words: which of the things and which of the colours a patch shows,
/// by the cosine of its features and the row of each word.
///
/// @param pixels makes the tower's input
/// @param examples pictures of a step
record WordLesson(BlipWords words, Pixels pixels, int examples) implements Lesson<BlipReplica> {
  /// What cosines are multiplied with.
  private static final double HEAT = 20;

  private static final String ROWS = "text_encoder.embeddings.word_embeddings.weight";

  @Override
  public Loss loss(BlipReplica model, SplittableRandom random, int count, double progress) {
    World world = new World(random.nextLong(), SceneRecipe.FREE);
    List<Scene> scenes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      scenes.add(world.scene(i));
    }
    int[] last = {model.featureDepth()};
    Tensor state = model.tower().forward(pixels.of(scenes), last, Tap.idle()).getFirst();
    Tensor seen = Unit.of(model.features(state)).narrow(1, 1, PupilShape.PATCHES);
    Tensor patches = seen.reshape((long) count * PupilShape.PATCHES, -1);
    Tensor things = scores(model, patches, Silhouette.names().stream());
    Tensor colours = scores(model, patches, Arrays.stream(Colour.values()).map(Colour::word));
    TowerLesson.Labels labels = TowerLesson.Labels.of(scenes);
    Tensor owned = Tensor.of(labels.owned, labels.owned.length);
    double weight = 0;
    for (int i = 0; i < labels.owned.length; i++) {
      weight += labels.owned[i];
      if (labels.owned[i] == 0) {
        // The ground has no word; its loss is left out.
        labels.object[i] = 0;
        labels.colour[i] = 0;
      }
    }
    Tensor sum =
        TowerLesson.entropy(things, labels.object, owned)
            .add(TowerLesson.entropy(colours, labels.colour, owned));
    Arrays.fill(labels.known, 0);
    return new Loss(sum, weight, TowerLesson.tally(things, colours, labels));
  }

  /// `[patches, words]`.
  private Tensor scores(BlipReplica model, Tensor patches, Stream<String> of) {
    int[] ids = of.mapToInt(words::id).toArray();
    Tensor rows = Unit.of(model.tensor(ROWS).indexSelect(0, Tensor.indices(ids)));
    return patches.matmul(rows.transpose(0, 1)).mul(HEAT);
  }
}
