package dev.lynceus.tensor.file;

import static dev.lynceus.tensor.file.RawSafetensors.data;
import static dev.lynceus.tensor.file.RawSafetensors.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Files that are broken, wrong or meant to harm: each is refused with a reason, none is read.
class SafetensorsHostileTest {

  private static final String U8_4 = entry("w", "U8", "[4]", 0, 4);

  @TempDir Path folder;

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void refused(String what, byte[] bytes, List<String> words) throws IOException {
    Path path = RawSafetensors.write(folder.resolve("model.safetensors"), bytes);
    LynceusException error =
        catchThrowableOfType(LynceusException.class, () -> Safetensors.open(path).close());
    assertThat(error).as(what).isNotNull();
    assertThat(error.code()).isEqualTo(ErrorCode.BAD_CHECKPOINT);
    assertThat(error)
        .hasMessageContaining("model.safetensors")
        .hasMessageContainingAll(strings(words));
    assertThat(error.nextStep()).isNotBlank();
    assertThat(error.getMessage()).hasSizeLessThan(1000).doesNotContain("\u001b");
  }

  static Stream<Arguments> files() {
    return Stream.of(
        row("an empty file", new byte[0], "is empty"),
        row("5 bytes", new byte[5], "truncated"),
        row("a length and no header", RawSafetensors.file(64, new byte[0], data(0)), "truncated"),
        row("a header cut short", cut(header("{" + U8_4 + "}", 4), 30), "truncated"),
        row("data cut short", cut(header("{" + U8_4 + "}", 4), -1), "'w'", "truncated"),
        row(
            "a giant header",
            RawSafetensors.file(100_000_001, new byte[64], data(0)),
            "100000001",
            "100000000"),
        row("a negative header length", RawSafetensors.file(-1, new byte[64], data(0)), "header"),
        row("a header length of zero", RawSafetensors.file(0, new byte[0], data(8)), "'{'"),
        row("a header of one byte", header("{", 0), "'{'"),
        row("a header that starts with a space", header(" {}", 0), "'{'"),
        row("a header that is an array", header("[]", 0), "'{'"),
        row("no JSON", header("{nonsense}", 0), "JSON"),
        row("JSON cut short", header("{\"w\":{\"dtype\"", 0), "JSON"),
        row("a comment in JSON", header("{/* */}", 0), "JSON"),
        row("text after the header", header("{}x", 0), "JSON"),
        row("a second object after the header", header("{}{}", 0), "after the end"),
        row("a NUL after the header", header("{}\0\0", 0), "JSON"),
        row(
            "deep nesting",
            header("{\"w\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}", 0),
            "'w'"),
        row("deep nesting in a shape", with("shape", "[".repeat(5000) + "]".repeat(5000)), "'w'"),
        row(
            "not UTF-8",
            RawSafetensors.file(6, new byte[] {'{', '"', (byte) 0xff, '"', ':', '}'}, data(0)),
            "UTF-8"),
        row(
            "an overlong UTF-8 name",
            RawSafetensors.file(
                7, new byte[] {'{', '"', (byte) 0xc0, (byte) 0xaf, '"', ':', '}'}, data(0)),
            "UTF-8"),
        row("a name twice", header("{" + U8_4 + "," + U8_4 + "}", 4), "'w'", "twice"),
        row(
            "a name twice, once escaped",
            header("{" + U8_4 + "," + entry("\\u0077", "U8", "[4]", 0, 4) + "}", 4),
            "'w'",
            "twice"),
        row("a field twice", with("dtype", "\"U8\",\"dtype\":\"U8\""), "'w'", "dtype", "twice"),
        row("an unknown field", with("extra", "1"), "'w'", "extra"),
        row(
            "no dtype",
            header("{\"w\":{\"shape\":[4],\"data_offsets\":[0,4]}}", 4),
            "'w'",
            "dtype"),
        row("no shape", header("{\"w\":{\"dtype\":\"U8\",\"data_offsets\":[0,4]}}", 4), "shape"),
        row("no offsets", header("{\"w\":{\"dtype\":\"U8\",\"shape\":[4]}}", 4), "data_offsets"),
        row("a tensor that is a string", header("{\"w\":\"U8\"}", 0), "'w'", "object"),
        row("a tensor that is null", header("{\"w\":null}", 0), "'w'", "object"),
        row("an unknown dtype", with("dtype", "\"F128\""), "'w'", "'F128'", "BF16"),
        row("a dtype in lower case", with("dtype", "\"u8\""), "'w'", "'u8'"),
        row("a dtype that is a number", with("dtype", "8"), "'w'", "dtype"),
        row("a wrong dtype", with("dtype", "\"F32\""), "'w'", "16 bytes", "4"),
        row("a wrong shape", with("shape", "[5]"), "'w'", "[5]"),
        row("a scalar of four bytes", with("shape", "[]"), "'w'", "1 bytes"),
        row("a negative size", with("shape", "[-4]"), "'w'", "-4"),
        row("two negative sizes", with("shape", "[-2,-2]"), "'w'", "-2"),
        row("a size of minus zero", with("shape", "[-0]"), "'w'", "-0"),
        row("a fractional size", with("shape", "[4.0]"), "'w'", "whole number"),
        row("a size with an exponent", with("shape", "[4e0]"), "'w'", "whole number"),
        row("a size in quotes", with("shape", "[\"4\"]"), "'w'", "whole number"),
        row("a size beyond 64 bits", with("shape", "[18446744073709551620]"), "'w'", "too large"),
        row(
            "sizes that overflow to the right length",
            with("shape", "[4,4611686018427387905]"),
            "'w'",
            "too large"),
        row(
            "an empty tensor whose strides overflow",
            header(
                "{" + entry("w", "F32", "[0,4611686018427387904,4611686018427387904]", 0, 0) + "}",
                0),
            "'w'",
            "too large"),
        row("65 dimensions", with("shape", "[4" + ",1".repeat(64) + "]"), "'w'", "64"),
        row("a shape that is a number", with("shape", "4"), "'w'", "array"),
        row("one offset", with("data_offsets", "[4]"), "'w'", "2 numbers"),
        row("three offsets", with("data_offsets", "[0,4,8]"), "'w'", "2"),
        row("a negative offset", with("data_offsets", "[-4,0]"), "'w'", "-4"),
        row("offsets the wrong way round", with("data_offsets", "[4,0]"), "'w'", "before"),
        row("offsets behind the file", with("data_offsets", "[100,104]"), "'w'", "hole"),
        row(
            "offsets near the largest long",
            with("data_offsets", "[9223372036854775803,9223372036854775807]"),
            "'w'",
            "hole"),
        row(
            "a tensor larger than the file",
            header("{" + entry("w", "U8", "[5]", 0, 5) + "}", 4),
            "'w'",
            "truncated"),
        row(
            "a hole at the start",
            header("{" + entry("w", "U8", "[4]", 4, 8) + "}", 8),
            "'w'",
            "hole"),
        row(
            "a hole in the middle",
            header("{" + U8_4 + "," + entry("v", "U8", "[4]", 5, 9) + "}", 9),
            "'v'",
            "hole of 1 "),
        row("bytes after the last tensor", header("{" + U8_4 + "}", 9), "5 bytes after"),
        row(
            "an overlap",
            header("{" + U8_4 + "," + entry("v", "U8", "[4]", 3, 7) + "}", 7),
            "'v'",
            "overlaps"),
        row(
            "two tensors in one place",
            header("{" + U8_4 + "," + entry("v", "U8", "[4]", 0, 4) + "}", 4),
            "overlaps"),
        row(
            "an empty tensor inside of another",
            header("{" + U8_4 + "," + entry("v", "U8", "[0]", 2, 2) + "}", 4),
            "'v'",
            "overlaps"),
        row("metadata that is text", header("{\"__metadata__\":\"pt\"}", 0), "__metadata__"),
        row(
            "metadata that holds a number",
            header("{\"__metadata__\":{\"format\":1}}", 0),
            "__metadata__",
            "format"),
        row(
            "metadata that holds an object",
            header("{\"__metadata__\":{\"format\":{}}}", 0),
            "__metadata__"),
        row(
            "a metadata key twice",
            header("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", 0),
            "'a'",
            "twice"),
        row(
            "metadata twice",
            header("{\"__metadata__\":{},\"__metadata__\":{}}", 0),
            "__metadata__",
            "twice"),
        row(
            "a name with terminal codes",
            header("{" + entry("\\u001b[2Jw", "XX", "[4]", 0, 4) + "}", 4),
            "\\u001b[2Jw"),
        row(
            "a very long name",
            header("{" + entry("w".repeat(40_000), "XX", "[4]", 0, 4) + "}", 4),
            "…"),
        row(
            "a Git LFS pointer",
            ascii("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n"),
            "Git LFS pointer"),
        row("a pickle in a zip", ascii("PK\u0003\u0004\0\0\b\b\0\0archive/data.pkl"), "pickle"),
        row("a bare pickle", ascii("\u0080\u0002}q\0X\1\0\0\0a"), "pickle"),
        row("a GGUF file", ascii("GGUF\3\0\0\0\1\0\0\0"), "GGUF"),
        row("a web page", ascii("<!DOCTYPE html><html>login</html>"), "web page"));
  }

