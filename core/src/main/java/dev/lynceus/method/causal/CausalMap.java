package dev.lynceus.method.causal;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Degenerate;
import dev.lynceus.method.Spoken;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What a causal method found: a grid of changed runs and what each of them measured.
///
/// @param method name of the method
/// @param what one line that says what was changed in each cell
/// @param base the run that was changed
/// @param other the run that states were taken from, where there is one; the normalised effect is 0
///   at `base` and 1 at `other`
/// @param rowAxis what the rows are, for example `layer`
/// @param rows one label each
/// @param columnAxis what the columns are
/// @param columns one label each
/// @param cells `[row][column]`; the mean where a cell was run several times
/// @param spreads half widths of 95 % intervals of those means; empty where each cell was run once
/// @param repeats runs of each cell
/// @param gate what the corruption did, where the other run is a corrupted one
/// @param notes what to keep in mind when reading it
public record CausalMap(
    String method,
    String what,
    Measures base,
    Optional<Measures> other,
    String rowAxis,
    List<String> rows,
    String columnAxis,
    List<String> columns,
    List<List<Measures>> cells,
    Optional<List<List<Measures>>> spreads,
    int repeats,
    Optional<TotalEffect> gate,
    List<String> notes) {

  public CausalMap {
    rows = List.copyOf(rows);
    columns = List.copyOf(columns);
    cells = cells.stream().map(List::copyOf).toList();
    notes = noted(notes, cells);
    int width = columns.size();
    if (cells.size() != rows.size() || cells.stream().anyMatch(row -> row.size() != width)) {
      throw new LynceusException(
          ErrorCode.INTERNAL, "a map has other cells than labels", "Please report this.");
    }
  }

  /// The notes, with one about cells that tell nothing.
  private static List<String> noted(List<String> notes, List<List<Measures>> cells) {
    double[] values =
        cells.stream().flatMap(List::stream).mapToDouble(Measures::logProbability).toArray();
    List<String> all = new ArrayList<>(notes);
    Degenerate.values("the log probability", values, "changed runs")
        .filter(note -> !notes.contains(note))
        .ifPresent(all::add);
    return List.copyOf(all);
  }

  /// One cell, by its labels.
  ///
  /// @param change measured in this cell minus measured in the base
  public record Cell(int row, int column, String rowLabel, String columnLabel, double change) {}

  /// What a reader calls a cell, for example `after layer 3, row 2, column 5`.
  public String label(Cell cell) {
    return Spoken.cell(rowAxis, cell.rowLabel(), columnAxis, cell.columnLabel());
  }

  /// Changes of a metric against the base, `[row][column]`.
  public double[][] changes(Measures.Metric metric) {
    return values(metric, base.of(metric), 1);
  }

  /// Normalised effects of a metric, `[row][column]`: 0 = as the base, 1 = as the other run. The
  /// plain changes where there is no other run.
  public double[][] effects(Measures.Metric metric) {
    double gap = other.map(run -> run.of(metric) - base.of(metric)).orElse(1.0);
    return values(metric, base.of(metric), gap);
  }

  /// A metric itself, `[row][column]`.
  public double[][] values(Measures.Metric metric) {
    return values(metric, 0, 1);
  }

  private double[][] values(Measures.Metric metric, double zero, double unit) {
    return cells.stream()
        .map(row -> row.stream().mapToDouble(cell -> (cell.of(metric) - zero) / unit).toArray())
        .toArray(double[][]::new);
  }

  /// The cells that changed a metric most, either way, largest first.
  public List<Cell> strongest(Measures.Metric metric, int count) {
    double[][] changes = changes(metric);
    List<Cell> all = new ArrayList<>();
    for (int r = 0; r < changes.length; r++) {
      for (int c = 0; c < changes[r].length; c++) {
        all.add(new Cell(r, c, rows.get(r), columns.get(c), changes[r][c]));
      }
    }
    all.sort(Comparator.comparingDouble((Cell cell) -> -Math.abs(cell.change)));
    return List.copyOf(all.subList(0, Math.min(count, all.size())));
  }

  /// The grid of a list, row by row.
  static List<List<Measures>> grid(List<Measures> all, int columns) {
    List<List<Measures>> rows = new ArrayList<>();
    for (int start = 0; start < all.size(); start += columns) {
      rows.add(all.subList(start, start + columns));
    }
    return rows;
  }
}
