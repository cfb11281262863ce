package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;

/// How large the batches of a sweep may become. A batch has one replay at least.
///
/// @param bytes most memory for the activations of a batch
/// @param positions most positions of all replays of a batch: a sweep can be stopped between two
///   batches only, and larger ones are not faster
public record Limits(long bytes, int positions) {

  /// 512 MiB and 2048 positions.
  public static final Limits DEFAULT = new Limits(512L << 20, 2048);

  public Limits {
    if (bytes < 1 || positions < 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a batch of %d bytes and %d positions".formatted(bytes, positions),
          "Give limits of 1 or more.");
    }
  }
}
