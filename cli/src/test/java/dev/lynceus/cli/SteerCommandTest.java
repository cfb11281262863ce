package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A direction changes the bundled model's answer; random ones of its length do not.
class SteerCommandTest {
  private static final String START = "--start=The color of the car is";

  @TempDir private Path folder;

  private static JsonNode steer(String... more) {
    String[] line = new String[more.length + 6];
    line[0] = "steer";
    line[1] = "--json";
    line[2] = START;
    line[3] = "--quiet";
    System.arraycopy(more, 0, line, 4, more.length);
    line[more.length + 4] = Fixtures.PICTURE;
    line[more.length + 5] = Fixtures.QUESTION;
    Shell.Result result = Shell.lynceus(line);
    assertThat(result.status()).as(result.err()).isZero();
    return JsonMapper.shared().readTree(result.out());
  }

  @Test
  void twoWordsAFigureAndAFile() throws IOException {
    Path figure = folder.resolve("steer.svg");
    Path file = folder.resolve("red.safetensors");
    JsonNode found =
        steer("--words=red,brown", "--strengths=0,1", "--figure=" + figure, "--save=" + file);
    JsonNode steps = found.path("maps").get(0).path("steps");
    assertThat(found.path("target").asString()).isEqualTo("red");
    assertThat(steps.get(0).path("answer").asString()).isEqualTo("brown.");
    assertThat(steps.get(1).path("answer").asString()).startsWith("red");
    double own = steps.get(1).path("steered").path("logitDifference").asDouble();
    assertThat(steps.get(1).path("randoms")).hasSize(5);
    steps
        .get(1)
        .path("randoms")
        .forEach(
            random -> assertThat(random.path("logitDifference").asDouble()).isLessThan(own / 2));
    assertThat(Files.readString(figure)).startsWith("<svg").contains("the direction");

    JsonNode again = steer("--direction=" + file, "--strengths=1", "--target=red");
    assertThat(again.path("maps").get(0).path("steps").get(0).path("answer").asString())
        .startsWith("red");
  }

  @Test
  void twoFilesOfQuestions() throws IOException {
    Path world = folder.resolve("world");
    assertThat(Shell.lynceus("pupil", "world", "--count=30", "--out=" + world).status()).isZero();
    for (String word : new String[] {"red", "blue"}) {
      Files.write(
          world.resolve(word + ".jsonl"),
          Files.readAllLines(world.resolve("questions.jsonl")).stream()
              .filter(line -> line.contains("\"target\":\"" + word + "\""))
              .toList());
    }
    JsonNode found =
        steer(
            "--with=" + world.resolve("red.jsonl"),
            "--without=" + world.resolve("blue.jsonl"),
            "--target=red",
            "--against=blue",
            "--strengths=-2,2",
            "--layer=2");
    JsonNode steps = found.path("maps").get(0).path("steps");
    double down = steps.get(0).path("steered").path("logitDifference").asDouble();
    double up = steps.get(1).path("steered").path("logitDifference").asDouble();
    assertThat(up).isGreaterThan(down + 5);
  }

  /// What is said of two files means nothing without them, and a wrong word is told of anyway.
  @Test
  void byBelongsToTwoFiles() {
    String[] line = {"steer", "--words=red,brown", "", Fixtures.PICTURE, Fixtures.QUESTION};
    line[2] = "--by=principal";
    assertThat(Shell.lynceus(line).err()).contains("--by says how two files", "--with FILE");
    line[2] = "--by=principle";
    assertThat(Shell.lynceus(line).err()).contains("--by", "means", "principal");
  }
}
