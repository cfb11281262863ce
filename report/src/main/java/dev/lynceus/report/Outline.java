package dev.lynceus.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;

/// Outlines on a picture: white on black, so that they are seen on any ground.
public final class Outline {
  private static final float INNER = 2.5f;
  private static final float OUTER = 5.5f;

  private Outline() {}

  /// The outline of a rectangle.
  ///
  /// @param picture stays as it is
  /// @param left edges as parts of the picture's width and height, 0 to 1
  public static BufferedImage box(
      BufferedImage picture, double left, double top, double right, double bottom) {
    Path2D path = new Path2D.Double();
    path.append(
        new Rectangle2D.Double(
            left * picture.getWidth(),
            top * picture.getHeight(),
            (right - left) * picture.getWidth(),
            (bottom - top) * picture.getHeight()),
        false);
    return drawn(picture, path);
  }

  /// The outline of some patches: the lines between patches that belong to them and those that do
  /// not.
  ///
  /// @param patches which belong to them, row by row
  public static BufferedImage patches(
      BufferedImage picture, boolean[] patches, int rows, int columns) {
    double width = picture.getWidth() / (double) columns;
    double height = picture.getHeight() / (double) rows;
    Path2D path = new Path2D.Double();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        if (!patches[row * columns + column]) {
          continue;
        }
        double x = column * width;
        double y = row * height;
        if (row == 0 || !patches[(row - 1) * columns + column]) {
          line(path, x, y, x + width, y);
        }
        if (row == rows - 1 || !patches[(row + 1) * columns + column]) {
          line(path, x, y + height, x + width, y + height);
        }
        if (column == 0 || !patches[row * columns + column - 1]) {
          line(path, x, y, x, y + height);
        }
        if (column == columns - 1 || !patches[row * columns + column + 1]) {
          line(path, x + width, y, x + width, y + height);
        }
      }
    }
    return drawn(picture, path);
  }

  private static void line(Path2D path, double x, double y, double toX, double toY) {
    path.moveTo(x, y);
    path.lineTo(toX, toY);
  }

  private static BufferedImage drawn(BufferedImage picture, Path2D path) {
    BufferedImage copy =
        new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = copy.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.drawImage(picture, 0, 0, null);
    stroke(graphics, path, OUTER, Color.BLACK);
    stroke(graphics, path, INNER, Color.WHITE);
    graphics.dispose();
    return copy;
  }

  private static void stroke(Graphics2D graphics, Path2D path, float width, Color colour) {
    graphics.setColor(colour);
    graphics.setStroke(new BasicStroke(width, BasicStroke.CAP_SQUARE, BasicStroke.JOIN_MITER));
    graphics.draw(path);
  }
}
