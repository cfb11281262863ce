package dev.lynceus.image;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;

/// Files under `src/test/resources/image` and pictures made from a seed.
final class Fixtures {
  private Fixtures() {}

  static Path file(String name) {
    URL url = Objects.requireNonNull(Fixtures.class.getResource("/image/" + name), name);
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  static byte[] bytes(String name) throws IOException {
    return Files.readAllBytes(file(name));
  }

  /// The lines of a table without its heading, as fields.
  static List<String[]> table(String name, int fields) throws IOException {
    return Files.readAllLines(file(name)).stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split(" ", fields))
        .toList();
  }

  /// A folder of the shared reference data, which may not be there.
  static Path shared(String folder) {
    String root = System.getProperty("lynceus.shared", "../../shared");
    Path path = Path.of(root).resolve(folder);
    Assumptions.assumeTrue(Files.isDirectory(path), "no shared reference data at " + path);
    return path;
  }

  /// The picture that the fixtures' author made from the same seed with the same generator.
  static RgbImage random(int width, int height, long seed) {
    byte[] samples = new byte[3 * width * height];
    int state = (int) seed;
    for (int i = 0; i < samples.length; i++) {
      state = state * 1664525 + 1013904223;
      samples[i] = (byte) (state >>> 24);
    }
    return RgbImage.of(width, height, samples);
  }

  static String sha256(byte[] data) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  static String sha256(List<ProcessedImage> views) {
    return sha256(views.stream().map(ProcessedImage::pixels).toArray(float[][]::new));
  }

  static String sha256(float[][] values) {
    int count = Arrays.stream(values).mapToInt(row -> row.length).sum();
    ByteBuffer buffer = ByteBuffer.allocate(count * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (float[] row : values) {
      for (float value : row) {
        buffer.putFloat(value + 0f); // -0 counts as 0
      }
    }
    return sha256(buffer.array());
  }
}
