package dev.lynceus.bench.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Resident memory of processes, as Linux tells it; elsewhere zero, so that nothing is judged by
/// it.
final class Residence {
  private Residence() {}

  static long nowKib() {
    return field(Path.of("/proc/self/status"), "VmRSS:");
  }

  /// The largest since the last [#resetPeak()].
  static long peakKib() {
    return field(Path.of("/proc/self/status"), "VmHWM:");
  }

  static long ofKib(long process) {
    return field(Path.of("/proc/" + process + "/status"), "VmRSS:");
  }

  static void resetPeak() {
    try {
      Files.writeString(Path.of("/proc/self/clear_refs"), "5");
    } catch (IOException notLinux) {
      // Then the peak is that of the whole process, which is larger: never too kind.
    }
  }

  private static long field(Path file, String name) {
    try {
      List<String> lines = Files.readAllLines(file);
      return lines.stream()
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException gone) {
      return 0;
    }
  }

  /// Whether a thread of a process could go on and has no processor: such a process does not stand
  /// still, it waits for others. False where the system does not tell.
  static boolean waitsForItsTurn(long pid) {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
      return threads.anyMatch(Residence::isRunnable);
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isRunnable(Path thread) {
    try {
      String state = Files.readString(thread.resolve("stat"));
      // R: could go on; D: waits for a disk.
      return "RD".indexOf(state.charAt(state.lastIndexOf(')') + 2)) >= 0;
    } catch (IOException gone) {
      return false;
    }
  }
}
