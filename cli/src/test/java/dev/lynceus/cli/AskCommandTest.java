package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AskCommandTest {
  @TempDir private Path folder;

  @Test
  void answersOnStdoutAndNothingElse() {
    assertThat(Shell.lynceus("ask", Fixtures.PICTURE, Fixtures.QUESTION))
        .isEqualTo(new Shell.Result(0, Fixtures.ANSWER + "\n", ""));
  }

  @Test
  void answersAsJsonWithTheLogProbabilityOfEveryToken() {
    JsonNode answer =
        JsonMapper.shared()
            .readTree(Shell.lynceus("ask", "--json", Fixtures.PICTURE, Fixtures.QUESTION).out());

    assertThat(answer.path("answer").asString()).isEqualTo(Fixtures.ANSWER);
    assertThat(answer.path("end").asString()).isEqualTo("END_OF_TEXT");
    assertThat(answer.path("tokens").size()).isEqualTo(8);
    assertThat(answer.path("tokens").get(6).path("text").asString().strip()).isEqualTo("brown");
    assertThat(answer.path("tokens").get(6).path("logProbability").asDouble())
        .isBetween(-0.01, 0.0);
  }

  @Test
  void aConversationGoesOnUntilTheInputEnds() {
    Shell.Result result =
        Shell.withInput(
            "What is the color of the frog?\n\nWhat is the color of the umbrella?",
            "ask",
            "--chat",
            Fixtures.PICTURE,
            Fixtures.QUESTION);

    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out().lines()).hasSize(3).first().isEqualTo(Fixtures.ANSWER);
  }

  @Test
  void aConversationSeesWhatWasSaidBefore() {
    // The second prompt is longer by the first question and answer, so at some turn it is too long.
    Shell.Result result =
        Shell.withInput((Fixtures.QUESTION + "\n").repeat(60), "ask", "--chat", Fixtures.PICTURE);

    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains("positions, the model was made for 512");
    assertThat(result.out().lines().count()).isBetween(10L, 59L);
  }

  @Test
  void aSeedDrawsTheSameAnswerAgain() {
    String[] draw = {"ask", "--temperature=3", "--seed=5", Fixtures.PICTURE, Fixtures.QUESTION};

    String first = Shell.lynceus(draw).out();

    assertThat(first).isEqualTo(Shell.lynceus(draw).out()).isNotEqualTo(Fixtures.ANSWER + "\n");
  }

  @Test
  void stopsBeforeAText() {
    assertThat(Shell.lynceus("ask", "--stop= is", Fixtures.PICTURE, Fixtures.QUESTION).out())
        .isEqualTo("The color of the car\n");
  }

  @Test
  void aTextOnlyModelNeedsNoPicture() throws IOException {
    Path model = Fixtures.textOnly(folder.resolve("text"));

    Shell.Result result =
        Shell.lynceus(
            "ask",
            "--model=" + model,
            "--raw",
            "USER: The car is brown.\nWhat is the color of the car?\nASSISTANT:");

    assertThat(result).isEqualTo(new Shell.Result(0, Fixtures.ANSWER + "\n", ""));
  }

  @Test
  void everyDataTypeAnswersTheSame() {
    for (String dtype : new String[] {"float64", "bfloat16", "float16"}) {
      assertThat(
              Shell.lynceus("ask", "--dtype=" + dtype, Fixtures.PICTURE, Fixtures.QUESTION).out())
          .as(dtype)
          .isEqualTo(Fixtures.ANSWER + "\n");
    }
  }
}
