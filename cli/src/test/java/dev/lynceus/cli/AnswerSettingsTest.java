package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What a checkpoint says about answers holds for every command that lets the model answer: a
/// command that explained another answer than `ask` gives would explain nothing.
class AnswerSettingsTest {
  private static final String SHORT = "{\"eos_token_id\": 2, \"max_new_tokens\": 3}";

  @TempDir static Path folder;
  private static Path model;

  @BeforeAll
  static void copy() throws IOException {
    model = Fixtures.model(folder.resolve("m"));
  }

  private static Shell.Result with(String settings, String... line) throws IOException {
    Files.writeString(model.resolve("generation_config.json"), settings);
    List<String> words = new ArrayList<>(List.of(line));
    words.add(1, "--model=" + model);
    words.addAll(List.of(Fixtures.PICTURE, Fixtures.QUESTION));
    Shell.Result result = Shell.lynceus(words.toArray(String[]::new));
    assertThat(result.status()).as(result.err()).isZero();
    return result;
  }

  private static JsonNode json(Shell.Result result) {
    return JsonMapper.shared().readTree(result.out());
  }

  @Test
  void everyCommandEndsTheAnswerWhereTheCheckpointEndsIt() throws IOException {
    String answer = json(with(SHORT, "ask", "--json")).path("answer").asString();
    assertThat(answer).isEqualTo("The color of");

    JsonNode explained = json(with(SHORT, "explain", "--json", "--words=1"));
    assertThat(explained.path("answer").path("text").asString()).isEqualTo(answer);
    assertThat(json(with(SHORT, "relevancy", "--json")).path("answer").asString())
        .isEqualTo(answer);
    assertThat(json(with(SHORT, "attention", "--json")).path("attention").path("words").size())
        .isEqualTo(3);
    assertThat(json(with(SHORT, "knockout", "--whole", "--json")).path("answer").size())
        .isEqualTo(3);
    // What the user says goes before.
    JsonNode longer = json(with(SHORT, "explain", "--json", "--words=1", "--max-tokens=5"));
    assertThat(longer.path("answer").path("tokens").size()).isEqualTo(5);
  }

  /// A forced or banned token is no token that the model held most probable.
  @Test
  void theNextTokenIsTheModelsOwn() throws IOException {
    String forced = "{\"eos_token_id\": 2, \"forced_eos_token_id\": 2}";
    String banned = "{\"eos_token_id\": 2, \"suppress_tokens\": [440]}";
    for (String settings : List.of(forced, banned)) {
      JsonNode explained = json(with(settings, "explain", "--next-token", "--json"));
      assertThat(explained.path("words").get(0).path("target").path("text").asString())
          .as(settings)
          .isEqualToIgnoringWhitespace("The");
      JsonNode compared =
          json(with(settings, "compare", "--next-token", "--methods=top-heads,random", "--json"));
      assertThat(compared.toString()).contains("\"The\"");
    }
    // The negative control: the answer itself obeys.
    assertThat(json(with(banned, "ask", "--json")).path("answer").asString())
        .doesNotStartWith("The ");
  }

  @Test
  void whatTheModelWouldHaveSaidIsToldOnScreenAndPage() throws IOException {
    String banned = "{\"eos_token_id\": 2, \"suppress_tokens\": [440]}";
    Path page = folder.resolve("page.html");
    Shell.Result told = with(banned, "explain", "--words=1", "--output=" + page);
    assertThat(told.err()).contains("were chosen by these settings", "(the model: ' The')");
    assertThat(Files.readString(page))
        .contains("id=\"notes\"", "were chosen by these settings")
        .containsPattern("\"insteadOf\"\\s*:\\s*\" The\"")
        .contains("the model held");
  }

  @Test
  void theRawPromptsTextIsAZoneOfAttention() {
    Shell.Result result =
        Shell.lynceus(
            "attention",
            "--raw",
            "--json",
            "--max-tokens=2",
            Fixtures.PICTURE,
            "USER: <image>\nWhat is it? ASSISTANT:");
    assertThat(result.status()).as(result.err()).isZero();
    JsonNode told = json(result).path("attention");
    assertThat(told.path("grids").get(1).path("zone").asString()).isEqualTo("text");
    assertThat(told.path("words").get(0).path("question").asDouble()).isBetween(.01, .99);
  }

  @Test
  void whoeverWantsToMayGoPastThePositionsOfTheModel() throws IOException {
    Path shorter = Fixtures.model(folder.resolve("shorter"));
    Path file = shorter.resolve("config.json");
    ObjectNode config = (ObjectNode) JsonMapper.shared().readTree(file);
    ((ObjectNode) config.path("text_config")).put("max_position_embeddings", 20);
    Files.writeString(file, config.toString());
    String at = "--model=" + shorter;

    Shell.Result refused = Shell.lynceus("ask", at, Fixtures.PICTURE, Fixtures.QUESTION);
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("the model was made for 20", "--any-length");
    Shell.Result given =
        Shell.lynceus("ask", "--any-length", at, Fixtures.PICTURE, Fixtures.QUESTION);
    assertThat(given.out().strip()).isEqualTo(Fixtures.ANSWER);
  }

  /// Shortening the question would not help.
  @Test
  void aTemplateThatBuriesTheQuestionIsToBlame() throws IOException {
    Path buried = Fixtures.model(folder.resolve("buried"));
    Files.writeString(
        buried.resolve("chat_template.jinja"),
        "{{ 'a' * 1500000 }}{% for m in messages %}{% for c in m.content %}"
            + "{{ '<image>' if c.type == 'image' else c.text }}{% endfor %}{% endfor %}");
    Shell.Result refused =
        Shell.lynceus("ask", "--model=" + buried, Fixtures.PICTURE, Fixtures.QUESTION);
    assertThat(refused.status()).as(refused.err()).isEqualTo(4);
    assertThat(refused.err()).contains("chat_template.jinja makes a text of 15000");
  }

  @Test
  void verifySaysWhatIsOddAboutTheModelAndWhichSettingsDecided() throws IOException {
    Path golden = Path.of("../core/src/test/resources/goldens/vicuna");
    Path checkpoint = Files.createDirectories(folder.resolve("verified"));
    try (var files = Files.list(golden.resolve("hub"))) {
      for (Path one : files.toList()) {
        Files.copy(one, checkpoint.resolve(one.getFileName()));
      }
    }
    Files.writeString(checkpoint.resolve("adapter_config.json"), "{}");
    Files.writeString(
        checkpoint.resolve("generation_config.json"),
        "{\"eos_token_id\": 2, \"do_sample\": true, \"temperature\": 0.5}");
    Shell.Result result =
        Shell.lynceus(
            "models", "verify", "--json", checkpoint.toString(), "--against", golden.toString());
    assertThat(result.err())
        .contains("note: adapter_config.json lies beside the weights", "draws lots");
    assertThat(json(result).path("modelNotes").size()).isEqualTo(2);
  }
}
