package dev.lynceus.report;

import dev.lynceus.image.RgbImage;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.causal.CausalMap;
import dev.lynceus.method.causal.Measures.Metric;
import dev.lynceus.method.causal.Regions;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/// Parts of a picture that were hidden, each in the colour of what became of the answer: one
/// picture for all pieces of a row that do not overlap, or one for each.
///
/// @param seen the picture as the model saw it, whose pixels the regions count
public record RegionFigure(CausalMap map, Regions regions, RgbImage seen) {
  private static final int SIDE = 236;
  private static final int GAP = 16;
  private static final int TOP = 58;
  private static final int CAPTION = 26;
  private static final double OPACITY = 0.8;
  private static final int KEY = 240;
  private static final int LINE = 0xFF10243F;

  /// A stand-alone SVG document.
  ///
  /// @param conclusion what it shows; may be empty
  public String svg(Metric metric, String conclusion) {
    return SvgWriter.write(drawing(metric).under(conclusion));
  }

  Drawing drawing(Metric metric) {
    double[][] changes = map.changes(metric);
    double most = CausalFigure.floor(metric);
    for (double[] row : changes) {
      for (double change : row) {
        most = Math.max(most, Double.isFinite(change) ? Math.abs(change) : 0);
      }
    }
    ValueRange range = ValueRange.of(true, most, -most);
    List<Drawing.Shape> shapes = new ArrayList<>();
    shapes.add(HeatMap.label(GAP, 22, map.method() + ": " + map.what(), 13, Drawing.Anchor.START));
    shapes.add(
        HeatMap.label(
            GAP,
            42,
            "change of the "
                + metric.label()
                + "; blue and hatched where hiding lowers it, orange where it raises it",
            11,
            Drawing.Anchor.START));
    double scale = SIDE / (double) Math.max(seen.width(), seen.height());
    int height = (int) Math.round(seen.height() * scale);
    int across = 1;
    for (int row = 0; row < changes.length; row++) {
      int y = TOP + row * (height + CAPTION + GAP);
      if (disjoint()) {
        picture(shapes, GAP, y, scale, painted(row, changes[row], range), "");
        shapes.add(
            HeatMap.label(
                GAP, y + height + 16, changes[row].length + " pieces", 11, Drawing.Anchor.START));
        strongest(shapes, GAP + SIDE + 20, y + 12, metric);
        across = 3;
        continue;
      }
      for (int column = 0; column < changes[row].length; column++) {
        int x = GAP + column * (SIDE + GAP);
        double[] one = new double[changes[row].length];
        java.util.Arrays.fill(one, Double.NaN);
        one[column] = changes[row][column];
        String caption = map.columns().get(column) + ": " + Spoken.signed(changes[row][column]);
        picture(shapes, x, y, scale, painted(row, one, range), map.rows().get(row));
        shapes.add(HeatMap.label(x, y + height + 16, caption, 11, Drawing.Anchor.START));
        across = Math.max(across, changes[row].length);
      }
    }
    int bottom = TOP + changes.length * (height + CAPTION + GAP);
    Legend.add(shapes, GAP, bottom, KEY, ColourScale.DIVERGING_LIGHT, range, "");
    return new Drawing(
            map.method() + " \u00b7 Lynceus",
            GAP + Math.max(3, across) * (SIDE + GAP),
            bottom + Legend.HEIGHT + 4,
            HeatMap.PAPER,
            shapes)
        .noted(map.notes());
  }

  private boolean disjoint() {
    return regions.rowAxis().isEmpty();
  }

  private void picture(
      List<Drawing.Shape> shapes, int x, int y, double scale, BufferedImage image, String hint) {
    shapes.add(
        new Drawing.Picture(
            x, y, image.getWidth() * scale, image.getHeight() * scale, image, hint));
  }

  private void strongest(List<Drawing.Shape> shapes, int x, int top, Metric metric) {
    int y = top;
    for (CausalMap.Cell cell : map.strongest(metric, 12)) {
      shapes.add(HeatMap.label(x, y, map.label(cell), 11, Drawing.Anchor.START));
      shapes.add(HeatMap.label(x + 200, y, Spoken.signed(cell.change()), 11, Drawing.Anchor.END));
      y += 17;
    }
  }

  /// The picture with regions of a row coloured; what has no number stays as it is.
  private BufferedImage painted(int row, double[] changes, ValueRange range) {
    BufferedImage image = seen.toBufferedImage();
    for (int column = 0; column < changes.length; column++) {
      double value = changes[column];
      if (!Double.isFinite(value)) {
        continue;
      }
      boolean[] pixels = regions.regions().get(row).get(column).pixels();
      double part = MapRaster.weight(Math.abs(2 * range.fraction(value) - 1));
      int colour = ColourScale.DIVERGING_DARK.argb(range.fraction(value));
      int step = Math.max(4, seen.width() / 48);
      for (int at = 0; at < pixels.length; at++) {
        if (pixels[at]) {
          int x = at % seen.width();
          int y = at / seen.width();
          boolean line = value < 0 && (x + y) % step < Math.max(1, step / 5);
          image.setRGB(
              x,
              y,
              mixed(image.getRGB(x, y), line ? LINE : colour, part == 0 ? 0 : OPACITY * part));
        }
      }
    }
    return image;
  }

  private static int mixed(int below, int above, double opacity) {
    int colour = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      double v = (1 - opacity) * (below >> shift & 0xFF) + opacity * (above >> shift & 0xFF);
      colour |= (int) Math.round(v) << shift;
    }
    return colour;
  }
}
