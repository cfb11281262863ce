package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Many answers judged: a table, a ledger to go on from, a status that stops a pipeline, and fields
/// that are documented.
class EvidenceBatchTest {
  private static final Path REFERENCE = Path.of("../docs/reference/evidence.md");
  private static final String PICTURE = "frog-umbrella-car.png";

  @TempDir private static Path folder;

  @BeforeAll
  static void picture() throws IOException {
    Files.copy(Path.of(Fixtures.PICTURE), folder.resolve(PICTURE));
  }

  private static Path questions(String... lines) throws IOException {
    Path file = Files.createTempFile(folder, "questions", ".jsonl");
    return Files.writeString(file, String.join("\n", lines) + "\n");
  }

  private static String line(String question, String more) {
    return "{\"image\": \"%s\", \"question\": \"%s\"%s}".formatted(PICTURE, question, more);
  }

  private static String[] three() {
    return new String[] {
      line("What is the color of the car?", ", \"id\": 17"),
      line("What is the color of the dog?", ""),
      line("What is the color of the car?", ", \"answer\": \"The color of the car is red.\"")
    };
  }

  private static Shell.Result batch(Path file, String... more) {
    List<String> words = new ArrayList<>(List.of("evidence", "--threads=1", "--dataset=" + file));
    words.addAll(List.of(more));
    return Shell.lynceus(words.toArray(String[]::new));
  }

  @Test
  void everyRowIsJudgedAndTheTableTellsIt() throws IOException {
    Path page = folder.resolve("page.html");
    Path words = folder.resolve("words.csv");
    Path answers = folder.resolve("answers.jsonl");
    Shell.Result result =
        batch(
            questions(three()),
            "--output=" + page,
            "--items=" + words,
            "--answers=" + answers,
            "--fail-on=contradicted");

    assertThat(result.status()).as("one answer is contradicted").isEqualTo(FailOn.STATUS);
    assertThat(result.out().lines().limit(3))
        .satisfiesExactly(
            one -> assertThat(one).startsWith("1  17  supported by the image"),
            one -> assertThat(one).startsWith("2  unsupported").contains("a dog is there"),
            one -> assertThat(one).startsWith("3  contradicted by the picture").contains("“red”"));
    assertThat(result.out())
        .contains("3 answers: 1 contradicted by the picture, 1 unsupported, 1 supported");
    List<JsonNode> rows =
        Files.readAllLines(answers).stream().map(JsonMapper.shared()::readTree).toList();
    assertThat(rows).hasSize(3);
    assertThat(rows.get(0).path("id").asString()).isEqualTo("17");
    assertThat(rows.get(1).path("word").asString()).isEqualTo("brown");
    assertThat(rows.get(2).path("given").asBoolean()).isTrue();
    List<String> table = Files.readAllLines(words);
    assertThat(table).hasSize(1 + 3 * 7);
    String html = Files.readString(page);
    assertThat(html)
        .contains("href=\"#row-2\"", "id=\"row-2\"", "aria-sort", "data:image/png")
        .doesNotContain("unsafe-inline");
    assertThat(table.getFirst().split(","))
        .as("columns are documented")
        .containsExactly(documented("Columns of `--items`").toArray(String[]::new));
    assertThat(rows.getFirst().propertyNames())
        .containsExactlyElementsOf(documented("Columns of `--answers`"));
  }

  @Test
  void aBrokenRowIsToldAndPassedOver() throws IOException {
    Shell.Result result =
        batch(
            questions(
                "{\"image\": \"none.png\", \"question\": \"What is it?\"}",
                "no JSON",
                "{\"image\": \"../../elsewhere.png\", \"question\": \"What is it?\"}",
                "{\"image\": \"" + PICTURE + "\"}",
                three()[0]),
            "--json",
            "--map=none");
    assertThat(result.status()).as("of the first row that could not be judged").isEqualTo(6);
    JsonNode rows = JsonMapper.shared().readTree(result.out()).path("rows");
    assertThat(rows.size()).isEqualTo(5);
    for (int i = 0; i < 4; i++) {
      assertThat(rows.get(i).path("verdict").asString()).isEqualTo("error");
    }
    assertThat(rows.get(0).path("headline").asString()).contains("none.png does not exist");
    assertThat(rows.get(1).path("headline").asString()).contains("line 2 of", "is no question");
    assertThat(rows.get(2).path("headline").asString()).contains("lies outside of");
    assertThat(rows.get(3).path("headline").asString()).contains("has no question");
    assertThat(rows.get(4).path("verdict").asString()).as("the others go on").isEqualTo("image");
  }

