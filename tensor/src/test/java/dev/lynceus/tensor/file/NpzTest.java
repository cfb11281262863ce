package dev.lynceus.tensor.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.DType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpzTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"python.npz", "python_deflated.npz"})
  void arraysOfPythonAreRead(String name) {
    Map<String, StoredTensor> arrays = Npz.read(RawSafetensors.resource(name));
    assertThat(arrays).containsOnlyKeys("f32", "f64", "i64", "i32", "u8", "bool", "empty");
    assertThat(array(arrays, "f32").shape()).containsExactly(2, 3);
    assertThat(array(arrays, "f32").data().toArray(ValueLayout.JAVA_FLOAT))
        .containsExactly(-1.5f, 0, 3.25f, 1, 2, 3);
    assertThat(array(arrays, "f64").data().toArray(ValueLayout.JAVA_DOUBLE))
        .containsExactly(0.1, 0.2);
    assertThat(array(arrays, "i64").shape()).isEmpty();
    assertThat(array(arrays, "i64").data().toArray(ValueLayout.JAVA_LONG)).containsExactly(-7);
    assertThat(array(arrays, "i32").shape()).containsExactly(1, 2, 3);
    assertThat(array(arrays, "u8").data().toArray(ValueLayout.JAVA_BYTE))
        .containsExactly(0, (byte) 255);
    assertThat(array(arrays, "bool").dtype()).isEqualTo(DType.BOOL);
    assertThat(array(arrays, "empty").shape()).containsExactly(0, 4);
  }

  @Test
  void arraysOfPythonAreWrittenAgainWithTheSameBytesInside() throws IOException {
    Path python = RawSafetensors.resource("python.npz");
    Path ours = folder.resolve("ours.npz");
    Npz.write(ours, Npz.read(python));
    try (ZipFile expected = new ZipFile(python.toFile());
        ZipFile found = new ZipFile(ours.toFile())) {
      assertThat(found.stream().map(ZipEntry::getName).toList())
          .isEqualTo(expected.stream().map(ZipEntry::getName).toList());
      for (ZipEntry entry : expected.stream().toList()) {
        assertThat(found.getInputStream(found.getEntry(entry.getName())).readAllBytes())
            .as(entry.getName())
            .isEqualTo(expected.getInputStream(entry).readAllBytes());
      }
    }
  }

  @Test
  void largeArraysAndAllTypesSurviveARoundTrip() {
    Map<String, StoredTensor> arrays = new LinkedHashMap<>();
    float[] large = new float[100_003];
    for (int i = 0; i < large.length; i++) {
      large[i] = i * 0.5f;
    }
    arrays.put("large", StoredTensor.of(large, large.length));
    for (DType dtype : DType.values()) {
      if (dtype != DType.BFLOAT16) {
        arrays.put(
            "type/" + dtype,
            new StoredTensor(
                dtype, new long[] {2, 3}, MemorySegment.ofArray(new byte[6 * dtype.bytes()])));
      }
    }
    Path path = folder.resolve("a.npz");
    Npz.write(path, arrays);
    Map<String, StoredTensor> read = Npz.read(path);
    assertThat(read.keySet()).containsExactlyElementsOf(arrays.keySet());
    arrays.forEach((name, array) -> {
      assertThat(array(read, name).dtype()).isEqualTo(array.dtype());
      assertThat(array(read, name).shape()).isEqualTo(array.shape());
      assertThat(array(read, name).data().mismatch(array.data())).isEqualTo(-1);
    });
  }

  @Test
  void equalArraysMakeEqualFiles() {
    Map<String, StoredTensor> arrays = Map.of("a", StoredTensor.of(new float[] {1, 2}, 2));
    Npz.write(folder.resolve("1.npz"), arrays);
    Npz.write(folder.resolve("2.npz"), arrays);
    assertThat(folder.resolve("1.npz")).hasSameBinaryContentAs(folder.resolve("2.npz"));
  }

  @Test
  void bfloat16IsRefusedByName() {
    StoredTensor brain =
        new StoredTensor(DType.BFLOAT16, new long[] {1}, MemorySegment.ofArray(new byte[2]));
    assertThatThrownBy(() -> Npz.write(folder.resolve("a.npz"), Map.of("brain", brain)))
        .isInstanceOf(LynceusException.class)
        .hasMessageContainingAll("'brain'", "bfloat16");
    assertThat(folder.resolve("a.npz")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({"fortran.npz,Fortran order", "objects.npz,'|O'"})
  void arraysOfOtherKindsAreRefused(String file, String reason) {
    assertThatThrownBy(() -> Npz.read(RawSafetensors.resource(file)))
        .isInstanceOf(LynceusException.class)
        .hasMessageContainingAll(file, "'a'", reason.replace("'", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387905, 4), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }",
        "{'descr': __import__('os'), 'fortran_order': False, 'shape': (1,), }",
        "{}",
        ""
      })
  void hostileArrayHeadersAreRefused(String dictionary) throws IOException {
    ByteArrayOutputStream npy = new ByteArrayOutputStream();
    npy.writeBytes("\u0093NUMPY\1\0".getBytes(StandardCharsets.ISO_8859_1));
    npy.write(dictionary.length());
    npy.write(0);
    npy.writeBytes(dictionary.getBytes(StandardCharsets.ISO_8859_1));
    npy.writeBytes(new byte[4]);
    Path path = folder.resolve("hostile.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(path))) {
      zip.putNextEntry(new ZipEntry("a.npy"));
      zip.write(npy.toByteArray());
    }
    assertThatThrownBy(() -> Npz.read(path))
        .isInstanceOf(LynceusException.class)
        .hasMessageContainingAll("hostile.npz", "'a'");
  }

  @Test
  void mutatedFilesAreReadOrRefused() throws IOException {
    byte[] valid = Files.readAllBytes(RawSafetensors.resource("python_deflated.npz"));
    for (int seed = 0; seed < 500; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] mutated = valid.clone();
      for (int i = 0; i <= random.nextInt(4); i++) {
        mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
      }
      Path path = Files.write(folder.resolve("fuzz.npz"), mutated);
      try {
        Npz.read(path);
      } catch (LynceusException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST);
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private static StoredTensor array(Map<String, StoredTensor> arrays, String name) {
    StoredTensor array = arrays.get(name);
    assertThat(array).as(name).isNotNull();
    return array;
  }
}
