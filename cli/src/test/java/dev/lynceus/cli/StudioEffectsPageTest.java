package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.image.RgbImage;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// What a region and what heads do to the answer, in the studio. As [StudioPageTest].
class StudioEffectsPageTest extends StudioVisit {
  @BeforeAll
  void visitFirst() throws Exception {
    visit("", ".word.image");
  }

  /// A region that stands in the address: needed and enough, beside 19 that are neither.
  @Test
  void tellsWhetherARegionIsNeededAndEnough() throws Exception {
    page.evaluate("location.hash += '&view=patches&mask=" + mask() + "'; true");
    page.await("document.querySelector('[data-found=knock]')");

    assertThat(text("[data-found=knock]")).contains("“brown” needs the region: hidden, it costs");
    assertThat(text("[data-effect=necessity]")).contains("hidden, it costs", "p = 0.050");
    assertThat(text("[data-effect=sufficiency]")).contains("alone, it brings back", "p = 0.050");
    assertThat(count("[data-effect=necessity] .random")).isEqualTo(19);
    assertThat(count("[data-effect=sufficiency] .random")).isEqualTo(19);
    // The car's patches, four by four, are outlined on the picture.
    page.await("document.querySelector('.region-cells path')");
    assertThat(
            page.evaluate(
                    "document.querySelector('.region-cells path').getAttribute('d').match(/M/g).length")
                .asInt())
        .isEqualTo(16);
    page.evaluate("document.querySelector('.fillings summary').click(); true");
    assertThat(count(".fillings tbody tr")).isEqualTo(6);
  }

  /// Heads of the tower: what the word loses without each, how they look, the answer without some.
  @Test
  void silencesHeadsOfTheTower() throws Exception {
    click("[data-view=heads]");
    click("[data-value=vision]");
    click("[data-act=need]");
    page.await("document.querySelector('lv-heads lv-head-map')");
    click("[data-value=entropy]");
    page.await("document.querySelector('lv-heads h3')?.innerText.includes('65 positions at 65')");
    click("[data-value=need]");
    click("[data-act=silence-best]:not([disabled])");
    page.await("document.querySelector('[data-found=silence]')");

    assertThat(text("[data-found=silence]")).contains("“brown”");
    assertThat(page.evaluate("location.hash").asString()).contains("stack=vision", "off=");
    assertThat(count(".chip[data-off]")).isEqualTo(4);

    // From the library the same heads of the same stack come back.
    String chosen = page.evaluate("new URLSearchParams(location.hash).get('off')").asString();
    page.evaluate("location.hash = 'view=library'; true");
    page.await("document.querySelector('[data-act=find]')");
    page.evaluate(
        "(() => { const s = document.querySelector('[data-act=find]'); s.value = 'silence';"
            + " s.dispatchEvent(new Event('input', {bubbles: true})); return true; })()");
    page.await("document.querySelectorAll('[data-run]').length === 1");
    click("[data-act=reopen]");
    page.await("document.querySelector('[data-found=silence]')");
    assertThat(page.evaluate("location.hash").asString()).contains("stack=vision");
    assertThat(page.evaluate("new URLSearchParams(location.hash).get('off')").asString())
        .isEqualTo(chosen);
  }

  /// A mask of the car, sent as a picture.
  private String mask() throws Exception {
    byte[] samples = new byte[3 * 112 * 112];
    for (int y = 34; y < 74; y++) {
      Arrays.fill(samples, 3 * (112 * y + 62), 3 * (112 * y + 108), (byte) 255);
    }
    Path file = folder.resolve("mask.png");
    ImageIO.write(RgbImage.of(112, 112, samples).toBufferedImage(), "png", file.toFile());
    URI to = studio.address().resolve("/api/pictures?name=mask.png");
    HttpResponse<String> kept =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(to)
                    .header("Content-Type", "image/png")
                    .POST(HttpRequest.BodyPublishers.ofFile(file))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    return JsonMapper.shared().readTree(kept.body()).path("sha256").asString();
  }
}
