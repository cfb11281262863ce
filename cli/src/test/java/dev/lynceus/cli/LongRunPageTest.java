package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lynceus.cli.Browser.Page;
import dev.lynceus.studio.Studio;
import dev.lynceus.studio.StudioOptions;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A run of 3,000 tokens, 32 layers and 32 heads in the page: what a hand does is answered at once.
/// The numbers are made up; the page is one that was saved, so that no server answers for it.
class LongRunPageTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int SIDE = 48;
  private static final int TOKENS = 3000;
  private static final int LAYERS = 32;
  private static final int HEADS = 32;

  /// What is asked of every interaction on a machine that does other things too; measured: see
  /// docs/reference/performance.md.
  private static final double MOST_MILLIS = 250;

  @TempDir static Path folder;

  @Test
  void aLongRunIsQuickToBrowse() throws Exception {
    assumeTrue(Files.isExecutable(Browser.CHROMIUM), "no browser: " + Browser.CHROMIUM);
    Path file = folder.resolve("long.html");
    try (Studio studio =
            Studio.start(
                StudioOptions.local(folder.resolve("store")),
                line -> {
                  throw new IllegalStateException(line);
                });
        Browser browser = new Browser(folder.resolve("browser"))) {
      assumeTrue(studio.hasPage(), "this build has no page: there was no npm");
      Page page = browser.visit(studio.address(), 1280, false, false);
      page.await("document.querySelector('.word.image')");
      for (String view : new String[] {"heads", "attention", "words"}) {
        page.evaluate("document.querySelector('[data-view=%s]').click(); true".formatted(view));
        page.await("!document.querySelector('.spinner') && document.querySelector('#view h2')");
        page.await("document.querySelector('#view table, #view .matrix, #view .thumb')");
      }
      page.await("!document.querySelector('.spinner')");
      String id =
          page.evaluate(
                  "fetch('/api/runs?search=explain&most=1').then(r => r.json()).then(r => r[0].id)")
              .asString();
      String html =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(studio.address().resolve("/api/runs/" + id + "/page"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      Files.writeString(file, enlarged(html));
      page.close();
      browse(browser, file);
    }
  }

  private static String enlarged(String html) {
    String mark = "id=\"kept\">";
    int from = html.indexOf(mark) + mark.length();
    int to = html.indexOf("</script>", from);
    ObjectNode kept = (ObjectNode) JSON.readTree(html.substring(from, to));
    ArrayNode runs = (ArrayNode) kept.path("runs");
    ObjectNode trace = null;
    for (JsonNode run : runs) {
      ObjectNode value = (ObjectNode) run.path("result").path("value");
      switch (run.path("info").path("kind").asString()) {
        case "explain" -> {
          explanation(value);
          trace = trace((ObjectNode) run.deepCopy());
        }
        case "attention" -> attention(value);
        case "lens" -> lens(value);
        default -> {}
      }
    }
    runs.add(trace);
    return html.substring(0, from)
        + JSON.writeValueAsString(kept).replace("<", "\\u003c")
        + html.substring(to);
  }

  private static double number(int i) {
    return Math.sin(i * 12.9898) / 2 + .5;
  }

  private static ArrayNode numbers(int count) {
    ArrayNode all = JSON.createArrayNode();
    for (int i = 0; i < count; i++) {
      all.add(number(i));
    }
    return all;
  }

  private static ArrayNode grid(int rows, int columns) {
    ArrayNode all = JSON.createArrayNode();
    for (int i = 0; i < rows; i++) {
      all.add(numbers(columns));
    }
    return all;
  }

  private static String label(int token) {
    return token < SIDE * SIDE
        ? "image[0].row[%d].col[%d]".formatted(token / SIDE, token % SIDE)
        : "question[%d]".formatted(token - SIDE * SIDE);
  }

  private static void explanation(ObjectNode value) {
    ((ObjectNode) value.path("prompt")).put("layers", LAYERS);
    ArrayNode tokens = JSON.createArrayNode();
    for (int i = 0; i < TOKENS; i++) {
      boolean patch = i < SIDE * SIDE;
      tokens.add(
          JSON.createObjectNode()
              .put("position", i)
              .put("id", i)
              .put("text", "t" + i)
              .put("role", patch ? "image" : "question")
              .put("label", label(i))
              .put("image", patch ? 0 : -1)
              .put("patch", patch ? i : -1));
    }
    ((ObjectNode) value.path("prompt")).set("tokens", tokens);
    ((ObjectNode) value.path("images").path(0)).put("rows", SIDE).put("columns", SIDE);
    ((ObjectNode) value.path("images").path(0)).set("visualWords", JSON.createArrayNode());
    for (JsonNode word : value.path("words")) {
      ((ObjectNode) word).set("heads", grid(LAYERS, HEADS));
      for (JsonNode map : word.path("maps")) {
        ((ObjectNode) map).set("values", numbers(SIDE * SIDE));
      }
    }
  }

  private static void attention(ObjectNode value) {
    for (JsonNode zone : value.path("grids")) {
      ((ObjectNode) zone).set("mass", grid(LAYERS, HEADS));
    }
    ((ObjectNode) value.path("views").path(0)).put("rows", SIDE).put("columns", SIDE);
    for (JsonNode head : value.path("heads")) {
      ((ObjectNode) head).set("maps", JSON.createArrayNode().add(numbers(SIDE * SIDE)));
    }
  }

  private static void lens(ObjectNode value) {
    JsonNode like = value.path("rows").path(0);
    if (!like.path("label").asString().startsWith("image")) {
      return;
    }
    ArrayNode rows = JSON.createArrayNode();
    for (int i = 0; i < SIDE * SIDE; i++) {
      ObjectNode row = (ObjectNode) like.deepCopy();
      row.put("label", label(i));
      ArrayNode layers = JSON.createArrayNode();
      for (int layer = 0; layer <= LAYERS; layer++) {
        layers.add(
            JSON.createArrayNode()
                .add(
                    JSON.createObjectNode()
                        .put("id", i)
                        .put("text", "w" + (i * layer) % 97)
                        .put("score", number(i + layer))));
      }
      row.set("layers", layers);
      rows.add(row);
    }
    value.set("rows", rows);
  }

  /// A trace with a cell for every layer and token.
  private static ObjectNode trace(ObjectNode like) {
    ((ObjectNode) like.path("info")).put("kind", "trace").put("id", "f".repeat(32));
    ObjectNode request = (ObjectNode) like.path("request");
    request.put("request", "trace");
    request.set(
        "measure",
        JSON.readTree(
            "{\"kind\": \"word\", \"word\": \"brown\", \"place\": \"answer\", \"against\": null}"));
    request.set("corruption", JSON.readTree("{\"by\": {\"kind\": \"noise\"}}"));
    ObjectNode map =
        (ObjectNode)
            JSON.readTree(
                "{\"rowAxis\": \"after layer\", \"columnAxis\": \"position\", \"notes\": [],"
                    + " \"base\": {\"probability\": 0.1, \"logProbability\": -2.3, \"logitDifference\": -1},"
                    + " \"other\": {\"probability\": 0.9, \"logProbability\": -0.1, \"logitDifference\": 1}}");
    ArrayNode rows = map.putArray("rows");
    ArrayNode columns = map.putArray("columns");
    ArrayNode cells = map.putArray("cells");
    for (int token = 0; token < TOKENS; token++) {
      columns.add(label(token));
    }
    for (int layer = 0; layer < LAYERS; layer++) {
      rows.add(String.valueOf(layer));
      ArrayNode line = cells.addArray();
      for (int token = 0; token < TOKENS; token++) {
        line.addObject()
            .put("probability", number(layer * token))
            .put("logProbability", -number(layer + token))
            .put("logitDifference", number(token));
      }
    }
    ObjectNode value = JSON.createObjectNode().put("target", "brown").put("against", "the");
    value.putArray("conclusions");
    value.putArray("maps").add(map);
    ObjectNode result = (ObjectNode) like.path("result");
    result.put("kind", "causal-maps");
    result.set("value", value);
    return like;
  }

  /// Does something seven times, and tells the median time until its frame is drawn, in
  /// milliseconds.
  private static double median(Page page, String what) throws Exception {
    return page.evaluate(
            """
            (async () => {
              const times = [];
              for (let i = 0; i < 7; i++) {
                const start = performance.now();
                %s;
                await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
                times.push(performance.now() - start);
              }
              return times.sort((a, b) => a - b)[3];
            })()
            """
                .formatted(what))
        .asDouble();
  }

  private static void browse(Browser browser, Path file) throws Exception {
    Page page = browser.visit(file.toUri(), 1280, false, false);
    page.await("document.querySelector('.word.image')");
    String point =
        "(() => { const e = document.querySelector('%s'); const b = e.getBoundingClientRect();"
            + " e.dispatchEvent(new PointerEvent('pointermove', {bubbles: true, clientX: b.x + b.width * (i + 1) / 9,"
            + " clientY: b.y + b.height * (i + 1) / 9})); })()";
    String[][] steps = {
      {"patches", "point at a patch", point.formatted(".pane")},
      {
        "patches",
        "another method",
        "document.querySelectorAll('.thumb')[i % document.querySelectorAll('.thumb').length].click()"
      },
      {"heads", "point at a head", point.formatted("lv-matrix .plate")},
      {"heads", "another word", "document.querySelectorAll('.word')[i % 7].click()"},
      {
        "words",
        "point at a patch's words",
        "document.querySelectorAll('.word-grid .cell')[100 * i]?.dispatchEvent(new PointerEvent('pointerenter'))"
      },
      {"attention", "point at a patch", point.formatted(".pane")},
      {"trace", "point at one of 96,000 cells", point.formatted("lv-matrix .plate")},
      {
        "trace",
        "lay another row over the picture",
        "document.querySelector('lv-matrix').dispatchEvent(new CustomEvent('choose', {detail: [i, 5]}))"
      },
    };
    StringBuilder told = new StringBuilder();
    double worst = 0;
    for (String[] step : steps) {
      page.evaluate("document.querySelector('[data-view=%s]').click(); true".formatted(step[0]));
      page.await("document.querySelector('nav [aria-current]').dataset.view === '" + step[0] + "'");
      page.evaluate("new Promise(done => setTimeout(() => done(true), 300))");
      double millis = median(page, step[2]);
      worst = Math.max(worst, millis);
      told.append("%s, %s: %.0f ms%n".formatted(step[0], step[1], millis));
    }
    System.out.println(told);
    assertThat(page.evaluate("document.querySelector('lv-matrix canvas').width").asInt())
        .isEqualTo(TOKENS);
    assertThat(page.evaluate(Browser.WRONG)).isEmpty();
    assertThat(worst).as(told.toString()).isLessThan(MOST_MILLIS);
  }
}
