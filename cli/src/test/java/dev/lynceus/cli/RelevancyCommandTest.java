package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Relevancy from the command line: one map or all of them in one run.
class RelevancyCommandTest {
  private static JsonNode relevancy(String... more) {
    List<String> line = new ArrayList<>(List.of("relevancy", "--json"));
    line.addAll(List.of(more));
    line.addAll(List.of(Fixtures.PICTURE, Fixtures.QUESTION));
    Shell.Result result = Shell.lynceus(line.toArray(String[]::new));
    assertThat(result.status()).as(result.err()).isZero();
    return JsonMapper.shared().readTree(result.out()).path("words");
  }

  private static List<String> maps(JsonNode word) {
    return word.path("maps").valueStream().map(map -> map.path("map").asString()).toList();
  }

  @Test
  void allCompatibleMapsComeFromOneRunAndEqualThoseOfThreeRuns() {
    JsonNode all = relevancy("--compatible", "--mode=all");
    assertThat(all.valueStream().map(RelevancyCommandTest::maps))
        .allMatch(List.of("decoder", "tower", "composed")::equals);
    for (int m = 0; m < 3; m++) {
      String mode = List.of("decoder", "tower", "composed").get(m);
      JsonNode alone = relevancy("--compatible", "--mode=" + mode);
      for (int w = 0; w < alone.size(); w++) {
        assertThat(alone.get(w).path("maps").get(0))
            .as("%s of word %d", mode, w)
            .isEqualTo(all.get(w).path("maps").get(m));
      }
    }
  }

  @Test
  void allExactMapsHaveTheirNames() {
    assertThat(maps(relevancy("--mode=all").get(0)))
        .containsExactly("decoder", "tower", "composed");
  }

  @Test
  void anUnknownWayToJoinPiecesIsRefused() {
    Shell.Result result =
        Shell.lynceus(
            "relevancy", "--compatible", "--pieces=sum", Fixtures.PICTURE, Fixtures.QUESTION);
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains("--pieces", "last", "mean");
  }
}
