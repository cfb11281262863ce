package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.image.ImageFileReader;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Captured;
import dev.lynceus.tap.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PointsTest {
  @TempDir private Path folder;

  @Test
  void thePageIsWhatTheTableSays() throws IOException {
    assertThat(Files.readString(Path.of("../docs/reference/points.md")))
        .as(
            "make it again: ./lynceus models taps --markdown --force --output docs/reference/points.md")
        .isEqualTo(PointsPage.markdown());
  }

  @Test
  void everyPointOfTheBundledModelFiresWithTheShapeThatTheTableTells() {
    try (LoadedModel model = LoadedModel.load("pupil", LoadOptions.DEFAULT)) {
      List<PointRow> rows = PointRow.of(model.model());
      Prompt prompt =
          model.prompt(
              Fixtures.QUESTION,
              model.picture("car", new ImageFileReader().read(Path.of(Fixtures.PICTURE))));
      Capture all =
          Capture.of(
              rows.stream()
                  .map(row -> Capture.request(row.point()))
                  .toArray(Capture.Request[]::new));
      try (Run run = model.run(prompt, all)) {
        for (PointRow row : rows) {
          Set<Captured.Key> keys =
              run.captured().keys().stream()
                  .filter(key -> key.point() == row.point())
                  .collect(Collectors.toSet());
          assertThat(keys).as(row.name()).isNotEmpty();
          for (Captured.Key key : keys) {
            assertFits(row, run.get(key.point(), key.layer()).shape());
          }
          assertThat(layers(row)).as(row.name()).isEqualTo(layers(keys));
        }
      }
    }
  }

  @Test
  void aTextOnlyModelHasNoPointsOfATower() throws IOException {
    Shell.Result result =
        Shell.lynceus("models", "taps", Fixtures.textOnly(folder.resolve("text")).toString());

    assertThat(result.err()).isEmpty();
    assertThat(result.out()).contains("blocks.{0-3}.hook_resid_pre").doesNotContain("vision.");
  }

  @Test
  void findsThePointThatAModuleNameMeans() {
    Shell.Result result = Shell.lynceus("models", "taps", "--point=model.layers.3.mlp", "--json");

    assertThat(result.out())
        .contains("\"name\" : \"blocks.{l}.hook_mlp_out\"")
        .doesNotContain("hook_resid_pre");
  }

  /// Symbols fit any size.
  private static void assertFits(PointRow row, long[] shape) {
    String[] told = row.shape().replaceAll("[\\[\\]]", "").split(", ");
    assertThat(shape).as(row.name()).hasSameSizeAs(told);
    for (int i = 0; i < told.length; i++) {
      if (told[i].matches("\\d+")) {
        assertThat(shape[i])
            .as("%s %s is %s", row.name(), row.shape(), Arrays.toString(shape))
            .isEqualTo(Long.parseLong(told[i]));
      }
    }
  }

  private static TreeSet<Integer> layers(PointRow row) {
    TreeSet<Integer> layers = new TreeSet<>();
    if (row.point().perLayer()) {
      String range = row.name().replaceAll(".*\\{(\\d+-\\d+)}.*", "$1");
      int last = Integer.parseInt(range.split("-")[1]);
      for (int layer = 0; layer <= last; layer++) {
        layers.add(layer);
      }
    }
    return layers;
  }

  private static TreeSet<Integer> layers(Set<Captured.Key> keys) {
    return keys.stream()
        .filter(key -> key.point().perLayer())
        .map(Captured.Key::layer)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyPointIsInTheTableOnce() {
    assertThat(PointRow.all().stream().map(PointRow::point)).containsExactlyElementsOf(Point.all());
  }
}
