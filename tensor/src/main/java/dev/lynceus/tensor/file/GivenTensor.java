package dev.lynceus.tensor.file;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.Arrays;

/// Numbers that a user hands in beside a model: a direction, a lens, the values of a change. They
/// are taken as they are meant or not at all, since a tensor of another shape may broadcast, and
/// one number that is not finite spoils every result without a word.
public final class GivenTensor {
  private GivenTensor() {}

  /// A copy in float32, finite and of exactly the expected shape.
  ///
  /// @param next what to do if it is not
  /// @throws LynceusException BAD_REQUEST, naming file and tensor
  public static Tensor of(Safetensors file, String name, String next, long... shape) {
    if (!file.names().contains(name)) {
      throw refused(file, "has no tensor " + Quoted.name(name), next);
    }
    long[] found = file.info(name).shape();
    if (!Arrays.equals(found, shape)) {
      throw refused(
          file,
          "has %s of shape %s where %s belongs"
              .formatted(Quoted.name(name), Arrays.toString(found), Arrays.toString(shape)),
          next);
    }
    return finite(file, name, next).to(DType.FLOAT32);
  }

  /// A copy in its own type, finite, of whatever shape it has.
  ///
  /// @param next what to do if it is not
  /// @throws LynceusException BAD_REQUEST, naming file and tensor
  public static Tensor finite(Safetensors file, String name, String next) {
    if (!file.names().contains(name)) {
      throw refused(file, "has no tensor " + Quoted.name(name), next);
    }
    DType dtype = file.info(name).dtype();
    if (!dtype.isFloating()) {
      throw refused(file, "has %s of type %s".formatted(Quoted.name(name), dtype), next);
    }
    if (Arrays.stream(file.info(name).shape()).anyMatch(size -> size == 0)) {
      throw refused(file, "has %s without any number".formatted(Quoted.name(name)), next);
    }
    try (Scope scope = Scope.open()) {
      Tensor copy = file.tensor(name).copy();
      if (copy.isFinite().eq(0).to(DType.FLOAT32).sum().item() > 0) {
        throw refused(
            file, "has %s with numbers that are not finite".formatted(Quoted.name(name)), next);
      }
      return scope.keep(copy);
    }
  }

  private static LynceusException refused(Safetensors file, String what, String next) {
    return new LynceusException(ErrorCode.BAD_REQUEST, file.path() + " " + what, next);
  }
}
