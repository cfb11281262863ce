package dev.lynceus.lab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is no data set is told, what is taken for one can be said, and pictures lie where they may.
class DataAccessTest {
  @TempDir private Path folder;

  private static DataSet open(Path file) {
    return DataSets.open(file, DataOptions.DEFAULT);
  }

  private static List<String> faults(DataSet data) {
    return data.faults().stream().map(one -> String.valueOf(one.fault().getMessage())).toList();
  }

  private static int rgb(Example example, int picture) {
    var image = example.images().get(picture).read();
    return image.sample(0, 0, 0) << 16 | image.sample(0, 0, 1) << 8 | image.sample(0, 0, 2);
  }

  @Test
  void whatIsNoneIsToldWithWhatIsRead() throws IOException {
    assertThatThrownBy(() -> open(folder.resolve("none"))).hasMessageContaining("does not exist");
    for (String[] one :
        new String[][] {
          {"Some words.\nMore.", "text that begins with 'Some words.'"},
          {"", "has no questions"},
          {"{\"a\": 1, \"b\": 2}", "JSON with the fields [a, b]"},
          {"[1, 2]", "a JSON list, but not of objects"},
          {"PK\u0003\u0004zip", "a zip archive; unpack it"},
          {"\u0000\u0001\u0002", "binary data"},
          {"{\"a\": [", "is not valid JSON"},
        }) {
      Path file = Fixtures.write(folder, "x.bin", one[0]);
      assertThatThrownBy(() -> open(file))
          .isInstanceOfSatisfying(
              LynceusException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST);
                assertThat(e).hasMessageContaining(one[1]);
              });
    }
    Path word = Fixtures.write(folder, "x.bin", "Some words.");
    assertThatThrownBy(() -> open(word))
        .isInstanceOfSatisfying(
            LynceusException.class,
            e -> assertThat(e.nextStep()).contains("lines, image-folder, parquet, coco, vqav2"));
    assertThatThrownBy(() -> DataFormat.parse("x")).hasMessageContaining("no format 'x'");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThatThrownBy(() -> open(empty)).hasMessageContaining("a folder without pictures");
    Fixtures.lines(folder.resolve("world"));
    assertThatThrownBy(() -> open(folder.resolve("world"))).hasMessageContaining("lines.jsonl");
  }

  @Test
  void aFormatCanBeForced() throws IOException {
    Path pope = Fixtures.pope(folder);
    DataSet data = DataSets.open(pope, DataOptions.DEFAULT.withFormat(DataFormat.LINES));
    assertThat(data.format()).isEqualTo("lines");
    assertThat(data.examples().getFirst().fields()).containsKey("text");
    assertThatThrownBy(() -> DataSets.open(pope, DataOptions.DEFAULT.withFormat(DataFormat.SQUAD)))
        .isInstanceOf(LynceusException.class);
  }

  @Test
  void picturesLieWhereTheyMay() throws IOException {
    Path data = folder.resolve("data");
    Path elsewhere = folder.resolve("elsewhere");
    Fixtures.picture(elsewhere, "a.png", 0x00ff00);
    Files.createDirectories(data);
    Files.createSymbolicLink(data.resolve("link.png"), elsewhere.resolve("a.png"));
    Path file =
        Fixtures.write(
            data,
            "q.jsonl",
            "{\"image\": \"link.png\", \"question\": \"What?\"}\n"
                + "{\"image\": \"a.png\", \"question\": \"What?\"}\n");
    DataSet own = open(file);
    assertThat(faults(own)).singleElement().asString().contains("link.png lies outside of");
    DataSet given = DataSets.open(file, DataOptions.DEFAULT.withImages(elsewhere));
    assertThat(rgb(given.examples().get(1), 0)).isEqualTo(0x00ff00);
    DataSet any = DataSets.open(file, DataOptions.DEFAULT.withAnywhere(true));
    assertThat(rgb(any.examples().getFirst(), 0)).isEqualTo(0x00ff00);
    // Also where the name is made from a number.
    Path pope = Fixtures.pope(data);
    Path picture = data.resolve("val2014/COCO_val2014_000000310196.jpg");
    Files.delete(picture);
    Files.createSymbolicLink(picture, elsewhere.resolve("a.png"));
    ImageSource linked = open(pope).examples().getFirst().images().getFirst();
    assertThatThrownBy(linked::read).hasMessageContaining("lies outside of");
  }
}
