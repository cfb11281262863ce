package dev.lynceus.tap;

import java.util.function.Function;

/// What the positions of each point are, so that a label is read where the point is: `image` in the
/// decoder means visual tokens, in the tower the patches of a view.
///
/// @param rows the positions of a point
/// @param columns what a score or a probability of attention looks at
public record Labels(Function<Point, TokenMap> rows, Function<Point, TokenMap> columns) {

  /// No labels anywhere.
  public static final Labels NONE = of(point -> TokenMap.NONE);

  /// Labels of stacks whose rows look at rows of their own stack.
  public static Labels of(Function<Point, TokenMap> rows) {
    return new Labels(rows, rows);
  }

  /// What the positions of a point are.
  public TokenMap rows(Point point) {
    return rows.apply(point);
  }

  /// What the columns of a score or a probability are.
  public TokenMap columns(Point point) {
    return columns.apply(point);
  }
}
