package dev.lynceus.lab.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// The shapes that mark a region: drawn straight onto the picture, with an alpha.
final class Outlines {
  /// By what part of its width or height a mark moves to a side.
  private static final double SHIFT = .25;

  private Outlines() {}

  /// Draws one.
  ///
  /// @param stroke thickness of lines in pixels
  static void draw(Canvas canvas, Operation.Outline mark) {
    Mask mask = mark.region().mask(canvas.width(), canvas.height());
    if (mask.isEmpty() || mark.alpha() == 0) {
      return;
    }
    Region.Box own = mask.bounds().orElseThrow();
    Region.Box box =
        own.moved(
            SHIFT * own.width() * mark.side().across(), SHIFT * own.height() * mark.side().down());
    double stroke = mark.stroke();
    switch (mark.shape()) {
      case BOX -> box(canvas, box, mark);
      case ELLIPSE -> ellipse(canvas, box.grown(mark.grow()), mark);
      case CONTOUR -> contour(canvas, mask, mark);
      case ARROW -> arrow(canvas, own, mark);
      case SCRIBBLE -> path(canvas, scribble(box, mark.seed()), mark);
      case POINT -> {
        int[] deepest = Distances.of(mask).deepest();
        double x = deepest[0] + .5 + SHIFT * own.width() * mark.side().across();
        double y = deepest[1] + .5 + SHIFT * own.height() * mark.side().down();
        double radius = 1.5 * stroke;
        canvas.paint(
            (px, py) -> square(px - x) + square(py - y) <= radius * radius,
            new Region.Box(x, y, x, y).grown(radius, radius),
            mark.colour(),
            mark.alpha());
      }
      case TRIANGLE -> {
        Region.Box around = box.grown(mark.grow());
        double middle = (around.x0() + around.x1()) / 2;
        path(
            canvas,
            List.of(
                new double[] {middle, around.y0()},
                new double[] {around.x1(), around.y1()},
                new double[] {around.x0(), around.y1()},
                new double[] {middle, around.y0()}),
            mark);
      }
    }
  }

  /// Around the region as far as the picture goes, so that a mark at its edge is seen too.
  private static void box(Canvas canvas, Region.Box region, Operation.Outline mark) {
    double stroke = mark.stroke();
    Region.Box wished = region.grown(mark.grow()).grown(stroke, stroke);
    Region.Box outer =
        new Region.Box(
            Math.clamp(wished.x0(), 0, canvas.width()),
            Math.clamp(wished.y0(), 0, canvas.height()),
            Math.clamp(wished.x1(), 0, canvas.width()),
            Math.clamp(wished.y1(), 0, canvas.height()));
    canvas.paint(
        (x, y) ->
            x < outer.x0() + stroke
                || x >= outer.x1() - stroke
                || y < outer.y0() + stroke
                || y >= outer.y1() - stroke,
        outer,
        mark.colour(),
        mark.alpha());
  }

  private static void ellipse(Canvas canvas, Region.Box box, Operation.Outline mark) {
    double a = box.width() / 2;
    double b = box.height() / 2;
    double x0 = box.x0() + a;
    double y0 = box.y0() + b;
    double innerA = Math.max(0, a - mark.stroke());
    double innerB = Math.max(0, b - mark.stroke());
    canvas.paint(
        (x, y) ->
            square((x - x0) / a) + square((y - y0) / b) <= 1
                && (innerA == 0
                    || innerB == 0
                    || square((x - x0) / innerA) + square((y - y0) / innerB) > 1),
        box,
        mark.colour(),
        mark.alpha());
  }

  /// The pixels outside of the region that are nearer to it than the stroke is thick.
  private static void contour(Canvas canvas, Mask mask, Operation.Outline mark) {
    Distances outside = Distances.of(mask.not());
    double reach = mark.stroke() * mark.stroke();
    canvas.paint(
        (x, y) -> {
          boolean near = !mask.has(x, y) && outside.at(x, y) <= reach;
          // Distances end at the edge of the picture, which is no part of the region.
          return near && touches(mask, x, y, mark.stroke()) ? mark.alpha() : 0;
        },
        mark.colour());
  }

