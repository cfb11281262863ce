package dev.lynceus.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Catches a full disk that is told as a missing library, and a folder named `?` wherever a process
/// runs whose user has no home.
class NativeLibrariesTest {
  private static final LinkageError UNLINKED = new UnsatisfiedLinkError("no jnitorch in the path");
  private static final Path FOLDER = Path.of("/cache/native");

  @Test
  void theUserChoosesTheFolder() {
    Map<String, String> both = Map.of("LYNCEUS_CACHE", "/own", "XDG_CACHE_HOME", "/x");
    Path own = Path.of("/own/native/javacpp");
    assertThat(NativeLibraries.unpackedInto(both, "/p", "/home/ada")).contains(own);
    assertThat(NativeLibraries.unpackedInto(Map.of("LYNCEUS_CACHE", ""), "/p", "/home/ada"))
        .contains(Path.of("/p/native/javacpp"));
    assertThat(NativeLibraries.unpackedInto(Map.of(), "", "/home/ada")).isEmpty();
  }

  @Test
  void aUserWithoutAHomeGetsNoFolderOfThatName() {
    for (String home : new String[] {"?", ""}) {
      assertThat(NativeLibraries.unpackedInto(Map.of(), "", home))
          .hasValueSatisfying(folder -> assertThat(folder).isAbsolute());
      assertThat(NativeLibraries.unpackedInto(Map.of("XDG_CACHE_HOME", "/x"), "", home))
          .contains(Path.of("/x/lynceus/native/javacpp"));
    }
  }

  @Test
  void aDiskWithoutRoomIsToldAsThat() {
    assertThat(NativeLibraries.full(FOLDER, 1L << 40, 20L << 20, UNLINKED))
        .hasValueSatisfying(error -> {
          assertThat(error.code()).isEqualTo(ErrorCode.NOT_WRITABLE);
          assertThat(error).hasMessageContainingAll("/cache/native", "20 MB left");
          assertThat(error.nextStep()).contains("LYNCEUS_CACHE");
        });
    assertThat(NativeLibraries.full(FOLDER, 1L << 40, 10L << 30, UNLINKED)).isEmpty();
    // A file system that tells no sizes says nothing about room.
    assertThat(NativeLibraries.full(FOLDER, 0, 0, UNLINKED)).isEmpty();
  }

  @Test
  void anythingElseNamesTheSystem() {
    LynceusException error = NativeLibraries.notLoaded(UNLINKED);
    assertThat(error).hasMessageContaining("no jnitorch in the path");
    assertThat(error.code()).isEqualTo(ErrorCode.INTERNAL);
  }
}
