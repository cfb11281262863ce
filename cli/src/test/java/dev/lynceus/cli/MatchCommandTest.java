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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `lynceus match`, and what other commands say of a model that it is for.
class MatchCommandTest {
  private static final String GOLDENS = "../core/src/test/resources/goldens/";
  private static final String PICTURE = "../samples/frog-umbrella-car.png";
  private static final String OTHER = "../samples/heart-guitar-horse-dove.png";

  @TempDir private Path folder;

  private static Shell.Result match(String family, String... more) {
    List<String> line = new ArrayList<>(List.of("match", "--model=" + GOLDENS + family + "/hub"));
    line.addAll(List.of(more));
    if (line.stream().noneMatch(word -> word.startsWith("--draws"))) {
      line.add("--draws=2");
    }
    return Shell.lynceus(line.toArray(String[]::new));
  }

  private static JsonNode told(String family, String... more) {
    List<String> line = new ArrayList<>(List.of(more));
    line.add("--json");
    Shell.Result done = match(family, line.toArray(String[]::new));
    assertThat(done.status()).as(done.err()).isZero();
    return JsonMapper.shared().readTree(done.out());
  }

  @Test
  void aPageAndATable() throws IOException {
    Path page = folder.resolve("match.html");
    Shell.Result done =
        match(
            "blip-itm",
            "-t",
            "a <red> car",
            "-t",
            "two frogs",
            "-o",
            page.toString(),
            PICTURE,
            OTHER);
    assertThat(done.status()).as(done.err()).isZero();
    assertThat(done.out())
        .contains("match")
        .contains("cosine")
        .contains("random draws")
        .contains("page: " + page);
    assertThat(Files.readString(page))
        .contains("All pairs")
        .contains("2 texts and 2 pictures")
        .contains("a &lt;red&gt; car")
        .contains("Grad-CAM of cross-attention")
        .doesNotContain("http:")
        .contains("data:image/png");
  }

  /// The page of a Q-Former tells of its queries.
  @Test
  void queriesHaveVerdictsOfTheirOwn() throws IOException {
    Path page = folder.resolve("match.html");
    Shell.Result done = match("blip2-itm", "-t", "a frog", "-o", page.toString(), PICTURE);
    assertThat(done.status()).as(done.err()).isZero();
    assertThat(done.out()).contains("nearest").contains("query ");
    assertThat(Files.readString(page))
        .contains("Does “a frog” fit frog-umbrella-car.png?")
        .contains("the mean of what its 6 queries say")
        .contains("The words of this model read no picture");
  }

  @ParameterizedTest
  @CsvSource({"blip-itm,1", "blip2-itm,6"})
  void theNumbersHoldTogether(String family, int speakers) {
    JsonNode told = told(family, "-t", "a frog", "-t", "two cars", "--maps=all", PICTURE, OTHER);
    assertThat(told.path("speakers").asInt()).isEqualTo(speakers);
    JsonNode pairs = told.path("scores").path("pairs");
    assertThat(pairs.size()).isEqualTo(4);
    for (JsonNode pair : pairs) {
      double no = pair.path("logits").path(0).asDouble();
      double yes = pair.path("logits").path(1).asDouble();
      assertThat(pair.path("match").asDouble())
          .isCloseTo(1 / (1 + Math.exp(no - yes)), within(1e-12));
      assertThat(pair.path("speakers").size()).isEqualTo(speakers);
    }
    assertThat(told.path("maps").size()).isEqualTo(4);
    for (JsonNode map : told.path("maps")) {
      JsonNode test = map.path("test");
      assertThat(test.path("random").size()).isEqualTo(2);
      JsonNode pair = pairs.path(map.path("picture").asInt() * 2 + map.path("text").asInt());
      assertThat(test.path("before").asDouble())
          .isCloseTo(pair.path("logits").path(1).asDouble(), within(1e-5));
      assertThat(test.path("probabilityBefore").asDouble())
          .isCloseTo(pair.path("match").asDouble(), within(1e-5));
    }
  }

  @Test
  void textsOfAFile() throws IOException {
    Path file = folder.resolve("texts.txt");
    Files.writeString(file, "a frog\n\n  two cars  \n");
    JsonNode told =
        told("blip-itm", "-t", "a dove", "--text-file", file.toString(), "--maps=none", PICTURE);
    assertThat(told.path("texts").valueStream().map(JsonNode::asString))
        .containsExactly("a dove", "a frog", "two cars");
    assertThat(told.path("maps").size()).isZero();
  }

  @Test
  void withoutDrawsNothingIsTested() {
    JsonNode told = told("blip-itm", "-t", "a frog", "--draws=0", "--layer=2", PICTURE);
    assertThat(told.path("maps").path(0).path("test").isNull()).isTrue();
    assertThat(told.path("maps").path(0).path("map").path("layer").asInt()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "blip-itm|there is no text to match|" + PICTURE,
        "blip-itm|a text is empty|-t,' '," + PICTURE,
        "blip-itm|is not text in UTF-8|--text-file=" + PICTURE + "," + PICTURE,
        "blip2-itm|Give one that reads the picture: 0, 2|-t,x,--layer=1," + PICTURE,
        "blip-itm|--argmax is about answers|-t,x,--argmax," + PICTURE,
        "blip-itm|there is no layer 9: this model has layers 0 to 2|-t,x,--layer=9," + PICTURE,
        "blip-itm|--share 2.0 is not below 1|-t,x,--share=2," + PICTURE,
        "blip-itm|Give a number above 0 and below 1|-t,x,--share=0," + PICTURE,
      })
  void whatCannotBeIsRefused(String family, String said, String line) {
    Shell.Result refused = match(family, line.replace("' '", " ").split(","));
    assertThat(refused.status()).as(refused.err()).isEqualTo(2);
    assertThat(refused.err()).contains(said);
  }

  @Test
  void whatHasNoHeadOfMatchingIsRefused() {
    Shell.Result refused = match("opt", "-t", "x", PICTURE);
    assertThat(refused.status()).as(refused.err()).isEqualTo(5);
    assertThat(refused.err()).contains("no head that says how well");
  }

  @Test
  void aPictureThatIsNone() {
    Shell.Result refused = match("blip-itm", "-t", "x", "absent.png");
    assertThat(refused.status()).isEqualTo(6);
    assertThat(refused.err()).contains("absent.png");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ask", "explain", "attention", "lens", "occlude"})
  void otherCommandsSayWhatItIsFor(String command) {
    Shell.Result refused =
        Shell.lynceus(command, "--model=" + GOLDENS + "blip2-itm/hub", PICTURE, "What?");
    assertThat(refused.status()).isEqualTo(5);
    assertThat(refused.err()).contains("a model for matching").contains("lynceus match");
  }

  @Test
  void whatItIsMadeOf() {
    Shell.Result shown = Shell.lynceus("models", "show", GOLDENS + "blip2-itm/hub");
    assertThat(shown.status()).as(shown.err()).isZero();
    assertThat(shown.out())
        .contains("6 queries")
        .contains("lynceus match")
        .contains("vectors of 20");
    Shell.Result places = Shell.lynceus("models", "taps", GOLDENS + "blip-itm/hub");
    assertThat(places.status()).as(places.err()).isZero();
    assertThat(places.out())
        .contains("encoder.blocks.{0-2}.cross.hook_pattern")
        .contains("[batch, 4, pos, 10]")
        .doesNotContain("qformer.")
        .doesNotContain("hook_logits");
  }
}
