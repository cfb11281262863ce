package dev.lynceus.model.qwenvl;

import dev.lynceus.image.PatchGrid;
import dev.lynceus.model.stack.Block;
import dev.lynceus.model.stack.StackShape;
import dev.lynceus.model.stack.Surroundings;
import dev.lynceus.model.vit.Tower;
import dev.lynceus.nn.Rope;
import dev.lynceus.nn.RopeScaling;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/// The towers of Qwen-VL. All pictures are one sequence of patches; a patch sees those of its
/// picture, or of its window, and is rotated by its row and its column.
final class PatchTower implements Tower {
  private final PatchTowerConfig config;
  private final PatchTowerWeights weights;
  private final Block block;

  PatchTower(PatchTowerConfig config, PatchTowerWeights weights) {
    this.config = config;
    this.weights = weights;
    this.block = new Block(Stack.VISION, config.shape().heads(), Block.Order.BEFORE);
  }

  @Override
  public String family() {
    return config.generation().type();
  }

  @Override
  public StackShape shape() {
    return config.shape();
  }

  @Override
  public int channels() {
    return 3 * config.temporal();
  }

  @Override
  public int patchSize() {
    return config.patch();
  }

  @Override
  public OptionalInt imageSize() {
    return OptionalInt.empty();
  }

  @Override
  public boolean has(Point point) {
    return point.stack() == Stack.VISION
        && switch (point.site()) {
          case LN_PRE, LN_POST -> false;
          case POS_EMBED -> weights.positions() != null;
          default -> Block.has(point.site(), weights.layers().getFirst(), true);
        };
  }

  /// What leaves the last layer, and after it along the width what leaves the layers whose states
  /// are added in the decoder, `[1, patches, width * states]`, in the order of the tower.
  ///
  /// @param pixels `[patches, channels * frames, side, side]`
  Tensor forward(PatchInput input, Tensor pixels, Tap tap) {
    Tensor seen = tap.at(Point.vision(Site.PIXELS), pixels);
    Tensor x = weights.patch().apply(seen.reshape(1, seen.size(0), config.patchWidth()));
    x = tap.at(Point.vision(Site.PATCH_EMBED), x);
    if (weights.positions() != null) {
      x =
          x.add(
              tap.at(Point.vision(Site.POS_EMBED), learned(input, weights.positions(), x.dtype())));
    }
    if (config.window() > 0) {
      x = x.indexSelect(1, Tensor.indices(input.patchOrder()));
    }
    x = tap.at(Point.vision(Site.EMBED), x);
    Rope.Table table = rotations(input, x.dtype());
    table =
        new Rope.Table(
            tap.at(Point.vision(Site.ROTARY_COS), table.cos()),
            tap.at(Point.vision(Site.ROTARY_SIN), table.sin()));
    Surroundings whole = Surroundings.apart(table, input.whole());
    Surroundings windows = Surroundings.apart(table, input.windows());
    List<Tensor> states = new ArrayList<>();
    for (int l = 0; l < config.layers(); l++) {
      try (Scope scope = Scope.open()) {
        Surroundings around = config.whole()[l] ? whole : windows;
        x = scope.keep(block.forward(l, weights.layers().get(l), x, around, tap));
      }
      int layer = l;
      if (config.deep().stream().anyMatch(deep -> deep.layer() == layer)) {
        states.add(x);
      }
    }
    states.addFirst(x);
    return states.size() == 1 ? x : Torch.cat(states, 2);
  }

  /// The table of learned positions, resampled to the grid of each picture: bilinear, corners on
  /// corners. Source: `get_vision_interpolation_indices_and_weights` of transformers 5.18.
  ///
  /// @return `[1, patches, width]`
  private Tensor learned(PatchInput input, Tensor table, DType dtype) {
    int patches = input.positions();
    long[] rows = new long[4 * patches];
    float[] shares = new float[4 * patches];
    int at = 0;
    for (PatchGrid grid : input.grids()) {
      for (int patch = 0; patch < grid.patches(); patch++) {
        PatchGrid.Place place = grid.place(patch);
        float down = source(place.row(), grid.rows());
        float across = source(place.column(), grid.columns());
        for (int i = 0; i < 4; i++) {
          int row = (int) down + i / 2;
          int column = (int) across + i % 2;
          rows[at] =
              (long) Math.min(row, config.table() - 1) * config.table()
                  + Math.min(column, config.table() - 1);
          shares[at++] = share(down, row) * share(across, column);
        }
      }
    }
    DType wide = dtype.isHalf() ? DType.FLOAT32 : dtype;
    Tensor taken = Torch.embedding(table, Tensor.of(rows, patches, 4)).to(wide);
    Tensor shared = taken.mul(Tensor.of(shares, patches, 4, 1).to(wide));
    return shared.sum(1).unsqueeze(0).to(dtype);
  }

  private float source(int index, int size) {
    return (float) index * (config.table() - 1) / Math.max(size - 1, 1);
  }

  private static float share(float source, int tap) {
    return Math.max(1 - Math.abs(source - tap), 0);
  }

  /// Half of the frequencies turn by the row of a patch, half by its column; computed in float32 at
  /// least, as in the reference library.
  private Rope.Table rotations(PatchInput input, DType dtype) {
    int quarter = config.width() / config.heads() / 4;
    RopeScaling.Frequencies own =
        new RopeScaling.Default(config.theta()).frequencies(2 * quarter, 1);
    Tensor inverse = Tensor.of(own.inverse(), quarter);
    List<Tensor> halves = new ArrayList<>();
    for (int[] places : input.places()) {
      long[] numbers = Arrays.stream(places).asLongStream().toArray();
      halves.add(
          Tensor.of(numbers, 1, numbers.length).to(DType.FLOAT32).unsqueeze(-1).mul(inverse));
    }
    halves.addAll(List.copyOf(halves));
    Tensor angles = Torch.cat(halves, -1);
    DType wide = dtype.isHalf() ? DType.FLOAT32 : dtype;
    return new Rope.Table(Torch.cos(angles).to(wide), Torch.sin(angles).to(wide));
  }

  /// Visual tokens of what leaves the last layer, through their places, in the order of the tower.
  ///
  /// @param features as [#forward] gives them
  /// @return `[1, tokens, out]`
  Tensor merged(Tensor features, Tap tap) {
    return weights.merger().apply(features.narrow(2, 0, config.width()).contiguous(), tap);
  }

  /// Those that are added in the decoder, one for each of the config's layers.
  List<Tensor> deep(Tensor features) {
    List<Tensor> all = new ArrayList<>();
    for (int i = 0; i < weights.deep().size(); i++) {
      long start = (long) (i + 1) * config.width();
      Tensor own = features.narrow(2, start, config.width()).contiguous();
      all.add(weights.deep().get(i).apply(own, Tap.idle()));
    }
    return all;
  }
}
