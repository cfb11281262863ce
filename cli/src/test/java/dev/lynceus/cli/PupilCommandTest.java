package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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

  @Test
  void accuracyIsATableOrJson() {
    String[] line = {"pupil", "accuracy", "--scenes=4", "--seed=5"};

    Shell.Result text = Shell.lynceus(line);
    Shell.Result json =
        Shell.lynceus("pupil", "accuracy", "--scenes=4", "--seed=5", "--base=pupil", "--json");

    assertThat(text.out()).contains("Yes-bias", "describe", "both times").contains("colour    4");
    JsonNode cells = JsonMapper.shared().readTree(json.out()).path("cells");
    assertThat(cells.get(0).path("exact").path("of").asInt()).isEqualTo(4);
    assertThat(cells.get(0).path("split").asString()).isEqualTo("PICTURES");
  }

  @Test
  void scoresAreATableOrJson() {
    Shell.Result text = Shell.lynceus("pupil", "score", "--scenes=3", "--method=random");
    Shell.Result json = Shell.lynceus("pupil", "score", "--scenes=3", "--method=centre", "--json");

    assertThat(text.out()).contains("insertion").containsPattern("random +[123] +[.0-9]");
    JsonNode rows = JsonMapper.shared().readTree(json.out()).path("rows");
    assertThat(rows.valueStream().map(row -> row.path("method").asString()).distinct())
        .containsExactly("centre", "ceiling-mask", "ceiling-box");
    assertThat(rows.valueStream().map(row -> row.path("kind").asString()))
        .contains("all", "colour", "where");
  }

  @Test
  void aStageIsTrainedStoppedAndContinued() throws IOException {
    Path out = folder.resolve("training");
    String[] line = {"pupil", "train", "--stage=copy", "--steps=2", "--out=" + out, "--threads=1"};
    String[] first = java.util.Arrays.copyOf(line, line.length + 1);
    first[line.length] = "--until=1";

    assertThat(Shell.lynceus(first).out()).isEqualTo("copy: stopped after step 1\n");
    assertThat(out.resolve("copy/model.safetensors")).doesNotExist();
    Shell.Result rest = Shell.lynceus(line);

    assertThat(rest.status()).isZero();
    assertThat(rest.out()).startsWith("copy: " + out.resolve("copy"));
    assertThat(out.resolve("copy/model.safetensors")).exists();
    assertThat(Files.readString(out.resolve("loss-copy.svg"))).contains("Loss of the stage copy");
    assertThat(Files.readAllLines(out.resolve("loss-copy.csv")))
        .startsWith("step,kind,loss,right,seconds")
        .anyMatch(row -> row.startsWith("2,train,"))
        .anyMatch(row -> row.startsWith("2,held-out,"));
  }

  @Test
  void findingsArePageOrJson() throws Exception {
    Path base = Fixtures.textOnly(folder.resolve("base"));
    Files.copy(
        dev.lynceus.model.Checkpoints.locate("pupil").resolve("chat_template.jinja"),
        base.resolve("chat_template.jinja"));
    Path page = folder.resolve("findings.html");

    Shell.Result result =
        Shell.lynceus(
            "pupil", "findings", "--scenes=3", "--base=" + base, "--output=" + page, "--json");

    assertThat(result.status()).isZero();
    JsonNode told = JsonMapper.shared().readTree(result.out());
    assertThat(told.path("agreements").size()).isEqualTo(3);
    assertThat(SchemaOutputTest.faults("pupil-findings", told)).isEmpty();
    assertThat(Files.readString(page)).contains("Lynceus</title>", "--scenes=3");
    assumeTrue(Files.isExecutable(Browser.CHROMIUM), "no browser: " + Browser.CHROMIUM);
    try (Browser browser = new Browser(folder.resolve("browser"))) {
      assertThat(PageRules.faults(browser, page)).isEmpty();
    }
  }
}
