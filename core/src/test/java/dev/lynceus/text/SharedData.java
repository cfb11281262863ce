package dev.lynceus.text;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Data that tests may use but the project may not contain: `-Dlynceus.shared=FOLDER`, or a folder
/// `shared` beside the repository.
final class SharedData {
  private SharedData() {}

  /// A path in the shared data; the test is skipped where it is absent.
  static Path require(String path) {
    List<Path> roots =
        List.of(
            Path.of(System.getProperty("lynceus.shared", "../../shared")), Path.of("../../shared"));
    for (Path root : roots) {
      Path found = root.resolve(path);
      if (Files.exists(found)) {
        return found;
      }
    }
    assumeTrue(false, "the shared data has no " + path + "; see -Dlynceus.shared");
    throw new AssertionError("unreachable");
  }
}
