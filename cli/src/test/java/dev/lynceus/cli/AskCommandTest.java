package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
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

  /// The colour rests on the picture; the words that the question holds do not.
  @Test
  void tokensAreWeighedWithoutThePicture() {
    Shell.Result weighed = Shell.lynceus("ask", "--weigh", Fixtures.PICTURE, Fixtures.QUESTION);

    assertThat(weighed.status()).as(weighed.err()).isZero();
    assertThat(weighed.out()).startsWith(Fixtures.ANSWER + "\n\ntoken");
    JsonNode tokens =
        JsonMapper.shared()
            .readTree(
                Shell.lynceus("ask", "--weigh", "--json", Fixtures.PICTURE, Fixtures.QUESTION)
                    .out())
            .path("tokens");
    assertThat(fall(tokens.get(6))).isGreaterThan(1);
    assertThat(fall(tokens.get(1))).isBetween(-0.1, 0.1);
  }

  private static double fall(JsonNode token) {
    return token.path("logProbability").asDouble() - token.path("blind").asDouble();
  }

  @Test
  void withoutAPictureNothingIsWeighed() {
    Shell.Result refused = Shell.lynceus("ask", "--weigh", Fixtures.QUESTION);

    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("weigh");
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
    // The bundled model knows no further turns, and says so once.
    assertThat(result.err())
        .isEqualTo(
            "note: outside of what this model was made for: it was made for one question at a time, and knows no conversation\n");
    assertThat(result.out().lines()).hasSize(3).first().isEqualTo(Fixtures.ANSWER);
  }

  @Test
  void anEarlierTurnIsThatOfAConversation() {
    Shell.Result chat =
        Shell.withInput(
            "What is the color of the frog?", "ask", "--chat", Fixtures.PICTURE, Fixtures.QUESTION);
    String turn = Fixtures.QUESTION + " => " + Fixtures.ANSWER;

    Shell.Result told =
        Shell.lynceus("ask", "--before", turn, Fixtures.PICTURE, "What is the color of the frog?");

    assertThat(told.status()).as(told.err()).isZero();
    assertThat(told.out().strip()).isEqualTo(chat.out().lines().toList().getLast());
    assertThat(told.err()).contains("knows no conversation");
    Shell.Result wrong = Shell.lynceus("ask", "--before", "Yes", Fixtures.PICTURE, "What?");
    assertThat(wrong.status()).isEqualTo(2);
    assertThat(wrong.err()).contains("--before Yes is not a question and its answer");
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

  /// A copy of the bundled model with other generation settings.
  private Path with(String settings) throws IOException {
    Path model = Fixtures.model(folder.resolve("m"));
    Files.writeString(model.resolve("generation_config.json"), settings);
    return model;
  }

  @Test
  void settingsOfTheCheckpointDecideAndAreTold() throws IOException {
    JsonNode usual =
        JsonMapper.shared()
            .readTree(Shell.lynceus("ask", "--json", Fixtures.PICTURE, Fixtures.QUESTION).out());
    int brown = usual.path("tokens").get(6).path("id").asInt();
    int end = usual.path("settings").path("endTokens").get(0).asInt();
    assertThat(usual.path("choice").asString()).isEqualTo("greedy");
    assertThat(usual.path("template").asString()).isEqualTo("chat_template.jinja");
    assertThat(usual.has("modelNotes")).isFalse();
    Path model =
        with(
            "{\"eos_token_id\": %d, \"suppress_tokens\": [%d], \"num_beams\": 3, \"novel\": 1}"
                .formatted(end, brown));

    Shell.Result result =
        Shell.lynceus("ask", "--json", "-m", model.toString(), Fixtures.PICTURE, Fixtures.QUESTION);
    JsonNode answer = JsonMapper.shared().readTree(result.out());

    assertThat(answer.path("answer").asString()).doesNotContain("brown");
    assertThat(answer.path("tokens").get(6).path("insteadOf").asString()).isEqualTo(" brown");
    assertThat(answer.path("settings").path("applied").get(0).asString())
        .isEqualTo("suppress_tokens (1 token)");
    assertThat(answer.path("settings").path("leftOut").get(0).asString()).isEqualTo("num_beams 3");
    assertThat(answer.path("settings").path("unknown").get(0).asString()).isEqualTo("novel");
    assertThat(result.err().lines())
        .containsExactly(
            "note: generation_config.json decides with: suppress_tokens (1 token)",
            "note: generation_config.json, left out: num_beams 3",
            "note: generation_config.json, not known and ignored: novel",
            result.err().lines().toList().getLast());
    assertThat(result.err()).contains("not as the most probable").contains("(the model: ' brown')");
    assertThat(answer.path("modelNotes").size()).isEqualTo(3);

    assertThat(
            Shell.lynceus(
                "ask", "--argmax", "-m", model.toString(), Fixtures.PICTURE, Fixtures.QUESTION))
        .isEqualTo(new Shell.Result(0, Fixtures.ANSWER + "\n", ""));
    // The explanation says it too, and is about the model's own logits.
    JsonNode explanation =
        JsonMapper.shared()
            .readTree(
                Shell.lynceus(
                        "explain",
                        "--json",
                        "--words=1",
                        "-m",
                        model.toString(),
                        Fixtures.PICTURE,
                        Fixtures.QUESTION)
                    .out());
    assertThat(explanation.path("answer").path("notes").size()).isEqualTo(4);
    assertThat(explanation.path("answer").path("tokens").get(6).path("insteadOf").asString())
        .isEqualTo(" brown");
    assertThat(explanation.path("answer").path("tokens").get(6).path("logProbability").asDouble())
        .isLessThan(-3);
  }

  @Test
  void greedyStaysTheDefaultAndSaysSo() throws IOException {
    Path model =
        with(
            "{\"eos_token_id\": 2, \"do_sample\": true, \"temperature\": 9.0, \"top_k\": 40,"
                + " \"max_new_tokens\": 3}");
    String[] ask = {
      "ask", "--json", "-m", model.toString(), Fixtures.PICTURE, Fixtures.QUESTION, "--seed=1"
    };

    Shell.Result greedy = Shell.lynceus(ask);
    assertThat(greedy.err())
        .contains("draws lots (temperature 9.0, top_k 40); here the most probable token is taken");
    JsonNode answer = JsonMapper.shared().readTree(greedy.out());
    assertThat(answer.path("answer").asString()).isEqualTo("The color of");
    assertThat(answer.path("end").asString()).isEqualTo("LENGTH");

    String[] sampled = java.util.Arrays.copyOf(ask, ask.length + 1);
    sampled[ask.length] = "--sample";
    JsonNode drawn = JsonMapper.shared().readTree(Shell.lynceus(sampled).out());
    assertThat(drawn.path("choice").asString()).isEqualTo("drawn");
    assertThat(drawn.path("answer").asString()).isNotEqualTo("The color of");
    // One token is left to draw from.
    sampled[ask.length] = "--temperature=5";
    String[] cut = java.util.Arrays.copyOf(sampled, sampled.length + 2);
    cut[sampled.length] = "--top-k=1";
    cut[sampled.length + 1] = "--max-tokens=64";
    assertThat(JsonMapper.shared().readTree(Shell.lynceus(cut).out()).path("answer").asString())
        .isEqualTo(Fixtures.ANSWER);
  }

  @Test
  void theLackOfATemplateIsTold() throws IOException {
    Path model = Fixtures.model(folder.resolve("m"));
    Files.delete(model.resolve("chat_template.jinja"));
    String[] ask = {
      "ask", "--json", "-m", model.toString(), "--max-tokens=2", Fixtures.PICTURE, Fixtures.QUESTION
    };

    Shell.Result result = Shell.lynceus(ask);

    assertThat(result.err())
        .isEqualTo(
            "note: no chat template in the checkpoint: the form of LLaVA 1.5 (USER: …"
                + " ASSISTANT:) is used\n");
    assertThat(JsonMapper.shared().readTree(result.out()).path("template").asString())
        .isEqualTo("default");
    ask[6] = "USER: <image> " + Fixtures.QUESTION;
    String[] raw = java.util.Arrays.copyOf(ask, ask.length + 1);
    raw[ask.length] = "--raw";
    assertThat(Shell.lynceus(raw).err()).isEmpty();
  }
}
