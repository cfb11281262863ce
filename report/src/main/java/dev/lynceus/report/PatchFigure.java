package dev.lynceus.report;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/// Patch maps side by side over the picture that the model saw, one panel for each word, all in
/// colours of one range.
///
/// @param title what is shown
/// @param note one line about how to read it
/// @param panels at least one
/// @param notes what a reader should know before believing them
public record PatchFigure(String title, String note, List<Panel> panels, List<String> notes) {
  private static final int SIDE = 168;
  private static final int GAP = 14;
  private static final int CAPTIONS = 40;
  private static final int TOP = 58;
  private static final int IN_A_ROW = 5;
  private static final int KEY = 240;
  private static final int ZOOM = 2;

  /// One map.
  ///
  /// @param word its caption
  /// @param note a second line below
  /// @param values one for each patch, row by row
  /// @param seen the picture as the model saw it
  // Plain numbers to be drawn; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  public record Panel(
      String word, String note, double[] values, int rows, int columns, BufferedImage seen) {}

  public PatchFigure {
    panels = List.copyOf(panels);
    notes = List.copyOf(notes);
  }

  /// A stand-alone SVG document.
  public String svg() {
    return SvgWriter.write(drawing());
  }

  /// The same as PNG, two pixels for each of the SVG.
  public byte[] png() {
    return DrawingPainter.png(drawing(), ZOOM);
  }

  Drawing drawing() {
    int columns = Math.max(3, Math.min(IN_A_ROW, panels.size()));
    List<Drawing.Shape> shapes = new ArrayList<>();
    shapes.add(label(GAP, 22, title, 13));
    shapes.add(label(GAP, 42, note, 11));
    ValueRange range =
        MapPicture.range(panels.stream().map(Panel::values).toArray(double[][]::new));
    for (int i = 0; i < panels.size(); i++) {
      Panel panel = panels.get(i);
      int x = GAP + i % columns * (SIDE + GAP);
      int y = TOP + i / columns * (SIDE + CAPTIONS);
      BufferedImage map =
          MapPicture.over(panel.seen(), panel.values(), panel.rows(), panel.columns(), range);
      double scale = SIDE / (double) Math.max(map.getWidth(), map.getHeight());
      shapes.add(
          new Drawing.Picture(
              x, y, map.getWidth() * scale, map.getHeight() * scale, map, panel.word()));
      shapes.add(label(x, y + SIDE + 15, panel.word(), 12));
      shapes.add(label(x, y + SIDE + 29, panel.note(), 10));
    }
    int lines = Math.ceilDiv(panels.size(), columns);
    int bottom = TOP + lines * (SIDE + CAPTIONS) + 8;
    Legend.add(
        shapes,
        GAP,
        bottom,
        KEY,
        MapPicture.scale(range).colours(),
        range,
        "outlined: half or more");
    return new Drawing(
            title + " \u00b7 Lynceus",
            GAP + columns * (SIDE + GAP),
            bottom + Legend.HEIGHT + 4,
            "#ffffff",
            shapes)
        .noted(notes);
  }

  private static Drawing.Label label(double x, double y, String text, int size) {
    return new Drawing.Label(x, y, text, size, "#23272f", Drawing.Anchor.START);
  }
}
