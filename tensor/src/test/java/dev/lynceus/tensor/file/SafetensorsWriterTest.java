package dev.lynceus.tensor.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {

  @TempDir Path folder;

  @Test
  void aFileOfPythonIsWrittenAgainByteForByte() throws IOException {
    Path python = RawSafetensors.resource("python.safetensors");
    Path ours = folder.resolve("ours.safetensors");
    try (Safetensors file = Safetensors.open(python)) {
      SafetensorsWriter writer = new SafetensorsWriter();
      file.metadata().forEach(writer::metadata);
      List<String> shuffled = new ArrayList<>(file.names());
      Collections.shuffle(shuffled, new Random(1));
      for (String name : shuffled) {
        TensorInfo info = file.info(name);
        writer.add(name, info.dtype(), info.shape(), file.segment(name));
      }
      writer.write(ours);
    }
    assertThat(ours).hasSameBinaryContentAs(python);
  }

  @Test
  void aFileOfPythonPassesThroughTensorsUnchanged() throws IOException {
    Path python = RawSafetensors.resource("python.safetensors");
    Path ours = folder.resolve("ours.safetensors");
    try (Safetensors file = Safetensors.open(python);
        Scope _ = Scope.open()) {
      SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
      for (String name : file.names()) {
        writer.add(name, file.tensor(name));
      }
      writer.write(ours);
    }
    assertThat(ours).hasSameBinaryContentAs(python);
  }

  @Test
  void transposedTensorsAreWrittenInTheOrderTheyShow() {
    Path path = folder.resolve("t.safetensors");
    try (Scope _ = Scope.open()) {
      Tensor tensor = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3).t();
      new SafetensorsWriter().add("t", tensor).write(path);
      try (Safetensors file = Safetensors.open(path)) {
        assertThat(file.info("t").shape()).containsExactly(3, 2);
        assertThat(file.tensor("t").toFloats()).containsExactly(1, 4, 2, 5, 3, 6);
      }
    }
  }

  @Test
  void dataStartsAtAMultipleOfEightWhateverTheNames() {
    for (int length = 1; length < 20; length++) {
      Path path = folder.resolve("padded.safetensors");
      new SafetensorsWriter()
          .metadata("k", "\"\\\u0001\n é 𝕏")
          .add("n".repeat(length), StoredTensor.of(new float[] {1}, 1))
          .write(path);
      try (Safetensors file = Safetensors.open(path)) {
        assertThat(file.info("n".repeat(length)).offset() % 8).isZero();
        assertThat(file.metadata()).containsEntry("k", "\"\\\u0001\n é 𝕏");
      }
    }
  }

  @Test
  void nothingButTheFileIsLeftAndAnOlderOneIsReplaced() throws IOException {
    Path path = folder.resolve("a.safetensors");
    Files.writeString(path, "old");
    new SafetensorsWriter().write(path);
    assertThat(Files.size(path)).isEqualTo(16);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(path);
    }
    if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Path plain = Files.createFile(folder.resolve("plain"));
      assertThat(Files.getPosixFilePermissions(path))
          .as("as readable as any new file")
          .isEqualTo(Files.getPosixFilePermissions(plain));
    }
  }

  @Test
  void aFailedWriteLeavesTheOlderFile() throws IOException {
    Path path = folder.resolve("taken");
    Files.createDirectories(path.resolve("inside"));
    LynceusException error =
        catchThrowableOfType(LynceusException.class, () -> new SafetensorsWriter().write(path));
    assertThat(error.code()).isEqualTo(ErrorCode.NOT_WRITABLE);
    assertThat(error).hasMessageContaining("taken");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(path);
    }
    assertThat(
            catchThrowableOfType(
                    LynceusException.class,
                    () ->
                        new SafetensorsWriter().write(folder.resolve("no/such/folder.safetensors")))
                .code())
        .isEqualTo(ErrorCode.NOT_WRITABLE);
  }

  @Test
  void wrongRequestsAreRefused() {
    SafetensorsWriter writer = new SafetensorsWriter().add("a", StoredTensor.of(new float[1], 1));
    assertThatThrownBy(() -> writer.add("a", StoredTensor.of(new float[1], 1)))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("'a'");
    assertThatThrownBy(() -> writer.add("__metadata__", StoredTensor.of(new float[1], 1)))
        .isInstanceOf(LynceusException.class);
    assertThatThrownBy(() -> writer.add("\ud800", StoredTensor.of(new float[1], 1)))
        .isInstanceOf(LynceusException.class);
    assertThatThrownBy(() ->
            writer.add("b", DType.FLOAT32, new long[] {2}, MemorySegment.ofArray(new float[3])))
        .isInstanceOf(LynceusException.class)
        .hasMessageContainingAll("[2]", "12 bytes");
  }
}
