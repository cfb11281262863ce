package dev.lynceus.lab.train;

import dev.lynceus.image.ImageProcessor;
import dev.lynceus.pupil.world.Asker;
import dev.lynceus.pupil.world.Background;
import dev.lynceus.pupil.world.Fact;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.Silhouette;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.Progress;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;

/// Scenes that are made once and used many times: their pixels at half the size, in float16, and
/// their facts.
public final class ScenePool {
  /// The world without noise and photographs: a small model shall learn the things.
  private static final SceneRecipe RECIPE =
      new SceneRecipe(
          World.SIZE,
          SceneRecipe.FREE.least(),
          SceneRecipe.FREE.most(),
          SceneRecipe.FREE.step(),
          SceneRecipe.FREE.sizes(),
          SceneRecipe.FREE.turn(),
          SceneRecipe.FREE.repeat(),
          EnumSet.of(Background.PLAIN, Background.GRADIENT),
          SceneRecipe.Pairs.SEEN);

  private static final int CHUNK = 64;

  private final Tensor pixels;
  private final List<List<Fact>> facts;

  private ScenePool(Tensor pixels, List<List<Fact>> facts) {
    this.pixels = pixels;
    this.facts = facts;
  }

  /// Makes scenes.
  ///
  /// @param seed which sequence
  public static ScenePool of(ImageProcessor processor, long seed, int count, Progress progress) {
    World world = new World(seed, RECIPE);
    Pixels made = new Pixels(processor);
    List<List<Fact>> facts = new ArrayList<>();
    int side = XFormerShape.IMAGE_SIZE;
    Tensor pixels = Torch.empty(DType.FLOAT16, count, 3, side, side).own();
    for (int start = 0; start < count; start += CHUNK) {
      try (Scope scope = Scope.open()) {
        List<Scene> scenes = new ArrayList<>();
        for (int i = start; i < Math.min(count, start + CHUNK); i++) {
          scenes.add(world.scene(i));
        }
        pixels.narrow(0, start, scenes.size()).copy_(halved(made.of(scenes)));
        scenes.forEach(scene -> facts.add(scene.facts()));
      }
      progress.at("making scenes", facts.size(), count);
    }
    return new ScenePool(pixels, List.copyOf(facts));
  }

  /// Pictures of half the size: means of four pixels each.
  private static Tensor halved(Tensor pixels) {
    int side = XFormerShape.IMAGE_SIZE;
    return pixels.reshape(pixels.size(0), 3, side, 2, side, 2).mean(5).mean(3);
  }

  /// How many there are.
  public int size() {
    return facts.size();
  }

  /// What a scene shows.
  public List<Fact> facts(int number) {
    return facts.get(number);
  }

  /// Pixels of some scenes, `[scenes, 3, size, size]`, float32.
  public Tensor pixels(int... some) {
    return pixels.indexSelect(0, Tensor.indices(some)).to(DType.FLOAT32);
  }

  /// A description of facts, for example `A brown car and a red dog.`
  static String description(List<Fact> facts) {
    return new Asker(Silhouette.names(), new SplittableRandom(0))
        .ask(Question.Kind.DESCRIBE, facts)
        .orElseThrow()
        .answer();
  }

  /// Different scenes of it.
  int[] draw(int count, SplittableRandom random) {
    return random.ints(0, size()).distinct().limit(count).toArray();
  }
}
