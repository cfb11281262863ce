package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Commands that explain, on models that read pictures by cross-attention, or texts.
class DependenceCommandTest {
  private static final String GOLDENS = "../core/src/test/resources/goldens/";
  private static final String PHOTO = GOLDENS + "images/photo.png";
  private static final String BLIP = "--model=" + GOLDENS + "blip-vqa/hub";
  private static final String CAPTION = "--model=" + GOLDENS + "blip-caption/hub";
  private static final String READER = "--model=" + GOLDENS + "bert-qa/hub";
  private static final String PASSAGE =
      "The dog, a brown Labrador, chased the ball into the river. The color of the ball was red.";

  @TempDir private Path folder;

  private static Shell.Result good(String... words) {
    Shell.Result result = Shell.lynceus(words);
    assertThat(result.status()).as(result.err()).isZero();
    return result;
  }

  private static JsonNode json(String... words) {
    return JsonMapper.shared().readTree(good(words).out());
  }

  @Test
  void explainTellsWhatAnAnswerDependsOn() throws IOException {
    Path page = folder.resolve("why.html");
    String text = good("explain", PHOTO, "what color is the car", BLIP, "--output=" + page).out();
    assertThat(text)
        .contains("the answer before it")
        .contains("tested: what holds half of each map")
        .contains("page: " + page);
    assertThat(Files.readString(page))
        .contains("The picture, in three ways")
        .contains("Tested on the model")
        .contains("lynceus knockout");
  }

  @Test
  void explainTakesAPassage() throws IOException {
    Path file = Files.writeString(folder.resolve("passage.txt"), PASSAGE);
    JsonNode told =
        json("explain", "What color was the ball?", "--passage-file=" + file, READER, "--json");
    assertThat(told.path("schema").path("name").asString()).isEqualTo("explain-dependence");
    assertThat(told.path("answer").asString()).isEqualTo("dog");
    assertThat(Math.exp(told.path("word").path("logProbability").asDouble()))
        .isBetween(.09383, .09386);
    assertThat(told.path("passage").asString()).isEqualTo(PASSAGE);
    // One that is named is measured in the place of the model's own.
    JsonNode named =
        json(
            "explain",
            "What color was the ball?",
            "--passage=" + PASSAGE,
            "--target=brown Labrador",
            READER,
            "--json");
    assertThat(named.path("word").path("text").asString()).isEqualTo("brown labrador");
    assertThat(named.path("answer").asString()).isEqualTo("dog");
  }

  /// What changes a reader takes passages, too, and calls pieces by their words.
  @Test
  void whatChangesAModelTakesAPassage() {
    String text =
        good("ablate", "What color was the ball?", "--passage=" + PASSAGE, READER, "--quiet").out();
    assertThat(text).contains("“dog” needs head");
    assertThat(
            good("ablate", "--raw", "the [MASK] is brown.", "--model=" + GOLDENS + "bert-mlm/hub")
                .out())
        .contains("needs head");
  }

  /// Effects are measured by taking the picture away; what needs shares is no number, and no
  /// thresholds are promised.
  @Test
  void evidenceIsMeasuredWithoutShares() throws IOException {
    Path page = folder.resolve("evidence.html");
    JsonNode told =
        json("evidence", PHOTO, "what color is the car", BLIP, "--output=" + page, "--json");
    JsonNode word = told.path("words").path(0);
    assertThat(word.path("effect").asDouble())
        .isEqualTo(word.path("logProbability").asDouble() - word.path("blind").asDouble());
    assertThat(word.path("imageShare").isNull()).isTrue();
    assertThat(word.path("verdict").asString()).isEqualTo("uncalibrated");
    assertThat(told.path("asked").path(0).path("text").asString()).isEqualTo("car");
    assertThat(told.path("asked").path(0).path("held").isNull()).isTrue();
    assertThat(Files.readString(page)).contains("None are measured for its kind");
    // What only describes is not asked whether things are there.
    JsonNode caption = json("evidence", PHOTO, "a picture of", CAPTION, "--json");
    assertThat(caption.path("asked").isEmpty()).isTrue();
    assertThat(caption.path("words").size()).isPositive();
  }

  @Test
  void attentionAndRelevancyTellWhoReadsWhat() throws IOException {
    Path figure = folder.resolve("looks.svg");
    String looks =
        good("attention", PHOTO, "what color is the car", BLIP, "--figure=" + figure).out();
    assertThat(looks)
        .contains("answer at question, cross-attention of the decoder")
        .contains("question at picture, cross-attention of the encoder");
    assertThat(Files.readString(figure)).contains("question at picture (cross-attention)");
    assertThat(good("attention", PHOTO, "a picture of", CAPTION).out())
        .contains("answer at picture, cross-attention of the decoder");
    JsonNode read =
        json("attention", "What color was the ball?", "--passage=" + PASSAGE, READER, "--json");
    JsonNode look = read.path("looks").path(0);
    assertThat(look.path("rows").path(0).asString()).isEqualTo("dog");
    double sum = 0;
    for (JsonNode share : look.path("mean").path(0)) {
      sum += share.asDouble();
    }
    assertThat(sum).isBetween(.9999, 1.0001);
    assertThat(good("relevancy", PHOTO, "what color is the car", BLIP).out())
        .contains("strongest words of the question");
    assertThat(good("relevancy", "What color was the ball?", "--passage=" + PASSAGE, READER).out())
        .contains("strongest words");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "explain PHOTO 'what color is the car' BLIP --png | --png is for models | 5",
        "explain PHOTO 'what color is the car' BLIP --words=2 | --words is for models | 5",
        "explain PHOTO 'what color is the car' BLIP --method=rise | --method is for models | 5",
        "explain PHOTO 'what color is the car' BLIP --answer=red | a whole answer is more than one | 2",
        "explain PHOTO 'what color is the car' BLIP --target=a --against=b | a contrast is about two | 2",
        "attention PHOTO 'what color is the car' BLIP --var=.5 | --var needs visual tokens | 5",
        "attention PHOTO 'what color is the car' BLIP --why=1.1@most | --why needs visual tokens | 5",
        "attention PHOTO 'what color is the car' BLIP --target=zebra | does not say 'zebra' | 2",
        "relevancy PHOTO 'what color is the car' BLIP --compatible | one picture, seen once | 2",
        "relevancy 'What color?' --passage=Red. READER --figure=x.svg | draws on a picture | 2",
        "relevancy 'What color?' | there is no picture | 2",
        "explain 'What color?' READER | writes nothing | 5",
        "explain PHOTO 'What color?' READER | takes text only | 5",
        "explain PHOTO 'What color?' --passage=Red. BLIP | a picture beside the passage | 2",
        "evidence PHOTO 'what color is the car' BLIP --project-away=car | no word is taken out | 5",
        "explain 'What color?' --passage=Red. --target=Red --against=x READER | a contrast is about two | 2",
        "explain 'What color?' --passage=Red. | is no model that reads | 5",
        "explain 'What color?' --passage=Red. --passage-file=x READER | two passages | 2",
        "explain 'What color?' --passage=Red. --target=blue READER | does not hold 'blue' | 2"
      })
  void whatIsNotDefinedIsRefused(String line, String message, int status) {
    Shell.Result result =
        Shell.lynceus(
            Shell.words(
                    line.replace("PHOTO", PHOTO).replace("BLIP", BLIP).replace("READER", READER))
                .toArray(String[]::new));
    assertThat(result.err()).contains(message);
    assertThat(result.status()).isEqualTo(status);
  }
}
