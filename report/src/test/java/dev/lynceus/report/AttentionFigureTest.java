package dev.lynceus.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.method.attention.AttentionResult;
import dev.lynceus.method.attention.HeadGrid;
import dev.lynceus.method.attention.HeadRef;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/// The figure shows every head's number, and maps on the view that they look at.
class AttentionFigureTest {
  private static final List<BufferedImage> SEEN =
      List.of(
          new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB),
          new BufferedImage(16, 8, BufferedImage.TYPE_INT_RGB));

  private static AttentionResult result() {
    double[][] mass = {{.1, .2}, {.3, .9}};
    HeadGrid image = new HeadGrid("image", 6, mass, mass);
    return new AttentionResult(
        "It is <red>.",
        List.of(),
        "<red>",
        new int[] {9},
        List.of(image, new HeadGrid("question", 3, mass, mass)),
        List.of(
            new AttentionResult.View("a.png (whole)", 2, 2),
            new AttentionResult.View("a.png (tile)", 1, 2)),
        List.of(
            new AttentionResult.HeadMap(
                new HeadRef(1, 1),
                1,
                true,
                .9,
                .3,
                OptionalDouble.empty(),
                0,
                List.of(new double[] {0, 0, 0, .1}, new double[] {.8, 0}),
                new double[0])),
        new AttentionResult.SinkMarks(
            new int[0], 20, new int[0], List.of(), new double[0], new int[2], 0),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void numbersAndMapsAreDrawn() {
    String svg = AttentionFigure.svg(result(), SEEN);

    assertThat(svg)
        .contains("\u201c&lt;red&gt;\u201d", "head 1.1: 90 %", "head 0.0: 10 %", "to the question")
        .contains("head 1.1, rank 1, a.png (tile)", "image 90 %, entropy none");
    assertThat(svg.split("<image ", -1)).hasSize(2);
  }

  @Test
  void thePngHasTheMapWhereTheHeadLooks() throws IOException {
    Drawing drawing = AttentionFigure.drawing(result(), SEEN);
    Drawing.Picture picture =
        drawing.shapes().stream()
            .filter(shape -> shape instanceof Drawing.Picture)
            .map(shape -> (Drawing.Picture) shape)
            .findFirst()
            .orElseThrow();
    assertThat(picture.height()).as("the tile is half as high").isEqualTo(picture.width() / 2);
    BufferedImage png = ImageIO.read(new ByteArrayInputStream(AttentionFigure.png(result(), SEEN)));
    int y = (int) (2 * (picture.y() + picture.height() / 2));
    Color left = new Color(png.getRGB((int) (2 * (picture.x() + 20)), y));
    Color right = new Color(png.getRGB((int) (2 * (picture.x() + picture.width() - 20)), y));
    assertThat(left.getGreen()).isGreaterThan(right.getGreen() + 60);
  }
}
