package dev.lynceus.report;

import static dev.lynceus.report.Drawing.label;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.attention.AttentionResult;
import dev.lynceus.method.attention.HeadGrid;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The attention behind an answer as one figure: how much of every head's attention goes to the
/// picture and to the question, and where on the picture the told heads look.
public final class AttentionFigure {
  private static final String INK = "#23272f";
  private static final String FAINT = "#6b7280";
  private static final String PAPER = "#ffffff";
  private static final int LEFT = 40;
  private static final int TOP = 76;
  private static final int SIDE = 210;
  private static final int ACROSS = 4;
  private static final int GAP = 16;
  private static final int ZOOM = 2;
  private static final int KEY = 160;

  private AttentionFigure() {}

  /// The figure as a stand-alone SVG document.
  ///
  /// @param seen what the model saw, one picture for each of [AttentionResult#views()]
  public static String svg(AttentionResult result, List<BufferedImage> seen) {
    return SvgWriter.write(drawing(result, seen));
  }

  /// The figure as PNG.
  public static byte[] png(AttentionResult result, List<BufferedImage> seen) {
    return DrawingPainter.png(drawing(result, seen), ZOOM);
  }

  static Drawing drawing(AttentionResult result, List<BufferedImage> seen) {
    List<Drawing.Shape> shapes = new ArrayList<>();
    shapes.add(label(12, 24, "Attention behind \u201c" + result.read() + "\u201d", 15, INK));
    shapes.add(
        label(
            12,
            44,
            "Where heads read from; not what their reading does to the answer.",
            11,
            FAINT));
    HeadGrid first = result.grids().getFirst();
    int layers = first.mass().length;
    int heads = layers == 0 ? 0 : first.mass()[0].length;
    int cell = Math.clamp(360 / Math.max(1, Math.max(layers, heads)), 7, 26);
    int right = LEFT;
    for (HeadGrid grid : result.grids().subList(0, Math.min(2, result.grids().size()))) {
      grid(shapes, grid, right, TOP, cell);
      right += Math.max(layers * cell, KEY) + 60;
    }
    int bottom = TOP + heads * cell + 52 + Legend.HEIGHT;
    for (int i = 0; i < result.heads().size(); i++) {
      int x = 12 + i % ACROSS * (SIDE + GAP);
      int y = bottom + 22 + i / ACROSS * (SIDE + 46);
      head(shapes, result, result.heads().get(i), seen, x, y);
    }
    int rows = (result.heads().size() + ACROSS - 1) / ACROSS;
    int columns = Math.min(ACROSS, result.heads().size());
    return new Drawing(
            "Attention behind " + result.read() + " \u00b7 Lynceus",
            Math.max(right, 24 + columns * (SIDE + GAP)),
            bottom + 10 + rows * (SIDE + 46),
            PAPER,
            shapes)
        .noted(result.notes());
  }

  /// How much every head pays a zone, layers across, heads down.
  static void grid(List<Drawing.Shape> shapes, HeadGrid grid, int left, int top, int cell) {
    double[] all = Arrays.stream(grid.mass()).flatMapToDouble(Arrays::stream).toArray();
    double most = Math.max(1e-9, Arrays.stream(all).max().orElse(0));
    int heads = grid.mass()[0].length;
    shapes.add(label(left, top - 10, "to the " + grid.zone(), 12, INK));
    for (int l = 0; l < grid.mass().length; l++) {
      for (int h = 0; h < heads; h++) {
        double mass = grid.mass()[l][h];
        shapes.add(
            new Drawing.Box(
                left + l * cell,
                top + h * cell,
                cell - 0.5,
                cell - 0.5,
                ColourScale.SEQUENTIAL.hex(mass / most),
                Spoken.head(l, h) + ": " + Spoken.percent(mass)));
      }
    }
    int every = cell >= 14 ? 1 : 4;
    for (int l = 0; l < grid.mass().length; l += every) {
      shapes.add(
          new Drawing.Label(
              left + (l + 0.5) * cell,
              top + heads * cell + 13,
              Integer.toString(l),
              10,
              FAINT,
              Drawing.Anchor.MIDDLE));
    }
    for (int h = 0; h < heads; h += every) {
      shapes.add(
          new Drawing.Label(
              left - 5,
              top + (h + 0.5) * cell + 4,
              Integer.toString(h),
              10,
              FAINT,
              Drawing.Anchor.END));
    }
    shapes.add(label(left, top + heads * cell + 29, "layer; heads down", 10, FAINT));
    Legend.add(
        shapes,
        left,
        top + heads * cell + 38,
        KEY,
        ColourScale.SEQUENTIAL,
        new ValueRange(0, most),
        "");
  }

  /// The head's map over that view to which it pays most.
  private static void head(
      List<Drawing.Shape> shapes,
      AttentionResult result,
      AttentionResult.HeadMap head,
      List<BufferedImage> seen,
      int x,
      int y) {
    int view = 0;
    for (int v = 1; v < head.maps().size(); v++) {
      view = sum(head.maps().get(v)) > sum(head.maps().get(view)) ? v : view;
    }
    AttentionResult.View place = result.views().get(view);
    double[] map = head.maps().get(view);
    BufferedImage below = seen.get(view);
    double scale = SIDE / (double) Math.max(below.getWidth(), below.getHeight());
    int width = (int) Math.round(below.getWidth() * scale);
    int height = (int) Math.round(below.getHeight() * scale);
    BufferedImage drawn = MapPicture.over(below, map, place.rows(), place.columns(), range(result));
    String more = result.views().size() > 1 ? ", " + place.label() : "";
    shapes.add(label(x, y, "head " + head.head().text() + ", rank " + head.rank() + more, 12, INK));
    shapes.add(
        new Drawing.Picture(x, y + 6, width, height, drawn, "head " + head.head().text() + more));
    String entropy =
        head.entropy().isPresent()
            ? head.entropy().getAsDouble() < .0005
                ? "0: one place"
                : Spoken.number(head.entropy().getAsDouble())
            : "none";
    shapes.add(
        label(
            x,
            y + height + 20,
            "image %s, entropy %s".formatted(Spoken.percent(head.mass()), entropy),
            11,
            FAINT));
  }

  /// One scale for all heads.
  private static ValueRange range(AttentionResult result) {
    return MapPicture.range(
        result.heads().stream().flatMap(head -> head.maps().stream()).toArray(double[][]::new));
  }

  private static double sum(double[] values) {
    return Arrays.stream(values).sum();
  }
}
