package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lynceus.cli.Browser.Page;
import dev.lynceus.lab.measure.VerdictPage;
import dev.lynceus.lab.measure.VerdictReport;
import dev.lynceus.report.Plots;
import dev.lynceus.report.StaticPage;
import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Pages as a browser shows them: for everyone, honest, and in one vocabulary. Without chromium
/// these tests are skipped, which continuous integration counts and says.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PagesTest {
  @TempDir static Path folder;
  private final Map<String, Path> pages = new LinkedHashMap<>();
  private Browser browser;

  @BeforeAll
  void open() throws Exception {
    assumeTrue(Files.isExecutable(Browser.CHROMIUM), "no browser: " + Browser.CHROMIUM);
    made("explain", "explain", Fixtures.PICTURE, Fixtures.QUESTION);
    made("asked", "explain", "--target=automobile", Fixtures.PICTURE, Fixtures.QUESTION);
    made("text", "explain", Fixtures.QUESTION);
    String goldens = "../core/src/test/resources/goldens/";
    made(
        "depends",
        "explain",
        "--model=" + goldens + "blip-vqa/hub",
        goldens + "images/photo.png",
        Fixtures.QUESTION);
    made(
        "reads",
        "explain",
        "--model=" + goldens + "bert-qa/hub",
        "What color was the ball?",
        "--passage=The dog chased the red ball into the river.");
    made(
        "compare",
        "compare",
        "--quiet",
        "--methods=seeing-heads,log-increase,relevancy,random",
        Fixtures.PICTURE,
        Fixtures.QUESTION);
    made("evidence", "evidence", Fixtures.PICTURE, Fixtures.QUESTION);
    made("whose", "evidence", Fixtures.PICTURE, "What is the color of the dog?");
    made("described", "evidence", "../samples/heart-guitar-horse-dove.png", "Describe the image.");
    Path questions = folder.resolve("questions.jsonl");
    Files.copy(Path.of(Fixtures.PICTURE), folder.resolve("picture.png"));
    Files.writeString(
        questions,
        """
        {"image": "picture.png", "question": "What is the color of the car?"}
        {"image": "picture.png", "question": "What is the color of the dog?"}
        {"image": "picture.png", "question": "What is the color of the car?", "answer": "It is red."}
        {"image": "none.png", "question": "Is there a dog?"}
        """);
    made("batch", "evidence", "--dataset=" + questions);
    pages.put("verdict", verdicts());
    Path all = folder.resolve("static.html");
    Files.writeString(all, everything().html());
    pages.put("static", all);
    browser = new Browser(folder.resolve("browser"));
  }

  private void made(String name, String... line) {
    Path page = folder.resolve(name + ".html");
    List<String> words = new ArrayList<>(List.of(line));
    words.add("--output=" + page);
    Shell.Result result = Shell.lynceus(words.toArray(String[]::new));
    // A row of the batch has no picture.
    assertThat(result.status()).as(result.err()).isEqualTo(name.equals("batch") ? 6 : 0);
    pages.put(name, page);
  }

  /// The page of a study that takes minutes, from what it wrote once.
  private static Path verdicts() throws Exception {
    try (InputStream kept = PagesTest.class.getResourceAsStream("/schemas/pupil-verdict.json")) {
      VerdictReport report =
          JsonMapper.builder()
              .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
              .build()
              .readValue(kept, VerdictReport.class);
      return Files.writeString(
          folder.resolve("verdict.html"), VerdictPage.html(report, "lynceus pupil verdict"));
    }
  }

  @AfterAll
  void close() throws Exception {
    if (browser != null) {
      browser.close();
    }
  }

  /// A page with every part that static pages are made of.
  private static StaticPage everything() {
    double[] values = {.9, .5, .1};
    return new StaticPage(
        "Everything",
        "What static pages are made of.",
        List.of(
            new StaticPage.Section(
                "Parts",
                "Tables, charts, pictures.",
                List.of(
                    new StaticPage.Text("A paragraph."),
                    new StaticPage.Marked(
                        List.of(
                            new StaticPage.Mark("brown", "image", "from the image"),
                            new StaticPage.Mark("dog", "unsupported", "unsupported"))),
                    new StaticPage.Table(
                        "A wide table",
                        java.util.Collections.nCopies(14, "head of a column"),
                        List.of(java.util.Collections.nCopies(14, "0.875"))),
                    new StaticPage.Charts(
                        List.of(
                            Plots.lines(
                                "Lines",
                                List.of("0", "1", "2"),
                                "x",
                                "y",
                                List.of(
                                    new Plots.Series("one", values, values, values),
                                    new Plots.Series("two", values, values, values))),
                            Plots.heads("Heads", new double[][] {{.5, -.5}, {0, 1}}, 1),
                            Plots.agreement(
                                "Agreement",
                                List.of("a", "b"),
                                new double[][] {{1, -.5}, {-.5, 1}}))),
                    new StaticPage.Gallery(
                        List.of(
                            new StaticPage.Shot(
                                "a picture",
                                "small",
                                new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB))))),
                "A note.")),
        "lynceus --help");
  }

  @Test
  void everyPageIsForEveryoneInLightAndDarkOnAPhoneAndOnPaper() throws Exception {
    Map<String, List<String>> faults = new LinkedHashMap<>();
    for (Map.Entry<String, Path> entry : pages.entrySet()) {
      List<String> found = PageRules.faults(browser, entry.getValue());
      if (!found.isEmpty()) {
        faults.put(entry.getKey(), found);
      }
    }
    assertThat(faults).isEmpty();
  }

  /// The page of an explanation, with all that it draws after its first picture.
  private Page explained() throws Exception {
    return drawn(pages.get("explain"));
  }

  private Page drawn(Path file) throws Exception {
    Page page = browser.open(file, 1400, false);
    page.await(
        "document.querySelector('lv-neurons tr') && document.querySelector('lv-picture img')");
    return page;
  }

  @Test
  void zeroIsClearThePictureIsCleanAndOneScaleServesTheAnswer() throws Exception {
    Page page = explained();
    // Patch 0 is in the corner, far from anything; patch 31 is the strongest.
    String alpha =
        "document.querySelector('#pair canvas').getContext('2d').getImageData(%d, %d, 1, 1).data[3]";
    // As light: what is strong keeps the colours of the picture, the rest is hidden.
    assertThat(page.evaluate(alpha.formatted(0, 0)).asInt()).isEqualTo(255);
    assertThat(page.evaluate(alpha.formatted(7, 3)).asInt()).isZero();
    page.evaluate(
        "[...document.querySelectorAll('#controls button')].find(b => b.textContent === 'Colours')"
            + ".click()");
    assertThat(page.evaluate(alpha.formatted(0, 0)).asInt()).isZero();
    assertThat(page.evaluate(alpha.formatted(7, 3)).asInt()).isEqualTo(255);
    assertThat(page.evaluate("document.querySelectorAll('#pair figure').length").asInt())
        .as("nothing was cropped, so there is one picture")
        .isEqualTo(1);
    assertThat(page.evaluate("document.querySelectorAll('#pair .half').length").asInt())
        .as("what is strong is outlined")
        .isPositive();
    // Of another word the same map has the same scale.
    String scale = "document.querySelector('#controls .ends').innerText";
    String before = page.evaluate(scale).asString();
    page.evaluate("document.querySelector('#answer [data-word=\"3\"]').click()");
    assertThat(page.evaluate(scale).asString()).isEqualTo(before);
    page.evaluate(
        "[...document.querySelectorAll('#controls button')].find(b => b.textContent === 'This"
            + " word').click()");
    assertThat(page.evaluate(scale).asString()).isNotEqualTo(before);
    page.close();
  }

  @Test
  void aPinBelongsToItsWordAndNegativesAreHatched() throws Exception {
    Page page = explained();
    String pinned = "document.querySelectorAll('#pair .pin').length";
    page.evaluate(
        "(() => { const pane = document.querySelector('#pair .pane'); const r ="
            + " pane.getBoundingClientRect(); pane.dispatchEvent(new MouseEvent('click', {clientX:"
            + " r.left + 5, clientY: r.top + 5, bubbles: true})); })()");
    assertThat(page.evaluate(pinned).asInt()).isEqualTo(2);
    page.evaluate("document.querySelector('#answer [data-word=\"2\"]').click()");
    assertThat(page.evaluate(pinned).asInt()).isZero();
    page.evaluate("document.querySelector('#answer [data-word=\"0\"]').click()");
    assertThat(page.evaluate(pinned).asInt()).isEqualTo(2);
    page.evaluate(
        "[...document.querySelectorAll('#controls button')].find(b => b.textContent === 'This"
            + " word').click()");
    page.evaluate("document.querySelector('#maps input[value=\"all-heads\"]').click()");
    page.evaluate(
        "(async () => { window.hatched = 0; for (const b of document.querySelectorAll('#answer"
            + " [data-word]')) { b.click(); await new Promise(requestAnimationFrame);"
            + " window.hatched += document.querySelectorAll('#pair .hatch').length; } })()");
    assertThat(page.evaluate("window.hatched").asInt()).isPositive();
    page.close();
  }

  @Test
  void theModelsOwnAnswerStaysWhereAnotherWordIsAskedAbout() throws Exception {
    Page page = browser.open(pages.get("asked"), 1400, false);
    assertThat(page.evaluate("document.querySelector('#hero').innerText").asString())
        .contains(Fixtures.ANSWER);
    page.close();
  }

  @Test
  void hostileWordsStayWordsInABrowser() throws Exception {
    String hostile =
        "<img src=x onerror=\"window.hit=1\">${window.hit=1}<script>window.hit=1</script>";
    Path file = folder.resolve("hostile.html");
    assertThat(Shell.lynceus("explain", Fixtures.PICTURE, hostile, "--output=" + file).status())
        .isZero();
    Page page = drawn(file);
    assertThat(page.evaluate("document.querySelector('#question').innerText").asString())
        .isEqualTo(hostile);
    assertThat(page.evaluate("document.querySelector('lv-prompt').innerText").asString())
        .contains("<");
    assertThat(page.evaluate("String(window.hit)").asString()).isEqualTo("undefined");
    assertThat(page.evaluate("document.querySelectorAll('img:not(lv-picture img)').length").asInt())
        .isZero();
    page.close();
  }

  /// Addresses of pages written before have the same keys.
  @Test
  void aLinkShowsTheSameAgain() throws Exception {
    Page page = explained();
    page.evaluate(
        "location.hash = '#w=2&map=all-heads&head=1.2&layer=1&o=0.4&smooth=1&top=5&own=1&as=grey&pin=12'; true");
    page.evaluate("new Promise(r => setTimeout(r, 500))");
    String shown =
        "[document.querySelector('#answer [aria-pressed=true]').dataset.word,"
            + " document.querySelector('#maps input:checked').value,"
            + " document.querySelector('[data-head-name]').innerText,"
            + " document.querySelector('#opacity').value,"
            + " [...document.querySelectorAll('#controls [aria-pressed=true]')].map(b =>"
            + " b.textContent).join(), document.querySelectorAll('#pair .top:not(.halo)').length,"
            + " document.querySelectorAll('#pair .pin:not(.halo)').length,"
            + " document.querySelector('#layers .layer-band') !== null, location.hash].join(' ')";
    assertThat(page.evaluate(shown).asString())
        .isEqualTo(
            "2 all-heads 1.2 40 Smooth,Best 5,This word,Colours on grey 5 1 true"
                + " #w=2&map=all-heads&head=1.2&layer=1&o=0.4&smooth=1&top=5&own=1&as=grey&pin=12");
    page.close();
  }

  @Test
  void theArrowKeysPointAndEnterKeeps() throws Exception {
    Page page = explained();
    String press =
        "document.querySelector('%s').dispatchEvent(new KeyboardEvent('keydown', {key: '%s',"
            + " bubbles: true})); new Promise(r => setTimeout(r, 60))";
    String place = "document.querySelector('#readout h2').innerText";
    page.evaluate("location.hash = '#w=0&pin=12'; new Promise(r => setTimeout(r, 300))");
    assertThat(page.evaluate(place).asString()).isEqualTo("Row 1, column 0");
    page.evaluate(press.formatted("#pair .pane", "ArrowRight"));
    page.evaluate(press.formatted("#pair .pane", "ArrowDown"));
    assertThat(page.evaluate(place).asString()).isEqualTo("Row 2, column 1");
    page.evaluate(press.formatted("#pair .pane", "Enter"));
    assertThat(
            page.evaluate("document.querySelector('#readout .badge')?.innerText ?? ''").asString())
        .isEmpty();
    page.evaluate(
        "document.querySelector('#pair .pane').dispatchEvent(new FocusEvent('blur')); new Promise(r => setTimeout(r, 60))");
    assertThat(page.evaluate("document.querySelector('#readout .badge').innerText").asString())
        .isEqualTo("pinned");
    page.evaluate(press.formatted("#pair .pane", "Escape"));
    assertThat(page.evaluate("document.querySelectorAll('#pair .pin').length").asInt()).isZero();
    // What a table points at is pointed at in the picture.
    page.evaluate(
        "document.querySelector('#positions tr[data-position]').dispatchEvent(new PointerEvent('pointerenter')); new Promise(r => setTimeout(r, 60))");
    assertThat(page.evaluate("document.querySelectorAll('#pair .hover:not(.halo)').length").asInt())
        .isEqualTo(1);
    page.close();
  }

  @Test
  void everyHeadHasItsPositions() throws Exception {
    Page page = explained();
    page.evaluate("location.hash = '#w=0&head=3.7'");
    page.evaluate("new Promise(r => setTimeout(r, 300))");
    assertThat(page.evaluate("document.querySelector('#positions').innerText").asString())
        .contains("row ")
        .doesNotContain("as a whole only");
    page.close();
  }

  @Test
  void tablesForOtherProgramsSayWhatTheyAre() throws Exception {
    Page page = explained();
    page.evaluate(
        "window.saved = []; URL.createObjectURL = b => { window.saved.push(b); return '#'; };"
            + " HTMLAnchorElement.prototype.click = () => {};"
            + " document.querySelectorAll('.tools .data').forEach(b => { if (b.textContent ==="
            + " 'CSV') b.click(); }); true");
    String heads =
        page.evaluate(
                "Promise.all(window.saved.map(b => b.text())).then(all => all.join('\\u0001'))")
            .asString();
    assertThat(heads.split("\u0001", -1))
        .hasSizeGreaterThan(6)
        .allSatisfy(table ->
            assertThat(table)
                .startsWith("model,revision,question,answer,word,unit,")
                .contains(",What is the color of the car?,", ",brown,"));
    page.close();
  }
}
