package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Thresholds from a data set of one's own: those of the bundled model, measured on what the world
/// exporter writes, come out near the bundled ones.
class CalibrateCommandTest {
  @TempDir private Path folder;

  @Test
  void thresholdsOfTheBundledModelComeOutNearTheBundledOnes() throws IOException {
    Path world = folder.resolve("world");
    assertThat(
            Shell.lynceus(
                    "pupil", "world", "--count=11", "--objects=2", "--seed=555", "--out=" + world)
                .status())
        .isZero();
    Path file = folder.resolve("own.json");
    Shell.Result result =
        Shell.lynceus(
            "calibrate",
            world.resolve("labelled.jsonl").toString(),
            "--threads=1",
            "--json",
            "--thresholds=" + file);
    assertThat(result.status()).as(result.err()).isZero();
    JsonNode own = JsonMapper.shared().readTree(Files.readString(file));
    assertThat(own.path("effect").asDouble()).isBetween(0., 1.);
    assertThat(least(own, "PRESENCE")).isBetween(-3., 5.);
    assertThat(own.path("premise").asDouble()).isBetween(0., 1.);
    assertThat(own.path("reliability").path("weights").isEmpty()).isFalse();
    assertThat(own.path("measured").path("on").asString()).contains("rows of labelled.jsonl");
    JsonNode found = JsonMapper.shared().readTree(result.out());
    assertThat(SchemaOutputTest.faults("calibrate", found)).isEmpty();
    assertThat(found.path("pictures").asInt()).isEqualTo(11);
    for (JsonNode area : found.path("areas")) {
      if (area.path("score").asString().equals("PRESENCE")) {
        assertThat(area.path("area").path("value").asDouble()).isGreaterThan(.9);
      }
    }

    Shell.Result judged =
        Shell.lynceus(
            "evidence",
            "--json",
            "--thresholds=" + file,
            Fixtures.PICTURE,
            "What is the color of the dog?");
    assertThat(judged.status()).as(judged.err()).isZero();
    JsonNode words = JsonMapper.shared().readTree(judged.out()).path("words");
    assertThat(words.get(6).path("verdict").asString()).isEqualTo("unsupported");
    assertThat(words.get(3).path("verdict").asString()).isEqualTo("text");
  }

  private static double least(JsonNode thresholds, String score) {
    for (JsonNode limit : thresholds.path("limits")) {
      if (limit.path("score").asString().equals(score)) {
        return limit.path("least").asDouble();
      }
    }
    return Double.NaN;
  }

  @Test
  void tooFewRowsAreRefusedAndNothingIsWritten() throws IOException {
    Files.copy(Path.of(Fixtures.PICTURE), folder.resolve("a.png"));
    Path rows =
        Files.writeString(
            folder.resolve("rows.jsonl"),
            "{\"image\": \"a.png\", \"question\": \"What is the color of the car?\", \"expected\": \"brown\"}\n"
                + "{\"image\": \"b.png\", \"question\": \"What is it?\", \"expected\": \"a car\"}\n"
                + "{\"image\": \"a.png\", \"question\": \"What is the color of the car?\"}\n");
    Path file = folder.resolve("own.json");
    Shell.Result result = Shell.lynceus("calibrate", rows.toString(), "--thresholds=" + file);
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err())
        .contains("line 2 is passed over: ", "line 3 is passed over: nothing in this row")
        .contains("1 right and 0 wrong decisive words on 1 pictures are too few")
        .contains("At least 20 right ones, 10 wrong ones and 10 pictures are needed");
    assertThat(file).doesNotExist();
  }
}
