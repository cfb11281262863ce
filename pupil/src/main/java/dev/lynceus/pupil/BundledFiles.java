package dev.lynceus.pupil;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/// Files inside the jar and their SHA-256 sums.
///
/// @param folder resource folder, relative to this package
/// @param sums file name to sum in hexadecimal digits
/// @param id short name of this content: it changes when any file changes
record BundledFiles(String folder, Map<String, String> sums, String id) {
  private static final int ID_DIGITS = 16;

  /// The files of a checkpoint, which `FOLDER.sha256` lists.
  static BundledFiles in(String folder) {
    byte[] list = read(folder + ".sha256");
    Map<String, String> sums = new LinkedHashMap<>();
    for (String line : new String(list, StandardCharsets.UTF_8).lines().toList()) {
      String[] sumAndName = line.split("\\s+", 2);
      sums.put(sumAndName[1], sumAndName[0]);
    }
    return new BundledFiles(folder, sums, sum(list).substring(0, ID_DIGITS));
  }

  /// The bytes of one of the files.
  byte[] bytes(String name) {
    return read(folder + "/" + name);
  }

  /// The bytes of a resource of this package.
  static byte[] read(String resource) {
    try (InputStream in = BundledFiles.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the jar has no " + resource);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("the jar's " + resource + " cannot be read", e);
    }
  }

  /// SHA-256 in hexadecimal digits.
  static String sum(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
