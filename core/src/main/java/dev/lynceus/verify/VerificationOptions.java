package dev.lynceus.verify;

import dev.lynceus.tensor.DType;
import java.nio.file.Path;
import java.util.Optional;

/// How a comparison is made.
///
/// @param absolute in place of the absolute part of the default [Tolerance]s
/// @param relative in place of their relative part
/// @param compute type of the arithmetic; empty = float32. Values computed in a 16-bit type
///   (`expected_native`) are compared with a run in that type in any case
/// @param pictures folder of the pictures; empty = the reference folder, its `images`, or `images`
///   beside it
public record VerificationOptions(
    Optional<Double> absolute,
    Optional<Double> relative,
    Optional<DType> compute,
    Optional<Path> pictures) {

  /// The defaults of the command line.
  public static final VerificationOptions DEFAULT =
      new VerificationOptions(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /// The same with arithmetic of another type.
  public VerificationOptions compute(DType dtype) {
    return new VerificationOptions(absolute, relative, Optional.of(dtype), pictures);
  }

  /// The same with pictures from a folder.
  public VerificationOptions pictures(Path folder) {
    return new VerificationOptions(absolute, relative, compute, Optional.of(folder));
  }

  /// The same with one tolerance for everything.
  public VerificationOptions tolerance(Tolerance tolerance) {
    return new VerificationOptions(
        Optional.of(tolerance.absolute()), Optional.of(tolerance.relative()), compute, pictures);
  }

  /// The tolerance in place of a default.
  Tolerance in(Tolerance usual) {
    return new Tolerance(absolute.orElse(usual.absolute()), relative.orElse(usual.relative()));
  }
}
