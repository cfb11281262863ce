package dev.lynceus.pupil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.Checkpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCacheTest {
  private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

  @TempDir private Path root;

  @Test
  void theListedSumsAreThoseOfTheFilesInTheJar() {
    BundledFiles files = BundledFiles.in("model");

    assertThat(files.sums()).hasSize(8).containsKeys("config.json", "model.safetensors");
    files
        .sums()
        .forEach(
            (name, sum) -> assertThat(BundledFiles.sum(files.bytes(name))).as(name).isEqualTo(sum));
  }

  @Test
  void unpacksEveryFileAndNothingElse() throws IOException {
    Path folder = new Pupil(new ModelCache(root)).folder();

    assertThat(names(folder))
        .containsExactlyInAnyOrderElementsOf(BundledFiles.in("model").sums().keySet());
    assertThat(folder.getFileName().toString()).isEqualTo("model-" + BundledFiles.in("model").id());
  }

  @Test
  void leavesAnIntactFolderAlone() throws IOException {
    Path folder = new Pupil(new ModelCache(root)).folder();
    Path weights = folder.resolve("model.safetensors");
    Files.setLastModifiedTime(weights, LONG_AGO);

    new Pupil(new ModelCache(root)).folder();

    assertThat(Files.getLastModifiedTime(weights)).isEqualTo(LONG_AGO);
  }

  @Test
  void replacesWhatIsDamagedCutShortOrMissing() throws IOException {
    Path folder = new Pupil(new ModelCache(root)).folder();
    Path weights = folder.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length / 2] ^= 1;
    Files.write(weights, bytes);
    Files.write(folder.resolve("tokenizer.json"), new byte[] {'{'});
    Files.delete(folder.resolve("config.json"));

    new Pupil(new ModelCache(root)).folder();

    assertIntact(folder);
  }

  @Test
  void manyAtOnceAllSeeTheWholeModel() throws Exception {
    try (var pool = Executors.newFixedThreadPool(8)) {
      List<Callable<Path>> calls = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        calls.add(() -> {
          Path folder = new Pupil(new ModelCache(root)).folder();
          assertIntact(folder);
          return folder;
        });
      }
      for (Future<Path> call : pool.invokeAll(calls)) {
        assertThat(call.get()).isDirectory();
      }
    }

    assertThat(names(root)).hasSize(1);
    assertThat(names(root.resolve(names(root).getFirst()))).hasSize(8);
  }

  @Test
  void saysWhichVariableHelpsWhereTheFolderCannotBeMade() throws IOException {
    Path file = Files.writeString(root.resolve("file"), "in the way");

    assertThatThrownBy(() -> new Pupil(new ModelCache(file.resolve("cache"))).folder())
        .isInstanceOfSatisfying(
            LynceusException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.NOT_WRITABLE);
              assertThat(e).hasMessageContaining(file.toString());
              assertThat(e.nextStep()).contains("LYNCEUS_CACHE");
            });
  }

  @Test
  void isFoundByItsName() {
    assertThat(Checkpoints.bundled())
        .containsExactly("pupil", "pupil-base", "pupil-blip", "pupil-skilled", "pupil-charts");
  }

  @Test
  void aMisspeltNameIsToldTheRightOne() {
    assertThatThrownBy(() -> Checkpoints.locate("pupil_blip"))
        .isInstanceOfSatisfying(
            LynceusException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.MODEL_NOT_FOUND);
              assertThat(e.nextStep()).startsWith("Did you mean pupil-blip, ");
            });
    assertThatThrownBy(() -> Checkpoints.locate("some/thing-else"))
        .isInstanceOfSatisfying(
            LynceusException.class, e -> assertThat(e.nextStep()).doesNotContain("Did you mean"));
  }

  private static void assertIntact(Path folder) throws IOException {
    for (Map.Entry<String, String> entry : BundledFiles.in("model").sums().entrySet()) {
      assertThat(BundledFiles.sum(Files.readAllBytes(folder.resolve(entry.getKey()))))
          .as(entry.getKey())
          .isEqualTo(entry.getValue());
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
