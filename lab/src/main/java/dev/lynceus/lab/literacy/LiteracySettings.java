package dev.lynceus.lab.literacy;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.map.PatchMethod;
import java.util.List;

/// How the test is given.
///
/// @param orders how often each item is asked, each time with its options in another order
/// @param omit whether there is an option that passes over the question
/// @param controls whether items are asked without the picture, with a blank one, with other
///   numbers, and without the legend
/// @param spoken whether the model is also asked to say its answer, which is then read
/// @param maps methods whose maps are held against the evidence
/// @param mapped items that are mapped, the first of each place first; 0 for none
/// @param seed of the orders
public record LiteracySettings(
    int orders,
    boolean omit,
    boolean controls,
    boolean spoken,
    List<PatchMethod> maps,
    int mapped,
    long seed) {
  /// More orders than four options have would only repeat.
  public static final int MOST_ORDERS = 24;

  public LiteracySettings {
    maps = List.copyOf(maps);
    if (orders < 1 || orders > MOST_ORDERS) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, orders + " orders of options", "Use 1 to " + MOST_ORDERS + ".");
    }
    if (mapped < 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, mapped + " items with maps", "Give 0 for none, or more.");
    }
  }
}
