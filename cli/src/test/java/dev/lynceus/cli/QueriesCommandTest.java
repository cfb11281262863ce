package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `lynceus queries`, and what other commands say of a model whose visual tokens are queries.
class QueriesCommandTest {
  private static final String MODEL =
      "--model=../core/src/test/resources/goldens/instructblip-vicuna/hub";
  private static final String PICTURE = "../samples/frog-umbrella-car.png";
  private static final String QUESTION = "What is the color of the car?";

  @TempDir private Path folder;

  @Test
  void aPageAndATable() throws IOException {
    Path page = folder.resolve("queries.html");
    Shell.Result done =
        Shell.lynceus("queries", MODEL, "--max-tokens=2", "-o", page.toString(), PICTURE, QUESTION);
    assertThat(done.status()).as(done.err()).isZero();
    assertThat(done.out()).contains("of the 6 queries").contains("page: " + page);
    assertThat(Files.readString(page))
        .contains("Query by query")
        .contains("Where the queries looked")
        .doesNotContain("http:")
        .contains("data:image/png");
  }

  @Test
  void theMapsAreOfTheirQueries() {
    JsonNode told = told();
    JsonNode queries = told.path("queries");
    int patches = queries.path("rows").asInt() * queries.path("columns").asInt();
    assertThat(queries.path("maps").size()).isEqualTo(6);
    double[] answer = new double[patches];
    for (int q = 0; q < 6; q++) {
      double change = queries.path("changes").path("PROJECTED").path(q).asDouble();
      double sum = 0;
      for (int p = 0; p < patches; p++) {
        double share = queries.path("maps").path(q).path(p).asDouble();
        sum += share;
        answer[p] += Math.max(0, -change) * share;
      }
      assertThat(sum).isBetween(1 - 1e-9, 1 + 1e-9);
      assertThat(queries.path("alike").path(q).path(q).asDouble()).isBetween(1 - 1e-9, 1 + 1e-9);
    }
    for (int p = 0; p < patches; p++) {
      assertThat(queries.path("answer").path(p).asDouble())
          .isBetween(answer[p] - 1e-9, answer[p] + 1e-9);
    }
  }

  private static JsonNode told() {
    Shell.Result done =
        Shell.lynceus("queries", MODEL, "--max-tokens=2", "--json", PICTURE, QUESTION);
    assertThat(done.status()).as(done.err()).isZero();
    return JsonMapper.shared().readTree(done.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"compare", "occlude"})
  void whatNeedsPatchesSaysWhereToLook(String command) {
    Shell.Result refused = Shell.lynceus(command, MODEL, PICTURE, QUESTION);
    assertThat(refused.status()).isEqualTo(5);
    assertThat(refused.err()).contains("are queries").contains("lynceus queries");
  }

  @Test
  void otherCommandsKnowThatThereIsAPicture() {
    Shell.Result judged =
        Shell.lynceus("evidence", MODEL, "--max-tokens=2", "--json", PICTURE, QUESTION);
    assertThat(judged.status()).as(judged.err()).isZero();
    JsonNode evidence = JsonMapper.shared().readTree(judged.out());
    assertThat(evidence.path("words").size()).isPositive();
    assertThat(evidence.path("headline").path("sentences").toString()).contains("picture");
    Shell.Result told =
        Shell.lynceus(
            "explain",
            MODEL,
            "--max-tokens=2",
            "-o",
            folder.resolve("explain.html").toString(),
            PICTURE,
            QUESTION);
    assertThat(told.status()).as(told.err()).isZero();
    assertThat(told.out())
        .contains("through the picture's positions")
        .doesNotContain("there is no picture")
        .doesNotContain("lynceus occlude");
  }

  @Test
  void otherModelsHaveNone() {
    Shell.Result refused = Shell.lynceus("queries", PICTURE, QUESTION);
    assertThat(refused.status()).isEqualTo(5);
    assertThat(refused.err()).contains("has no Q-Former").contains("BLIP-2");
  }

  @Test
  void onePictureOnly() {
    Shell.Result refused = Shell.lynceus("ask", MODEL, PICTURE, PICTURE, QUESTION);
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("one picture with a question");
  }
}
