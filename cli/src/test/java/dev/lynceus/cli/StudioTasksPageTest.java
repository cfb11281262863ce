package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.cli.Browser.Page;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// What people do in the studio with pictures of their own: several at once, a conversation,
/// changes, data sets. As [StudioPageTest].
@TestMethodOrder(OrderAnnotation.class)
class StudioTasksPageTest extends StudioVisit {
  @BeforeAll
  void visitFirst() throws Exception {
    visit("", ".word.image");
  }

  private void write(String selector, String text) throws Exception {
    page.evaluate(
        "(() => { const s = document.querySelector('%s'); s.value = '%s'; s.dispatchEvent(new Event('input', {bubbles: true})); s.dispatchEvent(new Event('change', {bubbles: true})); return true; })()"
            .formatted(selector, text));
  }

  private void calm() throws Exception {
    page.await("!document.querySelector('.spinner')");
  }

  @Test
  @Order(1)
  void asksAboutTwoPictures() throws Exception {
    page.await("document.querySelectorAll('[data-act=beside]').length === 5");
    page.evaluate("[...document.querySelectorAll('[data-act=beside]')].at(-1).click(); true");
    page.await("document.querySelectorAll('.slide').length === 2");
    write("#question", "What is the color of the horse?");
    click("[data-act=ask]");
    page.await("document.querySelector('.answer').innerText.includes('white')");
    page.await(
        "document.querySelector('[data-found=which] tbody tr:last-child b')?.innerText.includes('−')");
    assertThat(text("[data-found=which] tbody tr:first-child b")).isEqualTo("0.00 nats");
    assertThat(text(".finding")).contains("of picture 2");

    click("[data-view=patches]");
    page.await("document.querySelectorAll('.thumb').length > 3");
    click("[data-image='1']");
    page.await("location.hash.includes('image=1')");
    page.await("document.querySelector('.stage img').alt.startsWith('Picture 2')");
    assertThat(
            page.evaluate(
                    "document.querySelector('[data-strip=\"0\"] canvas').toDataURL() !== document.querySelector('[data-strip=\"1\"] canvas').toDataURL()")
                .asBoolean())
        .isTrue();
    click("[data-act=strongest]");
    click("[data-act=knock]:not([disabled])");
    page.await("document.querySelector('[data-found=knock]')");
    assertThat(text("[data-found=knock]")).contains("“white” needs the region");

    click("[aria-label='Take picture 2 away']");
    page.await("!document.querySelector('.slide')");
    calm();
  }

  @Test
  @Order(2)
  void goesOnInAConversation() throws Exception {
    click("[data-view=ask]");
    write("#question", "What is the color of the car?");
    click("[data-act=ask]");
    page.await("document.querySelector('.answer').innerText.includes('brown')");
    calm();
    write("#question", "Is there a frog?");
    click("[data-act=go-on]");
    page.await("document.querySelector('.turns')");
    page.await("document.querySelector('.answer').innerText.includes('Yes')");
    assertThat(text(".turns")).contains("What is the color of the car?").contains("is brown");
    calm();
    String before = page.evaluate("location.hash").asString();
    page.evaluate("location.reload(); true");
    page.await("document.querySelector('.turns') && document.querySelector('.word')");
    assertThat(page.evaluate("location.hash").asString()).isEqualTo(before);
    click("[data-turn='0']");
    page.await("!document.querySelector('.turns')");

    page.evaluate("document.querySelector('.settings').open = true; true");
    write("[data-set=tokens]", "2");
    page.await("document.querySelectorAll('.word').length <= 2");
    assertThat(text(".settings summary")).contains("at most 2 tokens");
    write("[data-set=tokens]", "");
    calm();
  }

  /// By keys and fields alone: a region in pixels, painted over, beside the same elsewhere.
  @Test
  @Order(3)
  void changesThePictureAndAsksAgain() throws Exception {
    write("#question", "What is the color of the car?");
    click("[data-act=ask]");
    page.await("document.querySelector('.answer').innerText.includes('brown')");
    click("[data-view=edit]");
    page.await("document.querySelector('[data-edge]')");
    int[] edges = {58, 35, 111, 80};
    for (int i = 0; i < 4; i++) {
      write("[data-edge=\"%d\"]".formatted(i), String.valueOf(edges[i]));
    }
    click("[data-act=change]:not([disabled])");
    page.await("document.querySelector('[data-found=edit]')");
    assertThat(text("[data-found=edit]"))
        .contains("“brown” goes from 100\u202f% to under 0.1\u202f%")
        .contains("elsewhere in the picture: 0.00 nats on average");
    assertThat(text(".pairs")).contains("another answer");
    assertThat(page.evaluate("decodeURIComponent(location.hash)").asString())
        .contains("\"op\":\"fill\"");
    page.evaluate("history.back(); true");
    page.await("!document.querySelector('.pairs')");
    page.evaluate("history.forward(); true");
    page.await("document.querySelector('[data-found=edit]')");
    click("[data-act=anew]");
    page.await("!document.querySelector('.steps')");
  }

  @Test
  @Order(4)
  void goesThroughADataSet() throws Exception {
    click("[data-view=data]");
    page.await("document.querySelectorAll('.grid-row img').length > 5");
    String all = text(".counts b");
    write("[data-filter=kind]", "=colour");
    page.await("document.querySelector('.counts b').innerText !== '" + all + "'");
    assertThat(text(".counts b")).isEqualTo("50");
    write("[data-act=limit]", "3");
    click("[data-act=do]");
    page.await("document.querySelector('[data-found=trial]')");
    page.await("document.querySelectorAll('.mark').length === 3");
    page.evaluate("document.querySelector('.grid-body').focus(); true");
    page.press("ArrowDown");
    page.press("Enter");
    page.await("location.hash.indexOf('view=') < 0");
    page.await("document.querySelector('.word.image')");
    page.evaluate("history.back(); true");
    page.await("document.querySelectorAll('.mark').length === 3");
  }

  @Test
  @Order(5)
  void theseViewsAreForEveryone() throws Exception {
    List<String> faults = new ArrayList<>();
    String hash = page.evaluate("location.hash").asString();
    for (boolean dark : new boolean[] {false, true}) {
      Page one =
          browser.visit(
              URI.create(studio.address() + hash.replaceAll("view=[a-z]+&?", "")),
              dark ? 390 : 1280,
              dark,
              false);
      one.await("document.querySelector('.word.image')");
      one.evaluate(PageRules.axe() + "; true");
      for (String view : List.of("edit", "data")) {
        one.evaluate("document.querySelector('[data-view=%s]').click(); true".formatted(view));
        one.await(
            "!document.querySelector('.spinner') && document.querySelector('.grid-row, [data-edge]')");
        String told = one.evaluate(PageRules.AXE).asString();
        if (!told.isBlank()) {
          faults.add(view + (dark ? ", dark: " : ": ") + told);
        }
        if (one.evaluate("document.documentElement.scrollWidth - innerWidth").asInt() > 0) {
          faults.add(view + " is wider than its window");
        }
      }
      one.evaluate(Browser.WRONG).forEach(wrong -> faults.add(wrong.asString()));
      one.close();
    }
    page.evaluate(Browser.WRONG).forEach(wrong -> faults.add(wrong.asString()));
    assertThat(faults).isEmpty();
  }
}
