package dev.lynceus.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.WeightStorage;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Weight files that change while a model uses them.
class ChangedWeightsTest {
  private static final Family FAMILY = Family.LLAMA;

  @TempDir private Path folder;
  private Path weights;

  @BeforeEach
  void write() {
    Torch.setThreads(1);
    weights = TinyModels.write(folder.resolve("m"), FAMILY, 7).resolve("model.safetensors");
  }

  private LoadedModel load(WeightStorage storage) {
    return LoadedModel.load(weights.getParent(), LoadOptions.DEFAULT.weights(storage));
  }

  private static double[] logits(LoadedModel model) {
    try (Run run = model.run(model.raw("the dog"), Capture.NONE)) {
      return run.logits().toDoubles();
    }
  }

  private static void noticed(LoadedModel model, String reason) {
    LynceusException changed = catchThrowableOfType(LynceusException.class, () -> logits(model));
    assertThat(changed).as(reason).isNotNull();
    assertThat(changed.code()).isEqualTo(ErrorCode.BAD_CHECKPOINT);
    assertThat(changed)
        .hasMessageContaining("changed while it was in use")
        .hasMessageContaining(reason);
    assertThat(changed.nextStep()).contains("--weights private");
  }

  private void shorten(long bytes) throws IOException {
    try (FileChannel file = FileChannel.open(weights, StandardOpenOption.WRITE)) {
      file.truncate(bytes);
    }
  }

  @Test
  void aShortenedFileIsNoticedBeforeThePass() throws IOException {
    try (LoadedModel model = load(WeightStorage.MAPPED)) {
      logits(model);
      shorten(5000);
      noticed(model, "and has 5000");
    }
  }

  @Test
  void anOverwrittenFileIsNoticedBeforeThePass() throws IOException {
    try (LoadedModel model = load(WeightStorage.MAPPED)) {
      Run clean = model.run(model.raw("the dog"), Sweep.base(model));
      Files.setLastModifiedTime(
          weights, java.nio.file.attribute.FileTime.fromMillis(1_700_000_000_000L));
      noticed(model, "it was written again");
      assertThat(catchThrowableOfType(LynceusException.class, clean::replay))
          .hasMessageContaining("changed while it was in use");
      clean.close();
    }
  }

  @Test
  void aFileThatChangesDuringThePassIsNoticedBeforeItsNumbersAreHandedOut() {
    try (LoadedModel model = load(WeightStorage.MAPPED)) {
      LynceusException changed =
          catchThrowableOfType(
              LynceusException.class,
              () ->
                  model.generate(
                      Batch.of(model.raw("the dog")),
                      GenerationOptions.greedy(6),
                      Capture.NONE,
                      java.util.List.of(),
                      text -> {
                        try {
                          Files.setLastModifiedTime(
                              weights,
                              java.nio.file.attribute.FileTime.fromMillis(1_700_000_000_000L));
                        } catch (IOException e) {
                          throw new java.io.UncheckedIOException(e);
                        }
                      }));
      assertThat(changed).isNotNull();
      assertThat(changed.code()).isEqualTo(ErrorCode.BAD_CHECKPOINT);
    }
  }

  @Test
  void aFileThatIsReplacedByARenameChangesNothing() throws IOException {
    try (LoadedModel model = load(WeightStorage.MAPPED)) {
      double[] before = logits(model);
      Path other = TinyModels.write(folder.resolve("other"), FAMILY, 8);
      Files.move(other.resolve("model.safetensors"), weights, StandardCopyOption.REPLACE_EXISTING);
      assertThat(logits(model)).isEqualTo(before);
      Files.delete(weights);
      assertThat(logits(model)).isEqualTo(before);
    }
  }

  @Test
  void privateWeightsAreBeyondEveryChange() throws IOException {
    try (LoadedModel model = load(WeightStorage.PRIVATE)) {
      double[] before = logits(model);
      Files.write(weights, new byte[Math.toIntExact(Files.size(weights))]);
      assertThat(logits(model)).isEqualTo(before);
      // Under a mapping this would end the process at the next page that is read.
      shorten(0);
      assertThat(logits(model)).isEqualTo(before);
      assertThat(model.checkpoint().contentDigest()).hasSize(64);
    }
  }
}
