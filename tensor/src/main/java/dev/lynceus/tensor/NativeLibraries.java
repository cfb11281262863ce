package dev.lynceus.tensor;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;

/// Where the libraries of libtorch are unpacked, and why they could not be loaded: the binding says
/// of a full disk only that a library is not there.
public final class NativeLibraries {
  /// What the libraries of one system take, unpacked.
  private static final long ROOM = 480L << 20;

  private NativeLibraries() {}

  /// The folder that an environment names; empty where the binding's own is right.
  ///
  /// @param property `-Dlynceus.cache`, next after `LYNCEUS_CACHE`
  /// @param home the user's; `?` where the system does not know the user
  static Optional<Path> unpackedInto(
      Map<String, String> environment, String property, String home) {
    String variable = environment.getOrDefault("LYNCEUS_CACHE", "");
    String own = variable.isEmpty() ? property : variable;
    if (!own.isEmpty()) {
      return Optional.of(Path.of(own, "native", "javacpp").toAbsolutePath());
    }
    if (!home.isEmpty() && !home.equals("?")) {
      return Optional.empty();
    }
    String shared = environment.getOrDefault("XDG_CACHE_HOME", "");
    return Optional.of(
        shared.isEmpty()
            ? Path.of(System.getProperty("java.io.tmpdir", "."), "lynceus-native").toAbsolutePath()
            : Path.of(shared, "lynceus", "native", "javacpp").toAbsolutePath());
  }

  /// What a library that could not be loaded means: a place without room, or a system for which
  /// there is none.
  public static LynceusException notLoaded(LinkageError cause) {
    Optional<Path> folder = folder();
    if (folder.isPresent()) {
      try {
        FileStore store = Files.getFileStore(folder.get());
        Optional<LynceusException> full =
            full(folder.get(), store.getTotalSpace(), store.getUsableSpace(), cause);
        if (full.isPresent()) {
          return full.get();
        }
      } catch (IOException unknown) {
        // What cannot be asked is not the reason that can be told.
      }
    }
    String machine = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    return new LynceusException(
        ErrorCode.INTERNAL,
        "a native library could not be loaded on " + machine + ": " + cause.getMessage(),
        "libtorch is there for Linux and Windows on x86-64 and for macOS on Apple silicon; if programs"
            + " may not be run from "
            + folder.map(Path::toString).orElse("the folder of caches")
            + " (mount option noexec), set LYNCEUS_CACHE to another.",
        cause);
  }

  /// The reason where a disk has no room for the libraries; empty where it has.
  static Optional<LynceusException> full(Path folder, long total, long free, LinkageError cause) {
    return free >= ROOM || total <= 0
        ? Optional.empty()
        : Optional.of(
            new LynceusException(
                ErrorCode.NOT_WRITABLE,
                String.format(
                    Locale.ROOT,
                    "the native libraries could not be unpacked into %s: they take %d MB, and that disk has %d MB left",
                    folder,
                    ROOM >> 20,
                    free >> 20),
                "Make room, or set LYNCEUS_CACHE to a folder that you may write to, on a disk with 500 MB of"
                    + " room.",
                cause));
  }

  private static Optional<Path> folder() {
    try {
      return Optional.of(Loader.getCacheDir().toPath());
    } catch (IOException | LinkageError e) {
      return Optional.empty();
    }
  }
}
