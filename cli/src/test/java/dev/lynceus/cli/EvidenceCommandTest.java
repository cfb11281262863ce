package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What an answer rests on: one screen, one page, JSON.
class EvidenceCommandTest {
  @TempDir private Path folder;

  @Test
  void aScreenAndAPage() throws IOException {
    Path page = folder.resolve("page.html");
    Shell.Result result =
        Shell.lynceus("evidence", "--output=" + page, Fixtures.PICTURE, Fixtures.QUESTION);

    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out()).contains(Fixtures.ANSWER, "brown", "the question names", "page: ");
    String html = Files.readString(page);
    assertThat(html)
        .contains("Word by word", "Where the picture holds the words", "data:image/png");
    assertThat(html).doesNotContain("<script");
  }

  @Test
  void theColourComesFromThePictureAndTheFormFromTheText() {
    JsonNode found = json();
    JsonNode form = found.path("words").get(0);
    JsonNode key = found.path("words").get(6);
    assertThat(key.path("text").asString()).isEqualTo("brown");
    assertThat(key.path("effect").asDouble()).isGreaterThan(1);
    assertThat(key.path("imageShare").asDouble()).isGreaterThan(.5);
    assertThat(form.path("effect").asDouble()).isCloseTo(0, within(.1));
    assertThat(form.path("held").isNull()).isTrue();
    assertThat(key.path("held").path("maps").get(0).size()).isEqualTo(64);
    assertThat(found.path("asked").get(0).path("text").asString()).isEqualTo("car");
    assertThat(found.path("asked").get(0).path("presence").asDouble()).isPositive();
  }

  @Test
  void verdictsOfTheBundledModel() {
    JsonNode words = json().path("words");
    assertThat(words.get(6).path("verdict").asString()).isEqualTo("image");
    assertThat(words.get(5).path("verdict").asString()).isEqualTo("text");
    Shell.Result absent =
        Shell.lynceus("evidence", "--json", Fixtures.PICTURE, "What is the color of the dog?");
    JsonNode found = JsonMapper.shared().readTree(absent.out());
    assertThat(found.path("asked").get(0).path("verdict").asString()).isEqualTo("unsupported");
    assertThat(found.path("words").get(6).path("verdict").asString()).isEqualTo("unsupported");
  }

  @Test
  void thresholdsOfAnotherModelAreRefused() throws IOException {
    Path file = folder.resolve("t.json");
    Files.writeString(
        file, "{\"revision\": \"x\", \"reading\": \"normed\", \"effect\": 1, \"limits\": []}");
    Shell.Result result =
        Shell.lynceus(
            "evidence", "--json", "--thresholds=" + file, Fixtures.PICTURE, Fixtures.QUESTION);
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains("the thresholds were measured on x");
  }

  @Test
  void aGivenAnswerIsJudged() {
    JsonNode found = json("--answer=The color of the car is red.");
    assertThat(found.path("given").asBoolean()).isTrue();
    assertThat(found.path("words").get(6).path("text").asString()).isEqualTo("red");
    assertThat(found.path("words").get(6).path("logProbability").asDouble()).isLessThan(-2);
  }

  @Test
  void aWordIsTakenAway() {
    JsonNode removed = json("--project-away=brown", "--strength=3").path("removed");
    assertThat(removed.path("before").asString()).isEqualTo(Fixtures.ANSWER);
    assertThat(removed.path("strength").asDouble()).isEqualTo(3);
    assertThat(removed.path("words").size()).isEqualTo(7);
  }

  private static JsonNode json(String... more) {
    String[] line = new String[more.length + 4];
    line[0] = "evidence";
    line[1] = "--json";
    System.arraycopy(more, 0, line, 2, more.length);
    line[more.length + 2] = Fixtures.PICTURE;
    line[more.length + 3] = Fixtures.QUESTION;
    Shell.Result result = Shell.lynceus(line);
    assertThat(result.status()).as(result.err()).isZero();
    return JsonMapper.shared().readTree(result.out());
  }
}
