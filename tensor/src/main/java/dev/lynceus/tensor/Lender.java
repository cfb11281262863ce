package dev.lynceus.tensor;

/// Who lends memory to tensors: a mapped file, a segment of an arena. A tensor over lent memory,
/// and every view of it, asks before each use whether the memory may still be read; so a tensor
/// whose file was closed refuses, where native code would end the process.
///
/// Several threads may ask. The answer must cost next to nothing: it is asked for every operation
/// on a weight.
@FunctionalInterface
public interface Lender {

  /// Passes where the memory may be read.
  ///
  /// @throws dev.lynceus.error.LynceusException BAD_REQUEST where it was given back
  void requireOpen();
}