  @Test
  void aRunThatWasKilledGoesOnAndGivesTheSameTable() throws IOException {
    Path file = questions(three());
    Path ledger = folder.resolve("ledger.txt");
    Path whole = folder.resolve("whole.csv");
    batch(file, "--json", "--ledger=" + ledger, "--items=" + whole);
    List<String> lines = Files.readAllLines(ledger);
    assertThat(lines).hasSize(4);
    // As a process leaves it that is killed while it writes the third row.
    Files.writeString(
        ledger, String.join("\n", lines.subList(0, 3)) + "\n" + lines.get(3).substring(0, 40));
    Path resumed = folder.resolve("resumed.csv");
    Shell.Result result = batch(file, "--json", "--ledger=" + ledger, "--items=" + resumed);
    assertThat(result.err()).contains("was cut short");
    assertThat(Files.readString(resumed)).isEqualTo(Files.readString(whole));
    assertThat(Files.readAllLines(ledger)).containsAll(lines);

    Shell.Result other = batch(questions(three()[1]), "--json", "--ledger=" + ledger);
    assertThat(other.status()).as("another data set").isEqualTo(2);
    assertThat(other.err()).contains("it differs in the pictures, the questions");
  }

  @Test
  void theStatusSaysWhetherAVerdictWasFound() {
    String question = "What is the color of the dog?";
    assertThat(status("--fail-on=unsupported", question)).isEqualTo(9);
    assertThat(status("--fail-on=contradicted", question)).isZero();
    assertThat(status("--fail-on=contradicted, unsupported", "Why is the car purple?"))
        .isEqualTo(9);
    assertThat(status("--fail-on=contradicted,unsupported", "Is there a dog?"))
        .as("a right no claims nothing")
        .isZero();
    assertThat(status("--fail-on=text", "Is there a dog?")).isEqualTo(9);
    assertThat(status("--fail-on=wrong", question)).isEqualTo(2);
  }

  private static int status(String failOn, String question) {
    return Shell.lynceus("evidence", "--json", "--map=none", failOn, Fixtures.PICTURE, question)
        .status();
  }

  @Test
  void everyFieldOfTheResultIsDocumented() throws IOException {
    TreeSet<String> found = new TreeSet<>();
    for (String question : List.of("What is the color of the dog?", "Why is the car purple?")) {
      Shell.Result result =
          Shell.lynceus(
              "evidence",
              "--json",
              "--ask-claims",
              "--project-away=brown",
              "--other=" + Fixtures.PICTURE,
              Fixtures.PICTURE,
              question);
      collect(JsonMapper.shared().readTree(result.out()), "", found);
    }
    collect(
        JsonMapper.shared()
            .readTree(
                Shell.lynceus(
                        "evidence",
                        "--json",
                        "--ask-claims",
                        Fixtures.PICTURE,
                        "Describe the image.")
                    .out()),
        "",
        found);
    found.removeIf(name -> COMMON.matcher(name).matches());
    assertThat(documented("Fields of one answer")).containsExactlyInAnyOrderElementsOf(found);
  }

  /// What all results have.
  private static final Pattern COMMON =
      Pattern.compile("(schema|request|dtype|modelNotes|answerNotes).*");

  private static void collect(JsonNode node, String path, TreeSet<String> found) {
    if (node.isObject()) {
      node.propertyStream()
          .forEach(field -> {
            String name = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
            found.add(name);
            collect(field.getValue(), name, found);
          });
    } else if (node.isArray()) {
      node.forEach(one -> collect(one, path + "[]", found));
    }
  }

  /// Names in the first column of the table below a heading; several in a cell are parted by
  /// commas.
  private static List<String> documented(String heading) throws IOException {
    String page = Files.readString(REFERENCE);
    int start = page.indexOf("## " + heading);
    assertThat(start).as(heading).isPositive();
    int end = page.indexOf("\n## ", start + 3);
    List<String> names = new ArrayList<>();
    for (String row : page.substring(start, end < 0 ? page.length() : end).split("\n", -1)) {
      if (row.startsWith("| `")) {
        Pattern.compile("`([^`]+)`")
            .matcher(row.split("\\|", -1)[1])
            .results()
            .forEach(match -> names.add(match.group(1)));
      }
    }
    return names;
  }
}
