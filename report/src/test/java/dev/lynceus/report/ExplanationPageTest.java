package dev.lynceus.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Explanation;
import dev.lynceus.method.Explanation.ImageView;
import dev.lynceus.method.Explanation.Prompt;
import dev.lynceus.method.Explanation.Token;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.Term;
import dev.lynceus.method.WordChoice;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.IntNode;

class ExplanationPageTest {
  private static final String HOSTILE =
      "</script><script>alert(1)</script><img src=x onerror=alert(2)>\u2028\u2029<!--{{script}}$1\\"
          + "\"' onload=alert(3) \uD83D \u202E ]]>";

  /// Pages to look at by eye, and the bound on their size.
  @Test
  void aBigPageStaysBelowThreeMegabytes() throws Exception {
    Path folder = Files.createDirectories(Path.of("target", "sample-pages"));
    write(folder.resolve("small.html"), SampleExplanations.small());
    Explanation small = SampleExplanations.small();
    MapImages.write(folder.resolve("png"), small, SampleExplanations.pictures(small));
    write(folder.resolve("text.html"), SampleExplanations.textOnly());
    write(folder.resolve("hostile.html"), hostile());
    write(folder.resolve("none.html"), without(SampleExplanations.small()));
    write(folder.resolve("big.html"), SampleExplanations.big());
    assertThat(Files.size(folder.resolve("big.html"))).isBetween(300_000L, 3_000_000L);
  }

  @Test
  void nothingIsLoadedFromOutside() {
    String page = html(SampleExplanations.small());
    assertThat(
            Pattern.compile("(?i)(src|href|action|srcset)\\s*=\\s*[\"']?\\s*(https?:|//)")
                .matcher(page)
                .find())
        .isFalse();
    assertThat(page).doesNotContain("@import").doesNotContain("url(").doesNotContain("<link");
    assertThat(page).contains("default-src &#39;none&#39;".replace("&#39;", "'"));
  }

  @Test
  void thePolicyNamesExactlyTheStyleAndTheScriptOfThePage() throws Exception {
    String page = html(SampleExplanations.small());
    assertThat(page).contains("script-src " + hash(between(page, "<script>", "</script>")));
    assertThat(page).contains("style-src " + hash(between(page, "<style>", "</style>")));
    assertThat(page).doesNotContain("unsafe-inline");
    assertThat(Pattern.compile("<[a-z][^>]*\\s(style|on[a-z]+)=").matcher(markup(page)).find())
        .isFalse();
  }

  @Test
  void theEmbeddedDataAreTheExplanationWithFiveDigits() {
    for (Explanation e : List.of(SampleExplanations.small(), SampleExplanations.big())) {
      Explanation read = ExplanationJson.readCompact(embedded(html(e)));
      assertThat(leaves(read)).hasSameSizeAs(leaves(e));
      List<String> wrong = new ArrayList<>();
      Iterator<Map.Entry<String, JsonNode>> expected = leaves(e).iterator();
      for (Map.Entry<String, JsonNode> leaf : leaves(read)) {
        Map.Entry<String, JsonNode> original = expected.next();
        if (!leaf.getKey().equals(original.getKey())
            || !same(leaf.getValue(), original.getValue())) {
          wrong.add(leaf + " instead of " + original);
        }
      }
      assertThat(wrong).isEmpty();
    }
  }

  @Test
  void numbersThatAreNotFiniteBecomeNull() {
    Explanation e = SampleExplanations.small();
    e.words().getFirst().heads()[1][2] = Double.NaN;
    e.words().getFirst().heads()[1][3] = Double.NEGATIVE_INFINITY;
    assertThat(embedded(html(e)))
        .doesNotContain("NaN")
        .doesNotContain("Infinity")
        .contains("null,null");
  }

