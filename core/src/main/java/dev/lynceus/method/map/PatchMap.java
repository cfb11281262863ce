package dev.lynceus.method.map;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/// What a method says of the patches of a picture.
///
/// @param values one for each patch, row by row; larger says that the patch mattered more
/// @param gap where the method promises what its values add up to: how far they are from it,
///   relative to it
/// @param points where the map is an integral: at how many points it was taken
public record PatchMap(double[] values, OptionalDouble gap, OptionalInt points) {

  /// A map of a method that promises no sum.
  public static PatchMap of(double[] values) {
    return new PatchMap(values, OptionalDouble.empty(), OptionalInt.empty());
  }
}
