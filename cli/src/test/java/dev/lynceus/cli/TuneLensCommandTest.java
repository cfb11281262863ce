package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A lens is fitted, drawn, and read through.
class TuneLensCommandTest {
  @TempDir private Path folder;

  @Test
  void fittedOnTheWorldAndReadThrough() throws IOException {
    Path lens = folder.resolve("p.lens");
    Path figure = folder.resolve("p.svg");
    Shell.Result result =
        Shell.lynceus(
            "tune-lens",
            "--json",
            "--scenes=40",
            "--held-out=10",
            "--steps=60",
            "--output=" + lens,
            "--figure=" + figure);
    assertThat(result.status()).as(result.err()).isZero();
    JsonNode found = JsonMapper.shared().readTree(result.out());
    for (int depth = 0; depth < 4; depth++) {
      assertThat(found.path("tuned").get(depth).asDouble())
          .isLessThan(found.path("logit").get(depth).asDouble());
    }
    assertThat(Files.readString(figure)).contains("tuned lens");
    Shell.Result read =
        Shell.lynceus("lens", "--lens=tuned=" + lens, Fixtures.PICTURE, Fixtures.QUESTION);
    Shell.Result bare = Shell.lynceus("lens", Fixtures.PICTURE, Fixtures.QUESTION);
    assertThat(read.status()).as(read.err()).isZero();
    assertThat(read.out()).isNotEqualTo(bare.out()).contains("after layer 3");
  }

  @Test
  void ownTexts() throws IOException {
    Path texts = folder.resolve("t.txt");
    Files.writeString(texts, "USER: The dog is brown.\n".repeat(6));
    Shell.Result result =
        Shell.lynceus(
            "tune-lens", "--texts=" + texts, "--steps=5", "--output=" + folder.resolve("t.lens"));
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out()).contains("on 1 texts");
    Files.writeString(texts, "one\ntwo\n");
    assertThat(
            Shell.lynceus("tune-lens", "--texts=" + texts, "--output=" + folder.resolve("u.lens"))
                .err())
        .contains("leave none to try the lens on");
  }
}
