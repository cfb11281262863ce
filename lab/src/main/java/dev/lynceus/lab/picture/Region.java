package dev.lynceus.lab.picture;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/// A part of a picture, in its pixels: (0, 0) is the upper left corner of the first one. A pixel
/// belongs to a region whose shape has its centre.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "region")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Region.Box.class, name = "box"),
  @JsonSubTypes.Type(value = Region.Polygon.class, name = "polygon"),
  @JsonSubTypes.Type(value = Region.Painted.class, name = "mask"),
  @JsonSubTypes.Type(value = Region.Patches.class, name = "patches")
})
public sealed interface Region {

  /// Its pixels in a picture of that size. Parts outside of the picture are left out; nothing may
  /// be left.
  ///
  /// @throws LynceusException BAD_REQUEST for a mask of a picture of another size
  Mask mask(int width, int height);

  /// What tables call it, for example `12,30,57,80`.
  @JsonIgnore
  String text();

  /// A rectangle.
  ///
  /// @param x0 left edge
  /// @param y0 upper edge
  /// @param x1 right edge, beyond the last pixel
  /// @param y1 lower edge, beyond the last pixel
  record Box(double x0, double y0, double x1, double y1) implements Region {
    public Box {
      if (!(x1 >= x0 && y1 >= y0) || !Double.isFinite(x0 + y0 + x1 + y1)) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "a box from %s, %s to %s, %s".formatted(x0, y0, x1, y1),
            "Give left, upper, right and lower edge in pixels of the picture.");
      }
    }

    @Override
    public Mask mask(int width, int height) {
      return Mask.where(
          width, height, (x, y) -> x + .5 >= x0 && x + .5 < x1 && y + .5 >= y0 && y + .5 < y1);
    }

    @Override
    @JsonIgnore
    public String text() {
      return String.join(",", plain(x0), plain(y0), plain(x1), plain(y1));
    }

    /// Width in pixels.
    double width() {
      return x1 - x0;
    }

    /// Height in pixels.
    double height() {
      return y1 - y0;
    }

    /// The same rectangle, larger: by `share` of its width and height altogether, half of it on
    /// each side.
    public Box grown(double share) {
      return grown(share * width() / 2, share * height() / 2);
    }

    /// The same rectangle, larger by so many pixels on each side.
    public Box grown(double across, double down) {
      return new Box(x0 - across, y0 - down, x1 + across, y1 + down);
    }

    /// The same rectangle elsewhere.
    public Box moved(double right, double down) {
      return new Box(x0 + right, y0 + down, x1 + right, y1 + down);
    }
  }

  /// A polygon by its corners; what lies an odd number of edges inside belongs to it.
  ///
  /// @param corners `x, y, x, y, …`, at least three corners
  record Polygon(List<Double> corners) implements Region {
    public Polygon {
      corners = List.copyOf(corners);
      if (corners.size() < 6
          || corners.size() % 2 != 0
          || corners.stream().anyMatch(c -> !Double.isFinite(c))) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "a polygon of %d numbers".formatted(corners.size()),
            "Give x and y of at least three corners.");
      }
    }

    @Override
    public Mask mask(int width, int height) {
      return Mask.where(width, height, (x, y) -> has(x + .5, y + .5));
    }

    private boolean has(double x, double y) {
      boolean inside = false;
      for (int i = 0, j = corners.size() - 2; i < corners.size(); j = i, i += 2) {
        double ay = corners.get(i + 1);
        double by = corners.get(j + 1);
        if (ay > y != by > y) {
          double ax = corners.get(i);
          inside ^= x < ax + (corners.get(j) - ax) * (y - ay) / (by - ay);
        }
      }
      return inside;
    }

    @Override
    @JsonIgnore
    public String text() {
      return "polygon of " + corners.size() / 2 + " corners";
    }
  }

  /// Any pixels.
  ///
  /// @param width of the picture that they belong to
  /// @param height of it
  /// @param runs lengths of runs row by row, see [Mask#ofRuns]
  record Painted(int width, int height, List<Integer> runs) implements Region {
    public Painted {
      runs = List.copyOf(runs);
      Mask.ofRuns(width, height, runs);
    }

    /// The pixels of a mask.
    public static Painted of(Mask mask) {
      return new Painted(mask.width(), mask.height(), mask.runs());
    }

    @Override
    public Mask mask(int ofWidth, int ofHeight) {
      if (ofWidth != width || ofHeight != height) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "a mask of %d x %d pixels on a picture of %d x %d"
                .formatted(width, height, ofWidth, ofHeight),
            "Give a mask as large as the picture.");
      }
      return Mask.ofRuns(width, height, runs);
    }

    @Override
    @JsonIgnore
    public String text() {
      return Mask.ofRuns(width, height, runs)
          .bounds()
          .map(box -> "mask in " + box.text())
          .orElse("empty mask");
    }
  }

  /// Cells of a grid over a part of the picture, as the patches of a heat map are.
  ///
  /// @param rows of the grid
  /// @param columns of the grid
  /// @param left edge of the grid
  /// @param top edge of the grid
  /// @param width of the whole grid
  /// @param height of the whole grid
  /// @param cells numbers of the cells, row by row
  record Patches(
      int rows,
      int columns,
      double left,
      double top,
      double width,
      double height,
      List<Integer> cells)
      implements Region {
    public Patches {
      cells = List.copyOf(cells);
      if (rows < 1 || columns < 1 || !(width > 0 && height > 0)) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "a grid of %d x %d cells".formatted(rows, columns),
            "Give at least one row and one column.");
      }
      for (int cell : cells) {
        if (cell < 0 || cell >= rows * columns) {
          throw new LynceusException(
              ErrorCode.BAD_REQUEST,
              "there is no patch %d in %d x %d".formatted(cell, rows, columns),
              "Use 0 to " + (rows * columns - 1) + ".");
        }
      }
    }

    @Override
    public Mask mask(int ofWidth, int ofHeight) {
      boolean[] chosen = new boolean[rows * columns];
      cells.forEach(cell -> chosen[cell] = true);
      return Mask.where(
          ofWidth,
          ofHeight,
          (x, y) -> {
            double column = Math.floor((x + .5 - left) * columns / width);
            double row = Math.floor((y + .5 - top) * rows / height);
            return column >= 0
                && column < columns
                && row >= 0
                && row < rows
                && chosen[(int) row * columns + (int) column];
          });
    }

    @Override
    @JsonIgnore
    public String text() {
      return cells.size() + " patches of " + rows + " x " + columns;
    }
  }

  private static String plain(double number) {
    return DoubleStream.of(number).allMatch(n -> n == Math.rint(n))
        ? Long.toString((long) number)
        : String.format(Locale.ROOT, "%.1f", number);
  }
}
