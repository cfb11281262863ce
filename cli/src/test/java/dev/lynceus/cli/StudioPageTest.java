package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lynceus.cli.Browser.Page;
import dev.lynceus.studio.Studio;
import dev.lynceus.studio.StudioOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// The studio in a browser, as a person uses it, with the bundled model. Without chromium, or in a
/// build without npm, these tests are skipped, which continuous integration counts and says.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class StudioPageTest {
  @TempDir static Path folder;
  private Browser browser;
  private Studio studio;
  private Page page;

  @BeforeAll
  void open() throws Exception {
    assumeTrue(Files.isExecutable(Browser.CHROMIUM), "no browser: " + Browser.CHROMIUM);
    start(0);
    assumeTrue(studio.hasPage(), "this build has no page: there was no npm");
    browser = new Browser(folder.resolve("browser"));
    page = visit("");
  }

  private void start(int port) {
    StudioOptions local = StudioOptions.local(folder.resolve("store"));
    studio =
        Studio.start(
            new StudioOptions(
                local.host(),
                port,
                local.token(),
                local.store(),
                local.roots(),
                local.data(),
                local.memory(),
                local.queue(),
                local.limits()),
            line -> {
              throw new IllegalStateException(line);
            });
  }

  private Page visit(String hash) throws Exception {
    return browser.visit(URI.create(studio.address() + hash), 1280, false, false);
  }

  @AfterAll
  void close() throws Exception {
    if (browser != null) {
      browser.close();
    }
    if (studio != null) {
      studio.close();
    }
  }

  private static void click(Page on, String selector) throws Exception {
    on.await("document.querySelector(\"" + selector + "\")");
    on.evaluate("document.querySelector(\"" + selector + "\").click(); true");
  }

  private void click(String selector) throws Exception {
    click(page, selector);
  }

  private String text(String selector) throws Exception {
    return page.evaluate("document.querySelector(\"" + selector + "\")?.innerText ?? ''")
        .asString();
  }

  private String hash() throws Exception {
    return page.evaluate("location.hash").asString();
  }

  /// Waits until nothing is on its way.
  private void calm() throws Exception {
    page.await("!document.querySelector('.spinner') && document.querySelector('.word.image')");
  }

  @Test
  @Order(1)
  void asksAndIsTold() throws Exception {
    page.await("document.querySelector('.finding')");
    assertThat(text(".answer")).contains("brown");
    assertThat(text(".word.image")).isEqualTo("brown");
    assertThat(text(".finding")).contains("rests on the picture");

    page.evaluate("document.querySelector('#question').value = 'Is there a frog?'; true");
    click("[data-act=ask]");
    page.await("document.querySelector('.answer').innerText.includes('Yes')");
    assertThat(hash()).contains("question=Is+there+a+frog");
    page.evaluate("history.back(); true");
    page.await("document.querySelector('.answer').innerText.includes('brown')");
    calm();
  }

  @Test
  @Order(2)
  void showsMapsByOtherMethods() throws Exception {
    click("[data-view=patches]");
    page.await("document.querySelectorAll('.thumb').length > 3");
    String first = pixels();
    click(".thumb:not([aria-pressed=true])");
    page.await("location.hash.includes('method=')");
    page.await("document.querySelector('canvas.map').toDataURL() !== '" + first + "'");
    page.evaluate(
        "(() => { const s = document.querySelector('[data-act=method]'); s.value = 'grad-cam';"
            + " s.dispatchEvent(new Event('change', {bubbles: true})); return true; })()");
    page.await("document.querySelector('.thumb[data-method=\"grad-cam\"][aria-pressed=true]')");
  }

  private String pixels() throws Exception {
    return page.evaluate("document.querySelector('canvas.map').toDataURL()").asString();
  }

  @Test
  @Order(3)
  void showsWhereAHeadLooks() throws Exception {
    click("[data-view=heads]");
    click("[data-head]");
    page.await("location.hash.includes('head=')");
    page.await("document.querySelector('.stage canvas.map:not([hidden])')");
    assertThat(text("aside .readout")).startsWith("Head ");
    click("[data-value=image]");
    page.await("document.querySelector('lv-matrix .legend')?.innerText.includes('share')");
    click("[data-act=why]");
    page.await("document.querySelector('.reasons')");
    click("[data-value=increase]");
    click("[data-act=silence-best]:not([disabled])");
    page.await("document.querySelector('[data-found=silence]')");
    assertThat(text("[data-found=silence]"))
        .contains("the answer becomes", "Random heads of the same layers");
    click("[data-act=toggle]");
    page.await("document.querySelectorAll('.chip').length === 3");
    page.await("document.querySelector('[data-found=silence]')");
    click("[data-act=speak]");
    page.await("!document.querySelector('.chip')");
  }

  @Test
  @Order(11)
  void comparesKnocksOutAndFindsCauses() throws Exception {
    page.evaluate("document.activeElement.blur(); true");
    page.press("1");
    click("[data-view=compare]");
    click("[data-act=compare]:not([disabled])");
    page.await("document.querySelector('[data-found=compare]')");
    assertThat(text(".methods tbody")).contains("knows nothing of the model");
    page.await("document.querySelectorAll('.duel lv-picture canvas').length === 3");
    click("[data-rank=random]");
    page.await("location.hash.includes('method=random')");

    click("[data-view=flow]");
    click("[data-act=flow]:not([disabled])");
    page.await("document.querySelector('[data-found=flow]')");
    assertThat(text("[data-found=flow]")).contains("“brown” needs layer 1, edge last ← image");
    assertThat(text("[data-found=flow-random]")).contains("random looks");
    assertThat(page.evaluate("document.querySelectorAll('.flow .counts').length").asInt())
        .isEqualTo(1);

    click("[data-view=causes]");
    page.await("document.querySelector('[data-act=of-head]')");
    page.evaluate(
        "(() => { const s = document.querySelector('[data-act=of-head]'); s.value = '3.1';"
            + " s.dispatchEvent(new Event('change', {bubbles: true})); return true; })()");
    click("[data-act=causes]:not([disabled])");
    page.await("document.querySelector('[data-found=causes]')");
    click(".cause.patch");
    page.await("location.hash.includes('patch=')");

    page.evaluate("location.reload(); true");
    page.await("document.querySelector('[data-found=causes]')");
    for (String view : List.of("flow", "compare")) {
      click("[data-view=" + view + "]");
      page.await("document.querySelector('[data-found=" + view + "]')");
    }
  }

  @Test
  @Order(12)
  void changesAStepOfAStrategy() throws Exception {
    click("[data-view=strategies]");
    click("[data-value=describe]");
    page.evaluate(
        "(() => { const s = document.querySelector('[data-act=candidates]'); s.value = 'brown, red';"
            + " s.dispatchEvent(new Event('change', {bubbles: true})); return true; })()");
    page.await("location.hash.includes('candidates=')");
    click("[data-act=strategy]:not([disabled])");
    page.await("document.querySelector('[data-found=strategy]')");
    click("[data-step='0'] [data-act=change]");
    page.await("document.querySelector('.ledger .change')");
    page.evaluate(
        "document.querySelector('.ledger .change [name=answer]').value = 'There is a red car.'; true");
    click("[data-act=again-from]");
    page.await("document.querySelector('[data-step=\"0\"].edited')");
    assertThat(text(".ledger")).contains("There is a red car.");
    assertThat(hash()).contains("edits=");
    page.evaluate("location.reload(); true");
    page.await("document.querySelector('[data-step=\"0\"].edited')");
    page.await("document.querySelector('.ledger s')");
    String code =
        page.evaluate(
                "fetch('/api/runs?search=strategy&most=1').then(r => r.json()).then(r =>"
                    + " fetch('/api/runs/' + r[0].id + '/code')).then(r => r.text())")
            .asString();
    assertThat(code).contains("class Asked", "new StrategyRequest.Edit(0,");
    click(".prompts summary");
    page.evaluate(
        "document.querySelector('.prompts [name=caption]').value = 'What is there?'; true");
    click("[data-act=reword]");
    page.await(
        "[...document.querySelectorAll('.ledger .prompt')].some(p => p.innerText === 'What is there?')");
    assertThat(hash()).contains("prompts=").doesNotContain("edits=");
  }

  @Test
  @Order(13)
  void theTourLeadsThrough() throws Exception {
    click("[data-act=help]");
    page.await("document.querySelector('.glossary')");
    click("dialog [data-act=tour]");
    for (int stop = 0; stop < 7; stop++) {
      page.await(
          "document.querySelector('.tour small').innerText.startsWith('" + (stop + 1) + "')");
      click("[data-act=tour-next]");
    }
    page.await("!document.querySelector('.tour')");
  }

  @Test
  @Order(4)
  void hidesARegion() throws Exception {
    click("[data-view=patches]");
    click("[data-value=rectangle]");
    var box =
        page.evaluate(
            "(() => { const r = document.querySelector('.stage').getBoundingClientRect(); return [r.x,"
                + " r.y, r.width, r.height]; })()");
    double x = box.get(0).asDouble();
    double y = box.get(1).asDouble();
    double side = box.get(2).asDouble();
    page.drag(x + .55 * side, y + .35 * side, x + .98 * side, y + .8 * side);
    click("[data-act=knock]:not([disabled])");
    page.await("document.querySelector('[data-found=knock]')");
    assertThat(text("[data-found=knock]")).contains("“brown” needs the region");
    assertThat(hash()).contains("mask=");
  }

  /// A press on the car marks its pieces; that is enough to take the colour away.
  @Test
  @Order(4)
  void pressesOnSuperpixels() throws Exception {
    click("[data-view=patches]");
    click("[data-act=clear]");
    click("[data-value=superpixels]");
    page.await("document.querySelector('.pieces path')");
    var box =
        page.evaluate(
            "(() => { const r = document.querySelector('.stage').getBoundingClientRect(); return [r.x,"
                + " r.y, r.width]; })()");
    double x = box.get(0).asDouble() + .7 * box.get(2).asDouble();
    double y = box.get(1).asDouble() + .55 * box.get(2).asDouble();
    String marked =
        "(() => { const c = document.querySelector('canvas.mask'); return"
            + " c.getContext('2d').getImageData(0, 0, c.width, c.height).data.filter((v, i) => i % 4"
            + " === 3 && v > 127).length; })()";
    page.drag(x, y, x, y);
    page.await(marked + " > 20");
    assertThat(page.evaluate(marked).asInt()).isLessThan(112 * 112 / 8);
    page.drag(x, y, x, y);
    page.await(marked + " === 0");
    assertThat(page.evaluate("document.querySelector('[data-act=knock]').disabled").asBoolean())
        .isTrue();
    click("[data-value=look]");
  }

  @Test
  @Order(5)
  void stopsALongTrace() throws Exception {
    String request =
        """
        {request: 'trace', repeats: 9999, question: {text: 'Is there a frog?', pictures: [{kind: 'stored', sha256: new URLSearchParams(location.hash.slice(1)).get('picture')}]}}\
        """;
    page.evaluate(
        "fetch('/api/runs', {method: 'POST', headers: {'Content-Type': 'application/json'}, body:"
            + " JSON.stringify("
            + request
            + ")}).then(r => r.json()).then(r => { window.long = r.id; }); true");
    click("[data-view=trace]");
    click("[data-act=trace]:not([disabled])");
    page.await("document.querySelector('[data-act=cancel]')");
    assertThat(text(".progress")).contains("waiting");
    page.evaluate("fetch('/api/runs/' + window.long + '/cancel', {method: 'POST'}); true");
    page.await("document.querySelector('lv-matrix')");
    click("[data-value=mean]");
    page.evaluate(
        "window.long = ''; fetch('/api/runs', {method: 'POST', headers: {'Content-Type': 'application/json'}, body:"
            + " JSON.stringify("
            + request.replace("9999", "9998")
            + ")}).then(r => r.json()).then(r => { window.long = r.id; }); true");
    page.await("window.long");
    click("[data-act=trace]:not([disabled])");
    click("[data-act=cancel]");
    page.evaluate("fetch('/api/runs/' + window.long + '/cancel', {method: 'POST'}); true");
    page.await("document.querySelector('#view .refusal')");
    assertThat(text("#view .refusal")).contains("stopped");
    click("[data-value=noise]");
  }

  @Test
  @Order(6)
  void isTheSameAfterItIsLoadedAgain() throws Exception {
    click("[data-view=words]");
    page.evaluate(
        "(() => { const s = document.querySelector('[data-act=search]'); s.value = 'frog';"
            + " s.dispatchEvent(new Event('input', {bubbles: true})); return true; })()");
    page.await("location.hash.includes('search=frog')");
    String before = hash();
    page.evaluate("location.reload(); true");
    page.await("document.querySelector('.word-grid') && document.querySelector('.word.image')");
    assertThat(hash()).isEqualTo(before);
    assertThat(page.evaluate("document.querySelector('[data-act=search]').value").asString())
        .isEqualTo("frog");
    assertThat(text("nav [aria-current]")).isEqualTo("Words");
  }

  @Test
  @Order(7)
  void keysAreEnough() throws Exception {
    calm();
    page.evaluate("document.activeElement.blur(); true");
    page.press("1");
    page.await("location.hash.indexOf('view=') < 0");
    page.press("ArrowLeft");
    page.await("document.querySelector('.word[aria-pressed=true]').innerText === 'is'");
    page.press("ArrowRight");
    page.await("document.querySelector('.word[aria-pressed=true]').innerText === 'brown'");
    page.press("?");
    page.await("document.querySelector('dialog')");
    page.press("Escape");
    page.await("!document.querySelector('dialog')");
    page.press("3");
    page.await("document.querySelector('lv-matrix .plate')");
    page.evaluate("document.querySelector('lv-matrix .plate').focus(); true");
    page.press("ArrowDown");
    page.press("ArrowRight");
    page.press("Enter");
    page.await("location.hash.includes('head=')");
    page.evaluate("document.activeElement.blur(); true");
    page.press("2");
    click("[data-act=strongest]");
    page.await("document.querySelector('[data-act=knock]:not([disabled])')");
    page.press("q");
    page.await("document.activeElement.id === 'question'");
    page.evaluate("document.activeElement.blur(); true");
  }

  @Test
  @Order(8)
  void theLibrarySurvivesARestart() throws Exception {
    int port = studio.address().getPort();
    studio.close();
    start(port);
    page.evaluate("location.reload(); true");
    page.await("document.querySelector('.word.image')");
    click("[data-view=library]");
    page.await("document.querySelectorAll('[data-run]').length > 6");
    assertThat(text(".runs")).contains("Trace").contains("Region").contains("stopped");
    page.evaluate(
        "(() => { const s = document.querySelector('[data-act=find]'); s.value = 'region';"
            + " s.dispatchEvent(new Event('input', {bubbles: true})); return true; })()");
    page.await("document.querySelectorAll('[data-run]').length === 1");
    click("[data-act=reopen]");
    page.await("document.querySelector('[data-found=knock]')");
  }

  @Test
  @Order(9)
  void aSavedPageOpensOffline() throws Exception {
    String id =
        page.evaluate(
                "fetch('/api/runs?search=trace&most=1').then(r => r.json()).then(r => r[0].id)")
            .asString();
    HttpResponse<Path> saved =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(studio.address().resolve("/api/runs/" + id + "/page"))
                    .build(),
                HttpResponse.BodyHandlers.ofFile(folder.resolve("saved.html")));
    if (saved.statusCode() != 200) {
      id =
          page.evaluate(
                  "fetch('/api/runs?search=explain&most=1').then(r => r.json()).then(r => r[0].id)")
              .asString();
      HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(studio.address().resolve("/api/runs/" + id + "/page")).build(),
              HttpResponse.BodyHandlers.ofFile(folder.resolve("saved.html")));
    }
    Page offline = browser.visit(folder.resolve("saved.html").toUri(), 1280, true, false);
    offline.await("document.querySelector('.word.image')");
    assertThat(offline.evaluate("document.querySelector('.answer').innerText").asString())
        .contains("brown");
    for (String view :
        List.of(
            "patches",
            "heads",
            "words",
            "attention",
            "trace",
            "compare",
            "flow",
            "causes",
            "library")) {
      click(offline, "[data-view=" + view + "]");
      offline.await("!document.querySelector('.spinner')");
    }
    click(offline, "[data-view=patches]");
    offline.await("document.querySelectorAll('.thumb').length > 3");
    assertThat(offline.evaluate("performance.getEntriesByType('resource').length").asInt())
        .isZero();
    assertThat(offline.evaluate(Browser.WRONG)).isEmpty();
    offline.close();
  }

  @Test
  @Order(10)
  void everyViewIsForEveryone() throws Exception {
    List<String> faults = new ArrayList<>();
    for (boolean dark : new boolean[] {false, true}) {
      int width = dark ? 390 : 1280;
      Page one = browser.visit(studio.address(), width, dark, false);
      one.await("document.querySelector('.word.image')");
      one.evaluate(PageRules.axe() + "; true");
      for (String view :
          List.of(
              "ask",
              "patches",
              "heads",
              "words",
              "attention",
              "trace",
              "compare",
              "flow",
              "causes",
              "library")) {
        click(one, "[data-view=" + view + "]");
        one.await("!document.querySelector('.spinner') && document.querySelector('#view h2')");
        String told = one.evaluate(PageRules.AXE).asString();
        if (!told.isBlank()) {
          faults.add(view + (dark ? ", dark: " : ": ") + told);
        }
        if (one.evaluate("document.documentElement.scrollWidth - innerWidth").asInt() > 0) {
          faults.add(view + " is wider than its window of " + width);
        }
      }
      one.evaluate(Browser.WRONG).forEach(wrong -> faults.add(wrong.asString()));
      one.close();
    }
    page.evaluate(Browser.WRONG).forEach(wrong -> faults.add(wrong.asString()));
    assertThat(faults).isEmpty();
  }
}
