package dev.lynceus.tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What Linux tells of the machine in its folder `/proc`.
final class Kernel {
  private Kernel() {}

  /// The lines of one of its files; none on another system.
  static List<String> lines(String name) {
    try (Stream<String> lines = Files.lines(Path.of("/proc", name))) {
      return lines.toList();
    } catch (IOException | UncheckedIOException absent) {
      return List.of();
    }
  }
}
