package dev.lynceus.report;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/// A chart as a list of shapes in pixels, to be written as SVG or painted as PNG.
///
/// @param title what the chart shows; the accessible name of the SVG
/// @param background `#rrggbb`
/// @param shapes in the order of painting
record Drawing(String title, int width, int height, String background, List<Shape> shapes) {

  private static final int MOST_NOTES = 8;
  private static final int NOTE_SIZE = 11;
  private static final int NOTE_LINE = 15;
  private static final double NOTE_CHARACTER = 6.2;
  private static final int SAID_SIZE = 13;
  private static final int SAID_LINE = 18;
  private static final double SAID_CHARACTER = 7;
  private static final String SAID_FILL = "#23272f";
  private static final String NOTE_FILL = "#8a4b08";

  /// The same with what a reader should know before believing it, below; as it is where there is
  /// nothing to be said.
  Drawing noted(List<String> notes) {
    if (notes.isEmpty()) {
      return this;
    }
    int most = Math.max(20, (int) ((width - 24) / NOTE_CHARACTER));
    List<Shape> all = new ArrayList<>(shapes);
    int y = height;
    List<String> told = new ArrayList<>(notes.subList(0, Math.min(MOST_NOTES, notes.size())));
    if (notes.size() > MOST_NOTES) {
      told.add("and %d more, see --json".formatted(notes.size() - MOST_NOTES));
    }
    for (String note : told) {
      for (String line : broken("note: " + note, most)) {
        y += NOTE_LINE;
        all.add(new Label(12, y, line, NOTE_SIZE, NOTE_FILL, Anchor.START));
      }
    }
    return new Drawing(title, width, y + NOTE_LINE, background, all);
  }

  /// The same below a sentence that says what it shows; as it is where there is none.
  Drawing under(String conclusion) {
    if (conclusion.isEmpty()) {
      return this;
    }
    int most = Math.max(20, (int) ((width - 24) / SAID_CHARACTER));
    List<Shape> all = new ArrayList<>();
    int y = 6;
    for (String line : broken(conclusion, most)) {
      y += SAID_LINE;
      all.add(new Label(12, y, line, SAID_SIZE, SAID_FILL, Anchor.START));
    }
    int down = y + 4;
    shapes.forEach(shape -> all.add(moved(shape, down)));
    return new Drawing(title, width, height + down, background, all);
  }

  /// The same with another below it.
  Drawing above(Drawing other) {
    List<Shape> all = new ArrayList<>(shapes);
    other.shapes.forEach(shape -> all.add(moved(shape, height)));
    return new Drawing(title, Math.max(width, other.width), height + other.height, background, all);
  }

  private static Shape moved(Shape shape, double down) {
    return switch (shape) {
      case Box b -> new Box(b.x(), b.y() + down, b.width(), b.height(), b.fill(), b.hint());
      case Line l -> new Line(l.x1(), l.y1() + down, l.x2(), l.y2() + down, l.stroke());
      case Picture p ->
          new Picture(p.x(), p.y() + down, p.width(), p.height(), p.image(), p.hint());
      case Label l -> new Label(l.x(), l.y() + down, l.text(), l.size(), l.fill(), l.anchor());
      case Upright u -> new Upright(u.x(), u.y() + down, u.text(), u.size(), u.fill());
    };
  }

  /// A text in lines of a length, broken between words.
  private static List<String> broken(String text, int most) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ")) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > most) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  /// One thing that is drawn.
  sealed interface Shape {}

  /// A filled rectangle. `hint` is what a reader sees who points at it; may be empty.
  record Box(double x, double y, double width, double height, String fill, String hint)
      implements Shape {}

  /// A straight line, one pixel wide.
  record Line(double x1, double y1, double x2, double y2, String stroke) implements Shape {}

  /// A picture, scaled into a rectangle. `hint` as for a box.
  record Picture(double x, double y, double width, double height, BufferedImage image, String hint)
      implements Shape {}

  /// A line of text; `x` is its start, middle or end by `anchor`, `y` its baseline.
  record Label(double x, double y, String text, int size, String fill, Anchor anchor)
      implements Shape {}

  /// A line of text that is read from below; it ends at (x, y), the right edge of its letters.
  record Upright(double x, double y, String text, int size, String fill) implements Shape {}

  /// A line of text from its start on.
  static Label label(double x, double y, String text, int size, String fill) {
    return new Label(x, y, text, size, fill, Anchor.START);
  }

  /// Which point of a text is given.
  enum Anchor {
    START,
    MIDDLE,
    END
  }
}
