package dev.lynceus.tensor.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every checkpoint and tensor file of the golden data, where that folder is there: read, and
/// written again byte for byte.
class GoldenCheckpointsTest {

  @TempDir Path folder;

  @Test
  void everyGoldenCheckpointIsReadWithoutAWarning() throws IOException {
    List<Path> folders = find("/config.json").stream().map(Path::getParent).toList();
    assertThat(folders).isNotEmpty();
    for (Path checkpointFolder : folders) {
      try (Checkpoint checkpoint = Checkpoint.open(checkpointFolder)) {
        assertThat(checkpoint.config().path("model_type").stringValue()).isNotEmpty();
        assertThat(checkpoint.warnings()).as(checkpointFolder.toString()).isEmpty();
        assertThat(checkpoint.parameters()).isPositive();
        for (String name : checkpoint.names()) {
          assertThat(checkpoint.segment(name).byteSize()).isEqualTo(checkpoint.info(name).bytes());
        }
      }
    }
  }

  @Test
  void everyGoldenFileIsWrittenAgainByteForByte() throws IOException {
    List<Path> files = find(".safetensors");
    assertThat(files).isNotEmpty();
    Path ours = folder.resolve("ours.safetensors");
    for (Path path : files) {
      try (Safetensors file = Safetensors.open(path)) {
        SafetensorsWriter writer = new SafetensorsWriter();
        file.metadata().forEach(writer::metadata);
        for (String name : file.names()) {
          TensorInfo info = file.info(name);
          writer.add(name, info.dtype(), info.shape(), file.segment(name));
        }
        writer.write(ours);
      }
      assertThat(ours).as(path.toString()).hasSameBinaryContentAs(path);
    }
  }

  private static List<Path> find(String suffix) throws IOException {
    Path goldens = shared().resolve("goldens");
    assumeThat(goldens).as("the golden data is not here").isDirectory();
    try (Stream<Path> files = Files.walk(goldens)) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    }
  }

  /// The folder that the property names, or `shared` beside the repository.
  private static Path shared() {
    String property = System.getProperty("lynceus.shared", "");
    return property.isEmpty()
        ? Path.of("").toAbsolutePath().resolve("../../shared").normalize()
        : Path.of(property);
  }
}
