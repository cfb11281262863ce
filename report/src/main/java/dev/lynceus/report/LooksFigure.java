package dev.lynceus.report;

import static dev.lynceus.report.Drawing.label;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.attention.HeadGrid;
import dev.lynceus.method.attention.ReadingLooks;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// The attention behind an answer as one figure, where stacks read each other or a text: for each
/// look how much every head pays, and where the told heads look: on the picture, or at words.
public final class LooksFigure {
  private static final String INK = "#23272f";
  private static final String FAINT = "#6b7280";
  private static final int LEFT = 40;
  private static final int SIDE = 168;
  private static final int GAP = 14;
  private static final int ROW = 18;
  private static final int ACROSS = 4;
  private static final int KEY = 150;
  private static final int ZOOM = 2;

  /// Words across; a longer text shows those that get most.
  private static final int WORDS = 26;

  private LooksFigure() {}

  /// The figure as a stand-alone SVG document.
  ///
  /// @param seen what the model saw, one picture for each of [ReadingLooks#views()]
  public static String svg(ReadingLooks result, List<BufferedImage> seen) {
    return SvgWriter.write(drawing(result, seen));
  }

  /// The figure as PNG.
  public static byte[] png(ReadingLooks result, List<BufferedImage> seen) {
    return DrawingPainter.png(drawing(result, seen), ZOOM);
  }

  static Drawing drawing(ReadingLooks result, List<BufferedImage> seen) {
    List<Drawing.Shape> shapes = new ArrayList<>();
    shapes.add(label(12, 24, "Attention behind “" + result.read() + "”", 15, INK));
    shapes.add(
        label(
            12,
            44,
            "Where heads read from; not what their reading does to the answer.",
            11,
            FAINT));
    int top = 76;
    int right = 480;
    for (ReadingLooks.Look look : result.looks()) {
      int[] size = look(shapes, result, look, seen, top);
      right = Math.max(right, size[0]);
      top += size[1] + 36;
    }
    return new Drawing(
            "Attention behind " + result.read() + " · Lynceus", right + 12, top, "#ffffff", shapes)
        .noted(result.notes());
  }

  /// One look: its grid to the left, its heads beside it.
  ///
  /// @return where it ends to the right, and its height
  private static int[] look(
      List<Drawing.Shape> shapes,
      ReadingLooks result,
      ReadingLooks.Look look,
      List<BufferedImage> seen,
      int top) {
    shapes.add(
        label(12, top, "%s at %s (%s)".formatted(look.from(), look.to(), look.kind()), 13, INK));
    int layers = look.mass().length;
    int heads = layers == 0 ? 0 : look.mass()[0].length;
    int cell = Math.clamp(200 / Math.max(1, Math.max(layers, heads)), 7, 24);
    AttentionFigure.grid(
        shapes,
        new HeadGrid(look.atPicture() ? "patches" : "words", 0, look.mass(), look.mass()),
        LEFT,
        top + 34,
        cell);
    int beside = LEFT + Math.max(layers * cell, KEY) + 56;
    int[] size =
        look.atPicture()
            ? maps(shapes, result, look, seen, beside, top + 12)
            : words(shapes, look, beside, top + 24);
    return new int[] {size[0], Math.max(size[1], 34 + heads * cell + 48 + Legend.HEIGHT)};
  }

