package dev.lynceus.lab.literacy;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.Progress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/// Gives a test of visualization literacy: every item in several orders of its options, and with
/// the three controls of the picture.
///
/// ```java
/// List<LiteracyItem> items = ChartItems.suite(Detail.FULL, 0, Blueprint.all(), 1).stream()
///     .map(item -> LiteracyItem.of(item, 448)).toList();
/// List<Taken> taken = new LiteracyStudy(settings, Progress.NONE).of(items, taker);
/// ```
///
/// @param settings how the test is given
/// @param progress told of every item, and asked before it whether to go on
public record LiteracyStudy(LiteracySettings settings, Progress progress) {

  /// What someone answers.
  ///
  /// @param taker who takes the test
  /// @throws LynceusException CANCELLED
  public List<Taken> of(List<LiteracyItem> items, TestTaker taker) {
    List<Taken> taken = new ArrayList<>();
    for (LiteracyItem item : items) {
      if (progress.cancelled()) {
        throw new LynceusException(
            ErrorCode.CANCELLED,
            "stopped after %d of %d items".formatted(taken.size(), items.size()),
            "Ask for fewer items (--each), or fewer charts.");
      }
      progress.at("items", taken.size(), items.size());
      taken.add(take(item, taker));
    }
    return taken;
  }

  private Taken take(LiteracyItem item, TestTaker taker) {
    // An item whose picture is not there can only be asked without it.
    Seen own = item.has(Seen.OWN) ? Seen.OWN : Seen.NONE;
    List<List<Integer>> orders = orders(item);
    List<Taken.Asked> asked = new ArrayList<>();
    for (List<Integer> order : orders) {
      asked.add(ask(item, order, own, taker));
    }
    Map<Seen, Taken.Asked> controls = new EnumMap<>(Seen.class);
    if (settings.controls() && own == Seen.OWN) {
      for (Seen seen : Seen.values()) {
        boolean blind =
            seen == Seen.NONE
                && taker instanceof ModelTaker model
                && !model.speaker().speaksBlind();
        if (seen != Seen.OWN && item.has(seen) && !blind) {
          controls.put(seen, ask(item, orders.getFirst(), seen, taker));
        }
      }
    }
    Integer spoken = null;
    if (settings.spoken() && taker instanceof ModelTaker model) {
      int meant = model.spoken(put(item, orders.getFirst(), own));
      spoken = meant < 0 ? Integer.valueOf(-1) : orders.getFirst().get(meant);
    }
    return new Taken(item, asked, controls, spoken);
  }

  private static Taken.Asked ask(
      LiteracyItem item, List<Integer> order, Seen seen, TestTaker taker) {
    return new Taken.Asked(order, taker.take(put(item, order, seen)));
  }

  /// A question with its options in an order.
  static TestTaker.Put put(LiteracyItem item, List<Integer> order, Seen seen) {
    return new TestTaker.Put(
        item,
        order.stream()
            .map(option -> option == Taken.OMITTED ? item.omit() : item.options().get(option))
            .toList(),
        seen);
  }

  /// Different orders of the options, the own one first; fewer where there are not so many. What
  /// passes over stays the last.
  private List<List<Integer>> orders(LiteracyItem item) {
    Random random = new Random(31 * settings.seed() + item.id().hashCode());
    List<Integer> own = IntStream.range(0, item.options().size()).boxed().toList();
    int possible = IntStream.rangeClosed(1, own.size()).reduce(1, (a, b) -> Math.min(1000, a * b));
    Set<List<Integer>> known = new HashSet<>();
    List<List<Integer>> orders = new ArrayList<>();
    while (orders.size() < Math.min(settings.orders(), possible)) {
      List<Integer> order = new ArrayList<>(own);
      if (!orders.isEmpty()) {
        Collections.shuffle(order, random);
      }
      if (known.add(List.copyOf(order))) {
        if (settings.omit()) {
          order.add(Taken.OMITTED);
        }
        orders.add(order);
      }
    }
    return orders;
  }
}
