package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Parts of the command line whose work cannot be seen from outside of it.
class PartsTest {
  private static final long SECOND = 1_000_000_000L;

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final AtomicLong clock = new AtomicLong();

  private Console console(boolean watched) {
    PrintStream err = new PrintStream(written, true, StandardCharsets.UTF_8);
    return new Console(
        InputStream.nullInputStream(),
        err,
        err,
        new Console.People(false, watched, false),
        List.of("explain", "a b.png", "What's this?"),
        new Console.Cleanup());
  }

  private String written() {
    return written.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aShortJobSaysNothingToAFile() {
    try (ProgressLine progress = new ProgressLine(console(false), false, clock::get)) {
      for (int i = 0; i < 9; i++) {
        progress.at("heads", i, 9);
        clock.addAndGet(SECOND);
      }
    }

    assertThat(written()).isEmpty();
  }

  @Test
  void aLongJobSaysALineEveryTenSecondsToAFile() {
    try (ProgressLine progress = new ProgressLine(console(false), false, clock::get)) {
      for (int i = 0; i <= 30; i++) {
        progress.at("heads", i, 40);
        clock.addAndGet(SECOND);
      }
    }

    assertThat(written().lines())
        .containsExactly(
            "lynceus: heads 10/40, 1.0 a second, 30 s left",
            "lynceus: heads 20/40, 1.0 a second, 20 s left",
            "lynceus: heads 30/40, 1.0 a second, 10 s left");
  }

  @Test
  void aPersonSeesOneLineThatGoesAway() {
    try (ProgressLine progress = new ProgressLine(console(true), false, clock::get)) {
      for (int i = 0; i < 100; i++) {
        progress.at("heads", i, 100);
        clock.addAndGet(SECOND / 100);
      }
    }

    assertThat(written()).doesNotContain("\n").endsWith("\r\u001b[K");
    assertThat(written().split("\r", -1)).hasSizeLessThan(15);
  }

  @Test
  void quietIsQuiet() {
    try (ProgressLine progress = new ProgressLine(console(true), true, clock::get)) {
      progress.at("heads", 1, 2);
    }

    assertThat(written()).isEmpty();
  }

  @Test
  void stoppingTheProcessTakesTheLineAway() {
    Console console = console(true);
    ProgressLine progress = new ProgressLine(console, false, clock::get);
    progress.at("heads", 1, 2);

    console.cleanup().run();

    assertThat(written()).endsWith("\r\u001b[K");
    progress.close();
  }

  @Test
  void theRecordedCommandCanBePastedIntoAShell() {
    assertThat(console(false).commandLine())
        .isEqualTo("lynceus explain 'a b.png' 'What'\\''s this?'");
  }

  @Test
  void unexpectedFailuresAreOneCalmSentence() {
    assertThat(report(new IllegalStateException("boom\nsecond line"), false)).isEqualTo(1);
    assertThat(written())
        .isEqualTo(
            "lynceus: internal error: IllegalStateException: boom\n"
                + "  This is a defect of Lynceus; --stacktrace shows where it happened.\n");
  }

  @Test
  void aStackTraceComesWhenAskedFor() {
    assertThat(report(new IllegalStateException("boom"), true)).isEqualTo(1);
    assertThat(written()).contains("\tat dev.lynceus.cli.PartsTest");
  }

  @Test
  void memoryThatIsNotThereIsStatusSeven() {
    assertThat(report(new OutOfMemoryError("Java heap space"), false)).isEqualTo(7);
    assertThat(written()).contains("LYNCEUS_JAVA_OPTS=-Xmx4g");
    assertThat(report(new OutOfMemoryError("Cannot reserve 9 bytes of direct memory"), false))
        .isEqualTo(7);
    assertThat(
            report(
                new RuntimeException(
                    "[enforce fail at alloc_cpu.cpp:124] err == 0. DefaultCPUAllocator: can't"
                        + " allocate memory: you tried to allocate 4000000000000 bytes."),
                false))
        .isEqualTo(7);
  }

  @Test
  void aMissingNativeLibrarySaysWhereItIs() {
    assertThat(report(new UnsatisfiedLinkError("no jnitorch in java.library.path"), false))
        .isEqualTo(1);
    assertThat(written()).contains("no jnitorch", System.getProperty("os.arch"), "x86-64");
  }

  @Test
  void everyErrorCodeHasItsStatus() {
    for (ErrorCode code : ErrorCode.values()) {
      assertThat(report(new LynceusException(code, "message", "next"), false))
          .isEqualTo(code.exitStatus());
    }
  }

  private int report(Throwable failure, boolean stacktrace) {
    return Failures.report(
        failure, stacktrace, new PrintStream(written, true, StandardCharsets.UTF_8));
  }

  @Test
  void twoThreadsOfOneCoreCountOnce(@TempDir Path system) throws IOException {
    for (int cpu = 0; cpu < 8; cpu++) {
      Path topology = Files.createDirectories(system.resolve("cpu" + cpu + "/topology"));
      Files.writeString(
          topology.resolve("thread_siblings_list"), cpu % 4 + "," + (cpu % 4 + 4) + "\n");
    }
    Files.createDirectories(system.resolve("cpuidle"));

    assertThat(Cores.physical(system, 8)).isEqualTo(4);
    assertThat(Cores.physical(system, 2)).isEqualTo(2);
    assertThat(Cores.physical(system.resolve("none"), 3)).isEqualTo(3);
  }

  @Test
  void columnsStandUnderEachOtherInEveryScript() {
    assertThat(new TextTable().row("a", "b").row("日本", "c").row("é", "d").toString())
        .isEqualTo("a     b\n日本  c\né     d\n");
  }
}
