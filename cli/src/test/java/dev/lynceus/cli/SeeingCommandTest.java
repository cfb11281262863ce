package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SeeingCommandTest {
  @TempDir Path folder;

  @Test
  void theHeadsThatAreKeptAreTold() {
    Shell.Result result = Shell.lynceus("seeing", "--json");
    assertThat(result.status()).as(result.err()).isZero();
    JsonNode told = JsonMapper.shared().readTree(result.out());
    assertThat(told.path("heads").size()).isPositive();
    assertThat(told.path("screen").path("blankings").asInt()).isPositive();
    assertThat(Shell.lynceus("seeing").out()).contains("seeing heads: ", "other questions");
    assertThat(Shell.lynceus("seeing", "--model=pupil-base"))
        .satisfies(none -> {
          assertThat(none.status()).isEqualTo(2);
          assertThat(none.err()).contains("were not found yet", "--dataset");
        });
  }

  @Test
  void headsAreFoundOnOnesOwnQuestionsWithoutBoxes() throws IOException {
    Path world = folder.resolve("world");
    assertThat(Shell.lynceus("pupil", "world", "--count=2", "--out=" + world).status()).isZero();
    Path own = world.resolve("own.jsonl");
    Files.writeString(
        own,
        """
        {"image": "images/000000.png", "question": "How many objects are there?"}
        {"image": "images/000001.png", "question": "How many objects are there?"}
        """);
    Shell.Result result =
        Shell.lynceus(
            "seeing", "--dataset=" + own, "--blankings=8", "--heads=3", "--dry-run", "--json");
    assertThat(result.status()).as(result.err()).isZero();
    JsonNode found = JsonMapper.shared().readTree(result.out());
    assertThat(found.path("heads").size()).isBetween(1, 3);
    assertThat(found.path("screen").path("source").asString()).isEqualTo("own.jsonl");
    assertThat(Shell.lynceus("seeing", "--heads=99").err()).contains("99 heads");
  }

  @Test
  void singleMapsAreWrittenAsLines() throws IOException {
    Path csv = folder.resolve("items.csv");
    Path lines = folder.resolve("items.jsonl");
    for (Path file : new Path[] {csv, lines}) {
      Shell.Result result =
          Shell.lynceus(
              "pupil",
              "score",
              "--method=seeing-heads,random",
              "--scenes=2",
              "--kinds=colour,where",
              "--items=" + file);
      assertThat(result.status()).as(result.err()).isZero();
      assertThat(result.out()).contains("less seeing-heads", "ceiling-mask");
    }
    assertThat(Files.readAllLines(csv).getFirst())
        .startsWith("scene,kind,objects,method,hit")
        .endsWith(",model,revision");
    assertThat(Files.readAllLines(csv).get(1)).matches(".*,pupil,[0-9a-f]{64}");
    assertThat(Files.readAllLines(csv)).hasSize(1 + Files.readAllLines(lines).size());
    JsonNode first = JsonMapper.shared().readTree(Files.readAllLines(lines).getFirst());
    assertThat(first.path("method").asString()).isEqualTo("seeing-heads");
    assertThat(first.path("pixels").isNull()).isTrue();
    assertThat(Shell.lynceus("pupil", "score", "--items=x.txt").err()).contains("says no format");
    assertThat(Shell.lynceus("pupil", "score", "--kinds=describe").err())
        .contains("no kind of question");
  }
}
