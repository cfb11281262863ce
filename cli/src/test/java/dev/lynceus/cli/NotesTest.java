package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What is odd about a model is said on stderr, in JSON and by `models show`, once each.
class NotesTest {
  @TempDir private Path folder;

  @Test
  void notesAreSaidEverywhere() throws IOException {
    Path model = Fixtures.model(folder.resolve("m"));
    Files.writeString(model.resolve("adapter_config.json"), "{}");
    String told = "adapter_config.json lies beside the weights and is not applied";
    String at = "--model=" + model;

    Shell.Result ask = Shell.lynceus("ask", "--json", at, Fixtures.PICTURE, Fixtures.QUESTION);
    assertThat(ask.status()).isZero();
    assertThat(ask.err()).startsWith("note: " + told).hasLineCount(1);
    JsonNode answer = JsonMapper.shared().readTree(ask.out());
    assertThat(answer.path("answer").asString()).isEqualTo(Fixtures.ANSWER);
    assertThat(answer.path("modelNotes").get(0).asString()).startsWith(told);

    Shell.Result lens = Shell.lynceus("lens", "--json", at, Fixtures.PICTURE, Fixtures.QUESTION);
    assertThat(JsonMapper.shared().readTree(lens.out()).path("modelNotes").size()).isEqualTo(1);

    assertThat(Shell.lynceus("models", "show", model.toString()).out()).contains(told);
    JsonNode shown =
        JsonMapper.shared()
            .readTree(Shell.lynceus("models", "show", "--json", model.toString()).out());
    assertThat(shown.path("warnings").get(0).asString()).startsWith(told);
  }

  @Test
  void whatWasChosenForSpeedIsSaidAndLeavesTheAnswer() {
    Shell.Result ask =
        Shell.lynceus("ask", "--json", "--dtype=fast", Fixtures.PICTURE, Fixtures.QUESTION);
    assertThat(ask.status()).isZero();
    assertThat(ask.err()).startsWith("note: fast: computed in ").hasLineCount(1);
    JsonNode answer = JsonMapper.shared().readTree(ask.out());
    assertThat(answer.path("answer").asString()).isEqualTo(Fixtures.ANSWER);
    assertThat(answer.path("modelNotes").get(0).asString())
        .isEqualTo(ask.err().strip().substring("note: ".length()));
  }

  @Test
  void theBundledModelHasNone() {
    JsonNode shown = JsonMapper.shared().readTree(Shell.lynceus("models", "show", "--json").out());
    assertThat(shown.path("warnings").isEmpty()).isTrue();
    assertThat(shown.has("modelNotes")).isFalse();
  }
}
