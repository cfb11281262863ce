package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `attention` on the bundled model.
class AttentionCommandTest {
  @TempDir private Path folder;

  private static Shell.Result give(String... more) {
    List<String> line = new ArrayList<>(List.of("attention"));
    line.addAll(List.of(more));
    line.addAll(List.of(Fixtures.PICTURE, Fixtures.QUESTION));
    return Shell.lynceus(line.toArray(String[]::new));
  }

  @Test
  void theScreenTellsWordsLayersHeadsAndTheReason() throws IOException {
    Path figure = folder.resolve("brown.svg");
    Shell.Result result =
        give("--target=brown", "--why=2.1@most", "--var=0.5", "--figure=" + figure);

    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out())
        .contains("answer: " + Fixtures.ANSWER, "of \u201cbrown\u201d by layer")
        .contains("sinks: none", "no layer has sinks, so nothing was changed")
        .contains("why head 2.1, predicting \u201cbrown\u201d");
    assertThat(Files.readString(figure)).contains("to the image", "<image ", "head 1.0");
  }

  @Test
  void everyNumberIsInTheJson() throws IOException {
    Path figure = folder.resolve("all.png");
    Shell.Result result =
        give("--json", "--head=1.0", "--head=0.3", "--patches=image", "--figure=" + figure);

    assertThat(result.status()).as(result.err()).isZero();
    JsonNode told = JsonMapper.shared().readTree(result.out()).path("attention");
    JsonNode image = told.path("grids").get(0);
    assertThat(image.path("zone").asString()).isEqualTo("image");
    assertThat(image.path("mass").size()).isEqualTo(4);
    assertThat(image.path("mean").get(1).get(0).asDouble() * 64)
        .isCloseTo(image.path("mass").get(1).get(0).asDouble(), within(1e-12));
    assertThat(told.path("heads").size()).isEqualTo(2);
    assertThat(told.path("heads").get(0).path("maps").get(0).size()).isEqualTo(64);
    assertThat(told.path("patches").path("all").size()).isEqualTo(told.path("words").size());
    assertThat(told.path("why").isNull()).isTrue();
    assertThat(Files.readAllBytes(figure)).startsWith(0x89, 'P', 'N', 'G');
  }

  @Test
  void givenSinkDimensionsAreUsed() {
    Shell.Result result =
        give("--sink-dimension=3", "--sink-threshold=1.5", "--var=0.5", "--rho=0");

    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out())
        .contains("sinks by dimension [3], at 1.500 or more")
        .contains("redistribution of 0.500", "the model then says:");
  }

  @Test
  void headsAreOfKinds() {
    Shell.Result result = Shell.lynceus("heads", "--sequences=2", "--texts=4", "--json");

    assertThat(result.status()).as(result.err()).isZero();
    JsonNode heads = JsonMapper.shared().readTree(result.out()).path("heads");
    assertThat(heads.path("scores").size()).isEqualTo(32);
    assertThat(heads.path("texts").asInt()).as("the bundled model can say all").isEqualTo(4);
    assertThat(Shell.lynceus("heads", "--sequences=1", "--texts=2", "--top=1").out())
        .contains("induction (even attention", "likelier than the other");
  }

  @Test
  void causesAreLearnedAndMasked() throws IOException {
    Path figure = folder.resolve("graph.svg");
    String[] line = {
      "causes",
      "--head=1.0",
      "--target=brown",
      "--trials=4",
      "--figure=" + figure,
      Fixtures.PICTURE,
      Fixtures.QUESTION
    };
    Shell.Result result = Shell.lynceus(line);

    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out()).contains("head 1.0, \u201cbrown\u201d", "radius 1: row 4", "knockout");
    assertThat(Files.readString(figure)).contains("what \u201cbrown\u201d may depend on");
  }
}
