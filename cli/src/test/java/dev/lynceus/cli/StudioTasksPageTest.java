package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lynceus.cli.Browser.Page;
import dev.lynceus.studio.Studio;
import dev.lynceus.studio.StudioOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// What people do in the studio with pictures of their own: several at once, a conversation. As
/// [StudioPageTest].
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class StudioTasksPageTest {
  @TempDir static Path folder;
  private Browser browser;
  private Studio studio;
  private Page page;

  @BeforeAll
  void open() throws Exception {
    assumeTrue(Files.isExecutable(Browser.CHROMIUM), "no browser: " + Browser.CHROMIUM);
    studio =
        Studio.start(
            StudioOptions.local(folder.resolve("store")),
            line -> {
              throw new IllegalStateException(line);
            });
    assumeTrue(studio.hasPage(), "this build has no page: there was no npm");
    browser = new Browser(folder.resolve("browser"));
    page = browser.visit(studio.address(), 1280, false, false);
    page.await("document.querySelector('.word.image')");
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

  private void click(String selector) throws Exception {
    page.await("document.querySelector(\"" + selector + "\")");
    page.evaluate("document.querySelector(\"" + selector + "\").click(); true");
  }

  private void write(String selector, String text) throws Exception {
    page.evaluate(
        "(() => { const s = document.querySelector('%s'); s.value = '%s'; s.dispatchEvent(new Event('input', {bubbles: true})); s.dispatchEvent(new Event('change', {bubbles: true})); return true; })()"
            .formatted(selector, text));
  }

  private String text(String selector) throws Exception {
    return page.evaluate("document.querySelector(\"" + selector + "\")?.innerText ?? ''")
        .asString();
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
                    "document.querySelector('canvas[data-strip=\"0\"]').toDataURL() !== document.querySelector('canvas[data-strip=\"1\"]').toDataURL()")
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
}
