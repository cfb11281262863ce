package dev.lynceus.studio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.LynceusException;
import dev.lynceus.studio.Client.Answer;
import dev.lynceus.tensor.file.ContentDigest;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The server as a program meets it, with the bundled model.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StudioTest {
  @TempDir static Path folder;
  private final List<String> log = new ArrayList<>();
  private Studio studio;
  private Client client;

  @BeforeAll
  void start() {
    studio = Studio.start(StudioOptions.local(folder.resolve("store")).queue(4), log::add);
    client = new Client(studio.address());
  }

  @AfterAll
  void stop() {
    studio.close();
    assertThat(log).isEmpty();
  }

  private static final String QUESTION = "What is the color of the car?";

  @Test
  void aRequestBecomesAResultThatStays() throws Exception {
    String request = client.ask("ask", QUESTION, "");
    Answer asked = client.post("/api/runs", request);
    assertThat(asked.status()).as(asked.text()).isEqualTo(202);
    String id = asked.json().path("id").asString();

    JsonNode run = client.ended(id);
    assertThat(run.path("state").asString()).as(run.toString()).isEqualTo("DONE");
    assertThat(run.path("summary").asString()).contains("The color of the car is");
    assertThat(run.path("command").asString())
        .startsWith("lynceus ask samples/")
        .endsWith("'" + QUESTION + "'");

    Answer result = client.get("/api/runs/" + id + "/result");
    assertThat(result.json().path("kind").asString()).isEqualTo("answered");
    assertThat(client.get("/api/runs/" + id + "/result?at=/value/answer").json().asString())
        .isEqualTo(run.path("summary").asString());
    assertThat(client.get("/api/runs/" + id + "/result?at=/value/none").status()).isEqualTo(404);
    assertThat(client.get("/api/runs/" + id + "/result?at=value").status()).isEqualTo(400);

    Answer known = client.post("/api/runs?known=true", request);
    assertThat(known.json().path("id").asString()).isEqualTo(id);
    String other = client.ask("ask", "Is there an okapi?", "");
    assertThat(client.post("/api/runs?known=true", other).status()).isEqualTo(204);
    assertThat(client.post("/api/runs?known=true", other).status()).as("not asked").isEqualTo(204);

    Answer again = client.post("/api/runs", request);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json().path("id").asString()).isEqualTo(id);
    Answer anew = client.post("/api/runs?again=true", request);
    assertThat(anew.status()).isEqualTo(202);
    assertThat(client.ended(anew.json().path("id").asString()).path("state").asString())
        .isEqualTo("DONE");
  }

  @Test
  void aWatcherIsToldUntilTheEnd() throws Exception {
    String id =
        client
            .post("/api/runs", client.ask("ask", "Is there a frog?", ""))
            .json()
            .path("id")
            .asString();

    String events = client.get("/api/runs/" + id + "/events").text();

    assertThat(events).contains("event: end\n").contains("\"state\":\"DONE\"");
    String last = events.substring(events.lastIndexOf("event: end"));
    assertThat(last).contains("\"summary\":\"");
  }

  @Test
  void tablesTagsAndDeletion() throws Exception {
    String id =
        client
            .post("/api/runs", client.ask("lens", QUESTION, ", \"positions\": [\"last\"]"))
            .json()
            .path("id")
            .asString();
    client.ended(id);

    JsonNode names = client.get("/api/runs/" + id + "/tables").json();
    assertThat(names.toString()).contains("rows");
    Answer csv = client.get("/api/runs/" + id + "/tables/rows");
    assertThat(csv.header("Content-Type")).startsWith("text/csv");
    assertThat(csv.text().lines().toList()).hasSizeGreaterThan(1);
    assertThat(client.get("/api/runs/" + id + "/tables/none").status()).isEqualTo(404);
    Answer parquet = client.get("/api/runs/" + id + "/parquet/rows");
    assertThat(parquet.header("Content-Disposition")).contains("rows.parquet");
    assertThat(parquet.response().body()).startsWith("PAR1".getBytes(StandardCharsets.US_ASCII));
    assertThat(client.get("/api/runs/" + id + "/parquet/none").status()).isEqualTo(404);

    HttpRequest.Builder labels =
        client
            .to("/api/runs/" + id + "/labels")
            .header("Content-Type", "application/json")
            .PUT(
                HttpRequest.BodyPublishers.ofString(
                    "{\"tags\": [\"zebra\"], \"note\": \"look again\"}"));
    assertThat(client.send(labels).json().path("tags").path(0).asString()).isEqualTo("zebra");
    assertThat(client.get("/api/runs?search=zebra%20AGAIN").json()).hasSize(1);
    assertThat(client.get("/api/runs?search=okapi").json()).isEmpty();

    assertThat(client.send(client.to("/api/runs/" + id).DELETE()).status()).isEqualTo(204);
    assertThat(client.get("/api/runs/" + id).status()).isEqualTo(404);
    assertThat(client.get("/api/runs?search=zebra").json()).isEmpty();
  }

  @Test
  void aFullQueueSaysSoAndALongRunStopsWithinAPass() throws Exception {
    List<String> ids = new ArrayList<>();
    Answer last = null;
    for (int i = 0; i < 9; i++) {
      last =
          client.post("/api/runs", client.ask("trace", QUESTION, ", \"repeats\": " + (5000 + i)));
      if (last.status() == 202) {
        ids.add(last.json().path("id").asString());
      }
    }
    assertThat(last.status()).isEqualTo(429);
    assertThat(last.json().path("message").asString()).contains("4 runs wait already");
    assertThat(last.header("Retry-After")).isEqualTo("2");
    assertThat(ids).hasSize(4);

    for (int i = 0; i < 400; i++) {
      if (client
          .get("/api/runs/" + ids.getFirst())
          .json()
          .path("state")
          .asString()
          .equals("RUNNING")) {
        break;
      }
      Thread.sleep(25);
    }
    long start = System.nanoTime();
    for (String id : ids.reversed()) {
      Answer stopped = client.post("/api/runs/" + id + "/cancel", "{}");
      assertThat(stopped.status()).isEqualTo(200);
      if (!id.equals(ids.getFirst())) {
        assertThat(stopped.json().path("state").asString()).as("it waited").isEqualTo("CANCELLED");
      }
    }
    for (String id : ids) {
      assertThat(client.ended(id).path("state").asString()).isEqualTo("CANCELLED");
    }
    assertThat((System.nanoTime() - start) / 1e9).isLessThan(20);
    assertThat(client.get("/api/status").json().path("waiting").asInt()).isZero();
  }

  @Test
  void picturesAreReadWithinBounds() throws Exception {
    Answer none =
        client.send(
            client
                .to("/api/pictures")
                .header("Content-Type", "image/png")
                .POST(HttpRequest.BodyPublishers.ofString("none")));
    assertThat(none.status()).isEqualTo(400);
    assertThat(none.json().path("code").asString()).isEqualTo("BAD_IMAGE");
    byte[] large = new byte[StudioOptions.Limits.DEFAULT.pictureBytes() + 1];
    Answer refused =
        client.send(
            client
                .to("/api/pictures")
                .header("Content-Type", "image/png")
                .POST(HttpRequest.BodyPublishers.ofByteArray(large)));
    assertThat(refused.status()).isEqualTo(413);

    String sum =
        client.get("/api/samples").json().path(0).path("picture").path("sha256").asString();
    Answer picture = client.get("/api/pictures/" + sum);
    assertThat(picture.header("Content-Type")).isEqualTo("image/png");
    assertThat(ContentDigest.of(picture.response().body())).isEqualTo(sum);
    Answer kept =
        client.send(
            client
                .to("/api/pictures?name=..%2F..%2Fetc")
                .header("Content-Type", "image/png")
                .POST(HttpRequest.BodyPublishers.ofByteArray(picture.response().body())));
    assertThat(kept.status()).isEqualTo(201);
    assertThat(kept.json().path("sha256").asString()).isEqualTo(sum);
  }

  @Test
  void nothingOfThisMachineIsOpenedForAClient() throws Exception {
    for (String request :
        List.of(
            """
            {"request": "ask", "question": {"pictures": [{"kind": "file", "path": "/etc/hosts"}], "text": "?"}}\
            """,
            """
            {"request": "ask", "model": {"name": "/etc"}, "question": {"text": "What?"}}\
            """,
            """
            {"request": "ask", "model": {"name": "../../etc"}, "question": {"text": "What?"}}\
            """,
            """
            {"request": "lens", "question": {"text": "What?"}, "tuned": "/etc/hosts"}\
            """,
            """
            {"request": "steer", "question": {"text": "What?"}, "direction": {"kind": "stored", "path": "/etc/hosts"}}\
            """,
            """
            {"request": "trace", "question": {"text": "What?"}, "corruption": {"by": {"kind": "other", "picture": {"kind": "file", "path": "/etc/hosts"}}}}\
            """)) {
      Answer answer = client.post("/api/runs", request);
      assertThat(answer.status()).as(request).isBetween(400, 404);
      assertThat(answer.text()).doesNotContain("/etc/hosts' is").doesNotContain("Exception");
    }
  }

  @Test
  void onlyItsOwnPageMayAsk() throws Exception {
    String ask = client.ask("ask", QUESTION, "");
    for (String origin : List.of("http://example.org", "null", "http://127.0.0.1:1")) {
      Answer foreign =
          client.send(
              client
                  .to("/api/runs")
                  .header("Content-Type", "application/json")
                  .header("Origin", origin)
                  .POST(HttpRequest.BodyPublishers.ofString(ask)));
      assertThat(foreign.status()).as(origin).isEqualTo(403);
    }
    Answer cross = client.send(client.to("/api/runs").header("Sec-Fetch-Site", "cross-site"));
    assertThat(cross.status()).isEqualTo(403);
    assertThat(Raw.status(studio.address(), "GET /api/runs HTTP/1.1\r\nHost: evil.example\r\n\r\n"))
        .isEqualTo(403);
    Answer plain =
        client.send(
            client
                .to("/api/runs")
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString(ask)));
    assertThat(plain.status()).isEqualTo(415);
    assertThat(client.get("/api/status").header("Content-Security-Policy"))
        .contains("default-src 'none'");
    assertThat(client.get("/none").status()).isEqualTo(404);
    assertThat(client.send(client.to("/api/runs").DELETE()).status()).isEqualTo(405);
  }

  @Test
  void aTokenIsAskedForWhereThereIsOne() throws Exception {
    String word = "0123456789abcdef";
    try (Studio shared =
        Studio.start(StudioOptions.local(folder.resolve("shared")).token(word), log::add)) {
      Client guest = new Client(shared.address());
      assertThat(guest.get("/api/status").status()).isEqualTo(401);
      assertThat(guest.get("/").status()).isEqualTo(401);
      assertThat(guest.get("/?token=0123456789abcdee").status()).isEqualTo(401);
      assertThat(guest.get("/api/status?token=" + word).status()).isEqualTo(401);
      Answer page = guest.get("/?token=" + word);
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.header("Set-Cookie")).contains("HttpOnly").contains("SameSite=Strict");
      String cookie = page.header("Set-Cookie").replaceFirst(";.*", "");
      assertThat(guest.send(guest.to("/api/status").header("Cookie", cookie)).status())
          .isEqualTo(200);
      assertThat(
              guest
                  .send(guest.to("/api/status").header("Authorization", "Bearer " + word))
                  .status())
          .isEqualTo(200);
    }
  }

  @Test
  void theLibrarySurvivesARestartAndRunsGoOn() throws Exception {
    Path store = folder.resolve("restart");
    String done;
    String cut;
    try (Studio first = Studio.start(StudioOptions.local(store), log::add)) {
      Client before = new Client(first.address());
      done = before.post("/api/runs", before.ask("ask", QUESTION, "")).json().path("id").asString();
      before.ended(done);
      cut =
          before
              .post("/api/runs", before.ask("trace", QUESTION, ", \"repeats\": 9999"))
              .json()
              .path("id")
              .asString();
      while (!before.get("/api/runs/" + cut).json().path("state").asString().equals("RUNNING")) {
        Thread.sleep(25);
      }
      assertThatThrownBy(() -> Studio.start(StudioOptions.local(store), log::add).close())
          .isInstanceOf(LynceusException.class)
          .hasMessageContaining("another studio");
    }
    try (Studio second = Studio.start(StudioOptions.local(store), log::add)) {
      Client after = new Client(second.address());
      assertThat(after.get("/api/runs").json()).hasSize(2);
      assertThat(after.get("/api/runs/" + done + "/result").json().path("kind").asString())
          .isEqualTo("answered");
      JsonNode state = after.get("/api/runs/" + cut).json().path("state");
      assertThat(RunState.valueOf(state.asString()).ended()).isFalse();
      after.post("/api/runs/" + cut + "/cancel", "{}");
      assertThat(after.ended(cut).path("state").asString()).isEqualTo("CANCELLED");
    }
  }

  @Test
  void aModelThatDoesNotFitIsRefused() throws Exception {
    Path goldens = Path.of("../core/src/test/resources/goldens/llava-llama");
    try (Studio small =
        Studio.start(
            StudioOptions.local(folder.resolve("small")).memory(8 << 20).roots(List.of(goldens)),
            log::add)) {
      Client guest = new Client(small.address());
      String models = guest.get("/api/models").text();
      assertThat(models).contains("\"name\":\"hub\"").contains("\"family\":\"llava\"");
      String id =
          guest
              .post(
                  "/api/runs",
                  guest.ask("ask", QUESTION, ", \"model\": {\"name\": \"hub\"}, \"maxTokens\": 2"))
              .json()
              .path("id")
              .asString();
      JsonNode ended = guest.ended(id);
      assertThat(ended.path("state").asString()).as(ended.toString()).isEqualTo("DONE");
      assertThat(guest.get("/api/status").json().path("models").toString()).contains("hub");
    }
    assertThatThrownBy(() ->
            Studio.start(StudioOptions.local(folder.resolve("tiny")).memory(1 << 20), log::add)
                .close())
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("pupil has");
  }

  @Test
  void headersOfEveryAnswerAreSafe() throws Exception {
    for (String path : List.of("/", "/api/status", "/none", "/api/runs/../../etc")) {
      Answer answer = client.get(path);
      Guard.HEADERS.forEach(
          (name, value) -> assertThat(answer.header(name)).as(path + " " + name).isEqualTo(value));
    }
  }
}
