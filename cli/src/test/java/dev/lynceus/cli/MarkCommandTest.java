package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.lab.picture.Chain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `lynceus mark`.
class MarkCommandTest {
  private static final String PICTURE = "../samples/frog-umbrella-car.png";
  private static final String QUESTION = "What is the color of the car?";

  @TempDir private Path folder;

  @Test
  void aPageOnWhichEveryStepIsSeen() throws IOException {
    Path page = folder.resolve("mark.html");
    Shell.Result done =
        Shell.lynceus(
            "mark",
            "--box=62,34,108,74",
            "--operator=box,crg",
            "--controls=1",
            "--elsewhere=What is the color of the frog?",
            "-o",
            page.toString(),
            PICTURE,
            QUESTION);
    assertThat(done.status()).as(done.err()).isZero();
    assertThat(done.out()).contains("box").contains("elsewhere").contains("page: ");
    assertThat(Files.readString(page))
        .contains("What the model sees")
        .contains("Where it looks")
        .contains("Every step")
        .contains("crg, second pass")
        .contains("data:image/png")
        .doesNotContain("http:");
  }

  @Test
  void theNumbersHoldTogether() {
    Shell.Result done =
        Shell.lynceus(
            "mark",
            "--box=62,34,108,74",
            "--also=grid:2x2",
            "--operator=som,blackout",
            "--controls=3",
            "--refer=What is the color of the object?",
            "--label=brown",
            "--candidates=brown,green",
            "--json",
            PICTURE,
            QUESTION);
    assertThat(done.status()).as(done.err()).isZero();
    JsonNode report = JsonMapper.shared().readTree(done.out()).path("report");
    assertThat(report.path("regions").size()).isEqualTo(5);
    assertThat(report.path("controls").size()).isEqualTo(3);
    for (JsonNode row : report.path("operators")) {
      double mean =
          row.path("controls")
              .valueStream()
              .mapToDouble(JsonNode::asDouble)
              .average()
              .orElseThrow();
      assertThat(row.path("specificity").asDouble())
          .isCloseTo(row.path("effect").asDouble() - mean, within(1e-9));
      JsonNode chains = JsonMapper.shared().readTree(row.path("chain").asString());
      assertThat(Chain.parse(chains.path(0).toString()).operations()).hasSize(1);
      assertThat(row.path("referred").path("clean").asDouble()).isBetween(0.0, 1.0);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--operator=box|there is no region to mark",
        "--box=1,2,3|--box 1,2,3 is no box",
        "--box=1,2,3,x|is no box",
        "--box=9,9,3,3|a box from",
        "--box=500,500,600,600|no pixel",
        "--also=stars:3|--also stars:3",
        "--region-from=magic|no method 'magic'",
        "--mask=../samples/missing.png|missing.png",
        "--box=1,1,9,9 --operator=ring|no operator 'ring'",
        "--box=1,1,9,9 --colour=reddish|is no colour",
        "--box=1,1,9,9 --alpha=2|--alpha 2.0 is more than 1",
        "--box=1,1,9,9 --size=0|0.0 times as large",
        "--box=1,1,9,9 --side=inside|--side inside",
        "--box=1,1,9,9 --controls=-1|--controls -1",
        "--box=1,1,9,9 --layer=9 --operator=api|no layer 9",
        "--box=1,1,9,9 --layer=-2|--layer -2",
        "--box=1,1,9,9 --label=dog|belong together",
        "--box=1,1,9,9 --contrast=NaN|is no number"
      })
  void whatCannotBeIsRefused(String options, String said) {
    java.util.List<String> line = new java.util.ArrayList<>(java.util.List.of("mark", "--json"));
    line.addAll(java.util.List.of(options.split(" ")));
    line.addAll(java.util.List.of(PICTURE, QUESTION));
    Shell.Result refused = Shell.lynceus(line.toArray(String[]::new));
    assertThat(refused.status()).as(refused.out() + refused.err()).isIn(2, 6);
    assertThat(refused.err()).contains(said);
  }

  @Test
  void onePictureIsMarked() {
    Shell.Result none = Shell.lynceus("mark", "--box=1,1,9,9", QUESTION);
    assertThat(none.status()).isEqualTo(2);
    assertThat(none.err()).contains("no picture to mark");
    Shell.Result two = Shell.lynceus("mark", "--box=1,1,9,9", PICTURE, PICTURE, QUESTION);
    assertThat(two.status()).isEqualTo(2);
    assertThat(two.err()).contains("there are 2");
  }
}
