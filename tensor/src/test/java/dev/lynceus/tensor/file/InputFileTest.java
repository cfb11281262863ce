package dev.lynceus.tensor.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Only regular files of a stated size are read, and nothing that is none makes anybody wait.
class InputFileTest {
  @TempDir Path folder;

  @Test
  void whatIsNoRegularFileIsRefusedAtOnceForEveryKindOfInput() throws Exception {
    List<Path> traps =
        List.of(pipe("pipe"), Path.of("/dev/zero"), Path.of("/dev/tty"), folder, link("/dev/zero"));
    for (InputFile kind : InputFile.values()) {
      for (Path trap : traps) {
        List<LynceusException> refused = new ArrayList<>();
        assertTimeoutPreemptively(
            Duration.ofSeconds(5),
            () -> {
              refused.add(refusal(() -> kind.bytes(trap)));
              refused.add(refusal(() -> kind.open(trap)));
            });

        assertThat(refused)
            .allSatisfy(e -> {
              assertThat(e).hasMessageContaining(trap.toString());
              assertThat(e.code().exitStatus()).isIn(2, 4, 6);
              assertThat(e.nextStep()).isNotBlank();
            });
      }
    }
  }

  @Test
  void weightsThatAreAPipeAreRefused() throws Exception {
    pipe("model.safetensors");
    Files.writeString(folder.resolve("config.json"), "{}");

    LynceusException refused =
        assertTimeoutPreemptively(
            Duration.ofSeconds(5), () -> refusal(() -> Checkpoint.open(folder)));

    assertThat(refused.code()).isEqualTo(ErrorCode.BAD_CHECKPOINT);
    assertThat(refused).hasMessageContaining("model.safetensors is a pipe");
  }

  @Test
  void settingsThatAreAPipeAreNotTakenForAbsent() throws Exception {
    Path file = pipe("config.json");

    LynceusException refused =
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> refusal(() -> JsonFiles.read(file)));

    assertThat(refused.code()).isEqualTo(ErrorCode.BAD_CHECKPOINT);
    assertThat(InputFile.isThere(file)).isTrue();
  }

  @Test
  void aFileThatIsLargerThanItsKindMayBeIsNotRead() throws IOException {
    Path giant = folder.resolve("giant.json");
    try (FileChannel channel =
        FileChannel.open(giant, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {1}), 1L << 40); // a terabyte of nothing
    }

    for (InputFile kind : InputFile.values()) {
      if (kind != InputFile.WEIGHTS) {
        assertThat(refusal(() -> kind.bytes(giant)))
            .as(kind.name())
            .hasMessageContaining("giant.json has 1048576 MiB, more than the ");
      }
    }
  }

  @Test
  void aFileThatTheKernelMakesUpHasNoSizeAndIsNotRead() {
    assertThat(InputFile.REQUEST.bytes(Path.of("/proc/self/maps"))).isEmpty();
  }

  @Test
  void aLinkThatLeadsNowhereIsNotTakenForAbsent() throws IOException {
    Path link = link(folder.resolve("none").toString());

    assertThat(InputFile.isThere(link)).isTrue();
    assertThat(refusal(() -> InputFile.SETTINGS.bytes(link)))
        .hasMessageContaining("is a link to a file that is not there");
  }

  @Test
  void namesAndTextThatAreNoneAreRefusedByTheirKind() throws IOException {
    Path latin =
        Files.write(folder.resolve("a.txt"), "naïve".getBytes(StandardCharsets.ISO_8859_1));

    assertThat(refusal(() -> InputFile.PICTURE.path("a\0b")).code()).isEqualTo(ErrorCode.BAD_IMAGE);
    assertThat(refusal(() -> InputFile.REQUEST.text(latin)))
        .hasMessageContaining("a.txt is not text in UTF-8");
    assertThat(refusal(() -> InputFile.SETTINGS.text(folder.resolve("x"))).code())
        .isEqualTo(ErrorCode.MODEL_NOT_FOUND);
  }

  @Test
  void aRegularFileIsReadAlsoThroughALink() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "one\ntwo\n");

    assertThat(InputFile.REQUEST.lines(file)).containsExactly("one", "two");
    assertThat(InputFile.REQUEST.text(link(file.toString()))).isEqualTo("one\ntwo\n");
    assertThat(InputFile.REQUEST.size(file)).isEqualTo(8);
  }

  @Test
  void aDeviceIsNotReplacedByAFile() throws Exception {
    Path pipe = pipe("out.npz");

    assertThat(refusal(() -> AtomicFile.write(pipe, new byte[3])).code())
        .isEqualTo(ErrorCode.NOT_WRITABLE);
    assertThat(Files.isRegularFile(pipe)).isFalse();
  }

  private Path pipe(String name) throws IOException, InterruptedException {
    Path pipe = folder.resolve(name);
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    return pipe;
  }

  private Path link(String target) throws IOException {
    Path link = folder.resolve("link" + System.nanoTime());
    return Files.createSymbolicLink(link, Path.of(target));
  }

  private static LynceusException refusal(Runnable call) {
    Throwable thrown = catchThrowable(call::run);
    assertThat(thrown).isInstanceOf(LynceusException.class);
    return (LynceusException) thrown;
  }
}
