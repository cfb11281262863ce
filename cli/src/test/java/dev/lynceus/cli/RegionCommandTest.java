package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// On the bundled model the thing that is asked about is needed and enough, and others are not.
class RegionCommandTest {
  @TempDir Path folder;

  private static Shell.Result give(String... options) {
    return Shell.lynceus(
        Stream.concat(
                Stream.of("region"),
                Stream.concat(Stream.of(options), Stream.of(Fixtures.PICTURE, Fixtures.QUESTION)))
            .toArray(String[]::new));
  }

  private static JsonNode found(String... options) {
    Shell.Result result =
        give(Stream.concat(Stream.of(options), Stream.of("--json")).toArray(String[]::new));
    assertThat(result.status()).as(result.err()).isZero();
    return JsonMapper.shared().readTree(result.out()).path("maps").get(0);
  }

  @Test
  void theAskedThingIsNeededAndEnoughAndOthersAreNot() throws Exception {
    JsonNode car = found("--box=62,34,108,74");
    assertThat(car.path("fillings")).hasSize(5);
    assertThat(car.path("controls")).hasSize(19);
    for (String effect : List.of("necessity", "sufficiency")) {
      assertThat(car.path(effect).path("p").asDouble()).as(effect).isEqualTo(.05);
      JsonNode above = car.path(effect).path("above");
      assertThat(above.path("value").asDouble())
          .as(effect)
          .isGreaterThan(above.path("spread").asDouble());
    }
    assertThat(car.path("sufficiency").path("share").asDouble()).isGreaterThan(.9);
    // The frog, the umbrella, the empty corner.
    for (String box : List.of("18,20,58,56", "16,66,42,92", "70,84,110,110")) {
      JsonNode other = found("--box=" + box);
      assertThat(other.path("necessity").path("region").path("value").asDouble())
          .as(box)
          .isLessThan(.1);
      assertThat(other.path("necessity").path("p").asDouble()).as(box).isGreaterThan(.05);
      assertThat(other.path("sufficiency").path("p").asDouble()).as(box).isGreaterThan(.05);
    }
    Path figure = folder.resolve("f.svg");
    Shell.Result told =
        give("--box=62,34,108,74", "--space=pixels", "--draws=1", "--figure=" + figure);
    assertThat(told.out())
        .contains("“brown” needs the region: hidden, it costs ")
        .contains("necessity: hidden, it costs")
        .contains("noise 1");
    assertThat(Files.readString(figure)).contains("sufficiency").contains("p 0.050");
  }
}
