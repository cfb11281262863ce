package dev.lynceus.lab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Files of strangers may be broken on purpose: they are refused with a reason, in no time, and
/// take no memory.
class HostileDataTest {
  /// More for a longer search: `-Dlynceus.mutations=5000`.
  private static final int MUTATIONS = Integer.getInteger("lynceus.mutations", 250);

  /// Pictures of Parquet are read with threads of their own: slower, so fewer in the ordinary
  /// suite.
  private static final int OF_PARQUET = Integer.getInteger("lynceus.mutations", 60);

  @TempDir private Path folder;

  /// Makes a small data set.
  interface Maker {
    Path make(Path folder) throws IOException;
  }

  record Format(String name, Maker maker) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Format> formats() {
    return Stream.of(
        new Format("lines", Fixtures::lines),
        new Format("pope", Fixtures::pope),
        new Format("coco", Fixtures::coco),
        new Format("vqa", Fixtures::vqa),
        new Format("gqa", Fixtures::gqa),
        new Format("refcoco", Fixtures::refcoco),
        new Format("coco-qa", Fixtures::cocoQa),
        new Format("vlmeval", Fixtures::vlmeval),
        new Format("squad", Fixtures::squad),
        new Format("cmrc", Fixtures::cmrc),
        new Format("mini-vlat", at -> Fixtures.vlat(at, "mini-vlat")),
        new Format("tar", Fixtures::tar),
        new Format("tar.gz", Fixtures::tarGz),
        new Format("parquet", at -> Fixtures.parquet(at, "x.parquet", "snappy")),
        new Format("parquet, zstd", at -> Fixtures.parquet(at, "x.parquet", "zstd")),
        new Format("metadata", at -> Fixtures.imageFolder(at).resolve("train/metadata.csv")));
  }

  /// Some bytes are changed, cut out, doubled, or the file ends early. What is still read is read;
  /// what is refused is refused by a [LynceusException] that names the file.
  @ParameterizedTest
  @MethodSource("formats")
  void mutationsAreReadOrRefused(Format format) throws IOException {
    Path file = format.maker().make(folder);
    byte[] whole = Files.readAllBytes(file);
    int[] refused = {0};
    int mutations = format.name().startsWith("parquet") ? OF_PARQUET : MUTATIONS;
    for (int seed = 0; seed < mutations; seed++) {
      byte[] mutated = mutated(whole, seed);
      Files.write(file, mutated);
      assertTimeoutPreemptively(
          Duration.ofSeconds(20),
          () -> refused[0] += read(file) ? 0 : 1,
          "%s, seed %d".formatted(format, seed));
    }
    assertThat(refused[0]).as("some are beyond help, or the test does nothing").isPositive();
    Files.write(file, whole);
    assertThatCode(() -> DataSets.open(file, DataOptions.DEFAULT)).doesNotThrowAnyException();
  }

