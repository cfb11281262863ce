package dev.lynceus.bench.fuzz;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.image.ImageFileReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/// Pictures of every format with bytes and parts changed. Half of the changed PNG files get right
/// checksums again, so that the change is not all that is seen.
final class ImageFuzz implements FuzzKind {
  /// Pixels that the reader allows: the worker's heap is small.
  private static final long MOST_PIXELS = 2_000_000;

  private static final int HEAD = 80;
  private static final int PNG_HEAD = 8;

  private final List<Path> seeds = seeds();

  private static List<Path> seeds() {
    try (Stream<Path> files =
        Files.list(Fuzz.repository().resolve("core/src/test/resources/image/formats"))) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String name() {
    return "images";
  }

  @Override
  public String about() {
    return "pictures of every format, bytes and parts changed";
  }

  @Override
  public Set<ErrorCode> refusals() {
    return EnumSet.of(ErrorCode.BAD_IMAGE);
  }

  @Override
  public int seconds() {
    return 5;
  }

  @Override
  public FuzzCase make(long seed, int index, Path folder) throws IOException {
    RandomGenerator random = Fuzz.random(name(), seed, index);
    Path from = Fuzz.pick(random, seeds);
    List<String> done = new ArrayList<>(List.of(from.getFileName().toString()));
    byte[] bytes = Files.readAllBytes(from);
    if (random.nextBoolean()) {
      bytes = head(random, bytes, done);
    } else {
      bytes = TextMutation.mutate(random, bytes, 1 + random.nextInt(6), done);
    }
    if (random.nextInt(4) == 0 && bytes.length > 0) {
      bytes = repeated(random, bytes, done);
    }
    if (random.nextBoolean() && bytes.length > PNG_HEAD && bytes[1] == 'P' && bytes[2] == 'N') {
      repair(bytes);
      done.add("checksums made right");
    }
    Path file = folder.resolve("case-" + from.getFileName());
    Files.write(file, bytes);
    ImageFileReader reader = new ImageFileReader(MOST_PIXELS);
    return new FuzzCase(String.join("; ", done), () -> reader.read(file));
  }

  /// Changes where sizes, depths and kinds stand.
  private static byte[] head(RandomGenerator random, byte[] bytes, List<String> done) {
    byte[] changed = bytes.clone();
    int reach = Math.min(changed.length, HEAD);
    for (int i = 0; i <= random.nextInt(4); i++) {
      int at = random.nextInt(reach);
      int value =
          Fuzz.pick(random, List.of(0, 1, 2, 7, 16, 127, 128, 254, 255, random.nextInt(256)));
      changed[at] = (byte) value;
      done.add("byte " + at + " is " + value);
    }
    return changed;
  }

  /// Puts a part of the file in several times more.
  private static byte[] repeated(RandomGenerator random, byte[] bytes, List<String> done) {
    int from = random.nextInt(bytes.length);
    int length = Math.min(bytes.length - from, 1 + random.nextInt(400));
    int times = 1 + random.nextInt(300);
    byte[] longer = Arrays.copyOf(bytes, bytes.length + times * length);
    for (int i = 0; i < times; i++) {
      System.arraycopy(bytes, from, longer, from + (i + 1) * length, length);
    }
    System.arraycopy(
        bytes, from + length, longer, from + (times + 1) * length, bytes.length - from - length);
    done.add(times + " times more the " + length + " bytes at " + from);
    return longer;
  }

  private static void repair(byte[] png) {
    int at = PNG_HEAD;
    while (at + 12 <= png.length) {
      long length = number(png, at);
      if (at + 12 + length > png.length) {
        return;
      }
      int end = at + 8 + (int) length;
      CRC32 crc = new CRC32();
      crc.update(png, at + 4, end - at - 4);
      for (int i = 0; i < 4; i++) {
        png[end + i] = (byte) (crc.getValue() >> 24 - 8 * i);
      }
      at = end + 4;
    }
  }

  private static long number(byte[] bytes, int at) {
    return (bytes[at] & 0xffL) << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | bytes[at + 3] & 0xff;
  }
}
