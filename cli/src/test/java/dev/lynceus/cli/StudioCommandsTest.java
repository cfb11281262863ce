package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.request.Request;
import dev.lynceus.request.RequestJson;
import dev.lynceus.studio.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The command that the studio tells of a run asks what the run asked: the command line makes the
/// same request of it.
class StudioCommandsTest {
  private static final String SUM = "ab".repeat(32);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ask|",
        "evidence|",
        "explain|",
        "explain|, \"target\": {\"kind\": \"word\", \"word\": \"brown\"}, \"methods\": [\"grad-cam\"]",
        "attention|, \"target\": \"brown\", \"named\": [\"1.2\"]",
        "attention|, \"heads\": 12",
        "lens|, \"positions\": [\"image\"], \"top\": 5",
        "lens|, \"positions\": [\"question\", \"last\"], \"top\": 3",
        "relevancy|",
        "trace|, \"measure\": {\"kind\": \"word\", \"word\": \"it's\"}, \"corruption\": {\"by\": {\"kind\": \"mean\"}}",
        "trace|, \"corruption\": {\"by\": {\"kind\": \"zero\"}}",
        "trace|, \"corruption\": {\"by\": {\"kind\": \"blur\"}}",
        "trace|, \"corruption\": {\"by\": {\"kind\": \"noise\"}}",
        "occlude|, \"measure\": {\"kind\": \"word\", \"word\": \"brown\"}, \"parts\": {\"kind\": \"masks\", \"pictures\": [{\"kind\": \"stored\", \"sha256\": \"SUM\"}]}",
        "occlude|, \"parts\": {\"kind\": \"masks\", \"pictures\": [{\"kind\": \"stored\", \"sha256\": \"SUM\"}], \"rings\": 1, \"of\": 1}",
        "occlude|, \"parts\": {\"kind\": \"squares\", \"side\": 2}",
        "occlude|, \"parts\": {\"kind\": \"superpixels\", \"count\": 9}",
        "region|, \"measure\": {\"kind\": \"word\", \"word\": \"brown\"}, \"region\": {\"kind\": \"mask\", \"picture\": {\"kind\": \"stored\", \"sha256\": \"SUM\"}}, \"of\": 1",
        "region|, \"region\": {\"kind\": \"rectangle\", \"left\": 1, \"top\": 2, \"right\": 30, \"bottom\": 40}, \"fills\": [\"zero\", \"mean\"], \"draws\": 2, \"controls\": 9, \"seed\": 3",
        "region|, \"region\": {\"kind\": \"rectangle\", \"left\": 1, \"top\": 2, \"right\": 30, \"bottom\": 40}, \"fills\": [], \"space\": \"pixels\"",
        "trace|, \"repeats\": 3",
        "ask|, \"model\": {\"dtype\": \"float64\"}",
        "knockout|, \"edges\": [\"last:image\"]",
        "knockout|, \"measure\": {\"kind\": \"word\", \"word\": \"brown\"}, \"window\": 2, \"draws\": 5",
        "knockout|, \"heads\": [1]",
        "ablate|, \"measure\": {\"kind\": \"word\", \"word\": \"brown\"}",
        "silence|, \"measure\": {\"kind\": \"word\", \"word\": \"brown\"}, \"heads\": [\"1.2\", \"0.3\"]",
        "silence|, \"heads\": [\"1.2\"], \"draws\": 9",
        "silence|, \"heads\": [\"1.2\"], \"stack\": \"vision\"",
        "ablate|, \"stack\": \"vision\"",
        "looks|, \"stack\": \"vision\"",
        "looks|, \"box\": [1, 2, 30, 40]",
        "compare|, \"target\": {\"kind\": \"word\", \"word\": \"brown\"}, \"methods\": [\"rollout\", \"random\"], \"steps\": 12, \"noises\": 0",
        "causes|, \"head\": \"1.0\", \"target\": \"brown\""
      })
  void asksTheSame(String request) throws IOException {
    String[] parts = request.split("\\|", -1);
    String json =
        "{\"request\": \"%s\", \"question\": {\"text\": \"Is it the car's?\", \"pictures\": [{\"kind\": \"stored\", \"sha256\": \"SUM\"}]}%s}"
            .formatted(parts[0], parts[1]);
    Request<?> asked = RequestJson.read(json.replace("SUM", SUM));
    String told = new Commands(sum -> Fixtures.PICTURE, model -> model).of(asked);

    String expected =
        RequestJson.write(asked)
            .replaceAll(
                "\"kind\" : \"stored\",\\s+\"sha256\" : \"" + SUM + "\"",
                "\"kind\" : \"file\", \"path\" : \"" + Fixtures.PICTURE + "\"");
    assertThat(made(told)).as(told).isEqualTo(RequestJson.write(RequestJson.read(expected)));
  }

  /// The request that a shell would make of a line.
  private String made(String line) throws IOException {
    if (line.contains("<<'END'\n")) {
      String json = line.substring(line.indexOf('\n') + 1, line.lastIndexOf("\nEND"));
      return RequestJson.write(RequestJson.read(json));
    }
    List<String> words = new ArrayList<>(List.of(shell(line)));
    assertThat(words.removeFirst()).isEqualTo("lynceus");
    Path file = folder.resolve("request.json");
    words.add("--request=" + file);
    Shell.Result result = Shell.lynceus(words.toArray(String[]::new));
    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isZero();
    return Files.readString(file).strip();
  }

  /// What a shell makes of a line whose quotes are single ones.
  private static String[] shell(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\'') {
        quoted = !quoted;
      } else if (c == '\\' && !quoted) {
        word.append(line.charAt(++i));
      } else if (c == ' ' && !quoted) {
        words.add(word.toString());
        word.setLength(0);
      } else {
        word.append(c);
      }
    }
    words.add(word.toString());
    return words.toArray(String[]::new);
  }
}
