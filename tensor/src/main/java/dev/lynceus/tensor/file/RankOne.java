package dev.lynceus.tensor.file;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;

/// A change of a weight matrix by an outer product: `W + left right^T`.
///
/// @param tensor full name of the matrix in its checkpoint
/// @param left one number for each row (what the map gives)
/// @param right one number for each column (what the map is given)
// Plain numbers; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
public record RankOne(String tensor, float[] left, float[] right) {

  /// The changed matrix in float32, whatever it is stored in: rounding to 16 bits would lose most
  /// of a small change.
  ///
  /// @param stored `[rows, columns]`
  /// @return in the scope that is open
  /// @throws LynceusException BAD_REQUEST for a matrix of another shape
  public Tensor of(Tensor stored) {
    if (stored.dim() != 2 || stored.size(0) != left.length || stored.size(1) != right.length) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a change of %d x %d numbers does not fit %s"
              .formatted(left.length, right.length, Quoted.name(tensor)),
          "It was made for another model: name the model that it was made for.");
    }
    try (Scope scope = Scope.open()) {
      Tensor outer = Tensor.of(left, left.length, 1).matmul(Tensor.of(right, 1, right.length));
      return scope.keep(stored.to(DType.FLOAT32).add(outer));
    }
  }
}
