package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `lynceus pupil xformer`: trains, goes on, measures what there is, and says what did not come
/// out.
class PupilXFormerCommandTest {
  @TempDir private Path folder;

  private Shell.Result run(String... more) {
    String[] all = new String[more.length + 7];
    all[0] = "pupil";
    all[1] = "xformer";
    all[2] = "--dir=" + folder.resolve("x");
    all[3] = "--seeds=1";
    all[4] = "--train-scenes=64";
    all[5] = "--scenes=32";
    all[6] = "--probe-scenes=32";
    System.arraycopy(more, 0, all, 7, more.length);
    return Shell.lynceus(all);
  }

  @Test
  void whatIsTrainedIsMeasuredAndDrawn() throws IOException {
    Path page = folder.resolve("page.html");
    Shell.Result none = run("--effort=.001", "--measure", "-o", page.toString());
    assertThat(none.status()).as(none.err()).isZero();
    assertThat(none.out()).contains("Nothing is trained yet");

    Shell.Result done = run("--effort=.001", "-o", page.toString());
    assertThat(done.status()).as(done.err()).isZero();
    assertThat(done.out()).contains("of 1 seeds").contains("number of things");
    assertThat(Files.readString(page))
        .contains("Does the block bring the number of things?")
        .contains("The autoencoder alone")
        .contains("Where the block looks")
        .doesNotContain("NaN")
        .doesNotContain("http:");
    assertThat(folder.resolve("x/loss-align-no-pixels-1.csv")).exists();

    Shell.Result other = run("--effort=.002", "-o", page.toString());
    assertThat(other.status()).isEqualTo(2);
    assertThat(other.err()).contains("was begun with");
  }

  @Test
  void numbersThatTrainOrMeasureNothingAreRefused() {
    Shell.Result effort = run("--effort=0");
    assertThat(effort.status()).isEqualTo(2);
    assertThat(effort.err()).contains("trains nothing");
    Shell.Result scenes =
        Shell.lynceus("pupil", "xformer", "--dir=" + folder.resolve("x"), "--scenes=3");
    assertThat(scenes.status()).isEqualTo(2);
    assertThat(scenes.err()).contains("less than 32");
  }
}
