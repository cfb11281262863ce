package dev.lynceus.report;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;

/// A patch map over the picture that the model saw: patch by patch, nothing where the map is zero,
/// hatched where it is negative, and an outline around the patches that have at least half of the
/// scale. The outline is there for pictures on which no colour would be seen by everyone.
public final class MapPicture {
  private static final double OPACITY = .72;
  private static final int SIDE = 336;

  private MapPicture() {}

  /// The map in colours of its own range, from zero. Maps with values below zero have colours to
  /// both sides of zero.
  ///
  /// @param values one for each patch, row by row
  /// @param seen the picture as the model saw it
  public static BufferedImage over(BufferedImage seen, double[] values, int rows, int columns) {
    return over(seen, values, rows, columns, range(values));
  }

  /// The same in colours of a range that several maps share.
  public static BufferedImage over(
      BufferedImage seen, double[] values, int rows, int columns, ValueRange range) {
    return over(
        seen,
        new MapRaster.Grid(values, rows, columns),
        new MapRaster.Overlay(Sampling.NEAREST, scale(range), OPACITY));
  }

  /// The picture alone, as large as maps are drawn.
  static BufferedImage plain(BufferedImage seen) {
    return scaled(seen, SIDE / (double) Math.max(seen.getWidth(), seen.getHeight()));
  }

  /// A picture in another size.
  static BufferedImage scaled(BufferedImage image, double scale) {
    int width = Math.max(1, (int) Math.round(image.getWidth() * scale));
    int height = Math.max(1, (int) Math.round(image.getHeight() * scale));
    BufferedImage copy = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = copy.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    graphics.drawImage(image, 0, 0, width, height, null);
    graphics.dispose();
    return copy;
  }

  static BufferedImage over(BufferedImage seen, MapRaster.Grid grid, MapRaster.Overlay how) {
    int cell = Math.max(1, Math.ceilDiv(SIDE, Math.max(grid.rows(), grid.columns())));
    BufferedImage drawn =
        MapRaster.over(seen, grid, grid.columns() * cell, grid.rows() * cell, how);
    return outlined(drawn, grid, how);
  }

  /// With an outline around the patches of at least half of the scale, as far as the map is drawn.
  static BufferedImage outlined(BufferedImage drawn, MapRaster.Grid grid, MapRaster.Overlay how) {
    boolean[] strong = new boolean[grid.values().length];
    boolean any = false;
    for (int p = 0; p < strong.length; p++) {
      strong[p] = grid.values()[p] >= how.scale().range().high() / 2;
      any |= strong[p];
    }
    return any && how.opacity() > 0 && how.sampling() == Sampling.NEAREST
        ? Outline.patches(drawn, strong, grid.rows(), grid.columns())
        : drawn;
  }

  /// The range of some maps that are drawn alike.
  public static ValueRange range(double[]... maps) {
    double[] all = Arrays.stream(maps).flatMapToDouble(Arrays::stream).toArray();
    return ValueRange.ofMap(Arrays.stream(all).anyMatch(v -> v < 0), 0, all);
  }

  /// The key of a range, for a page whose maps share it.
  ///
  /// @param unit what the numbers are
  static StaticPage.Charts key(ValueRange range, String unit) {
    return new StaticPage.Charts(List.of(Legend.chart(scale(range).colours(), range, unit)));
  }

  static MapRaster.Scale scale(ValueRange range) {
    boolean signed = range.low() < 0;
    return new MapRaster.Scale(
        signed ? ColourScale.DIVERGING_DARK : ColourScale.SEQUENTIAL, range, signed);
  }
}
