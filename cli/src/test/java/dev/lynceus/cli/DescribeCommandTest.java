package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `lynceus describe`.
class DescribeCommandTest {
  private static final String PICTURE = "../samples/frog-umbrella-car.png";
  private static final String OTHER = "../samples/heart-guitar-horse-dove.png";
  private static final String QUESTION = "What is the color of the car?";

  @TempDir private Path folder;

  @Test
  void aPageOnWhichEveryRoundIsSeen() throws IOException {
    Path page = folder.resolve("describe.html");
    Path pool = folder.resolve("pool.jsonl");
    Files.copy(Path.of(OTHER), folder.resolve("other.png"));
    Files.writeString(
        pool,
        "{\"image\": \"other.png\", \"question\": \"What is the color of the horse?\"}\n"
            + "{\"image\": \"other.png\", \"question\": \"What is the color of the dove?\"}\n");
    Shell.Result done =
        Shell.lynceus(
            "describe",
            "--description=A green frog.",
            "--pool=" + pool,
            "--shots=1",
            "-o",
            page.toString(),
            PICTURE,
            QUESTION);
    assertThat(done.status()).as(done.err()).isZero();
    assertThat(done.out())
        .startsWith("From the description alone")
        .contains("asked: " + QUESTION)
        .contains("page: ");
    assertThat(Files.readString(page))
        .contains("Every round")
        .contains("What each part is worth")
        .contains("Worked examples")
        .contains("Which description is better")
        .contains("data:image/png")
        .doesNotContain("http:");
  }

  @Test
  void twoTextsAreComparedAlone() {
    Shell.Result done =
        Shell.lynceus(
            "describe",
            "--first=A green frog.",
            "--second=A green frog and a brown car.",
            "--json",
            PICTURE,
            QUESTION);
    assertThat(done.status()).as(done.err()).isZero();
    JsonNode told = JsonMapper.shared().readTree(done.out());
    assertThat(told.path("report").isNull()).isTrue();
    assertThat(told.path("compared").path("better").asDouble()).isEqualTo(1);
    assertThat(told.path("compared").path("rows").size()).isEqualTo(4);
  }

  @Test
  void twoCaptionsAndTwoPictures() throws IOException {
    Path page = folder.resolve("pairs.html");
    Shell.Result done =
        Shell.lynceus(
            "describe",
            "--caption=A green frog and a brown car.",
            "--caption=A white horse and a red dove.",
            "-o",
            page.toString(),
            PICTURE,
            OTHER);
    assertThat(done.status()).as(done.err()).isZero();
    assertThat(done.out()).contains("both: yes");
    assertThat(Files.readString(page)).contains("Captions and pictures");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--loops=5|--loops 5",
        "--shots=9|--shots 9",
        "--select=best|none of its ways",
        "--by=max|none of its ways",
        "--first=a|belong together",
        "--candidates=one|one candidate",
        "--asking= |an empty question",
        "--pool=../samples/missing.jsonl|missing.jsonl",
        "--prompt=score=x|no prompt 'score'",
        "--caption=a|1 captions with 1 pictures and a question",
      })
  void whatCannotBeIsRefused(String options, String said) {
    List<String> line = new ArrayList<>(List.of("describe", "--json", options, PICTURE, QUESTION));
    Shell.Result refused = Shell.lynceus(line.toArray(String[]::new));
    assertThat(refused.status()).as(refused.out() + refused.err()).isIn(2, 3, 4, 5, 6);
    assertThat(refused.err()).contains(said);
  }

  @Test
  void thereMustBeAPicture() {
    Shell.Result refused = Shell.lynceus("describe", "--json", QUESTION);
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("no picture to describe");
  }
}
