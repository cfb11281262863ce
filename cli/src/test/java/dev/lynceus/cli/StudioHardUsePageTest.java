package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Newcomers, who press what is offered, and people who are hard on the studio: addresses that
/// somebody made up, questions without end, files that are no pictures, haste.
class StudioHardUsePageTest extends StudioVisit {
  private void visit(String hash) throws Exception {
    visit(hash, "#view h2");
  }

  /// Whatever was done, nothing went wrong in the page, and it can be asked.
  @AfterEach
  void isWell() throws Exception {
    assertThat(page.evaluate(Browser.WRONG)).isEmpty();
    page.evaluate("location.hash = '#view=ask'; true");
    page.await("document.querySelector('.word.image')?.innerText === 'brown'");
    assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth").asBoolean())
        .isTrue();
    assertThat(page.evaluate(Browser.WRONG)).isEmpty();
    page.close();
  }

  @Test
  void aPressTriesAWorkedExample() throws Exception {
    visit("view=strategies&strategy=mark");
    page.await("document.querySelector('.example img')?.naturalWidth === 112");
    assertThat(text(".example")).contains("1.00 with a box").doesNotContain("Look at this");

    click("[data-act=example]");

    page.await("document.querySelector('[data-found=strategy]')");
    assertThat(text("#view table")).contains("Which object?", "The color of the object is red.");
    assertThat(text(".example")).contains("Look at this");
    assertThat(page.evaluate("document.querySelector('#question').value").asString())
        .isEqualTo("What is the color of the object?");
    assertThat(page.evaluate("document.querySelector('[data-act=box]').value").asString())
        .isEqualTo("71,60,107,96");
    assertThat(page.evaluate("document.querySelector('[data-act=model]').value").asString())
        .isEqualTo("pupil-skilled");
  }

  @Test
  void addressesThatSomebodyMadeUpAreRead() throws Exception {
    visit("view=strategies&edits=null&prompts=null&before=null&box=1,2&rounds=-3&image=99");
    page.await("document.querySelector('[data-act=strategy]')");
    for (String hash :
        new String[] {
          "view=edit&edit=[null,{}]",
          "view=nothing&layer=1e9&patch=1e9&split=half&opacity=-4",
          "view=trace&by=<b>&metric=<b>",
          "view=compare&rival=model:",
          "view=heads&head=99.99&off=99.99",
          "view=words&search=%22%3C",
          "view=flow&window=0",
          "view=data&set=..%2F..%2Fetc&where=x&sort=y"
        }) {
      page.evaluate("location.hash = '#" + hash + "'; true");
      page.await("document.querySelector('#view h2')");
      page.await("document.querySelector('.word.image')");
    }
  }

  @Test
  void aQuestionWithoutEndIsRefusedAndTakesNoPage() throws Exception {
    visit("view=ask");
    page.await("document.querySelector('.word.image')");
    page.evaluate(
        "(() => { const q = document.querySelector('#question'); q.value = 'what '.repeat(10000);"
            + " document.querySelector('[data-act=ask]').click(); return true; })()");
    page.await("document.querySelector('#view .refusal')");
    click("[data-view=library]");
    page.await("document.querySelector('.runs li')");

    assertThat(page.evaluate("document.documentElement.scrollHeight").asInt()).isLessThan(4000);
  }

  @Test
  void whatIsNoPictureIsRefusedUntilSomethingElseIsAsked() throws Exception {
    visit("view=ask");
    page.evaluate(
        "(() => { const d = new DataTransfer(); d.items.add(new File(['no picture'], 'a.png', {type:"
            + " 'image/png'})); dispatchEvent(new DragEvent('drop', {dataTransfer: d, bubbles:"
            + " true, cancelable: true})); return true; })()");
    page.await("document.querySelector('.note .refusal')");
    assertThat(text(".note")).contains("a.png");

    page.evaluate("[...document.querySelectorAll('.card .link')].at(-1).click(); true");

    page.await("!document.querySelector('.note .refusal')");
    page.await("document.querySelector('.word.image')?.innerText === 'white'");
  }

  /// Runs that wait have no connection of their own, so that the answer to the last is heard.
  @Test
  void hasteLosesNothing() throws Exception {
    visit("view=ask");
    page.await("document.querySelector('.card .link')");
    page.evaluate(
        "(async () => { const models = ['pupil', 'pupil-skilled', 'pupil-blip'];"
            + " const views = ['patches', 'heads', 'attention', 'words', 'ask'];"
            + " for (let i = 0; i < 12; i++) { const m = document.querySelector('[data-act=model]');"
            + " m.value = models[i % 3]; m.dispatchEvent(new Event('change'));"
            + " document.querySelector(`[data-view=${views[i % 5]}]`).click();"
            + " await new Promise(r => setTimeout(r, 20)); }"
            + " for (let i = 0; i < 10; i++) { history.back(); await new Promise(r => setTimeout(r,"
            + " 20)); }"
            + " for (let i = 0; i < 10; i++) { history.forward(); await new Promise(r => setTimeout(r,"
            + " 20)); } return true; })()");
    page.await("!document.querySelector('.spinner') && document.querySelector('.word')");
    assertThat(page.evaluate("document.querySelectorAll('.refusal').length").asInt()).isZero();
  }
}
