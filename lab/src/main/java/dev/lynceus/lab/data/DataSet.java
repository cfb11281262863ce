package dev.lynceus.lab.data;

import java.util.List;

/// A data set: its rows in their order. Texts and boxes are in memory, pictures are read when they
/// are needed.
///
/// @param name of its file or folder
/// @param format that it was read as
/// @param digest SHA-256 of the contents that make up its rows, pictures left out
/// @param items its rows
public record DataSet(String name, String format, String digest, List<Item> items) {
  public DataSet {
    items = List.copyOf(items);
  }

  /// The rows that can be used.
  public List<Example> examples() {
    return items.stream()
        .filter(Item.Good.class::isInstance)
        .map(item -> ((Item.Good) item).example())
        .toList();
  }

  /// What looks like a slip of the pen in a file of questions, a sentence each: a field whose name
  /// is nearly one that means something, and rows that have one id.
  public List<String> slips() {
    return format.equals(DataFormat.LINES.label()) ? Slips.of(items) : List.of();
  }

  /// The rows that cannot.
  public List<Item.Bad> faults() {
    return items.stream().filter(Item.Bad.class::isInstance).map(Item.Bad.class::cast).toList();
  }
}
