package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A sweep whose process is killed goes on from its ledger: nothing is lost, nothing done twice.
class KilledSweepTest {
  private static final int ENOUGH = 40;

  @TempDir private Path folder;

  private List<String> line(Path ledger) {
    return List.of(
        "trace",
        "--json",
        "--corrupt=mean",
        "--memory=2",
        "--threads=1",
        "--ledger=" + ledger,
        "--start=The color of the car is",
        Fixtures.PICTURE,
        Fixtures.QUESTION);
  }

  private Process start(Path ledger) throws IOException {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.awt.headless=true",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            Main.class.getName()));
    words.addAll(line(ledger));
    return new ProcessBuilder(words)
        .redirectOutput(folder.resolve("out.txt").toFile())
        .redirectError(folder.resolve("err.txt").toFile())
        .start();
  }

  /// Whole lines of results.
  private static List<String> results(Path ledger) throws IOException {
    if (!Files.exists(ledger)) {
      return List.of();
    }
    String text = Files.readString(ledger);
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().skip(1).toList();
  }

  private static Map<Integer, String> numbered(List<String> results) {
    // Refuses a number that stands twice.
    return results.stream()
        .collect(Collectors.toMap(r -> Integer.valueOf(r.split(" ")[0]), r -> r));
  }

  private static JsonNode json(Shell.Result result) {
    assertThat(result.status()).as(result.err()).isZero();
    return JsonMapper.shared().readTree(result.out());
  }

  @Test
  void aKilledProcessIsGoneOnFrom() throws IOException, InterruptedException {
    Path ledger = folder.resolve("ledger.txt");
    Process process = start(ledger);
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    while (results(ledger).size() < ENOUGH && process.isAlive() && System.nanoTime() < end) {
      Thread.sleep(2);
    }
    process.destroyForcibly();
    assertThat(process.waitFor()).as(Files.readString(folder.resolve("err.txt"))).isNotZero();
    assertThat(Files.readString(folder.resolve("out.txt"))).as("it was killed before").isEmpty();
    Map<Integer, String> kept = numbered(results(ledger));
    assertThat(kept).hasSizeGreaterThanOrEqualTo(ENOUGH);

    JsonNode resumed = json(Shell.lynceus(line(ledger).toArray(String[]::new)));
    Map<Integer, String> all = numbered(results(ledger));
    JsonNode cells = resumed.path("maps").get(0).path("cells");
    int total = cells.size() * cells.get(0).size();
    assertThat(all).hasSize(total).containsAllEntriesOf(kept);
    assertThat(resumed.path("cost").path("replays").asInt())
        .as("no replay is repeated")
        .isEqualTo(total - kept.size())
        .isPositive();

    JsonNode again = json(Shell.lynceus(line(ledger).toArray(String[]::new)));
    assertThat(again.path("cost").path("replays").asInt()).isZero();
    assertThat(again.path("maps")).isEqualTo(resumed.path("maps"));

    // What a batch of other members rounds differently is all that may differ.
    JsonNode whole = json(Shell.lynceus(line(folder.resolve("whole.txt")).toArray(String[]::new)));
    assertThat(labels(whole)).isEqualTo(labels(resumed));
    for (int row = 0; row < cells.size(); row++) {
      for (int column = 0; column < cells.get(row).size(); column++) {
        for (String name : List.of("probability", "logProbability", "logit", "divergence")) {
          assertThat(cells.get(row).get(column).path(name).asDouble())
              .as("%s at %d, %d", name, row, column)
              .isCloseTo(
                  whole
                      .path("maps")
                      .get(0)
                      .path("cells")
                      .get(row)
                      .get(column)
                      .path(name)
                      .asDouble(),
                  within(1e-4));
        }
      }
    }
  }

  private static List<JsonNode> labels(JsonNode result) {
    JsonNode map = result.path("maps").get(0);
    return List.of(map.path("what"), map.path("rows"), map.path("columns"), map.path("notes"));
  }
}
