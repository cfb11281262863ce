package dev.lynceus.method;

import java.util.List;

/// What came of a request: plain values, which become JSON and are read again, and are given as
/// rows of tables.
public interface Finding {

  /// The values as tables: one of all that there is once, and one for each list within.
  default List<Table> tables() {
    return Table.of(this);
  }
}
