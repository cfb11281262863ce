package dev.lynceus.lab.data;

import dev.lynceus.error.LynceusException;

/// A row of a data set: an example, or what is wrong with it. One broken row does not spoil a data
/// set.
public sealed interface Item {
  /// Where it stands.
  Origin origin();

  /// A row that can be used.
  record Good(Example example) implements Item {
    @Override
    public Origin origin() {
      return example.origin();
    }
  }

  /// A row that cannot.
  ///
  /// @param fault why; names the row, and says what to do
  record Bad(Origin origin, LynceusException fault) implements Item {}
}
