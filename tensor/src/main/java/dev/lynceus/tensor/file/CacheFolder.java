package dev.lynceus.tensor.file;

import java.nio.file.Path;
import java.util.Map;

/// The folder in which Lynceus keeps what can be made again: `$LYNCEUS_CACHE`, else
/// `$XDG_CACHE_HOME/lynceus`, else `~/.cache/lynceus`. Empty values count as unset. It need not
/// exist.
public final class CacheFolder {
  private CacheFolder() {}

  /// The folder of this process.
  public static Path ofProcess() {
    return of(System.getenv(), Path.of(System.getProperty("user.home", "")));
  }

  /// The folder that an environment names.
  public static Path of(Map<String, String> environment, Path home) {
    String own = environment.getOrDefault("LYNCEUS_CACHE", "");
    if (!own.isEmpty()) {
      return Path.of(own);
    }
    String shared = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path caches = shared.isEmpty() ? home.resolve(".cache") : Path.of(shared);
    return caches.resolve("lynceus");
  }
}
