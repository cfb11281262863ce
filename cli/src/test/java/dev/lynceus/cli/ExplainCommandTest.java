package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.method.Explanation;
import dev.lynceus.report.ExplanationJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainCommandTest {
  @TempDir private Path folder;

  @Test
  void writesThePageAndSaysWhatMatters() throws IOException {
    Path page = folder.resolve("why.html");

    Shell.Result result = explain("--output=" + page);

    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isZero();
    assertThat(result.out())
        .startsWith(
            Fixtures.ANSWER + "\n\n\u201cbrown\u201d comes from the picture: 100 % with it, 6.")
        .contains("its map points to the middle right.\n")
        .containsPattern("Of words that the command evidence then supports \\S+ % were wrong")
        .contains("test it: lynceus occlude " + Fixtures.PICTURE, "--target brown\n")
        .contains("explained: \"brown\", because the picture decides it most")
        .containsPattern("else: \"\\w+\" (under 0\\.1|\\S+) %")
        .contains("log probability 0.000 nats (100 %)\n")
        .containsPattern("  head \\d\\.\\d  \\+1")
        .contains(
            "raised by image +", "\nstrongest patches, map: Seeing heads\n  row 3, column 7  1.0")
        .endsWith("page: " + page + "\n");
    assertThat(Files.readString(page))
        .startsWith("<!doctype html>")
        .contains("Lynceus</title>", Fixtures.ANSWER);
    assertThat(files()).containsExactly("why.html");
  }

  @Test
  void printsTheWholeExplanationAsJsonAndWritesNoPageUnasked() throws IOException {
    Shell.Result result = explain("--json", "--words=1", "--heads=2", "--seed=7");

    Explanation explanation = ExplanationJson.read(result.out());
    assertThat(explanation.answer().text()).isEqualTo(Fixtures.ANSWER);
    assertThat(explanation.words()).hasSize(1);
    // All heads of a small model are measured position by position, the best of them in words.
    assertThat(explanation.words().getFirst().topHeads())
        .hasSize(32)
        .filteredOn(head -> !head.positions().isEmpty())
        .hasSize(2);
    assertThat(explanation.provenance().seed()).isEqualTo(7);
    assertThat(explanation.provenance().command())
        .isEqualTo(
            "lynceus explain --json --words=1 --heads=2 --seed=7 "
                + Fixtures.PICTURE
                + " '"
                + Fixtures.QUESTION
                + "' --quiet");
    assertThat(Path.of("lynceus-frog-umbrella-car.html")).doesNotExist();
  }

  @Test
  void explainsAWordAContrastAnAnswerOrTheNextToken() {
    assertThat(words("--target=car")).containsExactly("car:token");
    assertThat(words("--target=brown", "--against=red")).containsExactly("brown − red:contrast");
    assertThat(words("--answer=red car")).allMatch(word -> word.startsWith("red car:"));
    assertThat(words("--next-token")).containsExactly("The:token");
    assertThat(words("--start=The color of the car is", "--next-token"))
        .containsExactly("brown:token");
  }

  @Test
  void theFirstMapIsOfTheSeeingHeadsAndStandsItsCheck() {
    Explanation explanation = json("--target=brown", "--check");
    Explanation.PatchMap map = explanation.words().getFirst().maps().getFirst();
    assertThat(map.id()).isEqualTo("seeing-heads");
    Explanation.Check check = java.util.Objects.requireNonNull(map.check());
    assertThat(check.patches()).isBetween(1, 16);
    // The car is seen by more patches than are blanked, and nothing else tells its colour.
    assertThat(check.fall()).isGreaterThan(.1);
    assertThat(Math.abs(check.elsewhere())).isLessThan(check.fall() / 20);
    assertThat(map.caption()).contains("Checked here: blanking the " + check.patches());
    assertThat(explanation.words().getFirst().maps().get(1).check()).isNull();
    assertThat(map(json("--target=brown"))).isNull();
  }

  private static Explanation.@org.jspecify.annotations.Nullable Check map(Explanation explanation) {
    return explanation.words().getFirst().maps().getFirst().check();
  }

  @Test
  void mapsOfOtherMethodsComeBeforeItsOwn() {
    Explanation explanation =
        json("--words=2", "--method=saliency,random,average-attention,centre", "--seed=3");
    for (Explanation.WordExplanation word : explanation.words()) {
      assertThat(word.maps())
          .extracting(Explanation.PatchMap::id)
          .startsWith("saliency", "random", "centre", "seeing-heads", "top-heads")
          .doesNotHaveDuplicates();
      assertThat(word.maps().getFirst().values()).hasSize(64).doesNotContain(0);
    }
    assertThat(explanation.words().get(0).maps().getFirst().values())
        .isNotEqualTo(explanation.words().get(1).maps().getFirst().values());
    assertThat(explain("--method=saliency", "--target=brown", "--against=red").err())
        .contains("not a contrast of two");
    assertThat(explain("--method=magic").err()).contains("there is no method 'magic'");
  }

  @Test
  void aRawPromptIsTheSameQuestionWithTheTemplateWrittenOut() {
    Explanation templated = json("--words=1");
    Shell.Result raw =
        Shell.lynceus(
            "explain",
            "--json",
            "--words=1",
            "--raw",
            Fixtures.PICTURE,
            "USER: <image>\n" + Fixtures.QUESTION + "\nASSISTANT:");

    Explanation written = ExplanationJson.read(raw.out());
    assertThat(written.answer().text()).isEqualTo(templated.answer().text());
    assertThat(written.words().getFirst().logProbability())
        .isEqualTo(templated.words().getFirst().logProbability());
  }

  @Test
  void replacesItsOwnPageButNoOtherFile() throws IOException {
    Path page = folder.resolve("why.html");
    assertThat(explain("--output=" + page).status()).isZero();
    assertThat(explain("--output=" + page).status()).isZero();

    Files.writeString(page, "mine");
    assertThat(explain("--output=" + page).status()).isEqualTo(8);
    assertThat(page).hasContent("mine");
    assertThat(explain("--output=" + page, "--force").status()).isZero();
    assertThat(Files.readString(page)).startsWith("<!doctype html>");
  }

  @Test
  void drawsEveryMapBesideThePage() throws IOException {
    Path page = folder.resolve("why.html");

    Shell.Result result = explain("--output=" + page, "--png", "--words=1");

    assertThat(result.out()).endsWith("maps: " + folder.resolve("why-maps") + "\n");
    try (Stream<Path> maps = Files.list(folder.resolve("why-maps"))) {
      assertThat(maps.map(file -> file.getFileName().toString()))
          .contains("0-brown-all-heads.png", "0-brown-all-heads-overlay.png", "0-brown-heads.svg");
    }
  }

  @Test
  void explainsATextOnlyModelWithoutAPicture() throws IOException {
    Path model = Fixtures.textOnly(folder.resolve("text"));
    Shell.Result result =
        Shell.lynceus(
            "explain",
            "--json",
            "--words=1",
            "--model=" + model,
            "--raw",
            "USER: The car is brown.\nWhat is the color of the car?\nASSISTANT:");

    assertThat(result.err()).isEmpty();
    Explanation explanation = ExplanationJson.read(result.out());
    assertThat(explanation.images()).isEmpty();
    assertThat(explanation.answer().text()).isEqualTo(Fixtures.ANSWER);
  }

  private static Shell.Result explain(String... options) {
    List<String> words = new ArrayList<>(List.of("explain"));
    words.addAll(List.of(options));
    words.addAll(List.of(Fixtures.PICTURE, Fixtures.QUESTION));
    return Shell.lynceus(words.toArray(String[]::new));
  }

  private static Explanation json(String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    all.add("--json");
    Shell.Result result = explain(all.toArray(String[]::new));
    assertThat(result.err()).isEmpty();
    return ExplanationJson.read(result.out());
  }

  private static List<String> words(String... options) {
    return json(options).words().stream()
        .map(word -> word.target().text() + ":" + word.target().kind())
        .toList();
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
