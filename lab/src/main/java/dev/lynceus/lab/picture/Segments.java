package dev.lynceus.lab.picture;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.image.Superpixels;
import java.util.ArrayList;
import java.util.List;

/// Regions that nobody has to draw.
public final class Segments {
  private Segments() {}

  /// The cells of a grid, row by row.
  public static List<Region> grid(int width, int height, int rows, int columns) {
    if (rows < 1 || columns < 1 || rows > height || columns > width) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a grid of %d x %d cells on %d x %d pixels".formatted(rows, columns, width, height),
          "Use at least 1, and at most as many as there are pixels.");
    }
    List<Region> cells = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        cells.add(
            new Region.Box(
                (double) column * width / columns,
                (double) row * height / rows,
                (column + 1.0) * width / columns,
                (row + 1.0) * height / rows));
      }
    }
    return cells;
  }

  /// Pieces of about one colour.
  ///
  /// @param count about how many
  public static List<Region> superpixels(RgbImage image, int count) {
    if (count < 1) {
      throw new LynceusException(ErrorCode.BAD_REQUEST, count + " superpixels", "Use 1 or more.");
    }
    Superpixels pieces = Superpixels.of(image, count);
    List<Region> regions = new ArrayList<>();
    for (int piece = 0; piece < pieces.count(); piece++) {
      int own = piece;
      Mask mask =
          Mask.where(
              image.width(),
              image.height(),
              (x, y) -> pieces.labels()[y * image.width() + x] == own);
      regions.add(Region.Painted.of(mask));
    }
    return regions;
  }

  /// The pieces that hang together of what is at least so bright, the largest first.
  ///
  /// @param level mean sample, 0 to 255
  /// @param least pixels of a piece
  public static List<Region> components(RgbImage image, double level, int least) {
    return Components.of(Mask.above(image, level), Components.Neighbours.EIGHT, least).stream()
        .map(mask -> (Region) Region.Painted.of(mask))
        .toList();
  }
}
