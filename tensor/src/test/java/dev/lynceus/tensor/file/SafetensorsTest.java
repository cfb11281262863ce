package dev.lynceus.tensor.file;

import static dev.lynceus.tensor.file.RawSafetensors.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SafetensorsTest {

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(DType.class)
  void everyElementTypeWrittenByPythonReadsBack(DType dtype) {
    try (Safetensors file = Safetensors.open(RawSafetensors.resource("python.safetensors"));
        Scope _ = Scope.open()) {
      Tensor tensor = file.tensor("z." + dtype);
      assertThat(tensor.dtype()).isEqualTo(dtype);
      assertThat(tensor.shape()).containsExactly(3, 2);
      assertThat(tensor.toDoubles()).containsExactly(0, 1, 1, 0, 1, 1);
    }
  }

  @Test
  void valuesWrittenByPythonAreThoseRead() {
    try (Safetensors file = Safetensors.open(RawSafetensors.resource("python.safetensors"));
        Scope _ = Scope.open()) {
      assertThat(file.tensor("a.values").toFloats())
          .containsExactly(-1.5f, 0, 3.25f, Float.POSITIVE_INFINITY);
      assertThat(file.tensor("a.half").toFloats()).containsExactly(-1.5f, 0.25f, 65504);
      assertThat(file.tensor("a.brain").toFloats()[2]).isCloseTo(3e38f, within(0.01f * 3e38f));
      assertThat(file.metadata()).isEqualTo(Map.of("format", "pt"));
      assertThat(file.names()).hasSize(17);
    }
  }

  @Test
  void scalarsEmptyTensorsAndNamesBeyondAsciiAreRead() {
    try (Safetensors file = Safetensors.open(RawSafetensors.resource("python.safetensors"));
        Scope _ = Scope.open()) {
      assertThat(file.info("scalar").shape()).isEmpty();
      assertThat(file.info("scalar").elements()).isEqualTo(1);
      assertThat(file.tensor("scalar").toLongs()).containsExactly(7);
      assertThat(file.tensor("empty").shape()).containsExactly(0, 3);
      assertThat(file.segment("empty").byteSize()).isZero();
      assertThat(file.tensor("層.é.𝕏\"\\").toInts()).containsExactly(1, 2);
      assertThat(file.tensor("層.～").toInts()).containsExactly(3);
    }
  }

  @Test
  void aFileWithoutTensorsIsAFile() throws IOException {
    try (Safetensors file = open("{}   ", 0)) {
      assertThat(file.names()).isEmpty();
    }
  }

  @Test
  void emptyTensorsWithHugeNeighboursAreRead() throws IOException {
    try (Safetensors file =
            open("{" + entry("a", "F32", "[0, 1152921504606846976]", 0, 0) + "}", 0);
        Scope _ = Scope.open()) {
      assertThat(file.tensor("a").shape()).containsExactly(0, 1L << 60);
    }
  }

  @Test
  void unalignedTensorsAreCopiedToWhereTheyCanBeRead() throws IOException {
    // Every header length, and an odd offset inside the data: all 8 phases occur.
    for (int padding = 0; padding < 8; padding++) {
      String header =
          "{"
              + entry("byte", "U8", "[1]", 0, 1)
              + ","
              + entry("f", "F32", "[2]", 1, 9)
              + ","
              + entry("l", "I64", "[1]", 9, 17)
              + "}"
              + " ".repeat(padding);
      try (Safetensors file = open(header, 17);
          Scope _ = Scope.open()) {
        for (String name : new String[] {"f", "l"}) {
          MemorySegment segment = file.segment(name);
          TensorInfo info = file.info(name);
          assertThat(segment.address() % info.dtype().bytes()).isZero();
          assertThat(segment.isReadOnly()).isTrue();
          assertThat(segment.toArray(ValueLayout.JAVA_BYTE)[0])
              .isEqualTo((byte) (name.equals("f") ? 1 : 9));
          assertThat(file.segment(name).address()).as("copied once").isEqualTo(segment.address());
        }
        assertThat(file.tensor("l").toLongs()).containsExactly(0x100f0e0d0c0b0a09L);
      }
    }
  }

  @Test
  void alignedTensorsAreViewsOfTheFile() {
    try (Safetensors file = Safetensors.open(RawSafetensors.resource("python.safetensors"))) {
      assertThat(file.segment("a.values").address())
          .isEqualTo(file.contents().address() + file.info("a.values").offset());
      assertThat(file.segment("a.values").isReadOnly()).isTrue();
    }
  }

  @Test
  void afterClosingEverythingRefuses() {
    Safetensors file = Safetensors.open(RawSafetensors.resource("python.safetensors"));
    MemorySegment segment = file.segment("a.values");
    file.close();
    file.close();
    assertThat(catchThrowableOfType(LynceusException.class, () -> file.tensor("a.values")))
        .hasMessageContaining("was closed")
        .extracting(LynceusException::code)
        .isEqualTo(ErrorCode.BAD_REQUEST);
    assertThatThrownBy(() -> segment.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anAbsentTensorIsNamed() {
    try (Safetensors file = Safetensors.open(RawSafetensors.resource("python.safetensors"))) {
      assertThatThrownBy(() -> file.tensor("a.valuse"))
          .isInstanceOf(LynceusException.class)
          .hasMessageContainingAll("python.safetensors", "'a.valuse'");
    }
  }

  @Test
  void anAbsentFileAndAFolderAreToldApart() {
    assertThat(
            catchThrowableOfType(
                    LynceusException.class,
                    () -> Safetensors.open(folder.resolve("no.safetensors")))
                .code())
        .isEqualTo(ErrorCode.MODEL_NOT_FOUND);
    assertThat(catchThrowableOfType(LynceusException.class, () -> Safetensors.open(folder)).code())
        .isEqualTo(ErrorCode.BAD_CHECKPOINT);
  }

  @Test
  void filesBeyondTwoGibibytesAreReadToTheLastTensor() throws IOException {
    long big = 5L << 30;
    String header =
        "{"
            + entry("big", "U8", "[" + big + "]", 0, big)
            + ","
            + entry("last", "F32", "[2]", big, big + 8)
            + "}";
    header += " ".repeat(8 - header.length() % 8);
    Path path = folder.resolve("big.safetensors");
    RawSafetensors.write(path, RawSafetensors.file(header, 0));
    // Sparse: the file takes a few blocks on the disk.
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      long size = 8 + header.length() + big + 8;
      file.setLength(size);
      file.seek(size - 8);
      file.writeInt(Integer.reverseBytes(Float.floatToIntBits(2.5f)));
      file.writeInt(Integer.reverseBytes(Float.floatToIntBits(-1)));
    }
    try (Safetensors file = Safetensors.open(path);
        Scope _ = Scope.open()) {
      assertThat(file.tensor("last").toFloats()).containsExactly(2.5f, -1);
      assertThat(file.tensor("big").shape()).containsExactly(big);
      assertThat(file.segment("big").get(ValueLayout.JAVA_BYTE, big - 1)).isZero();
    }
  }

  private Safetensors open(String header, int dataBytes) throws IOException {
    return Safetensors.open(
        RawSafetensors.write(
            folder.resolve("test.safetensors"), RawSafetensors.file(header, dataBytes)));
  }
}
