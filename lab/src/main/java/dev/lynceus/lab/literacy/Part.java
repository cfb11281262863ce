package dev.lynceus.lab.literacy;

import dev.lynceus.lab.picture.Region;
import java.util.Locale;

/// Something on a drawn chart, and where it is.
///
/// @param what kind of thing
/// @param row the row that it belongs to; for ticks their number, -1 for none
/// @param column the column that it belongs to; for entries of the legend their number, for ticks 0
///   across and 1 upwards, -1 for none
/// @param region in pixels of the picture
public record Part(What what, int row, int column, Region region) {
  /// Kinds of things.
  public enum What {
    /// A bar, wedge, point, tile, region, or a piece of a line.
    MARK,
    /// The name of a row.
    NAME,
    /// The number at a scale.
    TICK,
    /// A colour and what it stands for.
    LEGEND;

    /// What users call it.
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Which things are meant, without where they are.
  ///
  /// @param row -1 for all
  /// @param column -1 for all
  public record Ref(What what, int row, int column) {
    /// Whether a thing is meant.
    boolean means(Part part) {
      return part.what == what
          && (row < 0 || part.row == row)
          && (column < 0 || part.column == column);
    }
  }
}
