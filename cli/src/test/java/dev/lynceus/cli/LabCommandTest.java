package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LabCommandTest {
  @TempDir Path folder;

  private Shell.Result lab(String... words) {
    String[] all = new String[words.length + 2];
    all[0] = "lab";
    System.arraycopy(words, 0, all, 1, words.length);
    all[words.length + 1] = "--store=" + folder.resolve("runs");
    return Shell.lynceus(all);
  }

  @Test
  void experimentsAreRunShownComparedExportedAndDeleted() throws Exception {
    Shell.Result first =
        lab("run", "answer", "world:5:2", "--name=first", "--threads=1", "--quiet");
    assertThat(first.status()).as(first.err()).isZero();
    assertThat(first.out()).contains("done: ").contains("correct").contains("pictures");
    String limited = "--where=kind=colour";
    assertThat(
            lab("run", "choose", "world:5:2", limited, "--name=second", "--threads=1", "--quiet")
                .status())
        .isZero();

    Shell.Result runs = lab("runs");
    assertThat(runs.out()).contains("first").contains("second").contains("done");
    JsonNode shown = JsonMapper.shared().readTree(lab("show", "second", "--json").out());
    assertThat(shown.path("run").path("selection").asString()).contains("kind=colour");
    assertThat(shown.path("run").path("correct").asInt()).isEqualTo(2);

    Path page = folder.resolve("first.html");
    assertThat(lab("show", "first", "--page=" + page).out()).contains("page: ");
    assertThat(Files.readString(page)).contains("By kind of question").contains("lab run answer");

    Shell.Result beside = lab("compare", "first", "second");
    assertThat(beside.out()).contains("p (Holm)").contains("score");
    Path table = folder.resolve("units.csv");
    assertThat(lab("export", "first", "units", "--output=" + table).status()).isZero();
    assertThat(Files.readString(table)).startsWith("run_id,example,seed,step,unit");

    Shell.Result asked =
        lab("sql", "SELECT kind, count(*) AS n FROM examples GROUP BY kind HAVING kind = 'colour'");
    assertThat(asked.out().lines()).containsExactly("kind    n", "colour  4");
    assertThat(lab("sql", "SELECT name FROM runs ORDER BY name").out().lines())
        .containsExactly("name", "first", "second");
    assertThat(lab("sql", "SELECT word FROM evidence").out().strip()).isEqualTo("word");

    assertThat(lab("label", "first", "--note=to keep", "--tag=a").out()).contains("note to keep");
    assertThat(lab("runs", "--tag=a").out()).contains("first").doesNotContain("second");
    assertThat(lab("delete", "first").out()).contains("deleted: answer-");
    assertThat(lab("runs").out()).doesNotContain("first");
  }

  @Test
  void rowsThatFailAreToldWithTheirReason() throws Exception {
    Files.copy(Path.of(Fixtures.PICTURE), folder.resolve("a.png"));
    Path rows =
        Files.writeString(
            folder.resolve("rows.jsonl"),
            """
            {"image": "a.png"}
            {"image": "a.png", "question": "What is the color of the car?", "expected": "brown"}
            """);
    Shell.Result run = lab("run", "answer", rows.toString(), "--threads=1", "--quiet");

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("2 of 2 rows, 1 failed")
        .contains("failed: row 1 of " + rows + " asks nothing");
  }

  @Test
  void whatCannotBeDoneIsToldWithoutLoadingAModel() {
    assertThat(lab("run", "dance", "world").err())
        .contains("there is no procedure 'dance'")
        .contains("answer, choose, heads, maps, evidence");
    assertThat(lab("run", "answer", "world", "--set=judge=kind").err())
        .contains("judge=kind is no setting of answer");
    assertThat(lab("run", "answer", "world", "--set=colour=red").err())
        .contains("answer has no setting 'colour'")
        .contains("prompt, judge, tokens");
    assertThat(lab("run", "answer", "world", "--set=prompt={questoin}").err())
        .contains("a prompt cannot have {questoin}");
    assertThat(lab("run", "answer", "world:1:0").err()).contains("a world of no scenes");
    assertThat(lab("run", "answer", "world:1:1", "--seeds=1,1").err())
        .contains("a seed comes twice");
    assertThat(lab("show", "nothing").err()).contains("there is no run 'nothing'");
    assertThat(lab("sql", "SELEKT 1").err()).contains("the query cannot be answered");
    assertThat(lab("export", "x", "words", "--output=a.csv").err())
        .contains("there is no table 'words'");
    assertThat(lab("runs").out()).contains("no runs in");
  }
}
