package dev.lynceus.lab.literacy;

import dev.lynceus.lab.picture.Rgb;
import java.util.List;

/// A chart before it is drawn.
///
/// @param title above it; empty for none
/// @param table its numbers
/// @param x scale across; only points have numbers there, others leave it unused
/// @param y scale upwards; of maps and treemaps, what the values are multiples of
/// @param colours one for each entry of the legend, or for all marks
/// @param shape seed of what has no meaning: borders of regions
public record Chart(
    ChartKind kind, String title, ChartTable table, Axis x, Axis y, List<Rgb> colours, long shape) {
  /// Classes of the shades of a map.
  static final int CLASSES = 4;

  public Chart {
    colours = List.copyOf(colours);
  }

  /// The same chart of other numbers.
  Chart with(ChartTable other) {
    return new Chart(kind, title, other, x, y, colours, shape);
  }

  /// What the entries of its legend are called, in the order of its colours; empty without one.
  List<String> legend() {
    return switch (kind) {
      case STACKED_BAR, STACKED_BAR_100, STACKED_AREA -> table.columns();
      case PIE -> table.rows();
      case TREEMAP -> table.groups().stream().distinct().sorted().toList();
      case MAP -> java.util.stream.IntStream.range(0, CLASSES).mapToObj(this::range).toList();
      case LINE, BAR, HISTOGRAM, SCATTER, AREA, BUBBLE -> List.of();
    };
  }

  /// Which entry of the legend a mark has the colour of.
  int colourOf(int row, int column) {
    return switch (kind) {
      case STACKED_BAR, STACKED_BAR_100, STACKED_AREA -> column;
      case PIE -> row;
      case TREEMAP -> legend().indexOf(table.groups().get(row));
      case MAP -> shade(table.value(row, 0));
      case LINE, BAR, HISTOGRAM, SCATTER, AREA, BUBBLE -> 0;
    };
  }

  /// The class of a value on a map.
  int shade(int value) {
    return Math.min(CLASSES - 1, value * CLASSES / y.top());
  }

  /// What a class of a map stands for, for example `10 - 20`.
  String range(int shade) {
    return shade * y.top() / CLASSES + " - " + (shade + 1) * y.top() / CLASSES;
  }

  /// Whether its values are told as shares of a whole.
  boolean isOfShares() {
    return kind == ChartKind.PIE || kind == ChartKind.STACKED_BAR_100;
  }
}
