package dev.lynceus.lab.train;

import dev.lynceus.pupil.world.Box;
import dev.lynceus.pupil.world.Item;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.Silhouette;
import dev.lynceus.pupil.world.World;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// The lesson of the tower: what each patch shows. Read out of the features that the projector will
/// read: the thing, its colour, how far away its centre is, whether the centre lies in the patch,
/// where in the picture the centre is; out of an earlier layer: which pixels of the patch are
/// covered; out of the class token after the last layer: which things are in the picture. Pictures
/// get harder in three steps, without which shapes are not learned.
///
/// @param pixels makes the tower's input
/// @param examples pictures of a step
/// @param <M> the model in training
record TowerLesson<M extends Sight>(Pixels pixels, int examples) implements Lesson<M> {
  private static final int GRID = PupilShape.GRID;
  private static final int PATCH = PupilShape.PATCH;
  private static final int PATCHES = PupilShape.PATCHES;
  private static final int HALF = PATCH / 2;

  /// Share of a patch that a thing must cover to be its label, and below which the patch is ground.
  private static final double COVERED = .12;

  private static final double BARE = .02;

  /// Share of the stage that is over when the second and the third degree of difficulty begin.
  private static final double COARSE_FROM = .15;

  private static final double FREE_FROM = .4;

  /// Depth at which pixels are read out.
  private static final int MASK_DEPTH = 2;

