package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PupilCommandTest {
  @TempDir private Path folder;

  @Test
  void theWorldIsWrittenWithItsList() throws IOException {
    Path out = folder.resolve("scenes");

    Shell.Result result =
        Shell.lynceus("pupil", "world", "--count=2", "--out=" + out, "--objects=2", "--seed=3");

    assertThat(result.status()).isZero();
    assertThat(result.out().strip()).isEqualTo(out.resolve("scenes.jsonl").toString());
    assertThat(Files.readAllLines(out.resolve("scenes.jsonl"))).hasSize(2);
    assertThat(out.resolve("masks/000001-1.png")).exists();
    assertThat(out.resolve("masks/000001-2.png")).doesNotExist();
  }

  @Test
  void aRangeThatIsNoneIsRefused() {
    for (String objects : new String[] {"0", "3-2", "many", "1-9"}) {
      Shell.Result result =
          Shell.lynceus("pupil", "world", "--count=1", "--out=" + folder, "--objects=" + objects);

      assertThat(result.status()).isEqualTo(2);
      assertThat(result.err()).contains("is no number of objects");
    }
  }
}
