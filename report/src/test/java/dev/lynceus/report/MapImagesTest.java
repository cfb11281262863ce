package dev.lynceus.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.method.Explanation;
import dev.lynceus.method.Explanation.ImageView;
import dev.lynceus.method.Explanation.PatchMap;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MapImagesTest {
  private static final ImageView VIEW =
      new ImageView("p.png", 40, 20, 40, 20, 1, 2, new double[] {0, 0, 40, 20}, List.of());

  private static PatchMap map(boolean signed, double... values) {
    return new PatchMap("m", "M", "", "", signed, 0, values);
  }

  @Test
  void everyPixelOfAPatchHasItsColour() {
    BufferedImage image = MapImages.bare(map(true, -2, 1), VIEW, Sampling.NEAREST);
    assertThat(image.getWidth()).isEqualTo(672);
    assertThat(image.getHeight()).isEqualTo(336);
    int left = ColourScale.DIVERGING_DARK.argb(0);
    int right = ColourScale.DIVERGING_DARK.argb(0.75);
    assertThat(image.getRGB(0, 0)).isEqualTo(left);
    assertThat(image.getRGB(335, 335)).isEqualTo(left);
    assertThat(image.getRGB(336, 0)).isEqualTo(right);
    assertThat(image.getRGB(671, 335)).isEqualTo(right);
  }

  @Test
  void smoothValuesMeetHalfwayAndNeverLeaveTheirRange() {
    BufferedImage image = MapImages.bare(map(false, 0, 1), VIEW, Sampling.SMOOTH);
    assertThat(image.getRGB(0, 100)).isEqualTo(ColourScale.SEQUENTIAL.argb(0));
    assertThat(image.getRGB(671, 100)).isEqualTo(ColourScale.SEQUENTIAL.argb(1));
    assertThat(image.getRGB(335, 100))
        .isIn(ColourScale.SEQUENTIAL.argb(0.5), ColourScale.SEQUENTIAL.argb(127 / 255.0));
  }

  @Test
  void valuesThatAreNoNumbersAreGrey() {
    BufferedImage image = MapImages.bare(map(false, Double.NaN, 1), VIEW, Sampling.NEAREST);
    assertThat(image.getRGB(10, 10)).isEqualTo(0xFF808080);
  }

  @Test
  void opacityZeroShowsThePictureAndOneTheStrongestColour() {
    BufferedImage picture = new BufferedImage(40, 20, BufferedImage.TYPE_INT_RGB);
    picture.setRGB(39, 19, 0x123456);
    BufferedImage clear = MapImages.overlay(map(false, 0, 1), VIEW, picture, Sampling.NEAREST, 0);
    assertThat(clear.getRGB(671, 335)).isEqualTo(0xFF123456);
    BufferedImage full = MapImages.overlay(map(false, 0, 1), VIEW, picture, Sampling.NEAREST, 1);
    assertThat(full.getRGB(500, 168)).isEqualTo(ColourScale.SEQUENTIAL.argb(1));
  }

  @Test
  void zeroIsClearBelowZeroIsHatchedAndTheStrongestAreOutlined() {
    BufferedImage white = new BufferedImage(40, 20, BufferedImage.TYPE_INT_RGB);
    for (int p = 0; p < 800; p++) {
      white.setRGB(p % 40, p / 40, 0xFFFFFF);
    }
    BufferedImage drawn = MapImages.overlay(map(true, 0, -1), VIEW, white, Sampling.NEAREST, 1);
    assertThat(drawn.getRGB(100, 100)).isEqualTo(0xFFFFFFFF);
    Set<Integer> below = new HashSet<>();
    for (int x = 400; x < 600; x++) {
      below.add(drawn.getRGB(x, 100));
    }
    assertThat(below).hasSize(2).doesNotContain(0xFFFFFFFF);

    BufferedImage outlined = MapImages.overlay(map(true, 0, 1), VIEW, white, Sampling.NEAREST, 1);
    assertThat(java.util.stream.IntStream.range(328, 344).map(x -> outlined.getRGB(x, 100) & 0xFF))
        .as("a dark line between the patches")
        .anyMatch(blue -> blue < 80);
    assertThat(outlined.getRGB(100, 100)).isEqualTo(0xFFFFFFFF);
    // What is next to nothing beside another word is not drawn at all.
    assertThat(ValueRange.ofMap(false, 1, .01).high()).isEqualTo(1);
    assertThat(MapRaster.weight(.05)).isZero();
  }

  @Test
  void writesMapsAndChartsOfEveryWord(@TempDir Path folder) throws Exception {
    Explanation e = SampleExplanations.big();
    List<Path> files = MapImages.write(folder, e, SampleExplanations.pictures(e));
    assertThat(files).hasSize(2 * (2 * 3 * 2 + 4)).allMatch(Files::exists);
    assertThat(files.stream().map(f -> f.getFileName().toString()))
        .contains(
            "0-brown-best-head-image0.png",
            "0-brown-best-head-image1-overlay.png",
            "1-dog-heads.svg",
            "1-dog-layers.png");
    BufferedImage wide = ImageIO.read(folder.resolve("0-brown-best-head-image1.png").toFile());
    assertThat(wide.getWidth()).isEqualTo(20 * 34);
    assertThat(wide.getHeight()).isEqualTo(12 * 34);
  }

  @Test
  void svgIsWellFormedWhateverTheWordIs() throws Exception {
    Explanation.WordExplanation w = SampleExplanations.small().words().getFirst();
    Explanation.WordExplanation bad =
        new Explanation.WordExplanation(
            new Explanation.TargetInfo("<&\"'\u0000]]>", new int[] {1}, "token"),
            w.row(),
            w.logProbability(),
            w.embeddingLogProbability(),
            w.predictions(),
            w.attention(),
            w.feedForward(),
            w.heads(),
            w.topHeads(),
            w.maps(),
            w.neurons(),
            w.attentionNeurons(),
            w.queries(),
            w.lens(),
            w.zones(),
            null);
    for (Drawing drawing : List.of(Charts.headMap(bad), Charts.layerBars(bad))) {
      byte[] svg = SvgWriter.write(drawing).getBytes(java.nio.charset.StandardCharsets.UTF_8);
      assertThat(
              DocumentBuilderFactory.newInstance()
                  .newDocumentBuilder()
                  .parse(new ByteArrayInputStream(svg))
                  .getDocumentElement()
                  .getTagName())
          .isEqualTo("svg");
    }
  }

  @Test
  void aWordCannotChooseAFolder(@TempDir Path folder) {
    Explanation e = SampleExplanations.small();
    Explanation.WordExplanation w = e.words().getFirst();
    Explanation.WordExplanation bad =
        new Explanation.WordExplanation(
            new Explanation.TargetInfo("../../etc/x", new int[] {1}, "token"),
            w.row(),
            w.logProbability(),
            w.embeddingLogProbability(),
            w.predictions(),
            w.attention(),
            w.feedForward(),
            w.heads(),
            w.topHeads(),
            w.maps(),
            w.neurons(),
            w.attentionNeurons(),
            w.queries(),
            w.lens(),
            w.zones(),
            null);
    Explanation one =
        new Explanation(e.provenance(), e.prompt(), e.images(), e.answer(), List.of(bad));
    assertThat(MapImages.write(folder, one, SampleExplanations.pictures(one)))
        .allMatch(f -> f.getParent().equals(folder))
        .anyMatch(f -> f.getFileName().toString().equals("0-etc-x-heads.svg"));
  }
}
