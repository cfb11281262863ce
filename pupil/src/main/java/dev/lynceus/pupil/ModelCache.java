package dev.lynceus.pupil;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.UUID;

/// The folder into which bundled models are unpacked: `$LYNCEUS_CACHE`, else
/// `$XDG_CACHE_HOME/lynceus`, else `~/.cache/lynceus`.
///
/// Every use checks the sums of all files and writes again what is missing or damaged. Each file
/// appears whole, by a rename, so any number of processes may do this at once; a process that has
/// mapped a file keeps what it has mapped.
record ModelCache(Path root) {

  /// The cache of this process.
  static ModelCache fromEnvironment() {
    return fromEnvironment(System.getenv(), Path.of(System.getProperty("user.home")));
  }

  /// The cache that an environment names. Empty values count as unset.
  static ModelCache fromEnvironment(Map<String, String> environment, Path home) {
    String own = environment.getOrDefault("LYNCEUS_CACHE", "");
    if (!own.isEmpty()) {
      return new ModelCache(Path.of(own));
    }
    String shared = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path caches = shared.isEmpty() ? home.resolve(".cache") : Path.of(shared);
    return new ModelCache(caches.resolve("lynceus"));
  }

  /// Brings bundled files into the cache.
  ///
  /// @return the folder `NAME-ID` that holds them
  /// @throws LynceusException NOT_WRITABLE if that is impossible
  Path unpack(String name, BundledFiles files) {
    Path folder = root.resolve(name + "-" + files.id()).toAbsolutePath();
    try {
      for (Map.Entry<String, String> entry : files.sums().entrySet()) {
        Path file = folder.resolve(entry.getKey());
        if (!isIntact(file, entry.getValue())) {
          replace(file, files.bytes(entry.getKey()));
        }
      }
      return folder;
    } catch (IOException e) {
      throw new LynceusException(
          ErrorCode.NOT_WRITABLE,
          "the bundled model could not be unpacked into " + folder + ": " + reason(e),
          "Set LYNCEUS_CACHE to a folder that you may write to, on a disk with 6 MB of room.",
          e);
    }
  }

  private static boolean isIntact(Path file, String sum) {
    try {
      return Files.isRegularFile(file) && BundledFiles.sum(Files.readAllBytes(file)).equals(sum);
    } catch (IOException e) {
      // Not readable counts as damaged: replacing it tells what is wrong.
      return false;
    }
  }

  private static void replace(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    Path temporary = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
    try {
      Files.write(temporary, bytes);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static String reason(IOException e) {
    return e.getClass().getSimpleName()
        + (e.getMessage() == null ? "" : " (" + e.getMessage() + ")");
  }
}
