package dev.lynceus.studio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.request.StrategyRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What the studio says of its worked examples comes out when they are tried.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkedExampleTest {
  private static final Path MEASURED = Path.of("../docs/how-to/strategies.md");
  private static final Pattern SHARE = Pattern.compile("\\d\\.\\d\\d");

  @TempDir static Path folder;
  private Studio studio;
  private Client client;

  @BeforeAll
  void start() {
    studio =
        Studio.start(
            StudioOptions.local(folder.resolve("store")),
            line -> {
              throw new IllegalStateException(line);
            });
    client = new Client(studio.address());
  }

  @AfterAll
  void stop() {
    studio.close();
  }

  @Test
  void everyStrategyHasOne() {
    assertThat(WorkedExample.all())
        .extracting(WorkedExample::strategy)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(StrategyRequest.Kind.values())
                .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                .toList());
  }

  /// Every share that an example tells stands on the page of what was measured.
  @Test
  void whatWasFoundIsWhatWasMeasured() throws Exception {
    String measured = Files.readString(MEASURED);
    for (WorkedExample example : WorkedExample.all()) {
      List<String> shares = new ArrayList<>();
      Matcher share = SHARE.matcher(example.found());
      while (share.find()) {
        shares.add(share.group());
      }
      assertThat(shares).as(example.found()).isNotEmpty();
      assertThat(shares).as(example.found()).allMatch(measured::contains);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"describe", "mark", "think", "vote"})
  void itsWaysAnswerAsItSays(String strategy) throws Exception {
    JsonNode ready =
        client
            .get("/api/examples")
            .json()
            .valueStream()
            .filter(one -> one.at("/example/strategy").asString().equals(strategy))
            .findFirst()
            .orElseThrow();
    JsonNode example = ready.path("example");

    JsonNode asked = client.post("/api/runs", request(example, ready.path("picture"))).json();
    JsonNode run = client.ended(asked.path("id").asString());

    assertThat(run.path("state").asString()).as(run.toString()).isEqualTo("DONE");
    Map<String, String> answers = new TreeMap<>();
    client
        .get("/api/runs/" + run.path("id").asString() + "/result")
        .json()
        .at("/value/ways")
        .forEach(way -> answers.put(way.path("name").asString(), way.path("answer").asString()));
    Map<String, String> said = new TreeMap<>();
    example
        .path("answers")
        .propertyStream()
        .forEach(one -> said.put(one.getKey(), one.getValue().asString()));
    assertThat(said).hasSizeGreaterThan(1);
    assertThat(answers).containsAllEntriesOf(said);
  }

  /// As the page asks it.
  private static String request(JsonNode example, JsonNode picture) {
    ObjectNode request = JsonMapper.shared().createObjectNode();
    request.put("request", "strategy").set("strategy", example.path("strategy"));
    request.putObject("model").set("name", example.path("model"));
    ObjectNode question = request.putObject("question");
    question.set("text", example.path("question"));
    question
        .putArray("pictures")
        .addObject()
        .put("kind", "stored")
        .set("sha256", picture.path("sha256"));
    for (String setting : List.of("candidates", "box", "marks")) {
      if (!example.path(setting).isEmpty()) {
        request.set(setting, example.path(setting));
      }
    }
    if (example.path("rounds").asInt() > 0) {
      request.set("rounds", example.path("rounds"));
    }
    return request.toString();
  }
}
