package dev.lynceus.text.safe;

import java.util.List;

/// The parts of a regular expression, as far as their cost goes.
sealed interface PatternTree {
  /// One character of a set; the source tells sets apart.
  record One(String source) implements PatternTree {}

  /// Something of no width that holds or not: an anchor, or a look around.
  ///
  /// @param inside what is looked at, empty for an anchor
  record Look(List<PatternTree> inside) implements PatternTree {}

  /// Parts one after the other.
  record Row(List<PatternTree> parts) implements PatternTree {}

  /// One of several.
  record Choice(List<PatternTree> options) implements PatternTree {}

  /// A part several times.
  ///
  /// @param most how often at most, [Integer#MAX_VALUE] without end
  /// @param kept whether what was taken is never given back
  record Repeat(PatternTree part, int least, int most, boolean kept) implements PatternTree {
    boolean endless() {
      return most == Integer.MAX_VALUE;
    }
  }

  /// A part that is entered once: `(?>…)`.
  record Atomic(PatternTree part) implements PatternTree {}
}
