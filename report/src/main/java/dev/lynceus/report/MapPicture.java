package dev.lynceus.report;

import java.awt.image.BufferedImage;
import java.util.Arrays;

/// A patch map over the picture that the model saw.
public final class MapPicture {
  private static final double OPACITY = .68;
  private static final int SIDE = 336;

  private MapPicture() {}

  /// The map over the picture, which stays as it is where the map is weakest. Maps with values
  /// below zero have colours to both sides of zero.
  ///
  /// @param values one for each patch, row by row
  /// @param seen the picture as the model saw it
  public static BufferedImage over(BufferedImage seen, double[] values, int rows, int columns) {
    boolean signed = Arrays.stream(values).anyMatch(v -> v < 0);
    MapRaster.Grid grid = new MapRaster.Grid(values, rows, columns);
    MapRaster.Scale scale =
        new MapRaster.Scale(
            signed ? ColourScale.DIVERGING_DARK : ColourScale.SEQUENTIAL,
            ValueRange.of(signed, values),
            signed);
    int cell = Math.max(1, Math.ceilDiv(SIDE, Math.max(rows, columns)));
    BufferedImage map = MapRaster.draw(grid, columns * cell, rows * cell, Sampling.SMOOTH, scale);
    return MapRaster.over(
        seen, grid, map, new MapRaster.Overlay(Sampling.SMOOTH, scale, OPACITY, 0));
  }
}
