package dev.lynceus.lab.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Slips of the pen are told and nothing is lost by them; a broken row keeps its name.
class SlipsTest {
  @TempDir Path folder;

  private DataSet read(String... lines) throws IOException {
    return DataSets.open(
        Files.writeString(folder.resolve("q.jsonl"), String.join("\n", lines)),
        DataOptions.DEFAULT);
  }

  @Test
  void fieldsThatAreNearlyOnesThatMeanSomething() throws IOException {
    assertThat(
            read(
                    "{\"image\": \"a.png\", \"question\": \"Q?\", \"answr\": \"A\", \"note\": 1}",
                    "{\"image\": \"a.png\", \"question\": \"Q?\", \"expcetd\": \"A\"}",
                    "{\"image\": \"a.png\", \"question\": \"Q?\", \"presnt\": [\"cat\"]}")
                .slips())
        .hasSize(2)
        .anyMatch(slip -> slip.contains("'answr'") && slip.contains("'answer'"))
        .anyMatch(slip -> slip.contains("'presnt'"));
  }

  @Test
  void anIdThatStandsTwice() throws IOException {
    assertThat(
            read(
                    "{\"id\": \"a\", \"image\": \"a.png\", \"question\": \"Q?\"}",
                    "{\"id\": \"a\", \"image\": \"../../b.png\", \"question\": \"Q?\"}",
                    "{\"id\": \"b\", \"image\": \"a.png\", \"question\": \"Q?\"}")
                .slips())
        .singleElement()
        .asString()
        .contains("'a' (2 rows)")
        .doesNotContain("'b'");
  }

  @Test
  void aBrokenRowTellsItsName() throws IOException {
    DataSet data =
        read(
            "{\"id\": \"x\", \"image\": \"../../b.png\", \"question\": \"Q?\"}",
            "no JSON at all",
            "{\"id\": \"y\", \"image\": \"a.png\", \"question\": \"Q?\"}");
    Item.Bad first = data.faults().getFirst();
    assertThat(first.told()).isEqualTo(new Item.Told("x", "../../b.png", "Q?"));
    assertThat(first.fault()).hasMessageContaining("--images-anywhere");
    assertThat(data.faults().get(1).fault())
        .hasMessageContaining("it is no JSON from column")
        .hasMessageNotContaining("Unrecognized");
  }
}
