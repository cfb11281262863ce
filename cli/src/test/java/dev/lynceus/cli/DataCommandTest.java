package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Commands take data sets of every format that has what they need, and tell what is in them.
class DataCommandTest {
  @TempDir private static Path folder;

  @BeforeAll
  static void dataSets() throws IOException, SQLException {
    Path part = Files.createDirectories(folder.resolve("val2014"));
    Files.copy(Path.of(Fixtures.PICTURE), part.resolve("COCO_val2014_000000000007.jpg"));
    Files.copy(Path.of(Fixtures.PICTURE), folder.resolve("car.png"));
    Files.writeString(
        folder.resolve("vqa.json"),
        """
        {"data_type": "mscoco", "data_subtype": "val2014", "questions": [
          {"image_id": 7, "question": "What is the color of the car?", "question_id": 71},
          {"image_id": 7, "question": "What is the color of the frog?", "question_id": 72},
          {"image_id": 8, "question": "Is it lost?", "question_id": 81}]}
        """);
    Files.writeString(
        folder.resolve("annotations.json"),
        """
        {"annotations": [{"question_id": 71, "image_id": 7, "answer_type": "other", "question_type": "what", "multiple_choice_answer": "brown",
          "answers": [{"answer": "brown", "answer_id": 1}, {"answer": "red", "answer_id": 2}]}]}
        """);
    String code = Base64.getEncoder().encodeToString(Files.readAllBytes(Path.of(Fixtures.PICTURE)));
    Files.writeString(
        folder.resolve("table.tsv"),
        "index\timage\tquestion\tA\tB\tanswer\n0\t"
            + code
            + "\tWhat is the color of the car?\tbrown\tred\tA\n1\t0\tWhat is the color of the frog?\tbrown\tgreen\tB\n");
    Files.createDirectories(folder.resolve("shards"));
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement()) {
      statement.execute(
          "COPY (SELECT {'bytes': from_base64('%s'), 'path': 'car.png'} AS image, 'What is the color of the car?' AS question, ['brown'] AS answers) TO '%s' (FORMAT parquet)"
              .formatted(code, folder.resolve("shards/test-00000-of-00001.parquet")));
    }
    Files.writeString(
        folder.resolve("squad.json"),
        """
        {"data": [{"paragraphs": [{"context": "The dog chased the red ball.", "qas": [
          {"id": "a", "question": "What color was the ball?", "answers": [{"text": "red", "answer_start": 19}]}]}]}]}
        """);
    Files.writeString(
        folder.resolve("refs.json"),
        """
        [{"ref_id": 1, "ann_id": 5, "image_id": 7, "split": "val", "file_name": "COCO_val2014_000000000007_5.jpg",
          "sentences": [{"sent_id": 1, "sent": "What is the color of the car?"}, {"sent_id": 2, "sent": "What is the color of the frog?"}]}]
        """);
    Files.writeString(
        folder.resolve("instances.json"),
        """
        {"images": [{"id": 7, "file_name": "COCO_val2014_000000000007.jpg"}], "categories": [{"id": 3, "name": "car"}],
         "annotations": [{"id": 5, "image_id": 7, "category_id": 3, "bbox": [62, 34, 46, 40], "segmentation": []}]}
        """);
    try (var out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("x.json.gz")))) {
      out.write("{}".getBytes(StandardCharsets.UTF_8));
    }
  }

  private static Shell.Result run(String... words) {
    List<String> all = new ArrayList<>();
    for (String word : words) {
      all.add(word.replace("FOLDER", folder.toString()));
    }
    return Shell.lynceus(all.toArray(String[]::new));
  }

  private static JsonNode json(String... words) {
    Shell.Result result = run(words);
    assertThat(result.err()).isEmpty();
    return JsonMapper.shared().readTree(result.out());
  }

  @Test
  void showTellsWhatIsThere() throws IOException {
    JsonNode told =
        json("data", "show", "FOLDER/vqa.json", "--annotations=FOLDER/annotations.json", "--json");
    assertThat(SchemaOutputTest.faults("data-show", told)).isEmpty();
    assertThat(told.path("format").asString()).isEqualTo("vqav2");
    assertThat(told.path("rows").asInt()).isEqualTo(3);
    assertThat(told.path("answered").asInt()).isEqualTo(1);
    assertThat(told.path("pictures").asInt()).isEqualTo(2);
    assertThat(told.path("selection").asString()).isEqualTo("all rows");
    assertThat(told.path("kinds").get(0).path("name").asString()).isEqualTo("other");
    assertThat(told.path("examples").get(0).path("answers").size()).isEqualTo(2);
    Shell.Result text = run("data", "show", "FOLDER/table.tsv", "--where=answers=green");
    assertThat(text.out())
        .contains("table.tsv: 1 rows read as table", "where answers=green")
        .contains("choices    brown | green");
    assertThat(text.status()).isZero();
  }

  @Test
  void showDrawsASheet() throws IOException {
    Path sheet = folder.resolve("sheet.html");
    Shell.Result result = run("data", "show", "FOLDER/shards", "--sheet=" + sheet, "--split=test");
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out()).contains("1 rows read as parquet", "sheet: " + sheet);
    assertThat(Files.readString(sheet)).contains("data:image/png", "What is the color of the car?");
  }

  @Test
  void faultsAreTold() {
    assertThat(run("data", "show", "FOLDER/x.json.gz").err())
        .contains("packed with gzip, and no archive within");
    assertThat(run("data", "show", "FOLDER/none").status()).isEqualTo(2);
    assertThat(run("data", "show", "FOLDER/vqa.json", "--format=x").err())
        .contains("there is no format 'x'", "Formats are lines");
    assertThat(run("data", "show", "FOLDER/vqa.json", "--where=colour=red").err())
        .contains("no row has a field 'colour'");
    assertThat(run("data", "show", "FOLDER/vqa.json", "--split=train").err())
        .contains("does not tell splits");
    assertThat(run("data", "show", "FOLDER/vqa.json", "--part=half").err())
        .contains("'half' is no part of a data set");
  }

  /// The same question of the same picture is judged in the same way out of every format.
  @Test
  void evidenceJudgesEveryFormat() {
    for (String file : List.of("vqa.json", "table.tsv", "shards")) {
      Shell.Result result =
          run(
              "evidence",
              "--threads=1",
              "--map=none",
              "--json",
              "--limit=1",
              "--dataset=FOLDER/" + file);
      assertThat(result.status()).as(result.err()).isZero();
      JsonNode row = JsonMapper.shared().readTree(result.out()).path("rows").get(0);
      assertThat(row.path("verdict").asString()).as(file).isEqualTo("image");
      assertThat(row.path("answer").asString()).contains("brown");
    }
    Shell.Result lost =
        run(
            "evidence",
            "--threads=1",
            "--map=none",
            "--json",
            "--where=id=81",
            "--dataset=FOLDER/vqa.json");
    assertThat(lost.status()).as("its picture is not there").isEqualTo(6);
  }

  /// References share a row of their file; a ledger keeps them apart all the same.
  @Test
  void rowsOfOnePlaceAreKeptApart() {
    String[] words = {
      "evidence",
      "--threads=1",
      "--map=none",
      "--json",
      "--dataset=FOLDER/refs.json",
      "--ledger=FOLDER/led"
    };
    JsonNode first = json(words).path("rows");
    assertThat(first.size()).isEqualTo(2);
    assertThat(first.get(0).path("row").asInt()).isNotEqualTo(first.get(1).path("row").asInt());
    assertThat(json(words).path("rows")).isEqualTo(first);
    assertThat(first.get(1).path("question").asString()).contains("frog");
  }

  /// The box of a reference is the truth that maps are measured against.
  @Test
  void compareTakesRegionsAsTruth() {
    Shell.Result result =
        run(
            "compare",
            "--methods=centre",
            "--steps=0",
            "--noises=0",
            "--limit=1",
            "--json",
            "--dataset=FOLDER/refs.json");
    assertThat(result.status()).as(result.err()).isZero();
    JsonNode row = JsonMapper.shared().readTree(result.out()).path("rows").get(0);
    assertThat(row.path("hit").path("of").asInt()).isEqualTo(1);
    assertThat(run("compare", "--methods=centre", "--dataset=FOLDER/squad.json").err())
        .contains("row 1 of", "lacks image");
  }

  @Test
  void zonesNeedsPassages() {
    String model = "--model=../core/src/test/resources/goldens/bert-qa/hub";
    assertThat(run("zones", model, "--dataset=FOLDER/vqa.json").err())
        .contains("row 1 of", "lacks a passage");
    assertThat(run("zones", model, "--json", "--dataset=FOLDER/squad.json").status()).isZero();
  }
}
