package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OtherCommandsTest {
  @TempDir private Path folder;

  @Test
  void theVersionNamesWhatComputes() {
    assertThat(Shell.lynceus("--version").out())
        .containsPattern("^lynceus \\S+\nlibtorch 2\\.10\\.0\njava 25");
  }

  @Test
  void helpIsAResultAndNotAnError() {
    for (String[] line :
        new String[][] {{"--help"}, {}, {"explain", "--help"}, {"models", "taps", "-h"}}) {
      Shell.Result result = Shell.lynceus(line);
      assertThat(result.status()).isZero();
      assertThat(result.err()).isEmpty();
      assertThat(result.out()).contains("Usage: lynceus").doesNotContain("\u001b");
    }
  }

  @Test
  void theHelpOfAGroupListsItsCommands() {
    for (String group : List.of("models", "data", "lab", "pupil")) {
      var commands = LynceusCommand.line(console(List.of(group))).getSubcommands().get(group);
      assertThat(commands.getSubcommands()).as(group).isNotEmpty();
      for (String name : commands.getSubcommands().keySet()) {
        assertThat(Shell.lynceus(group, "--help").out())
            .containsPattern("\n  " + name + "  +[A-Z]");
      }
    }
  }

  private static Console console(List<String> words) {
    return new Console(
        java.io.InputStream.nullInputStream(),
        System.out,
        System.err,
        Console.People.NONE,
        words,
        new Console.Cleanup());
  }

  /// Only commands that are named are read whole; nobody may notice.
  @Test
  void theListOfCommandsIsTheSameHoweverFewAreRead() {
    for (List<String> words : List.of(List.of("--help"), List.of("pupil"), List.of("@file"))) {
      Console console = console(words);
      var all = LynceusCommand.line(console);
      var asked = LynceusCommand.asked(console);
      assertThat(asked.getUsageMessage()).isEqualTo(all.getUsageMessage());
      assertThat(asked.getSubcommands().keySet()).isEqualTo(all.getSubcommands().keySet());
      // A word that begins with @ is a question, not a file of options: it names no command.
      for (String name : all.getSubcommands().keySet()) {
        int options = asked.getSubcommands().get(name).getCommandSpec().options().size();
        assertThat(options)
            .as("%s after %s", name, words)
            .isEqualTo(
                words.contains(name)
                    ? all.getSubcommands().get(name).getCommandSpec().options().size()
                    : 0);
      }
    }
    assertThat(Shell.lynceus("explian").err()).contains("Did you mean", "explain");
  }

  @Test
  void theLensReadsTheAnswerAtTheLastLayer() {
    Shell.Result result =
        Shell.lynceus(
            "lens",
            "--json",
            "--start=The color of the car is",
            Fixtures.PICTURE,
            Fixtures.QUESTION);

    JsonNode layers = JsonMapper.shared().readTree(result.out()).path("rows").get(0).path("layers");
    assertThat(layers.size()).isEqualTo(5);
    assertThat(layers.get(4).get(0).path("text").asString().strip()).isEqualTo("brown");
    assertThat(layers.get(0).get(0).path("text").asString().strip()).isNotEqualTo("brown");
  }

  @Test
  void theLensTakesSeveralPositionsOneLineEach() {
    Shell.Result result =
        Shell.lynceus(
            "lens",
            "--positions=image[0].row[3].col[6]",
            "--positions=last",
            Fixtures.PICTURE,
            Fixtures.QUESTION);

    assertThat(result.out().lines()).hasSize(3);
    assertThat(result.out()).contains("row 3, column 6", "embedding", "after layer 3");
  }

  @Test
  void aModelIsDescribedInItsOwnSizes() {
    assertThat(Shell.lynceus("models", "show").out())
        .contains("3.36 million parameters, float16, 6.4 MiB")
        .contains("language_model.model.layers.N")
        .contains("4 layers, 8 heads of 16, width 128, 344 neurons")
        .contains("pictures of 112 x 112 in patches of 14: 64 visual tokens")
        .contains("chat_template.jinja");
  }

  @Test
  void theListNamesBundledAndCachedModels() throws IOException {
    Path hub = Path.of(System.getenv("HF_HUB_CACHE"));
    Path snapshot = hub.resolve("models--org--name/snapshots/" + "a".repeat(40));
    Files.createDirectories(snapshot);
    Files.createDirectories(hub.resolve("models--org--name/refs"));
    Files.writeString(hub.resolve("models--org--name/refs/main"), "a".repeat(40));
    Files.writeString(snapshot.resolve("config.json"), "{\"model_type\": \"qwen2\"}");

    assertThat(Shell.lynceus("models", "list").out())
        .containsPattern("(?m)^pupil +bundled +llava$")
        .containsPattern("(?m)^org/name +cache +qwen2$");
  }

  @Test
  void theSamplesCanBeAskedAsTheirListSays() {
    Shell.Result result = Shell.lynceus("samples", folder.toString());

    assertThat(result.out().lines()).hasSize(9);
    List<String> words = Shell.words(result.out().lines().findFirst().orElseThrow());
    assertThat(words).startsWith("lynceus", "explain").hasSize(4);
    assertThat(Shell.lynceus("ask", words.get(2), words.get(3)).out())
        .isEqualTo("The color of the house is red.\n");
  }

  @Test
  void aResultCanGoToAFileThatIsNotReplacedUnasked() throws IOException {
    Path file = folder.resolve("points.json");

    assertThat(Shell.lynceus("models", "taps", "--json", "-o", file.toString()).out()).isEmpty();
    JsonNode written = JsonMapper.shared().readTree(Files.readString(file));
    assertThat(written.path("points").size()).isGreaterThan(50);
    assertThat(written.path("schema").path("name").asString()).isEqualTo("models-taps");
    assertThat(Shell.lynceus("models", "taps", "-o", file.toString()).status()).isEqualTo(8);
    assertThat(Shell.lynceus("models", "taps", "--force", "-o", file.toString()).status()).isZero();
  }

  @Test
  void aFullDiskIsNotSuccess() {
    PrintStream full =
        new PrintStream(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("No space left on device");
              }
            });

    assertThat(
            Main.run(List.of("models", "list"), java.io.InputStream.nullInputStream(), full, full))
        .isEqualTo(8);
  }
}
