package dev.lynceus.tensor.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One folder for all that is unpacked, chosen by the user first.
class CacheFolderTest {
  private static final String HOME = "/home/ada";

  @Test
  void theEnvironmentChoosesTheFolder() {
    Map<String, String> both = Map.of("XDG_CACHE_HOME", "/x", "LYNCEUS_CACHE", "/own");

    assertThat(root(Map.of(), "")).isEqualTo(Path.of("/home/ada/.cache/lynceus"));
    assertThat(root(Map.of("LYNCEUS_CACHE", ""), "")).isEqualTo(root(Map.of(), ""));
    assertThat(root(Map.of("XDG_CACHE_HOME", "/x"), "")).isEqualTo(Path.of("/x/lynceus"));
    assertThat(root(both, "")).isEqualTo(Path.of("/own"));
    assertThat(root(Map.of("XDG_CACHE_HOME", "/x"), "/p")).isEqualTo(Path.of("/p"));
    assertThat(root(both, "/p")).isEqualTo(Path.of("/own"));
  }

  @Test
  void aUserWithoutAHomeIsToldSoAndNoFolderOfThatNameIsMade() {
    for (String home : new String[] {"?", ""}) {
      assertThatThrownBy(() -> CacheFolder.of(Map.of(), "", home, "Linux"))
          .hasMessageContaining("no home folder")
          .isInstanceOfSatisfying(
              LynceusException.class, e -> assertThat(e.nextStep()).contains("LYNCEUS_CACHE"));
      assertThat(CacheFolder.of(Map.of("LYNCEUS_CACHE", "/own"), "", home, "Linux").root())
          .isEqualTo(Path.of("/own"));
    }
    assertThat(Path.of("?")).doesNotExist();
  }

  @Test
  void aFolderThatCannotBeMadeIsToldWithItsReason(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    CacheFolder below = new CacheFolder(file.resolve("cache"), true);

    assertThatThrownBy(() -> below.folder("native", "the library"))
        .hasMessageContaining("the library could not be unpacked into " + file)
        .isInstanceOfSatisfying(
            LynceusException.class, e -> assertThat(e.code().exitStatus()).isEqualTo(8));
  }

  private static Path root(Map<String, String> environment, String property) {
    return CacheFolder.of(environment, property, HOME, "Linux").root();
  }
}
