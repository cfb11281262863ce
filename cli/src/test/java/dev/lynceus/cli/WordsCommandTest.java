package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `lynceus words` and `tune-words`.
class WordsCommandTest {
  @TempDir private Path folder;

  private static Shell.Result words(String... options) {
    String[] line = new String[options.length + 3];
    line[0] = "words";
    System.arraycopy(options, 0, line, 1, options.length);
    line[options.length + 1] = Fixtures.PICTURE;
    line[options.length + 2] = Fixtures.QUESTION;
    return Shell.lynceus(line);
  }

  private static JsonNode reads(Shell.Result done) {
    assertThat(done.status()).as(done.err()).isZero();
    return JsonMapper.shared()
        .readTree(done.out())
        .path("reading")
        .path("pictures")
        .get(0)
        .path("reads");
  }

  private static JsonNode read(JsonNode reads, String view) {
    return StreamSupport.stream(reads.spliterator(), false)
        .filter(one -> one.path("view").asString().equals(view))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aFrogIsReadWhereItIs() {
    JsonNode reads = reads(words("--json", "--search=frog", "--view=embedding,context"));
    for (String view : new String[] {"embedding", "context 1"}) {
      JsonNode found = read(reads, view).path("found");
      int best = 0;
      for (int patch = 0; patch < found.size(); patch++) {
        best = found.get(patch).asDouble() > found.get(best).asDouble() ? patch : best;
      }
      // The frog is in the upper left quarter of the picture.
      assertThat(best / 8).as(view).isBetween(1, 4);
      assertThat(best % 8).as(view).isBetween(0, 4);
    }
  }

  @Test
  void statesOfTextsKeepAnAnswerThatOthersDoNot() {
    Shell.Result done = words("--json", "--replace", "--view=context", "--depth=1");
    assertThat(done.status()).as(done.err()).isZero();
    JsonNode rows = JsonMapper.shared().readTree(done.out()).path("replaced").path("rows");
    double nearest = change(rows, "nearest states of texts, depth 1");
    assertThat(nearest).isGreaterThan(-1);
    assertThat(change(rows, "states of other words, depth 1")).isLessThan(nearest - 1);
    assertThat(change(rows, "the average of all embeddings")).isLessThan(-5);
  }

  private static double change(JsonNode rows, String name) {
    return StreamSupport.stream(rows.spliterator(), false)
        .filter(row -> row.path("name").asString().equals(name))
        .findFirst()
        .orElseThrow()
        .path("change")
        .asDouble();
  }

  @Test
  void aHeadIsFittedAndReadThroughOnAPage() throws IOException {
    Path head = folder.resolve("p.words");
    Shell.Result fitted =
        Shell.lynceus(
            "tune-words",
            "--json",
            "--scenes=20",
            "--held-out=5",
            "--steps=60",
            "--output=" + head);
    assertThat(fitted.status()).as(fitted.err()).isZero();
    JsonNode fit = JsonMapper.shared().readTree(fitted.out()).path("fit");
    assertThat(fit.path("perplexity").asDouble()).isLessThan(fit.path("uniform").asDouble() / 4);
    Path page = folder.resolve("words.html");
    Shell.Result done =
        words("--head=" + head, "--view=head,embedding", "--search=frog", "-o", page.toString());
    assertThat(done.status()).as(done.err()).isZero();
    assertThat(Files.readString(page))
        .contains("Visual words")
        .contains("What was not expected")
        .contains("Where is “frog”?")
        .contains(">frog</span>")
        .doesNotContain("http:");
  }

  @Test
  void whatIsMissingIsToldOrRefused() {
    Shell.Result all = words("--json", "--texts=" + folder.resolve("none"));
    assertThat(all.status()).isEqualTo(2);
    Shell.Result named = words("--view=head");
    assertThat(named.status()).isEqualTo(2);
    assertThat(named.err()).contains("no head for visual words").contains("tune-words");
    Shell.Result unknown = words("--view=other");
    assertThat(unknown.err()).contains("no view 'other'");
    Shell.Result several = words("--search=frogs and cars");
    assertThat(several.err()).contains("tokens of this model");
    Shell.Result deep = words("--view=lens", "--depth=99");
    assertThat(deep.err()).contains("no depth 99");
    Shell.Result left = words("--json", "--view=all", "--depth=1");
    assertThat(left.status()).as(left.err()).isZero();
    assertThat(JsonMapper.shared().readTree(left.out()).path("left").get(0).asString())
        .contains("no head for visual words");
  }
}
