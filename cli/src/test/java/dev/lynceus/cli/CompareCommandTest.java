package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Methods side by side, on one question and on a file of them.
class CompareCommandTest {
  @TempDir private Path folder;

  private static final String[] QUICK = {
    "compare", "--methods=top-heads,random", "--steps=4", "--noises=0"
  };

  private static Shell.Result compare(String... more) {
    String[] line = java.util.Arrays.copyOf(QUICK, QUICK.length + more.length);
    System.arraycopy(more, 0, line, QUICK.length, more.length);
    return Shell.lynceus(line);
  }

  @Test
  void oneQuestionBecomesATableAndAPage() throws IOException {
    Path page = folder.resolve("page.html");
    Shell.Result result =
        compare("--output=" + page, "--box=62,34,108,74", Fixtures.PICTURE, Fixtures.QUESTION);

    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out())
        .contains(
            "explained: \"brown\"",
            "(baseline)",
            "explains \u201cbrown\u201d best",
            "top-heads",
            "random",
            "hit");
    assertThat(result.err()).contains("about 18 passes");
    String html = Files.readString(page);
    assertThat(html).contains("data:image/png", "top-heads", "Patches taken away");
    // The switch between dark and light, whose digest the page names, and nothing from elsewhere.
    assertThat(html).containsOnlyOnce("<script>").doesNotContain("<script ");
  }

  @Test
  void randomMasksFindTheCar() {
    Shell.Result result =
        Shell.lynceus(
            "compare",
            "--methods=rise",
            "--steps=0",
            "--noises=0",
            "--box=62,34,108,74",
            "--json",
            "--output=" + folder.resolve("rise.html"),
            Fixtures.PICTURE,
            Fixtures.QUESTION);
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(folder.resolve("rise.html")).exists();
    assertThat(result.out()).endsWith("}\n");
    JsonNode judged = JsonMapper.shared().readTree(result.out()).path("methods").get(0);
    assertThat(judged.path("truth").path("hit").asDouble()).as(result.out()).isEqualTo(1);
    assertThat(judged.path("forward").asInt()).isEqualTo(256);
  }

  @Test
  void aFileOfQuestionsGivesMeans() {
    Path world = folder.resolve("world");
    assertThat(Shell.lynceus("pupil", "world", "--count=2", "--out=" + world).status()).isZero();
    Shell.Result result =
        compare("--dataset=" + world.resolve("questions.jsonl"), "--limit=3", "--json");

    assertThat(result.status()).as(result.err()).isZero();
    JsonNode tally = JsonMapper.shared().readTree(result.out());
    assertThat(tally.path("words").asInt()).isBetween(2, 3);
    assertThat(tally.path("rows").get(0).path("hit").path("of").asInt())
        .isEqualTo(tally.path("words").asInt());
  }

  @Test
  void whatIsWrongWithAFileIsToldByItsLine() throws IOException {
    Path file = Files.writeString(folder.resolve("q.jsonl"), "{\"question\": \"What?\"}\n");
    assertThat(compare("--dataset=" + file).err()).contains("line 1 of " + file + " lacks image");
    Files.writeString(file, "\nno json\n");
    assertThat(compare("--dataset=" + file).err())
        .contains("line 2 of " + file + " is no question");
    Files.writeString(file, "\n");
    assertThat(compare("--dataset=" + file).err()).contains("has no questions");
    assertThat(compare("--dataset=" + folder.resolve("none")).err())
        .contains("none does not exist");
    assertThat(compare("--dataset=" + file, Fixtures.PICTURE, Fixtures.QUESTION).err())
        .contains("exclude each other");
    assertThat(compare("--box=9,9,3,3", Fixtures.PICTURE, Fixtures.QUESTION).err())
        .contains("--box is no box");
    assertThat(
            Shell.lynceus("compare", "--methods=guess", Fixtures.PICTURE, Fixtures.QUESTION).err())
        .contains("there is no method 'guess'");
  }
}
