package dev.lynceus.model.mae;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Which patches of a picture are removed: every patch draws a number, and those with the smallest
/// are kept, in the order of their numbers.
///
/// @param kept numbers of the patches that are kept
/// @param restore for each patch where it stands when the kept ones come first
// Plain numbers; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
public record Mask(int[] kept, int[] restore) {

  /// The mask that drawn numbers make.
  ///
  /// @param noise one number for each patch
  /// @param ratio share of the patches that are removed
  /// @throws LynceusException BAD_REQUEST for a share of one or more, or below zero
  public static Mask of(double[] noise, double ratio) {
    if (!(ratio >= 0 && ratio < 1)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a share of %s of the patches cannot be removed".formatted(ratio),
          "Give a share from 0 to below 1; above 0, if something is to be made.");
    }
    int[] order =
        IntStream.range(0, noise.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer patch) -> noise[patch]))
            .mapToInt(Integer::intValue)
            .toArray();
    int[] restore = new int[order.length];
    for (int place = 0; place < order.length; place++) {
      restore[order[place]] = place;
    }
    // As the reference library rounds.
    int count = (int) (noise.length * (1 - ratio));
    return new Mask(Arrays.copyOf(order, count), restore);
  }

  /// A mask by a seed.
  public static Mask drawn(int patches, double ratio, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return of(random.doubles(patches).toArray(), ratio);
  }

  /// Patches of the picture.
  public int patches() {
    return restore.length;
  }

  /// Whether a patch is removed.
  public boolean removes(int patch) {
    return restore[patch] >= kept.length;
  }

  /// The patches that are removed, in order.
  public int[] removed() {
    return IntStream.range(0, restore.length).filter(this::removes).toArray();
  }
}
