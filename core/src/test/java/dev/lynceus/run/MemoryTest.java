package dev.lynceus.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two hundred runs leave resident memory where it was; see [MemoryLoop].
class MemoryTest {
  /// Bytes of growth in 200 rounds; half of what one activation a round would leave behind, so that
  /// neither a leak nor the noise of a process, some 2 MiB, decides by a hair.
  private static final long ALLOWED = 5L << 20;

  @TempDir Path folder;

  @Test
  void memoryStaysFlat() throws IOException, InterruptedException {
    assumeTrue(
        Files.isReadable(Path.of("/proc/self/status")), "resident memory is read on Linux only");
    Map<String, Long> grown = grown();
    for (String what :
        List.of("run", "generate", "replay", "sweep", "causal", "attention", "gradient", "fail")) {
      assertThat(grown.get(what)).as("bytes grown by '%s'", what).isLessThan(ALLOWED);
    }
    // The control: one activation of each run is not freed.
    assertThat(grown.get("leak")).isGreaterThan(ALLOWED);
  }

  private Map<String, Long> grown() throws IOException, InterruptedException {
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-Xms96m",
                    "-Xmx96m",
                    "-XX:+AlwaysPreTouch",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Dorg.bytedeco.javacpp.nopointergc=true",
                    "-Djava.awt.headless=true",
                    "-cp",
                    classes,
                    MemoryLoop.class.getName(),
                    folder.toString()))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.getOutputStream().close();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).as(output).isZero();
    Map<String, Long> grown = new HashMap<>();
    output
        .lines()
        .filter(line -> line.matches("[a-z]+ -?\\d+"))
        .forEach(line -> grown.put(line.split(" ")[0], Long.parseLong(line.split(" ")[1])));
    assertThat(grown).as(output).hasSize(9);
    return grown;
  }
}
