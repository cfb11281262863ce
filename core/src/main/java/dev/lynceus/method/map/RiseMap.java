package dev.lynceus.method.map;

import dev.lynceus.method.Inputs;
import dev.lynceus.method.Target;
import dev.lynceus.run.Ledger;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Reader;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// RISE: the mean of random masks, each weighted by the probability that the word keeps when the
/// picture is seen through it. A mask is a coarse grid of zeros and ones, drawn smooth and shifted
/// at random. The paper darkens pixels; here each visual token fades towards their mean, as in
/// occlusion, so that nothing is encoded again. Each mask comes with its complement, so that every
/// patch is seen through half of them.
///
/// @param pairs how many masks, complements not counted
/// @param cells of the coarse grid along each side
public record RiseMap(int pairs, int cells) implements PatchMethod {
  /// Masked inputs that are in memory at once.
  private static final int FEW = 16;

  /// 256 masks, of grids of 7 by 7 as in the paper.
  public RiseMap() {
    this(128, 7);
  }

  @Override
  public String name() {
    return "rise";
  }

  @Override
  public String what() {
    return "mean of random masks that fade visual tokens, weighted by the probability that is left";
  }

  @Override
  public String source() {
    return "Petsiuk, Das and Saenko, arXiv 1806.07421";
  }

  @Override
  public Passes passes(int patches) {
    return new Passes(2 * pairs, 0);
  }

  @Override
  public Capture capture(LoadedModel model, int firstRow) {
    return Sweep.base(model);
  }

  /// A mask over a picture: 0 to 1 at any place of it.
  private record Mask(boolean[] grid, int side, double right, double down) {
    static Mask drawn(int cells, SplittableRandom random) {
      int side = cells + 2;
      boolean[] grid = new boolean[side * side];
      for (int i = 0; i < grid.length; i++) {
        grid[i] = random.nextBoolean();
      }
      return new Mask(grid, side, random.nextDouble(), random.nextDouble());
    }

    /// @param x share of the width, 0 to 1
    /// @param y share of the height
    double at(double x, double y) {
      double column = Math.clamp(x, 0, 1) * (side - 2) + right;
      double row = Math.clamp(y, 0, 1) * (side - 2) + down;
      int c = (int) Math.min(column, side - 2);
      int r = (int) Math.min(row, side - 2);
      double across = column - c;
      double below = row - r;
      return (1 - below) * ((1 - across) * cell(r, c) + across * cell(r, c + 1))
          + below * ((1 - across) * cell(r + 1, c) + across * cell(r + 1, c + 1));
    }

    /// At the middle of each patch of a view.
    double[] over(Run run, TokenMap.View view) {
      TokenMap.ImageGrid picture = Inputs.seen(run).grids().get(view.image());
      TokenMap.Tile tile = view.tile();
      double[] values = new double[view.positions().length];
      for (int p = 0; p < values.length; p++) {
        double[] box = tile.pixels(p / tile.columns(), p % tile.columns());
        values[p] =
            at((box[0] + box[2] / 2) / picture.width(), (box[1] + box[3] / 2) / picture.height());
      }
      return values;
    }

    private double cell(int row, int column) {
      return grid[row * side + column] ? 1 : 0;
    }
  }

  @Override
  public boolean readsFeatures() {
    return true;
  }

  @Override
  public PatchMap map(Run run, Target target, TokenMap.View view, SplittableRandom random) {
    int word = target.aims().getFirst().id();
    List<Mask> masks = new ArrayList<>();
    for (int i = 0; i < pairs; i++) {
      masks.add(Mask.drawn(cells, random));
    }
    double[] weights = new double[pairs];
    List<TokenMap.View> views =
        Inputs.seen(run).views().stream().filter(other -> other.image() == view.image()).toList();
    int[] positions = views.stream().flatMapToInt(v -> IntStream.of(v.positions())).toArray();
    for (int from = 0; from < pairs; from += FEW / 2) {
      try (Scope scope = Scope.open()) {
        List<List<Intervention>> replays = new ArrayList<>();
        int end = Math.min(pairs, from + FEW / 2);
        for (Mask mask : masks.subList(from, end)) {
          double[] kept =
              views.stream().flatMapToDouble(v -> DoubleStream.of(mask.over(run, v))).toArray();
          double[] rest = DoubleStream.of(kept).map(m -> 1 - m).toArray();
          replays.add(faded(run, kept, positions));
          replays.add(faded(run, rest, positions));
        }
        double[][] read =
            Sweep.of(
                    run,
                    replays,
                    new Reader.Logits(logits -> new double[] {probability(logits, word)}))
                .run(Progress.NONE, Ledger.NONE);
        for (int i = 0; i < read.length; i += 2) {
          weights[from + i / 2] = read[i][0] - read[i + 1][0];
        }
      }
    }
    double[] values = new double[view.positions().length];
    for (int i = 0; i < pairs; i++) {
      double[] mask = masks.get(i).over(run, view);
      for (int p = 0; p < values.length; p++) {
        values[p] += weights[i] * (mask[p] - 0.5) / pairs;
      }
    }
    return PatchMap.of(values);
  }

  /// Tokens between what they are, 1, and their mean, 0.
  private static List<Intervention> faded(Run run, double[] kept, int[] positions) {
    return Inputs.at(
        run,
        Positions.of(positions),
        input -> {
          Tensor tokens = Inputs.input(run, input).indexSelect(1, Tensor.indices(positions));
          Tensor mean = tokens.meanKeep(1);
          Tensor share = Tensor.of(kept, 1, kept.length, 1).to(tokens.dtype());
          return new Op.Patch(Values.of(mean.add(tokens.sub(mean).mul(share))));
        });
  }

  private static double probability(Tensor logits, int word) {
    try (Scope scope = Scope.open()) {
      return Torch.softmax(logits.to(DType.FLOAT64).reshape(-1), 0).narrow(0, word, 1).item();
    }
  }
}