  @Test
  void aMapThatTellsNothingIsToldOnThePageAndInTheJson() {
    Explanation e = SampleExplanations.small();
    assertThat(e.notes()).isEmpty();
    assertThat(html(e)).doesNotContain("id=\"notes\"");
    Arrays.fill(e.words().getFirst().maps().getFirst().values(), .5);
    assertThat(e.notes()).isNotEmpty();
    assertThat(html(e))
        .contains("id=\"notes\">Note: the map ")
        .contains("has the same value for all");
    assertThat(ExplanationJson.write(e)).contains("\"notes\":[\"the map ");
    assertThat(ExplanationJson.read(ExplanationJson.write(e)).notes()).isEqualTo(e.notes());
  }

  @Test
  void hostileTextsStayTexts() {
    Explanation bad = hostile();
    String page = html(bad);
    String harmless = html(SampleExplanations.small());
    assertThat(count(page, "(?i)<script")).isEqualTo(count(harmless, "(?i)<script")).isEqualTo(4);
    assertThat(count(page, "(?i)</script")).isEqualTo(4);
    assertThat(count(page, "<img")).as("of templates alone").isEqualTo(count(harmless, "<img"));
    assertThat(count(page, "<!--")).isZero();
    assertThat(count(embedded(page), "[\u2028\u2029<>&]")).isZero();
    assertThat(page.getBytes(StandardCharsets.UTF_8))
        .as("no lone surrogate is left to be replaced")
        .isEqualTo(
            new String(page.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)
                .getBytes(StandardCharsets.UTF_8));
    Explanation read = ExplanationJson.readCompact(embedded(page));
    assertThat(read.prompt().question()).isEqualTo(HOSTILE);
    assertThat(read.images().getFirst().name()).isEqualTo(HOSTILE);
    assertThat(read.prompt().tokens().getLast().text()).isEqualTo(HOSTILE);
  }

  @Test
  void scriptsNeverMakeMarkupFromText() {
    String script = PageParts.script();
    // One: Lit makes its templates so, of what stands in the sources. The sources themselves have
    // none, which the tests of studio/ui hold.
    assertThat(count(script, "innerHTML")).isEqualTo(1);
    assertThat(script).doesNotContain("insertAdjacentHTML");
    assertThat(script)
        .doesNotContain("document.write")
        .doesNotContain("eval(")
        .doesNotContain("new Function");
    assertThat(script).doesNotContain("</script").doesNotContain("<!--");
  }

  /// The sources of the page are built elsewhere, and say in their own words what the library says.
  @Test
  void thePageCallsThingsWhatTheLibraryCallsThem() throws Exception {
    String names = Files.readString(Path.of("..", "studio", "ui", "src", "draw", "names.ts"));
    assertThat(names)
        .contains("nats: '" + Term.NATS.unit() + "'")
        .contains("attention: '" + Term.ATTENTION.text() + "'")
        .contains("embedding: '" + Spoken.EMBEDDING + "'")
        .contains("LEAST = " + WordChoice.LEAST + ";");
  }

  @Test
  void pagesWithoutImageOrWithoutWordsAreMadeToo() {
    assertThat(html(SampleExplanations.textOnly())).contains("<h1 id=\"question\"");
    assertThat(html(without(SampleExplanations.small()))).contains("What is the color of the dog?");
  }

  @Test
  void partsThatDoNotFitAreRefused() {
    Explanation e = SampleExplanations.small();
    assertThatThrownBy(() -> ExplanationPage.html(e, List.of()))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("1 images, but 0 pictures");
    ImageView v = e.images().getFirst();
    ImageView other =
        new ImageView(v.name(), v.width(), v.height(), 112, 112, 8, 7, v.crop(), v.visualWords());
    Explanation wrong =
        new Explanation(e.provenance(), e.prompt(), List.of(other), e.answer(), e.words());
    assertThatThrownBy(() -> html(wrong)).hasMessageContaining("has 64 values for 8 x 7 patches");
  }

