package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.cli.FamilyTable.Cell;
import dev.lynceus.cli.FamilyTable.Family;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which command runs on which family: the page tells what comes of running all of them, and
/// nothing ever ends in an internal error. With `-Dlynceus.rewrite=true` the page is written anew.
class FamilyTableTest {
  private static final Path PAGE = Path.of("../docs/reference/families.md");

  /// One of each kind: tokens among words, sizes of any kind, queries, cross-attention, a reader,
  /// and pixels.
  private static final List<String> SOME =
      List.of("llava-llama", "qwen2-vl", "blip2-opt", "blip-vqa", "bert-qa", "vit-mae");

  @TempDir private Path folder;

  @Test
  void thePageSaysWhatComesOfEveryCommand() throws IOException {
    FamilyTable table = new FamilyTable(folder);
    boolean rewrite = Boolean.getBoolean("lynceus.rewrite");
    Map<String, Map<String, Cell>> found = new LinkedHashMap<>();
    for (Family family : FamilyTable.FAMILIES) {
      if (rewrite || SOME.contains(family.folder())) {
        Map<String, Cell> cells = new LinkedHashMap<>();
        for (Map.Entry<String, String> line : FamilyLines.LINES.entrySet()) {
          Cell cell = table.run(family, line.getValue());
          assertThat(cell.reason())
              .as("%s of %s", line.getKey(), family.title())
              .doesNotContain("internal error")
              .doesNotContain("Exception");
          assertThat(cell.status()).as(cell.reason()).isIn(0, 2, 5);
          cells.put(line.getKey(), cell);
        }
        found.put(family.title(), cells);
      }
    }
    if (rewrite) {
      Files.writeString(PAGE, new FamilyPage(found).markdown());
    }
    Map<String, Map<String, String>> told = FamilyPage.read(Files.readString(PAGE));
    found.forEach((family, cells) ->
        cells.forEach((command, cell) ->
            assertThat(told.get(family).get(command))
                .as("%s of %s", command, family)
                .isEqualTo(cell.runs() ? "runs" : cell.note())));
  }

  @Test
  void thePageHasAllFamiliesAndCommands() throws IOException {
    Map<String, Map<String, String>> told = FamilyPage.read(Files.readString(PAGE));
    assertThat(told.keySet())
        .containsExactlyInAnyOrderElementsOf(
            FamilyTable.FAMILIES.stream().map(Family::title).toList());
    told.values()
        .forEach(
            row -> assertThat(row.keySet()).containsExactlyElementsOf(FamilyLines.LINES.keySet()));
    try (var folders = Files.list(FamilyTable.GOLDENS)) {
      assertThat(FamilyTable.FAMILIES.stream().map(Family::folder))
          .as("a small checkpoint of every family is in the table")
          .containsExactlyInAnyOrderElementsOf(
              folders
                  .filter(one -> Files.isDirectory(one.resolve("hub")))
                  .map(one -> one.getFileName().toString())
                  .toList());
    }
  }
}
