package dev.lynceus.studio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.studio.Client.Answer;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What is asked of the server with several pictures, conversations, changed pictures and data
/// sets, with the bundled model.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StudioTasksTest {
  private static final String QUESTION = "What is the color of the car?";

  @TempDir static Path folder;
  private final List<String> log = new ArrayList<>();
  private Studio studio;
  private Client client;

  @BeforeAll
  void start() {
    studio = Studio.start(StudioOptions.local(folder.resolve("store")), log::add);
    client = new Client(studio.address());
  }

  @AfterAll
  void stop() {
    studio.close();
    assertThat(log).isEmpty();
  }

  private JsonNode done(String request) throws Exception {
    Answer asked = client.post("/api/runs", request);
    assertThat(asked.status()).as(asked.text()).isBetween(200, 202);
    JsonNode run = client.ended(asked.json().path("id").asString());
    assertThat(run.path("state").asString()).as(run.toString()).isEqualTo("DONE");
    return run;
  }

  private JsonNode value(JsonNode run) throws Exception {
    return client.get("/api/runs/" + run.path("id").asString() + "/result").json().path("value");
  }

  /// Which of two pictures a word rests on: hiding the one with the horse costs its colour, hiding
  /// the other costs nothing.
  @Test
  void aQuestionMayHaveSeveralPictures() throws Exception {
    JsonNode samples = client.get("/api/samples").json();
    List<String> sums = new ArrayList<>();
    for (String name : List.of("frog-umbrella-car", "heart-guitar-horse-dove")) {
      samples.forEach(sample -> {
        if (sample.path("picture").path("name").asString().contains(name)) {
          sums.add(sample.path("picture").path("sha256").asString());
        }
      });
    }
    String hide =
        """
        {"request": "occlude", "measure": {"kind": "word", "word": "white"}, "parts": {"kind": "squares", "side": 10000},
         "question": {"text": "What is the color of the horse?", "pictures": [{"kind": "stored", "sha256": "%s"}, {"kind": "stored", "sha256": "%s"}]}}
        """
            .formatted(sums.get(0), sums.get(1));

    JsonNode run = done(hide);

    assertThat(run.path("pictures")).hasSize(2);
    JsonNode maps = value(run).path("maps");
    assertThat(maps).hasSize(2);
    double clean = maps.path(0).path("base").path("probability").asDouble();
    assertThat(clean).isGreaterThan(0.9);
    assertThat(maps.path(0).at("/cells/0/0/probability").asDouble()).isGreaterThan(0.9);
    assertThat(maps.path(1).at("/cells/0/0/probability").asDouble()).isLessThan(0.1);
  }

  @Test
  void aConversationGoesOnAndLotsAreDrawn() throws Exception {
    JsonNode first = done(client.ask("ask", "Is there a house?", ""));
    String before =
        client
            .ask("ask", "What is the color of the house?", "")
            .replace(
                "\"text\"",
                "\"before\": [{\"question\": \"Is there a house?\", \"answer\": \"Yes.\"}], \"text\"");

    JsonNode next = done(before);

    assertThat(next.path("command").asString())
        .contains("--before 'Is there a house? => Yes.'")
        .startsWith("lynceus ask ");
    assertThat(next.path("id").asString()).isNotEqualTo(first.path("id").asString());
    String lots =
        ", \"maxTokens\": 3, \"choice\": {\"kind\": \"drawn\", \"temperature\": 6, \"seed\": %d}";
    JsonNode three = done(client.ask("ask", QUESTION, lots.formatted(3)));
    assertThat(three.path("command").asString())
        .endsWith("--max-tokens 3 --temperature 6.0 --seed 3");
    assertThat(done(client.ask("ask", QUESTION, lots.formatted(4))).path("summary").asString())
        .isNotEqualTo(three.path("summary").asString());
    JsonNode weighed = done(client.ask("ask", QUESTION, ", \"weigh\": true"));
    assertThat(weighed.path("command").asString()).endsWith(" --weigh");
    assertThat(value(weighed).path("tokens"))
        .allSatisfy(token -> assertThat(token.path("blind").isNumber()).isTrue());
    Answer raw =
        client.post("/api/runs", before.replace("\"before\"", "\"form\": \"raw\", \"before\""));
    assertThat(raw.status()).isEqualTo(400);
    assertThat(raw.json().path("message").asString()).contains("earlier turns");
  }

  private String car() throws Exception {
    for (JsonNode sample : client.get("/api/samples").json()) {
      if (sample.path("picture").path("name").asString().contains("frog-umbrella-car")) {
        return sample.path("picture").path("sha256").asString();
      }
    }
    throw new AssertionError("the sample is gone");
  }

  private double brown(String sum) throws Exception {
    JsonNode run =
        done(
            """
            {"request": "evidence", "answer": "The color of the car is brown.", "map": "none",
             "question": {"text": "%s", "pictures": [{"kind": "stored", "sha256": "%s"}]}}
            """
                .formatted(QUESTION, sum));
    JsonNode words = value(run).path("words");
    return Math.exp(words.path(words.size() - 1).path("logProbability").asDouble());
  }

  /// The car painted over costs its colour; the same grey elsewhere does not.
  @Test
  void aPictureIsChangedHereAndElsewhere() throws Exception {
    String edits = "/api/pictures/" + car() + "/edits";
    String chain =
        """
        {"controls": 1, "seed": 0, "chain": [{"op": "fill", "colour": "grey", "alpha": 1,
         "region": {"region": "box", "x0": 58, "y0": 35, "x1": 111, "y1": 80}}]}
        """;

    Answer changed = client.post(edits, chain);

    assertThat(changed.status()).as(changed.text()).isEqualTo(201);
    assertThat(changed.json().path("controls")).hasSize(1);
    assertThat(changed.json().at("/picture/name").asString())
        .isEqualTo("samples/frog-umbrella-car-edited.png");
    assertThat(brown(car())).isGreaterThan(0.9);
    assertThat(brown(changed.json().at("/picture/sha256").asString())).isLessThan(0.1);
    assertThat(brown(changed.json().at("/controls/0/sha256").asString())).isGreaterThan(0.9);
    assertThat(client.post(edits, chain).json()).isEqualTo(changed.json());

    JsonNode blur =
        client
            .post(
                edits,
                "{\"controls\": 2, \"seed\": 0, \"chain\": [{\"op\": \"blur\", \"sigma\": 3}]}")
            .json();
    assertThat(blur.path("controls")).isEmpty();
    assertThat(blur.path("notes").path(0).asString()).contains("no other place");
    for (String wrong :
        List.of(
            "{\"chain\": [{\"op\": \"nothing\"}]}",
            "{\"chain\": []}",
            "{}",
            "{\"chain\": [{\"op\": \"blur\", \"sigma\": 9999}]}",
            "{\"chain\": [{\"op\": \"resize\", \"width\": 16000, \"height\": 16000, \"filter\": \"BICUBIC\"}]}",
            chain.replace("\"controls\": 1", "\"controls\": 99"))) {
      Answer refused = client.post(edits, wrong);
      assertThat(refused.status()).as(wrong + refused.text()).isEqualTo(400);
    }
    assertThat(client.post("/api/pictures/" + "0".repeat(64) + "/edits", chain).status())
        .isEqualTo(400);
  }

  /// The pieces fill the grid, and are those of the library.
  @Test
  void aPictureIsCutIntoPieces() throws Exception {
    String pieces = "/api/pictures/" + car() + "/superpixels";

    JsonNode map = client.get(pieces + "?count=40").json();

    assertThat(map.path("width").asInt()).isEqualTo(112);
    assertThat(map.path("count").asInt()).isBetween(20, 60);
    List<Integer> labels = new ArrayList<>();
    for (int i = 0; i < map.path("runs").size(); i += 2) {
      labels.addAll(
          Collections.nCopies(
              map.path("runs").path(i + 1).asInt(), map.path("runs").path(i).asInt()));
    }
    assertThat(labels).hasSize(112 * 112);
    assertThat(Set.copyOf(labels)).hasSize(map.path("count").asInt());
    assertThat(client.get(pieces).json().path("count").asInt())
        .isGreaterThan(map.path("count").asInt());
    for (String wrong : List.of("?count=0", "?count=many", "?count=99999")) {
      assertThat(client.get(pieces + wrong).status()).as(wrong).isEqualTo(400);
    }
  }

  @Test
  void aDataSetIsAGridAndAProcedureGoesOverIt() throws Exception {
    String rows = "/api/data/rows?set=world:7:3";
    JsonNode page = client.get(rows + "&most=2&from=1").json();
    int total = page.path("total").asInt();
    assertThat(total).isGreaterThan(10);
    assertThat(page.path("rows")).hasSize(2);
    assertThat(page.at("/rows/0/number").asInt()).isEqualTo(1);
    JsonNode colours = client.get(rows + "&where=kind%3Dcolour&sort=-question").json();
    assertThat(colours.path("matching").asInt()).isEqualTo(3);
    List<String> questions = new ArrayList<>();
    colours.path("rows").forEach(row -> questions.add(row.at("/cells/question").asString()));
    assertThat(questions).isSortedAccordingTo(java.util.Comparator.reverseOrder());

    JsonNode run =
        done(
            "{\"request\": \"experiment\", \"data\": \"world:7:3\", \"procedure\": \"answer\", \"where\": [\"kind=colour\"], \"limit\": 2}");
    assertThat(run.path("summary").asString()).endsWith("of 2 right");
    assertThat(run.path("command").asString())
        .isEqualTo("lynceus lab run answer world:7:3 --where kind=colour --limit 2");
    String id = run.path("id").asString();
    JsonNode joined = client.get(rows + "&sort=-run.answer&run=" + id).json();
    assertThat(joined.at("/rows/0/cells/run.correct").asString()).isIn("right", "wrong");
    assertThat(joined.at("/rows/2/cells/run.answer").asString()).isEmpty();
    assertThat(client.get("/api/runs/" + id + "/tables").json().toString()).contains("examples");
    assertThat(client.get("/api/runs/" + id + "/tables/examples").text()).contains("run_id");
    assertThat(client.get("/api/data/runs?set=world:7:3").json()).hasSize(1);

    Answer small = client.get("/api/data/picture?set=world:7:3&row=0");
    assertThat(small.header("Content-Type")).isEqualTo("image/png");
    Answer taken =
        client.send(
            client
                .to("/api/data/pictures?set=world:7:3&row=0")
                .POST(HttpRequest.BodyPublishers.noBody()));
    assertThat(taken.json()).hasSize(1);
    assertThat(client.get("/api/pictures/" + taken.json().at("/0/sha256").asString()).status())
        .isEqualTo(200);
    for (String wrong :
        List.of(
            "/api/data/rows",
            "/api/data/rows?set=/etc/passwd",
            "/api/data/rows?set=../x",
            "/api/data/rows?set=world:7:99999",
            rows + "&where=nonsense",
            rows + "&sort=none",
            rows + "&most=0",
            rows + "&from=-1")) {
      assertThat(client.get(wrong).status()).as(wrong).isEqualTo(400);
    }
    assertThat(client.get("/api/data/picture?set=world:7:3&row=99999").status()).isEqualTo(404);
    assertThat(client.get(rows + "&run=" + "0".repeat(32)).status()).isEqualTo(404);
  }

  /// A hundred thousand rows: a page takes as long as it takes to look at them, and holds no more
  /// than it shows.
  @Test
  void aLongDataSetStaysCalm() throws Exception {
    Path file = folder.resolve("long/long.jsonl");
    java.nio.file.Files.createDirectories(file.getParent());
    javax.imageio.ImageIO.write(
        new java.awt.image.BufferedImage(8, 8, java.awt.image.BufferedImage.TYPE_INT_RGB),
        "png",
        file.resolveSibling("grey.png").toFile());
    try (var lines = java.nio.file.Files.newBufferedWriter(file)) {
      for (int i = 0; i < 100_000; i++) {
        lines.write(
            "{\"image\": \"grey.png\", \"question\": \"Number %d?\", \"kind\": \"%s\"}\n"
                .formatted(i, i % 2 == 0 ? "even" : "odd"));
      }
    }
    try (Studio studio =
        Studio.start(
            StudioOptions.local(folder.resolve("rows")).data(List.of(file.getParent())),
            log::add)) {
      Client reader = new Client(studio.address());
      assertThat(reader.get("/api/data").text()).contains("long/long.jsonl");
      String rows = "/api/data/rows?set=long/long.jsonl&most=100";
      assertThat(reader.get(rows).json().path("total").asInt()).isEqualTo(100_000);
      long start = System.nanoTime();
      Answer page = reader.get(rows + "&where=kind%3Dodd&sort=-question&from=40000");
      double seconds = (System.nanoTime() - start) / 1e9;
      assertThat(page.json().path("matching").asInt()).isEqualTo(50_000);
      assertThat(page.json().path("rows")).hasSize(100);
      assertThat(page.text().length()).isLessThan(60_000);
      assertThat(seconds).isLessThan(5);
    }
  }
}
