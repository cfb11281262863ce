package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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
        .contains(
            "Word by word",
            "Where the model looked",
            "<details class=\"closed\"",
            "data:image/png");
    assertThat(html.split("<script", -1)).as("the switch between dark and light alone").hasSize(2);
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

  /// The control: a word about another picture has the probability that it has where that picture
  /// is asked about, and about the same picture the one that it has here.
  @ParameterizedTest
  @ValueSource(
      strings = {"pupil", "llava-next/hub", "qwen2-vl/hub", "blip2-opt/hub", "blip-vqa/hub"})
  void theSameAnswerAboutOtherPictures(String model) {
    String other = "../samples/heart-guitar-horse-dove.png";
    String[] line = {
      "evidence",
      "--json",
      "--map=none",
      "--answer=brown and red",
      "--model=" + (model.equals("pupil") ? model : "../core/src/test/resources/goldens/" + model),
      "--other=" + other,
      "--other=" + Fixtures.PICTURE,
      Fixtures.PICTURE,
      Fixtures.QUESTION
    };
    JsonNode found = read(Shell.lynceus(line));
    line[7] = other;
    JsonNode there = read(Shell.lynceus(line));
    JsonNode others = found.path("others");
    assertThat(others.get(0).path("picture").asString()).isEqualTo("heart-guitar-horse-dove.png");
    for (int word = 0; word < found.path("words").size(); word++) {
      assertThat(others.get(0).path("words").get(word).asDouble())
          .isCloseTo(logProbability(there, word), within(1e-4));
      assertThat(others.get(1).path("words").get(word).asDouble())
          .isCloseTo(logProbability(found, word), within(1e-4));
    }
    assertThat(found.path("words").size()).isPositive();
  }

  private static JsonNode read(Shell.Result result) {
    assertThat(result.status()).as(result.err()).isZero();
    return JsonMapper.shared().readTree(result.out());
  }

  private static double logProbability(JsonNode found, int word) {
    return found.path("words").get(word).path("logProbability").asDouble();
  }

  @Test
  void whatTheControlComesToIsTold() throws IOException {
    Path page = folder.resolve("others.html");
    Shell.Result result =
        Shell.lynceus(
            "evidence",
            "--other=../samples/heart-guitar-horse-dove.png",
            "--output=" + page,
            Fixtures.PICTURE,
            Fixtures.QUESTION);
    assertThat(result.out())
        .contains("about heart-guitar-horse-dove.png")
        .containsPattern(
            "\u201cbrown\u201d has 100 %, and .* about heart.*: it goes with the picture.");
    assertThat(Files.readString(page)).contains("The same answer about other pictures");
    Shell.Result same =
        Shell.lynceus(
            "evidence",
            "--other=" + Fixtures.PICTURE,
            "--json",
            Fixtures.PICTURE,
            Fixtures.QUESTION);
    assertThat(same.status()).isZero();
    assertThat(
            Shell.lynceus(
                    "evidence",
                    "--other=" + Fixtures.PICTURE,
                    Fixtures.PICTURE,
                    "What?",
                    "-o",
                    page.toString())
                .out())
        .contains("so that it does not come from this one");
    assertThat(Shell.lynceus("evidence", "--other=none.png", Fixtures.PICTURE, "What?").status())
        .isEqualTo(6);
  }

  @Test
  void theBorrowedColourHasAnOwner() throws IOException {
    // The dog is not there; the frog, the umbrella and the car are.
    Shell.Result result =
        Shell.lynceus("evidence", "--json", Fixtures.PICTURE, "What is the color of the dog?");
    JsonNode whose = JsonMapper.shared().readTree(result.out()).path("whose");
    String owner = whose.path("owner").asString();
    assertThat(owner).isIn("frog", "umbrella", "car");
    assertThat(whose.path("asked").asString()).isEqualTo("dog");
    assertThat(whose.path("boxed").asBoolean()).isFalse();
    assertThat(whose.path("also").asString())
        .contains("color of the " + owner + " is " + whose.path("word").asString());
    JsonNode test = whose.path("test");
    assertThat(test.path("said").asString()).isNotEqualTo(whose.path("word").asString());
    double loss = test.path("before").asDouble() - test.path("after").asDouble();
    assertThat(loss).isGreaterThan(1);
    int as = 0;
    for (JsonNode other : test.path("elsewhere")) {
      as += other.asDouble() <= test.path("after").asDouble() ? 1 : 0;
    }
    assertThat(as).as("regions elsewhere that cost as much").isLessThanOrEqualTo(2);
    assertThat(json().path("whose").isNull()).as("a thing that is there owns its colour").isTrue();
  }

  @Test
  void aBoxNamesTheOwner() throws IOException {
    Path boxes = folder.resolve("boxes.json");
    Files.writeString(
        boxes,
        "[{\"name\": \"left half\", \"box\": [0, 0, 56, 112]},"
            + " {\"name\": \"right half\", \"box\": [56, 0, 112, 112]}]");
    Path page = folder.resolve("whose.html");
    Shell.Result result =
        Shell.lynceus(
            "evidence",
            "--json",
            "--boxes=" + boxes,
            "--output=" + page,
            Fixtures.PICTURE,
            "What is the color of the dog?");
    assertThat(result.status()).as(result.err()).isZero();
    JsonNode whose = JsonMapper.shared().readTree(result.out()).path("whose");
    assertThat(whose.path("boxed").asBoolean()).isTrue();
    assertThat(whose.path("owner").asString()).isIn("left half", "right half");
    assertThat(whose.path("candidates").size()).isEqualTo(2);
    double both =
        whose.path("candidates").get(0).path("share").asDouble()
            + whose.path("candidates").get(1).path("share").asDouble();
    assertThat(both).as("the two halves are the whole").isCloseTo(1, within(1e-6));
    assertThat(Files.readString(page)).contains("Whose “", "Taken away", "mark unsupported");
  }

  @Test
  void theModelIsAskedBackAboutAColour() {
    JsonNode lie = premise("Why is the car purple?");
    assertThat(lie.path("asked").asString()).isEqualTo("What is the color of the car?");
    assertThat(lie.path("said").asString()).isEqualTo("brown");
    assertThat(lie.path("odds").asDouble()).isLessThan(-2);
    assertThat(lie.path("verdict").asString()).isIn("contradicted", "unsupported");
    JsonNode truth = premise("Where is the brown car?");
    assertThat(truth.path("odds").asDouble()).isPositive();
    assertThat(truth.path("verdict").asString()).isEqualTo("image");
    JsonNode which = premise("Which object is brown?");
    assertThat(which.path("named").asBoolean()).isTrue();
    assertThat(which.path("thing").asString()).isEqualTo("car");
    assertThat(premise("What are the five objects?").path("verdict").asString())
        .isIn("contradicted", "unsupported");
  }

  private static JsonNode premise(String question) {
    Shell.Result result =
        Shell.lynceus("evidence", "--json", "--map=none", Fixtures.PICTURE, question);
    assertThat(result.status()).as(result.err()).isZero();
    JsonNode found = JsonMapper.shared().readTree(result.out());
    assertThat(found.path("premises").size()).isEqualTo(1);
    return found.path("premises").get(0);
  }

  @Test
  void whatThePictureSpeaksAgainstIsSaidSo() {
    assertThat(json("--answer=The color of the car is red.").path("words").get(6).path("verdict"))
        .hasToString("\"contradicted\"");
    Shell.Result no =
        Shell.lynceus(
            "evidence",
            "--answer=No, there is no car.",
            "--output=" + folder.resolve("no.html"),
            Fixtures.PICTURE,
            "Is there a car?");
    assertThat(no.out()).contains("contradicted by the picture", "Of 100 words so called");
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