  @Test
  void aFolderThatIsNotThereIsNamed(@TempDir Path folder) {
    Path file = folder.resolve("missing").resolve("page.html");
    Explanation e = SampleExplanations.textOnly();
    assertThatThrownBy(() -> ExplanationPage.write(file, e, List.of()))
        .isInstanceOfSatisfying(
            LynceusException.class, x -> assertThat(x.code()).isEqualTo(ErrorCode.NOT_WRITABLE))
        .hasMessageContaining("page.html");
  }

  @Test
  void theFullJsonKeepsEveryDigit() {
    Explanation e = SampleExplanations.small();
    assertThat(leaves(ExplanationJson.read(ExplanationJson.write(e)))).isEqualTo(leaves(e));
  }

  /// Every value of an explanation with its path, in order. A library's recursive comparison of
  /// these records takes minutes for a large one.
  private static List<Map.Entry<String, JsonNode>> leaves(Explanation e) {
    List<Map.Entry<String, JsonNode>> leaves = new ArrayList<>();
    collect("", JsonMapper.shared().readTree(ExplanationJson.write(e)), leaves);
    return leaves;
  }

  private static void collect(
      String path, JsonNode node, List<Map.Entry<String, JsonNode>> leaves) {
    if (node.isObject()) {
      node.properties()
          .forEach(entry -> collect(path + "." + entry.getKey(), entry.getValue(), leaves));
    } else if (node.isArray()) {
      leaves.add(Map.entry(path + ".size", IntNode.valueOf(node.size())));
      for (int i = 0; i < node.size(); i++) {
        collect(path + "[" + i + "]", node.get(i), leaves);
      }
    } else {
      leaves.add(Map.entry(path, node));
    }
  }

  private static boolean same(JsonNode a, JsonNode b) {
    if (!a.isNumber() || !b.isNumber()) {
      return a.equals(b);
    }
    double x = a.asDouble();
    double y = b.asDouble();
    return Math.abs(x - y) <= 5.1e-5 * Math.max(Math.abs(x), Math.abs(y));
  }

  private static Explanation hostile() {
    Explanation e = SampleExplanations.small();
    List<Token> tokens = new ArrayList<>(e.prompt().tokens());
    Token last = tokens.removeLast();
    tokens.add(new Token(last.position(), last.id(), HOSTILE, HOSTILE, HOSTILE, -1, -1));
    ImageView v = e.images().getFirst();
    ImageView view =
        new ImageView(
            HOSTILE,
            v.width(),
            v.height(),
            v.modelWidth(),
            v.modelHeight(),
            8,
            8,
            v.crop(),
            v.visualWords());
    Prompt prompt = new Prompt(HOSTILE, HOSTILE, e.prompt().layers(), e.prompt().heads(), tokens);
    return new Explanation(
        e.provenance(),
        prompt,
        List.of(view),
        new Explanation.Answer(HOSTILE, e.answer().tokens()),
        e.words());
  }

  private static Explanation without(Explanation e) {
    return new Explanation(
        e.provenance(),
        e.prompt(),
        e.images(),
        new Explanation.Answer("Nothing.", List.of()),
        List.of());
  }

  private static String html(Explanation e) {
    return ExplanationPage.html(e, SampleExplanations.pictures(e));
  }

  private static void write(Path file, Explanation e) {
    ExplanationPage.write(file, e, SampleExplanations.pictures(e));
  }

  private static String embedded(String page) {
    return between(page, "<script type=\"application/json\" id=\"explanation\">", "</script>");
  }

  /// The page without the contents of its style and script elements.
  private static String markup(String page) {
    return page.replaceAll("(?s)(<(style|script)[^>]*>).*?</(style|script)>", "$1");
  }

  private static String between(String page, String start, String end) {
    int from = page.indexOf(start) + start.length();
    return page.substring(from, page.indexOf(end, from));
  }

  private static String hash(String content) throws Exception {
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
    return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
  }

  private static int count(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    int n = 0;
    while (matcher.find()) {
      n++;
    }
    return n;
  }
}
