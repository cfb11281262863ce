package dev.lynceus.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class StaticPageTest {
  private static final String HOSTILE = "<b>\"&'</b>";

  @Test
  void everyTextIsEscaped() {
    StaticPage page =
        new StaticPage(
            HOSTILE,
            HOSTILE,
            List.of(
                new StaticPage.Section(
                    HOSTILE,
                    HOSTILE,
                    List.of(
                        new StaticPage.Text(HOSTILE),
                        new StaticPage.Marked(
                            List.of(new StaticPage.Mark(HOSTILE, HOSTILE, HOSTILE))),
                        new StaticPage.Beside(
                            List.of(
                                new StaticPage.Table(
                                    HOSTILE, List.of(HOSTILE), List.of(List.of(HOSTILE, HOSTILE)))),
                            List.of(new StaticPage.Finding(HOSTILE, HOSTILE, HOSTILE))),
                        new StaticPage.Charts(
                            List.of(Plots.heads(HOSTILE, new double[][] {{1, -1}}, 1)))),
                    HOSTILE)),
            HOSTILE);

    String html = page.html();
    assertThat(html).doesNotContain("<b>").contains("&lt;b&gt;");
    assertThat(html.split("<script", -1)).as("the switch between dark and light").hasSize(2);
    assertThat(html).contains("script-src 'sha256-").contains("id=\"theme\"");
  }

  @Test
  void theCardsComeInOrder() {
    StaticPage page =
        new StaticPage(
            "t",
            "l",
            List.of(
                new StaticPage.Section("one", "", List.of(), ""),
                new StaticPage.Section("two", "", List.of(), "")),
            "");

    assertThat(page.html())
        .containsSubsequence("<h2>one</h2>", "<h2>two</h2>")
        .doesNotContain("<pre>");
  }

  @Test
  void aScatterPutsEqualValuesOnTheDashedLine() throws Exception {
    Document svg =
        xml(
            Plots.scatter(
                    "t",
                    "x",
                    "y",
                    List.of(
                        new Plots.Dot(0, 0, "a", "a", false),
                        new Plots.Dot(1, 1, "b", "b", true),
                        new Plots.Dot(1, .5, "c", "c", false)))
                .svg());

    Element line = first(svg, "line", "identity");
    double x1 = number(line, "x1");
    double y1 = number(line, "y1");
    double slope = (number(line, "y2") - y1) / (number(line, "x2") - x1);
    int on = 0;
    for (int i = 0; i < svg.getElementsByTagName("circle").getLength(); i++) {
      Element dot = (Element) svg.getElementsByTagName("circle").item(i);
      double expected = y1 + slope * (number(dot, "cx") - x1);
      on += Math.abs(expected - number(dot, "cy")) < .3 ? 1 : 0;
    }
    assertThat(on).isEqualTo(2);
  }

  @Test
  void aMissingValueBreaksTheLine() throws Exception {
    Plots.Series series =
        new Plots.Series(
            "s",
            new double[] {.2, Double.NaN, .4, .6},
            new double[] {.1, Double.NaN, .3, .5},
            new double[] {.3, Double.NaN, .5, .7});

    Document svg =
        xml(Plots.lines("t", List.of("0", "1", "2", "3"), "x", "y", List.of(series)).svg());

    Element path = (Element) svg.getElementsByTagName("path").item(0);
    assertThat(path.getAttribute("d").chars().filter(c -> c == 'M').count()).isEqualTo(2);
    assertThat(svg.getElementsByTagName("circle").getLength()).isEqualTo(3);
  }

  @Test
  void anOutlineRunsAroundPatchesAndNowhereElse() {
    BufferedImage grey = new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 40; y++) {
      for (int x = 0; x < 40; x++) {
        grey.setRGB(x, y, 0x808080);
      }
    }
    boolean[] patches = new boolean[16];
    patches[5] = true;
    patches[6] = true;
    BufferedImage outlined = Outline.patches(grey, patches, 4, 4);
    assertThat(outlined.getRGB(10, 15) & 0xffffff).as("left edge").isEqualTo(0xffffff);
    assertThat(outlined.getRGB(20, 15) & 0xffffff).as("between the two").isEqualTo(0x808080);
    assertThat(outlined.getRGB(30, 15) & 0xffffff).as("right edge").isEqualTo(0xffffff);
    assertThat(outlined.getRGB(35, 35) & 0xffffff).as("elsewhere").isEqualTo(0x808080);
    assertThat(grey.getRGB(10, 15) & 0xffffff).as("the picture itself").isEqualTo(0x808080);
    BufferedImage box = Outline.box(grey, .25, .25, .75, .5);
    assertThat(box.getRGB(10, 15)).isEqualTo(outlined.getRGB(10, 15));
  }

  private static Document xml(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  private static Element first(Document svg, String tag, String type) {
    for (int i = 0; i < svg.getElementsByTagName(tag).getLength(); i++) {
      Element element = (Element) svg.getElementsByTagName(tag).item(i);
      if (element.getAttribute("class").equals(type)) {
        return element;
      }
    }
    throw new AssertionError(tag + " " + type);
  }

  private static double number(Element element, String name) {
    return Double.parseDouble(element.getAttribute(name));
  }
}