  @Test
  void theWayOutOfAPickleIsTold() throws IOException {
    Path path =
        RawSafetensors.write(
            folder.resolve("pytorch_model.bin"), ascii("PK\u0003\u0004\0\0\b\b\0\0"));
    assertThat(
            catchThrowableOfType(LynceusException.class, () -> Safetensors.open(path)).nextStep())
        .contains("save_file");
  }

  @Test
  void aHeaderLengthThatLooksLikeAZipIsNoZip() throws IOException {
    // 0x04034b50 bytes of header begin with the letters PK, 3, 4.
    int length = 0x04034b50;
    byte[] header = new byte[length];
    Arrays.fill(header, (byte) ' ');
    header[0] = '{';
    header[1] = '}';
    Path path =
        RawSafetensors.write(
            folder.resolve("large.safetensors"), RawSafetensors.file(length, header, data(0)));
    try (Safetensors file = Safetensors.open(path)) {
      assertThat(file.names()).isEmpty();
    }
  }

  /// Mutated files are read whole or refused; nothing else may happen.
  @Test
  void twoThousandMutationsOfAValidFile() throws IOException {
    byte[] valid = Files.readAllBytes(RawSafetensors.resource("python.safetensors"));
    int headerEnd = 8 + (valid[0] & 0xff) + 256 * (valid[1] & 0xff);
    int refused = 0;
    int read = 0;
    for (int seed = 0; seed < 2000; seed++) {
      byte[] mutated = mutate(valid, headerEnd, new SplittableRandom(seed));
      Path path = RawSafetensors.write(folder.resolve("fuzz.safetensors"), mutated);
      try (Safetensors file = Safetensors.open(path)) {
        long bytes = 0;
        for (String name : file.names()) {
          MemorySegment segment = file.segment(name);
          for (long i = 0; i < segment.byteSize(); i++) {
            bytes += segment.get(ValueLayout.JAVA_BYTE, i) & 1;
          }
        }
        assertThat(bytes).isBetween(0L, (long) mutated.length);
        read++;
      } catch (LynceusException e) {
        assertThat(e.code()).as("seed %d", seed).isEqualTo(ErrorCode.BAD_CHECKPOINT);
        refused++;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    // Both happen, so that the mutations reach behind the first check.
    assertThat(refused).isGreaterThan(500);
    assertThat(read).isGreaterThan(100);
  }

  private static byte[] mutate(byte[] valid, int headerEnd, SplittableRandom random) {
    byte[] bytes = valid.clone();
    int edits = 1 + random.nextInt(3);
    for (int edit = 0; edit < edits; edit++) {
      int at =
          random.nextInt(random.nextInt(8) == 0 ? bytes.length : Math.min(headerEnd, bytes.length));
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes[at] = (byte) "0123456789[]{},:\"-".charAt(random.nextInt(18));
        case 3 -> bytes = Arrays.copyOf(bytes, Math.max(1, random.nextInt(bytes.length + 20)));
        case 4 -> {
          int length = Math.min(random.nextInt(40), bytes.length - at);
          int from = random.nextInt(bytes.length - length + 1);
          System.arraycopy(bytes, from, bytes, at, length);
        }
        default -> {
          // Digits stay digits, so that the JSON stays valid and the numbers are wrong.
          for (int i = at; i < Math.min(at + 12, bytes.length); i++) {
            if (bytes[i] >= '0' && bytes[i] <= '9') {
              bytes[i] = (byte) ('0' + random.nextInt(10));
              break;
            }
          }
        }
      }
    }
    return bytes;
  }

  private static Arguments row(String what, byte[] bytes, String... words) {
    return Arguments.of(what, bytes, List.of(words));
  }

  private static byte[] header(String header, int dataBytes) {
    return RawSafetensors.file(header, dataBytes);
  }

  /// The valid tensor w with one field replaced or added.
  private static byte[] with(String field, String value) {
    String w = "{\"w\":{";
    w += field("dtype", field, "\"U8\"", value) + ",";
    w += field("shape", field, "[4]", value) + ",";
    w += field("data_offsets", field, "[0,4]", value);
    w +=
        List.of("dtype", "shape", "data_offsets").contains(field)
            ? ""
            : ",\"" + field + "\":" + value;
    return header(w + "}}", 4);
  }

  private static String field(String name, String replaced, String value, String replacement) {
    return "\"" + name + "\":" + (name.equals(replaced) ? replacement : value);
  }

  private static byte[] cut(byte[] bytes, int length) {
    return Arrays.copyOf(bytes, length < 0 ? bytes.length + length : length);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String[] strings(List<String> words) {
    return words.toArray(String[]::new);
  }
}
