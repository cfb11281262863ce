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
  void theQueriesThatAreWorthMostAreTestedTogether() {
    JsonNode told = told();
    JsonNode control = told.path("control");
    assertThat(control.path("random").size()).isEqualTo(32);
    assertThat(control.path("chosen").size()).isBetween(1, 3);
    JsonNode detail = told.path("detail");
    JsonNode maps = told.path("queries").path("maps");
    int query = detail.path("query").asInt();
    // The map of a query is near the mean of its layers' maps; the class token's share differs.
    double sum = 0;
    for (int layer = 0; layer < detail.path("layers").size(); layer++) {
      sum += detail.path("byLayer").path(layer).path(query).path(0).asDouble();
    }
    assertThat(sum / detail.path("layers").size())
        .isBetween(
            .5 * maps.path(query).path(0).asDouble(), 2 * maps.path(query).path(0).asDouble());
    assertThat(detail.path("reads").size()).isEqualTo(6);
  }

  @Test
  void aModelForMatchingSaysWhichQueriesSpeakForAText() throws IOException {
    String model = "--model=../core/src/test/resources/goldens/blip2-itm/hub";
    Path page = folder.resolve("match.html");
    Shell.Result done =
        Shell.lynceus("queries", model, "--draws=4", "-o", page.toString(), PICTURE, "a car");
    assertThat(done.status()).as(done.err()).isZero();
    assertThat(done.out()).contains("queries are for a match").contains("of 4 draws");
    assertThat(Files.readString(page))
        .contains("Which queries speak for “a car”?")
        .contains("layer by layer and head by head")
        .doesNotContain("http:");
  }

  @Test
  void whatAModelForMatchingCannotDoIsRefused() {
    String model = "--model=../core/src/test/resources/goldens/blip2-itm/hub";
    Shell.Result option = Shell.lynceus("queries", model, "--target=car", PICTURE, "a car");
    assertThat(option.status()).isEqualTo(2);
    assertThat(option.err()).contains("writes no answer");
    Shell.Result pictures = Shell.lynceus("queries", model, PICTURE, PICTURE, "a car");
    assertThat(pictures.status()).isEqualTo(2);
    assertThat(pictures.err()).contains("one picture");
    String other = "--model=../core/src/test/resources/goldens/blip-itm/hub";
    Shell.Result none = Shell.lynceus("queries", other, PICTURE, "a car");
    assertThat(none.status()).isEqualTo(5);
    assertThat(none.err()).contains("has no Q-Former").contains("lynceus match");
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