  private static boolean touches(Mask mask, int x, int y, double reach) {
    int far = (int) Math.ceil(reach);
    for (int dy = -far; dy <= far; dy++) {
      for (int dx = -far; dx <= far; dx++) {
        if (mask.has(x + dx, y + dy) && dx * dx + dy * dy <= reach * reach) {
          return true;
        }
      }
    }
    return false;
  }

  /// From a side towards the region, the tip at its edge; where no side is named, from the one that
  /// has most room.
  private static void arrow(Canvas canvas, Region.Box box, Operation.Outline mark) {
    Side side = mark.side() == Side.CENTRE ? roomiest(canvas, box) : mark.side();
    double x = (box.x0() + box.x1()) / 2 + side.across() * box.width() / 2;
    double y = (box.y0() + box.y1()) / 2 + side.down() * box.height() / 2;
    double length = Math.max(6 * mark.stroke(), Math.max(canvas.width(), canvas.height()) / 6.0);
    double head = 3 * mark.stroke();
    Region.Box around = new Region.Box(x, y, x, y).grown(length + head, length + head);
    canvas.paint(
        (px, py) -> {
          double along = (px - x) * side.across() + (py - y) * side.down();
          double aside = Math.abs((px - x) * side.down() - (py - y) * side.across());
          return along >= 0
              && along <= length
              && (along <= head ? aside <= along * .7 : aside <= mark.stroke() / 2);
        },
        around,
        mark.colour(),
        mark.alpha());
  }

  private static Side roomiest(Canvas canvas, Region.Box box) {
    double[] room = {box.x0(), box.y0(), canvas.width() - box.x1(), canvas.height() - box.y1()};
    Side[] sides = {Side.LEFT, Side.TOP, Side.RIGHT, Side.BOTTOM};
    int best = 0;
    for (int i = 1; i < room.length; i++) {
      best = room[i] > room[best] ? i : best;
    }
    return sides[best];
  }

  /// To and fro over the region.
  private static List<double[]> scribble(Region.Box box, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<double[]> points = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      double across = i % 2 == 0 ? random.nextDouble(.15, .4) : random.nextDouble(.6, .85);
      points.add(
          new double[] {
            box.x0() + across * box.width(), box.y0() + (i + .75) / 7.5 * box.height()
          });
    }
    return points;
  }

  private static void path(Canvas canvas, List<double[]> points, Operation.Outline mark) {
    double reach = mark.stroke() / 2;
    Region.Box around =
        new Region.Box(
                points.stream().mapToDouble(p -> p[0]).min().orElseThrow(),
                points.stream().mapToDouble(p -> p[1]).min().orElseThrow(),
                points.stream().mapToDouble(p -> p[0]).max().orElseThrow(),
                points.stream().mapToDouble(p -> p[1]).max().orElseThrow())
            .grown(reach, reach);
    canvas.paint(
        (x, y) -> {
          for (int i = 1; i < points.size(); i++) {
            if (away(points.get(i - 1), points.get(i), x, y) <= reach * reach) {
              return true;
            }
          }
          return false;
        },
        around,
        mark.colour(),
        mark.alpha());
  }

  /// Squared distance of a place from a line between two points.
  private static double away(double[] a, double[] b, double x, double y) {
    double dx = b[0] - a[0];
    double dy = b[1] - a[1];
    double length = dx * dx + dy * dy;
    double t = length == 0 ? 0 : Math.clamp(((x - a[0]) * dx + (y - a[1]) * dy) / length, 0, 1);
    return square(x - a[0] - t * dx) + square(y - a[1] - t * dy);
  }

  private static double square(double x) {
    return x * x;
  }
}
