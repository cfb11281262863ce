package dev.lynceus.request;

import dev.lynceus.method.reader.PassageReading;
import java.util.Optional;

/// How a passage is read that may be longer than a model.
///
/// @param length most positions of a window
/// @param overlap tokens of the passage that windows have in common
/// @param longest most tokens of an answer
public record PassageWindows(
    @Setting(otherwise = "384", least = 1, most = 1_000_000) int length,
    @Setting(otherwise = "128", least = 0, most = 1_000_000) int overlap,
    @Setting(otherwise = "30", least = 1, most = 1_000_000) int longest) {

  /// The same for a model.
  PassageReading.Options options(Optional<Double> threshold) {
    return new PassageReading.Options(length, overlap, longest, threshold);
  }
}
