package dev.lynceus.method.causal;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.score.Ranks;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// What attribution patching found: a grid of estimated changes of one metric, and how the
/// strongest and some random ones fared when they were patched.
///
/// @param what one line that says what is carried in each cell
/// @param form how it was estimated
/// @param metric what is estimated
/// @param base the run that is changed
/// @param other the run that states are taken from
/// @param rows one label each
/// @param columns one label each
/// @param estimates of the change of the metric, `[row][column]`, in the metric's units
/// @param dropped mean size of the estimates with each layer passed by in turn, `[row][column]`;
///   empty where that was not asked for
/// @param strongest the cells of the largest estimates (of `dropped`, if there is one), patched
/// @param sample random cells, patched
/// @param notes what to keep in mind when reading it
// Plain numbers of a result; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
public record AttributionMap(
    String method,
    String what,
    AttributionPatching.Form form,
    Measures.Metric metric,
    Measures base,
    Measures other,
    String rowAxis,
    List<String> rows,
    String columnAxis,
    List<String> columns,
    double[][] estimates,
    Optional<double[][]> dropped,
    Tested strongest,
    Tested sample,
    List<String> notes) {

  /// A cell that was patched.
  ///
  /// @param estimate of the change
  /// @param dropped mean size of the estimates with each layer passed by in turn
  /// @param change of the metric by patching
  public record Cell(
      int row, int column, double estimate, Optional<Double> dropped, double change) {}

  /// Cells that were patched.
  ///
  /// @param agreement rank correlation (Spearman) between estimates and changes; empty for fewer
  ///   than three cells or where one of them does not vary
  /// @param sizes the same between the sizes: of `dropped` if there is one, else of the estimates,
  ///   and of the changes
  public record Tested(List<Cell> cells, Optional<Double> agreement, Optional<Double> sizes) {
    static Tested of(List<Cell> cells) {
      return new Tested(
          List.copyOf(cells),
          agreement(cells, Cell::estimate, Cell::change),
          agreement(
              cells,
              cell -> cell.dropped().orElse(Math.abs(cell.estimate())),
              cell -> Math.abs(cell.change())));
    }

    private static Optional<Double> agreement(
        List<Cell> cells, ToDoubleFunction<Cell> one, ToDoubleFunction<Cell> two) {
      double found =
          Ranks.spearman(
              cells.stream().mapToDouble(one).toArray(), cells.stream().mapToDouble(two).toArray());
      return cells.size() < 3 || !Double.isFinite(found) ? Optional.empty() : Optional.of(found);
    }
  }

  public AttributionMap {
    rows = List.copyOf(rows);
    columns = List.copyOf(columns);
    notes = List.copyOf(notes);
  }

  /// Places of all cells, those of the largest sizes first.
  static List<int[]> ranking(double[][] values) {
    List<int[]> all = new ArrayList<>();
    for (int row = 0; row < values.length; row++) {
      for (int column = 0; column < values[row].length; column++) {
        all.add(new int[] {row, column});
      }
    }
    all.sort(Comparator.comparingDouble((int[] at) -> -Math.abs(values[at[0]][at[1]])));
    return all;
  }

  /// What a reader calls a cell, for example `head 3.2`.
  public String label(int row, int column) {
    return Spoken.cell(rowAxis, rows.get(row), columnAxis, columns.get(column));
  }
}