  private static boolean read(Path file) {
    boolean right = true;
    try {
      DataSet data = DataSets.open(file, DataOptions.DEFAULT);
      for (Item item : data.items()) {
        switch (item) {
          case Item.Good(Example one) -> one.images().forEach(HostileDataTest::seen);
          case Item.Bad(Origin _, Item.Told _, LynceusException fault) -> {
            right = false;
            assertThat(fault.code()).isIn(ErrorCode.BAD_REQUEST, ErrorCode.BAD_IMAGE);
            assertThat(fault).hasMessageContaining(file.getParent().toString());
          }
        }
      }
      return right;
    } catch (LynceusException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST);
      assertThat(e).hasMessageContaining(file.getParent().toString());
      assertThat(e.nextStep()).isNotBlank();
      return false;
    }
  }

  private static void seen(ImageSource image) {
    try {
      image.read();
    } catch (LynceusException e) {
      assertThat(e.code()).isIn(ErrorCode.BAD_IMAGE, ErrorCode.BAD_REQUEST);
    }
  }

  private static byte[] mutated(byte[] whole, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] bytes = whole.clone();
    int kind = random.nextInt(5);
    int at = random.nextInt(bytes.length);
    // The end of a file has the footer of Parquet, the beginning the headers of others.
    at = random.nextInt(3) == 0 ? Math.max(0, bytes.length - 1 - random.nextInt(400)) : at;
    int length = Math.min(bytes.length - at, 1 + random.nextInt(16));
    return switch (kind) {
      case 0, 1 -> {
        for (int i = 0; i < 1 + random.nextInt(4); i++) {
          bytes[Math.min(bytes.length - 1, at + random.nextInt(length))] =
              (byte) random.nextInt(256);
        }
        yield bytes;
      }
      case 2 -> Arrays.copyOf(bytes, at);
      case 3 -> joined(bytes, 0, at, at + length, bytes.length);
      default -> joined(bytes, 0, at + length, at, bytes.length);
    };
  }

  private static byte[] joined(byte[] bytes, int from, int to, int again, int end) {
    ByteBuffer all = ByteBuffer.allocate(to - from + end - again);
    all.put(bytes, from, to - from).put(bytes, again, end - again);
    return all.array();
  }

  private static void refused(Path file, String reason) {
    refused(file, DataOptions.DEFAULT, reason);
  }

  private static void refused(Path file, DataOptions options, String reason) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () ->
            assertThatThrownBy(() -> DataSets.open(file, options))
                .isInstanceOfSatisfying(
                    LynceusException.class,
                    e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST))
                .hasMessageContaining(reason));
  }

  @Test
  void anArchiveThatUnpacksToTooMuch() throws IOException {
    Path file = folder.resolve("bomb.tar.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      ByteArrayOutputStream first = new ByteArrayOutputStream();
      Fixtures.entry(first, "a.txt", new byte[0], '0');
      out.write(first.toByteArray());
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 120; i++) {
        out.write(zeros);
      }
    }
    refused(file, "unpacks to more than");
  }

  @Test
  void footersOfParquetThatPromiseTooMuch() throws IOException {
    Path file = Fixtures.parquet(folder, "x.parquet", "snappy");
    byte[] whole = Files.readAllBytes(file);
    for (int size : new int[] {Integer.MAX_VALUE, -1, whole.length, 0}) {
      byte[] bytes = whole.clone();
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes.length - 8, size);
      Files.write(file, bytes);
      refused(file, "its footer says that it has " + size + " bytes");
    }
    // A list of two thousand million row groups, in a footer of a few bytes.
    ByteBuffer few = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    few.put("PAR1".getBytes(StandardCharsets.US_ASCII));
    byte[] footer = {
      0x15, 2, 0x29, (byte) 0xfc, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7, 0
    };
    few.put(footer).putInt(footer.length).put("PAR1".getBytes(StandardCharsets.US_ASCII));
    Files.write(file, Arrays.copyOf(few.array(), few.position()));
    refused(file, "a list says that it has");
    // Structs in structs without end.
    ByteBuffer deep = ByteBuffer.allocate(2100).order(ByteOrder.LITTLE_ENDIAN);
    deep.put("PAR1".getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < 2000; i++) {
      deep.put((byte) 0x1c);
    }
    deep.putInt(2000).put("PAR1".getBytes(StandardCharsets.US_ASCII));
    Files.write(file, Arrays.copyOf(deep.array(), deep.position()));
    refused(file, "nested too deeply");
  }

  @Test
  void jsonThatIsTooDeepOrTooLong() throws IOException {
    String deep = "{\"image\": \"a.png\", \"question\": \"What?\", \"x\": " + "[".repeat(100_000);
    Path file =
        Fixtures.write(
            folder, "q.jsonl", deep + "\n{\"image\": \"a.png\", \"question\": \"What?\"}\n");
    DataSet data = DataSets.open(file, DataOptions.DEFAULT);
    assertThat(data.examples()).hasSize(1);
    assertThat(data.faults().getFirst().fault()).hasMessageContaining("line 1 of " + file);
    Path numbers =
        Fixtures.write(
            folder,
            "n.jsonl",
            "{\"image\": \"a.png\", \"question\": \"What?\", \"n\": 1e999999999, \"m\": "
                + "9".repeat(400)
                + "}\n");
    assertThat(DataSets.open(numbers, DataOptions.DEFAULT).examples().getFirst().fields().get("n"))
        .isEqualTo("Infinity");
    DataLimits small = new DataLimits(2, 2000, 1000, 1000, 3, 1 << 20);
    Path many =
        Fixtures.write(
            folder, "m.jsonl", "{\"image\": \"a.png\", \"question\": \"What?\"}\n".repeat(9));
    refused(many, DataOptions.DEFAULT.withLimits(small), "has more than 2 rows");
    assertThat(DataSets.open(many, DataOptions.DEFAULT.withLimits(small).withLimit(2)).items())
        .hasSize(2);
    Path wide =
        Fixtures.write(
            folder,
            "w.jsonl",
            "{\"image\": \"a.png\", \"question\": \""
                + "w".repeat(2000)
                + "\"}\n{\"image\": \"a.png\"}");
    assertThat(
            DataSets.open(wide, DataOptions.DEFAULT.withLimits(small)).faults().getFirst().fault())
        .hasMessageContaining("line 1 of");
  }

  @Test
  void masksThatAreNone() {
    assertMask("[6, 8]", "[7, 4, 2]", "its counts are of 13 pixels, its size of 48");
    assertMask("[6, 8]", "[-7, 55]", "a run of its counts has -7 pixels");
    assertMask("[1000000000, 8]", "[7]", "its size is not");
    assertMask("[6]", "[7]", "its size is not");
    assertMask("[6, 8]", "[1.5]", "no numbers");
    assertMask("[6, 8]", "\"\\u0001\"", "cut short");
    assertMask("[6, 8]", "\"" + "o".repeat(40) + "\"", "cut short");
  }

  private static void assertMask(String size, String counts, String reason) {
    assertThatThrownBy(() ->
            Rle.outline(
                Json.value("{\"size\": %s, \"counts\": %s}".formatted(size, counts)), "here"))
        .hasMessageContaining("here: the segmentation is no mask")
        .hasMessageContaining(reason);
  }

  /// The text form against the numbers that it stands for: 3 out, 40 in, 5 out, 42 in (2 more than
  /// 40), 10 out; written by hand after the formula.
  @Test
  void masksAsText() {
    String numbers = "{\"size\": [10, 10], \"counts\": [3, 40, 5, 42, 10]}";
    String text = "{\"size\": [10, 10], \"counts\": \"3X1525\"}";
    assertThat(Rle.outline(Json.value(text), "here"))
        .isEqualTo(Rle.outline(Json.value(numbers), "here"));
  }

  @Test
  void namesAreShownWithoutHarm() throws IOException {
    Path file =
        Fixtures.write(
            folder,
            "q.jsonl",
            "{\"image\": \"../\\u001b[31m" + "x".repeat(500) + "\", \"question\": \"What?\"}\n");
    LynceusException fault = DataSets.open(file, DataOptions.DEFAULT).faults().getFirst().fault();
    assertThat(fault.getMessage())
        .contains("\\u001b[31m")
        .doesNotContain("\u001b")
        .hasSizeLessThan(500);
  }
}
