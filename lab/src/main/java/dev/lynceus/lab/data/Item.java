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
  /// @param told what of it could be read all the same
  /// @param fault why; names the row, and says what to do
  record Bad(Origin origin, Told told, LynceusException fault) implements Item {}

  /// What a broken row tells of itself, so that its owner finds it again; empty texts for nothing.
  ///
  /// @param id the data set's own name of the row
  /// @param image the names of its pictures, with commas
  /// @param question as it stands there
  record Told(String id, String image, String question) {
    static final Told NOTHING = new Told("", "", "");
  }
}
