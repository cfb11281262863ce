package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `lynceus literacy`.
class LiteracyCommandTest {
  @TempDir private Path folder;

  @Test
  void aPageAndATableWithEveryItem() throws IOException {
    Path page = folder.resolve("charts.html");
    Path table = folder.resolve("items.csv");
    Shell.Result done =
        Shell.lynceus(
            "literacy",
            "--charts=pie,bar",
            "--maps=2",
            "--methods=average-attention,random",
            "--csv=" + table,
            "-o",
            page.toString());
    assertThat(done.status()).as(done.err()).isZero();
    assertThat(done.out())
        .contains("guessing gives")
        .contains("right without a picture")
        .contains("on the evidence")
        .contains("page: ");
    assertThat(Files.readString(page))
        .contains("Does it see the chart?")
        .contains("Item by item")
        .contains("data:image/png")
        .doesNotContain("http:");
    assertThat(Files.readAllLines(table)).hasSize(1 + 7).first().asString().startsWith("id,chart");
  }

  @Test
  void aFileWhosePicturesAreNotThereIsAskedBlind() throws IOException {
    Path file = folder.resolve("config.json");
    Files.writeString(
        file,
        """
        {"baseComponents": {}, "components": {"one": {"type": "image", "path": "none.png",
          "instruction": "What is the color of the car?",
          "meta": {"task": "Retrieve Value", "chartType": "bar", "P": 0.5},
          "response": [{"options": ["red", "blue", "Omit"]}],
          "correctAnswer": [{"answer": "blue"}]}}}
        """);
    Shell.Result done = Shell.lynceus("literacy", "--file=" + file, "--json", "--answers=letters");
    assertThat(done.status()).as(done.err()).isZero();
    assertThat(done.err()).contains("1 of 1 pictures are not there");
    JsonNode report = JsonMapper.shared().readTree(done.out()).path("report");
    assertThat(report.path("controls").isNull()).isTrue();
    assertThat(report.path("omit").asBoolean()).isTrue();
    JsonNode item = report.path("items").path(0);
    assertThat(item.path("probabilities").size()).isEqualTo(3);
    assertThat(item.path("task").asString()).isEqualTo("RV");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "--charts=donut; --charts has no 'donut'",
        "--tasks=XX; --tasks has no 'XX'",
        "--charts=pie --tasks=HI; no place of the test",
        "--side=50; --side 50",
        "--answers=shouted; --answers shouted",
        "--prompt=ask={question}; there is no prompt 'ask'",
        "--methods=none; none"
      })
  void whatCannotBeIsRefusedBeforeTheModelIsLoaded(String options, String message) {
    Shell.Result done = Shell.lynceus(("literacy " + options).split(" "));
    assertThat(done.status()).isEqualTo(2);
    assertThat(done.err()).contains(message).doesNotContain("at dev.lynceus");
  }
}
