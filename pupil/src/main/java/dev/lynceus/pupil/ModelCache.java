package dev.lynceus.pupil;

import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.file.CacheFolder;
import dev.lynceus.tensor.file.FileFault;
import dev.lynceus.tensor.file.InputFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.UUID;

/// The folder into which bundled models are unpacked, [CacheFolder]'s.
///
/// Every use checks the sums of all files and writes again what is missing or damaged. Each file
/// appears whole, by a rename, so any number of processes may do this at once; a process that has
/// mapped a file keeps what it has mapped.
record ModelCache(Path root) {

  /// The cache of this process.
  static ModelCache fromEnvironment() {
    return new ModelCache(CacheFolder.ofProcess().root());
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
      throw CacheFolder.notWritable(folder, "the bundled model", FileFault.reason(e), e);
    }
  }

  private static boolean isIntact(Path file, String sum) {
    try {
      return Files.isRegularFile(file)
          && BundledFiles.sum(InputFile.REQUEST.bytes(file)).equals(sum);
    } catch (LynceusException e) {
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
}
