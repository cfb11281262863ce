package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.method.reader.Squad;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReadCommandTest {
  private static final String GOLDENS = "../core/src/test/resources/goldens/";
  private static final String PASSAGE =
      "The dog, a brown Labrador, chased the ball into the river. The color of the ball was red.";

  @TempDir private Path folder;

  private static JsonNode json(String... words) {
    Shell.Result result = Shell.lynceus(words);
    assertThat(result.status()).as(result.err()).isZero();
    return JsonMapper.shared().readTree(result.out());
  }

  /// The answer of the reference, cut out of the passage.
  @Test
  void anAnswerIsAPieceOfThePassage() throws IOException {
    Path file = Files.writeString(folder.resolve("passage.txt"), PASSAGE);
    Path page = folder.resolve("read.html");
    JsonNode told =
        json(
            "read",
            "What color was the ball?",
            "--passage-file=" + file,
            "--longest=15",
            "--model=" + GOLDENS + "bert-qa/hub",
            "--output=" + page,
            "--json");
    assertThat(told.path("answer").asString()).isEqualTo("dog");
    JsonNode best = told.path("reading").path("answers").path(0);
    assertThat(best.path("inWindow").asDouble()).isBetween(.09383, .09386);
    assertThat(best.path("start").asInt()).isEqualTo(4);
    assertThat(Files.readString(page)).contains("the answer").contains("What color was the ball?");
  }

  @Test
  void wordsAreSaidForMasks() {
    JsonNode told =
        json(
            "read",
            "--masked",
            "The color of the [MASK] is brown and [MASK].",
            "--model=" + GOLDENS + "bert-mlm/hub",
            "--json");
    assertThat(told.path("places").path(0).path("position").asInt()).isEqualTo(5);
    JsonNode word = told.path("places").path(1).path("words").path(0);
    assertThat(word.path("text").asString()).isEqualTo("^");
    assertThat(word.path("probability").asDouble()).isBetween(.5922, .5923);
    String every =
        json(
                "read",
                "--masked",
                "--top=500",
                "The [MASK] is brown.",
                "--model=" + GOLDENS + "bert-mlm/hub",
                "--json")
            .path("places")
            .path(0)
            .path("words")
            .toString();
    assertThat(every).as("a piece that goes on with a word").contains("\"##");
    JsonNode whole =
        json(
            "read",
            "--masked",
            "the cat is on the sofa.",
            "--model=" + GOLDENS + "bert-mlm/hub",
            "--json");
    assertThat(whole.path("words").size()).isEqualTo(7);
    assertThat(whole.path("places").isEmpty()).isTrue();
  }

  @Test
  void zonesOfADataSet() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("some.json"),
            """
            {"data": [{"paragraphs": [{"context": "%s", "qas": [
              {"id": "a", "question": "What color was the ball?", "answers": [{"text": "red"}]},
              {"id": "b", "question": "Who chased the ball?", "answers": [{"text": "The dog"}]}]}]}]}
            """
                .formatted(PASSAGE));
    Path page = folder.resolve("zones.html");
    JsonNode told =
        json(
            "zones",
            "--dataset=" + file,
            "--model=" + GOLDENS + "bert-qa/hub",
            "--output=" + page,
            "--json");
    JsonNode study = told.path("study");
    assertThat(study.path("questions").asInt()).isEqualTo(2);
    assertThat(study.path("layers").size()).isEqualTo(4);
    assertThat(study.path("layers").path(0).path("cells").size()).isEqualTo(5);
    String model = "--model=" + GOLDENS + "bert-qa/hub";
    double f1 = 0;
    for (String[] one :
        new String[][] {{"What color was the ball?", "red"}, {"Who chased the ball?", "The dog"}}) {
      String answer = json("read", one[0], PASSAGE, model, "--json").path("answer").asString();
      f1 += Squad.score(answer, List.of(one[1]), Squad.Language.EN).f1() / 2;
    }
    assertThat(study.path("f1").path("value").asDouble()).isPositive().isEqualTo(f1);
    assertThat(study.path("types").size()).isEqualTo(2);
    assertThat(Files.readString(page)).contains("Right answers").contains("95 % intervals");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "read 'Who?' | there is no passage to read | 2",
        "read | there is no question | 2",
        "read 'Who?' 'The cat.' | is no model that reads | 5",
        "read --masked 'a cat' --model=GOLDENS/bert-qa/hub | answers with a piece | 5",
        "read 'Who?' 'A cat.' --model=GOLDENS/bert-mlm/hub | says words | 5",
        "read 'Who?' 'A cat.' more --model=GOLDENS/bert-qa/hub | is one text too many | 2",
        "read --masked one two --model=GOLDENS/bert-mlm/hub | is one text too many | 2",
        "read ' ' 'A cat.' --model=GOLDENS/bert-qa/hub | the question is empty | 2",
        "zones 'Who?' 'A cat.' --heads-of=9 --model=GOLDENS/bert-qa/hub | there is no layer 9 | 2",
        "zones 'Who?' 'A cat.' --dataset=x.json --model=GOLDENS/bert-qa/hub | a question beside the data set | 2",
        "zones 'Who?' 'A cat.' --model=GOLDENS/bert-mlm/hub | says words | 5",
        "zones nowhere.png 'Who?' | nowhere.png | 6",
        "zones ../samples/frog-umbrella-car.png 'What?' --box=9,9,5,5 | is no box | 2",
        "zones ../samples/frog-umbrella-car.png 'What?' --order=sideways | is not known | 2",
        "zones ../samples/frog-umbrella-car.png 'Who?' --model=GOLDENS/bert-qa/hub | takes text only | 5",
        "ask --raw 'a [MASK]' --model=GOLDENS/bert-mlm/hub | writes nothing | 5"
      })
  void whatCannotBeIsRefused(String line, String message, int status) {
    Shell.Result result =
        Shell.lynceus(Shell.words(line.replace("GOLDENS/", GOLDENS)).toArray(String[]::new));
    assertThat(result.err()).contains(message);
    assertThat(result.status()).isEqualTo(status);
  }
}
