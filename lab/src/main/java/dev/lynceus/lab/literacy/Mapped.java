package dev.lynceus.lab.literacy;

import dev.lynceus.method.score.Pointing;
import dev.lynceus.tap.TokenMap;
import java.util.List;

/// A map of the answer to an item, held against the evidence.
///
/// @param id of the item
/// @param method whose map it is
/// @param values one for each patch, row by row
/// @param tile how the patches lie on the picture
/// @param pointing against the boxes of the evidence
/// @param onParts of the patches that lie on any part of the chart, the share that lies on the
///   evidence
/// @param on what the strongest patch lies on: a kind of part, or `nothing`
/// @param right whether the item was answered rightly, in the first order
public record Mapped(
    String id,
    String method,
    List<Double> values,
    TokenMap.Tile tile,
    Pointing pointing,
    double onParts,
    String on,
    boolean right) {
  /// What the strongest patch lies on where there is no part.
  static final String NOTHING = "nothing";

  public Mapped {
    values = List.copyOf(values);
  }
}
