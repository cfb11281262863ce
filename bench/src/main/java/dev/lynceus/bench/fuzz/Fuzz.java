package dev.lynceus.bench.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// What kinds share: random choices that can be repeated, and the real files that they begin with.
public final class Fuzz {
  private Fuzz() {}

  /// The random choices of one case.
  public static RandomGenerator random(String kind, long seed, int index) {
    return new SplittableRandom(
        seed * 0x9E3779B97F4A7C15L
            + kind.hashCode() * 0xC2B2AE3D27D4EB4FL
            + index * 0x165667B19E3779F9L);
  }

  /// One of several.
  public static <T> T pick(RandomGenerator random, List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /// The folder of the repository: the nearest one above the working folder that has the launcher.
  public static Path repository() {
    Path start = Path.of("").toAbsolutePath();
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      if (Files.isRegularFile(folder.resolve("lynceus"))
          && Files.isDirectory(folder.resolve("core"))) {
        return folder;
      }
    }
    throw new IllegalStateException("no repository above " + start + ": seeds are its test files");
  }

  /// The files of a name in the test resources and the bundled models, in the order of their paths.
  public static List<Path> seeds(String fileName) {
    Path root = repository();
    try (Stream<Path> files =
        Stream.of("core/src/test/resources", "pupil/src/main/resources")
            .map(root::resolve)
            .flatMap(Fuzz::walk)) {
      return files.filter(file -> file.getFileName().toString().equals(fileName)).sorted().toList();
    }
  }

  private static Stream<Path> walk(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
