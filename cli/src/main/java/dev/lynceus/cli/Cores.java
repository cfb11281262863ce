package dev.lynceus.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/// Counts cores: two threads on one core only get in each other's way when they multiply matrices.
final class Cores {
  private Cores() {}

  /// Physical cores that this process may use; at least 1.
  static int physical() {
    return physical(Path.of("/sys/devices/system/cpu"), Runtime.getRuntime().availableProcessors());
  }

  /// @param system Linux's folder of processors; where it is not there, every processor counts
  /// @param available processors that this process may use
  static int physical(Path system, int available) {
    Set<String> cores = new HashSet<>();
    try (DirectoryStream<Path> processors = Files.newDirectoryStream(system, "cpu[0-9]*")) {
      for (Path processor : processors) {
        // Processors of one core name the same siblings. Offline processors have no topology.
        Path siblings = processor.resolve("topology/thread_siblings_list");
        if (Files.exists(siblings)) {
          cores.add(Files.readString(siblings).strip());
        }
      }
    } catch (IOException e) {
      return available;
    }
    return cores.isEmpty() ? available : Math.min(cores.size(), available);
  }
}
