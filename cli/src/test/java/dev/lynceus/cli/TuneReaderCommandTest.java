package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `lynceus models import` and `tune-reader`: from a jar to a reader that is asked about articles
/// that it has not learned from.
class TuneReaderCommandTest {
  private static final String JAR = "../core/src/test/resources/convert/onnx.jar";
  private static final String ENCODER = "../core/src/test/resources/goldens/bert-mlm/hub";

  @TempDir private Path folder;

  @Test
  void aJarBecomesAReaderThatZonesCanBeAskedOf() throws IOException {
    Path encoder = folder.resolve("encoder");
    Shell.Result imported = Shell.lynceus("models", "import", JAR, "--out=" + encoder);
    assertThat(imported.status()).as(imported.err()).isZero();
    assertThat(imported.out()).contains("4 layers of 64, 4 heads").contains("read --masked");
    Shell.Result again = Shell.lynceus("models", "import", JAR, "--out=" + encoder);
    assertThat(again.status()).isEqualTo(8);
    assertThat(again.err()).contains("exists already").contains("--force");

    Path data = Files.writeString(folder.resolve("passages.json"), Fixtures.PASSAGES);
    Path out = folder.resolve("reader");
    String[] line = {
      "tune-reader",
      encoder.toString(),
      "--dataset=" + data,
      "--out=" + out,
      "--steps=2",
      "--rate=0.001"
    };
    Shell.Result first = Shell.lynceus(with(line, "--until=1"));
    assertThat(first.status()).as(first.err()).isZero();
    assertThat(first.out()).contains("head untrained").contains("stopped after step 1");
    Shell.Result done = Shell.lynceus(with(line, "--json"));
    assertThat(done.status()).as(done.err()).isZero();
    JsonNode told = JsonMapper.shared().readTree(done.out());
    assertThat(told.path("steps").asInt()).isEqualTo(2);
    assertThat(told.path("leftOut").asInt()).isEqualTo(1);
    assertThat(told.path("questions").asInt() + told.path("asked").asInt()).isEqualTo(3);
    assertThat(told.path("articles")).hasSize(1);
    assertThat(told.path("trained").path("f1").path("of").asInt()).isEqualTo(1);

    Shell.Result zones =
        Shell.lynceus(
            "zones",
            "--dataset=" + out.resolve("held-out.json"),
            "--model=" + out.resolve("reader"),
            "--output=" + folder.resolve("zones.html"));
    assertThat(zones.status()).as(zones.err()).isZero();
    assertThat(zones.out()).contains("random QP");
  }

  private static String[] with(String[] line, String last) {
    String[] more = java.util.Arrays.copyOf(line, line.length + 1);
    more[line.length] = last;
    return more;
  }

  private void refused(int status, String told, String... words) {
    Shell.Result result = Shell.lynceus(words);
    assertThat(result.status()).as(result.err()).isEqualTo(status);
    assertThat(result.err()).contains(told).doesNotContain("Exception");
  }

  @Test
  void whatCannotBeTaughtIsRefused() throws IOException {
    Path data = Files.writeString(folder.resolve("passages.json"), Fixtures.PASSAGES);
    Path bare =
        Files.writeString(
            folder.resolve("bare.json"),
            Fixtures.PASSAGES.replaceAll("\"answer_start\": \\d+", "\"answer_start\": 3"));
    String out = "--out=" + folder.resolve("out");
    refused(2, "no question of", "tune-reader", ENCODER, "--dataset=" + bare, out);
    refused(
        2,
        "2 articles are to be held out of 2",
        "tune-reader",
        ENCODER,
        "--dataset=" + data,
        out,
        "--held-out=2");
    refused(5, "no encoder that reads", "tune-reader", "pupil", "--dataset=" + data, out);
    refused(2, "--learn", "tune-reader", ENCODER, "--dataset=" + data, out, "--learn=some");
    refused(3, "there is no", "models", "import", folder.resolve("gone.jar").toString(), out);
    refused(4, "no file of a model", "models", "import", data.toString(), out);
    assertThat(folder.resolve("out")).doesNotExist();
  }
}