  @Override
  public Loss loss(M model, SplittableRandom random, int count, double progress) {
    SceneRecipe recipe =
        progress < COARSE_FROM
            ? SceneRecipe.ALIGNED
            : progress < FREE_FROM ? SceneRecipe.COARSE : SceneRecipe.FREE;
    World world = new World(random.nextLong(), recipe);
    List<Scene> scenes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      scenes.add(world.scene(i));
    }
    int features = model.featureDepth();
    int mask = Math.min(MASK_DEPTH, features);
    // The last layer serves the class token only: one step in eight is enough for it.
    boolean whole = random.nextInt(8) == 0;
    int last = whole ? model.tower().config().layers() : features;
    List<Tensor> states =
        model.tower().forward(pixels.of(scenes), new int[] {features, mask, last}, Tap.idle());
    Labels labels = Labels.of(scenes);
    Tensor read =
        readout(model, "patch", model.features(states.get(0)).narrow(1, 1, PATCHES))
            .reshape(-1, Parameters.READ);
    int objects = Parameters.OBJECTS + 1;
    int colours = Parameters.COLOURS + 1;
    Tensor objectLogits = read.narrow(1, 0, objects);
    Tensor colourLogits = read.narrow(1, objects, colours);
    Tensor offsets = read.narrow(1, objects + colours, 2);
    Tensor centres = read.narrow(1, objects + colours + 2, 1).squeeze(1);
    Tensor places = read.narrow(1, objects + colours + 3, 2);
    long n = (long) count * PATCHES;
    Tensor known = Tensor.of(labels.known, n);
    Tensor owned = Tensor.of(labels.owned, n);
    Tensor sum =
        entropy(objectLogits, labels.object, known)
            .add(entropy(colourLogits, labels.colour, known))
            .add(
                offsets.sub(Tensor.of(labels.offset, n, 2)).square().sum(1).mul(owned).sum().mul(2))
            .add(places.sub(Tensor.of(labels.place, n, 2)).square().sum(1).mul(owned).sum().mul(2))
            .add(
                binary(centres, Tensor.of(labels.centre, n))
                    .mul(Tensor.of(labels.centre, n).mul(4).add(1))
                    .sum()
                    .mul(.5));
    Tensor covered = readout(model, "mask", states.get(1).narrow(1, 1, PATCHES)).reshape(n, -1);
    sum = sum.add(binary(covered, Tensor.of(labels.pixels, n, HALF * HALF)).mean(1).sum().mul(.5));
    if (whole) {
      Tensor picture = readout(model, "picture", states.get(2).select(1, 0));
      sum =
          sum.add(
              binary(picture, Tensor.of(labels.present, count, Parameters.OBJECTS)).sum().mul(2));
    }
    return new Loss(sum, n, tally(objectLogits, colourLogits, labels));
  }

  private static Tensor readout(Sight model, String name, Tensor features) {
    return Torch.linear(
        features,
        model.tensor("readout." + name + ".weight"),
        model.tensor("readout." + name + ".bias"));
  }

  static Tensor entropy(Tensor logits, long[] wanted, Tensor weights) {
    return Torch.logSoftmax(logits, 1)
        .gather(1, Tensor.of(wanted, wanted.length, 1))
        .squeeze(1)
        .mul(weights)
        .sum()
        .neg();
  }

  /// Binary cross-entropy of logits: `max(x, 0) - x y + log(1 + exp(-|x|))`.
  private static Tensor binary(Tensor logits, Tensor wanted) {
    return Torch.relu(logits).sub(logits.mul(wanted)).add(logits.abs().neg().exp().add(1).log());
  }

  static Tally tally(Tensor objectLogits, Tensor colourLogits, Labels labels) {
    try (Scope scope = Scope.open()) {
      int[] objects = objectLogits.detach().argmax(1).toInts();
      int[] colours = colourLogits.detach().argmax(1).toInts();
      Tally tally = new Tally();
      for (int i = 0; i < objects.length; i++) {
        if (labels.owned[i] > 0) {
          tally.add("object", objects[i] == labels.object[i]);
          tally.add("colour", colours[i] == labels.colour[i]);
        } else if (labels.known[i] > 0) {
          tally.add("ground", objects[i] == labels.object[i]);
        }
      }
      return tally;
    }
  }

  /// What patches show, scene after scene, row after row.
  static final class Labels {
    final long[] object;
    final long[] colour;

    /// 1 where the label is clear.
    final float[] known;

    /// 1 where it is a thing.
    final float[] owned;

    /// From the patch's centre to the thing's, in halves of the picture, x and y.
    final float[] offset;

    final float[] centre;

    /// The thing's centre in halves of the picture from the middle, x and y.
    final float[] place;

    final float[] pixels;
    final float[] present;

    private Labels(int count) {
      int n = count * PATCHES;
      object = new long[n];
      colour = new long[n];
      known = new float[n];
      owned = new float[n];
      offset = new float[2 * n];
      centre = new float[n];
      place = new float[2 * n];
      pixels = new float[n * HALF * HALF];
      present = new float[count * Parameters.OBJECTS];
    }

    static Labels of(List<Scene> scenes) {
      Labels labels = new Labels(scenes.size());
      for (int s = 0; s < scenes.size(); s++) {
        labels.read(scenes.get(s), s);
      }
      return labels;
    }

    private void read(Scene scene, int number) {
      int first = number * PATCHES;
      double[] most = new double[PATCHES];
      double[] sum = new double[PATCHES];
      for (int p = first; p < first + PATCHES; p++) {
        object[p] = Parameters.OBJECTS;
        colour[p] = Parameters.COLOURS;
      }
      for (Item item : scene.items()) {
        int noun = Silhouette.names().indexOf(item.noun());
        present[number * Parameters.OBJECTS + noun] = 1;
        Box box = item.box();
        for (int row = box.top() / PATCH; row <= (box.bottom() - 1) / PATCH; row++) {
          for (int column = box.left() / PATCH; column <= (box.right() - 1) / PATCH; column++) {
            int patch = row * GRID + column;
            double cover = cover(item, row, column, first + patch);
            sum[patch] += cover;
            if (cover > most[patch]) {
              most[patch] = cover;
              object[first + patch] = noun;
              colour[first + patch] = item.colour().ordinal();
              offset[2 * (first + patch)] =
                  (float) ((box.centreX() - (column + .5) * PATCH) / (World.SIZE / 2.0));
              offset[2 * (first + patch) + 1] =
                  (float) ((box.centreY() - (row + .5) * PATCH) / (World.SIZE / 2.0));
              place[2 * (first + patch)] = (float) (box.centreX() / (World.SIZE / 2.0) - 1);
              place[2 * (first + patch) + 1] = (float) (box.centreY() / (World.SIZE / 2.0) - 1);
            }
          }
        }
        int centreRow = (int) (box.centreY() / PATCH);
        centre[first + centreRow * GRID + (int) (box.centreX() / PATCH)] = 1;
      }
      for (int p = 0; p < PATCHES; p++) {
        if (most[p] >= COVERED) {
          known[first + p] = 1;
          owned[first + p] = 1;
        } else {
          known[first + p] = sum[p] < BARE ? 1 : 0;
          object[first + p] = Parameters.OBJECTS;
          colour[first + p] = Parameters.COLOURS;
        }
      }
    }

    /// Share of a patch that a thing covers; also notes which quarters of its pixels.
    private double cover(Item item, int row, int column, int patch) {
      double sum = 0;
      for (int y = 0; y < PATCH; y++) {
        for (int x = 0; x < PATCH; x++) {
          int value = item.mask()[(row * PATCH + y) * World.SIZE + column * PATCH + x] & 0xff;
          sum += value / 255.0;
          if (value >= 128) {
            pixels[(patch * HALF + y / 2) * HALF + x / 2] = 1;
          }
        }
      }
      return sum / (PATCH * PATCH);
    }
  }
}
