package dev.lynceus.report;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;

/// Paints a [Drawing] on pixels.
final class DrawingPainter {
  private DrawingPainter() {}

  /// The drawing as PNG; see [#paint].
  static byte[] png(Drawing drawing, int zoom) {
    try {
      return ImageData.png(paint(drawing, zoom));
    } catch (IOException e) {
      throw new LynceusException(
          ErrorCode.INTERNAL, "A figure could not be encoded", "Report this.", e);
    }
  }

  /// The drawing at `zoom` pixels for each of its own. On a machine without any font the texts are
  /// left out; the SVG of the same drawing has them.
  static BufferedImage paint(Drawing drawing, int zoom) {
    BufferedImage image =
        new BufferedImage(
            drawing.width() * zoom, drawing.height() * zoom, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    try {
      g.scale(zoom, zoom);
      g.setColor(Color.decode(drawing.background()));
      g.fill(new Rectangle2D.Double(0, 0, drawing.width(), drawing.height()));
      g.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      g.setStroke(new BasicStroke(1f / zoom));
      boolean fonts = fontsWork(g);
      for (Drawing.Shape shape : drawing.shapes()) {
        switch (shape) {
          case Drawing.Box b -> {
            g.setColor(Color.decode(b.fill()));
            g.fill(new Rectangle2D.Double(b.x(), b.y(), b.width(), b.height()));
          }
          case Drawing.Line l -> {
            g.setColor(Color.decode(l.stroke()));
            g.draw(new Line2D.Double(l.x1(), l.y1(), l.x2(), l.y2()));
          }
          case Drawing.Picture p -> picture(g, p);
          case Drawing.Label t -> {
            if (fonts) {
              label(g, t);
            }
          }
          case Drawing.Upright u -> {
            if (fonts) {
              upright(g, u);
            }
          }
        }
      }
    } finally {
      g.dispose();
    }
    return image;
  }

  private static void picture(Graphics2D g, Drawing.Picture p) {
    AffineTransform place = AffineTransform.getTranslateInstance(p.x(), p.y());
    place.scale(p.width() / p.image().getWidth(), p.height() / p.image().getHeight());
    g.drawImage(p.image(), place, null);
  }

  private static void upright(Graphics2D g, Drawing.Upright u) {
    AffineTransform before = g.getTransform();
    g.rotate(-Math.PI / 2, u.x(), u.y());
    label(g, new Drawing.Label(u.x(), u.y(), u.text(), u.size(), u.fill(), Drawing.Anchor.END));
    g.setTransform(before);
  }

  private static void label(Graphics2D g, Drawing.Label t) {
    g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, t.size()));
    g.setColor(Color.decode(t.fill()));
    double width = g.getFontMetrics().getStringBounds(t.text(), g).getWidth();
    double x =
        switch (t.anchor()) {
          case START -> t.x();
          case MIDDLE -> t.x() - width / 2;
          case END -> t.x() - width;
        };
    g.drawString(t.text(), (float) x, (float) t.y());
  }

  /// Java without a font configuration throws errors of several types at the first use of a font.
  private static boolean fontsWork(Graphics2D g) {
    try {
      g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 10));
      return g.getFontMetrics().stringWidth("0") > 0;
    } catch (RuntimeException | LinkageError | InternalError e) {
      return false;
    }
  }
}