  /// Maps on the picture.
  private static int[] maps(
      List<Drawing.Shape> shapes,
      ReadingLooks result,
      ReadingLooks.Look look,
      List<BufferedImage> seen,
      int left,
      int top) {
    ValueRange range =
        MapPicture.range(
            look.heads().stream().flatMap(head -> head.values().stream()).toArray(double[][]::new));
    int right = left;
    int bottom = 0;
    for (int i = 0; i <= look.heads().size(); i++) {
      // The mean of all comes first, in colours of its own.
      boolean mean = i == 0;
      List<double[]> values = mean ? look.mean() : look.heads().get(i - 1).values();
      ReadingLooks.View view = result.views().getFirst();
      BufferedImage below = seen.getFirst();
      double scale = SIDE / (double) Math.max(below.getWidth(), below.getHeight());
      int width = (int) Math.round(below.getWidth() * scale);
      int height = (int) Math.round(below.getHeight() * scale);
      BufferedImage drawn =
          mean
              ? MapPicture.over(below, values.getFirst(), view.rows(), view.columns())
              : MapPicture.over(below, values.getFirst(), view.rows(), view.columns(), range);
      int x = left + i % ACROSS * (SIDE + GAP);
      int y = top + i / ACROSS * (SIDE + 40);
      String name =
          mean
              ? "all heads, scale of its own"
              : "head %s, %s on patches"
                  .formatted(
                      look.heads().get(i - 1).text(),
                      Spoken.percent(look.heads().get(i - 1).mass()));
      shapes.add(label(x, y + 10, name, 11, INK));
      shapes.add(new Drawing.Picture(x, y + 16, width, height, drawn, name));
      right = Math.max(right, x + SIDE);
      bottom = Math.max(bottom, y + 16 + height - top);
    }
    return new int[] {right, bottom + 20};
  }

  /// A table of heads and words.
  private static int[] words(
      List<Drawing.Shape> shapes, ReadingLooks.Look look, int left, int top) {
    int[] columns = most(look.mean().getFirst());
    List<double[]> rows = new ArrayList<>();
    List<String> names = new ArrayList<>();
    rows.add(look.mean().getFirst());
    names.add("all heads");
    look.heads()
        .forEach(head -> {
          rows.add(head.values().getFirst());
          names.add("head " + head.text());
        });
    int start = left + 70;
    int y = top;
    int x = start;
    int[] at = new int[columns.length];
    int[] wide = new int[columns.length];
    for (int c = 0; c < columns.length; c++) {
      wide[c] = Math.max(26, 8 + 7 * look.columns().get(columns[c]).length());
      at[c] = x;
      x += wide[c];
      shapes.add(
          new Drawing.Label(
              at[c] + wide[c] / 2.0,
              y,
              look.columns().get(columns[c]),
              11,
              INK,
              Drawing.Anchor.MIDDLE));
    }
    double largest = rows.stream().flatMapToDouble(Arrays::stream).max().orElse(1);
    for (int r = 0; r < rows.size(); r++) {
      int line = y + 8 + r * ROW;
      shapes.add(
          new Drawing.Label(
              start - 6, line + ROW / 2.0 + 4, names.get(r), 10, FAINT, Drawing.Anchor.END));
      for (int c = 0; c < columns.length; c++) {
        double value = rows.get(r)[columns[c]];
        shapes.add(
            new Drawing.Box(
                at[c],
                line,
                wide[c] - 1,
                ROW - 1,
                ColourScale.SEQUENTIAL.hex(value / Math.max(1e-9, largest)),
                names.get(r)
                    + " at "
                    + look.columns().get(columns[c])
                    + ": "
                    + Spoken.percent(value)));
      }
    }
    int below = y + 8 + rows.size() * ROW + 10;
    Legend.add(shapes, start, below, KEY, ColourScale.SEQUENTIAL, new ValueRange(0, largest), "");
    if (columns.length < look.columns().size()) {
      shapes.add(
          label(
              start + KEY + 20,
              below + 12,
              "the %d of %d that get most".formatted(columns.length, look.columns().size()),
              10,
              FAINT));
    }
    return new int[] {x, below + Legend.HEIGHT - top + 24};
  }

  /// The columns that are drawn, in order.
  private static int[] most(double[] mean) {
    double[] sorted = mean.clone();
    Arrays.sort(sorted);
    double least = sorted[Math.max(0, sorted.length - WORDS)];
    return IntStream.range(0, mean.length).filter(c -> mean[c] >= least).limit(WORDS).toArray();
  }
}
