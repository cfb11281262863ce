package dev.lynceus.studio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The tests of the page's own sources, `npm test`: what is drawn, what may import what, and that
/// the script among the resources of `report` is what these sources give.
class UiTest {
  private static final Path UI = Path.of("ui");

  @Test
  void itsOwnTestsPass() throws Exception {
    assumeTrue(Files.isDirectory(UI.resolve("node_modules")), "built without its page");
    Process npm =
        new ProcessBuilder("npm", "test", "--silent")
            .directory(UI.toFile())
            .redirectErrorStream(true)
            .start();
    npm.getOutputStream().close();
    String told = new String(npm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(npm.waitFor()).as(told).isZero();
  }
}
