package dev.lynceus.tensor.file;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Where Lynceus keeps what it unpacks, models and native libraries alike: `$LYNCEUS_CACHE`, else
/// `-Dlynceus.cache`, else `lynceus` in the user's own folder for caches.
///
/// @param root the folder
/// @param chosen whether the user named it
public record CacheFolder(Path root, boolean chosen) {
  private static final String VARIABLE = "LYNCEUS_CACHE";

  /// The folder of this process.
  ///
  /// @throws LynceusException NOT_WRITABLE where none is named and the user has no home
  public static CacheFolder ofProcess() {
    return of(
        System.getenv(),
        System.getProperty("lynceus.cache", ""),
        System.getProperty("user.home", ""),
        System.getProperty("os.name", ""));
  }

  /// The folder that an environment names. Empty values count as unset.
  ///
  /// @param property of the Java machine, next after the variable
  /// @param home the user's; `?` where the system does not know the user
  /// @param system its name as Java tells it
  /// @throws LynceusException as [#ofProcess]
  public static CacheFolder of(
      Map<String, String> environment, String property, String home, String system) {
    String own = environment.getOrDefault(VARIABLE, "");
    if (!own.isEmpty() || !property.isEmpty()) {
      return new CacheFolder(
          InputFile.REQUEST.path(own.isEmpty() ? property : own).toAbsolutePath(), true);
    }
    String shared = environment.getOrDefault("XDG_CACHE_HOME", "");
    String local = environment.getOrDefault("LOCALAPPDATA", "");
    Path caches;
    if (!shared.isEmpty()) {
      caches = InputFile.REQUEST.path(shared);
    } else if (system.startsWith("Windows") && !local.isEmpty()) {
      caches = InputFile.REQUEST.path(local);
    } else if (home.isEmpty() || home.equals("?")) {
      throw new LynceusException(
          ErrorCode.NOT_WRITABLE,
          "this user has no home folder, so there is no place for what must be unpacked",
          advice());
    } else {
      caches = InputFile.REQUEST.path(home).resolve(".cache");
    }
    return new CacheFolder(caches.resolve("lynceus").toAbsolutePath(), false);
  }

  /// What to do where the folder cannot be written.
  public static String advice() {
    return "Set " + VARIABLE + " to a folder that you may write to, on a disk with 500 MB of room.";
  }

  /// A folder below this one, made where it is missing.
  ///
  /// @param what is going to be kept there, for the message
  /// @throws LynceusException NOT_WRITABLE, with the reason
  public Path folder(String name, String what) {
    Path folder = root.resolve(name);
    try {
      Files.createDirectories(folder);
      if (!Files.isWritable(folder)) {
        throw notWritable(folder, what, "you may not write there", null);
      }
    } catch (IOException e) {
      throw notWritable(folder, what, FileFault.reason(e), e);
    }
    return folder;
  }

  /// Tells that something could not be unpacked.
  public static LynceusException notWritable(
      Path folder, String what, String reason, @org.jspecify.annotations.Nullable Throwable cause) {
    return new LynceusException(
        ErrorCode.NOT_WRITABLE,
        what + " could not be unpacked into " + folder + ": " + reason,
        advice(),
        cause);
  }
}
