package dev.lynceus.model.mae;

import dev.lynceus.tensor.Tensor;

/// Pictures as rows of numbers, one for each patch: its pixels row by row, the colours of a pixel
/// side by side.
public final class Patches {
  private static final double EPS = 1e-6;

  private Patches() {}

  /// Cuts pictures.
  ///
  /// @param pixels `[images, channels, height, width]`
  /// @param side pixels to a side of a patch
  /// @return `[images, patches, side * side * channels]`
  public static Tensor of(Tensor pixels, int side) {
    long rows = pixels.size(2) / side;
    long columns = pixels.size(3) / side;
    return pixels
        .reshape(pixels.size(0), pixels.size(1), rows, side, columns, side)
        .permute(0, 2, 4, 3, 5, 1)
        .reshape(pixels.size(0), rows * columns, (long) side * side * pixels.size(1));
  }

  /// Puts square pictures together again.
  ///
  /// @param patches `[images, patches, side * side * 3]`
  /// @return `[images, 3, height, width]`
  public static Tensor together(Tensor patches, int side) {
    long grid = Math.round(Math.sqrt((double) patches.size(1)));
    return patches
        .reshape(patches.size(0), grid, grid, side, side, 3)
        .permute(0, 5, 1, 3, 2, 4)
        .reshape(patches.size(0), 3, grid * side, grid * side);
  }

  /// The mean of each patch, `[images, patches, 1]`.
  public static Tensor mean(Tensor patches) {
    return patches.meanKeep(-1);
  }

  /// What each patch is divided by where it is normalised, `[images, patches, 1]`: the root of its
  /// variance, of one number less than it has, and of a small number.
  public static Tensor spread(Tensor patches) {
    long count = patches.size(-1);
    Tensor off = patches.sub(mean(patches));
    return off.square().sum(-1).unsqueeze(-1).div(Math.max(1, count - 1)).add(EPS).sqrt();
  }

  /// Each patch with its mean taken from it and divided by its spread.
  public static Tensor normalised(Tensor patches) {
    return patches.sub(mean(patches)).div(spread(patches));
  }
}
