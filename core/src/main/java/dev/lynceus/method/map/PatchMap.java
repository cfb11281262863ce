package dev.lynceus.method.map;

import java.util.OptionalDouble;

/// What a method says of the patches of a picture.
///
/// @param values one for each patch, row by row; larger says that the patch mattered more
/// @param gap where the method promises what its values add up to: how far they are from it,
///   relative to it
public record PatchMap(double[] values, OptionalDouble gap) {

  /// A map of a method that promises no sum.
  public static PatchMap of(double[] values) {
    return new PatchMap(values, OptionalDouble.empty());
  }
}
