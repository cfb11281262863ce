package dev.lynceus.lab.literacy;

import dev.lynceus.lab.literacy.TestTaker.Answer;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What was answered to an item.
///
/// @param item which
/// @param asked one for each order of its options
/// @param controls the same question in the first order with something else to be seen; only those
///   that were asked for and can be shown
/// @param spoken the option that a free answer meant, as numbered in the item: -1 for none of them,
///   -2 for the one that passes over; null where it was not asked for
public record Taken(
    LiteracyItem item,
    List<Asked> asked,
    Map<Seen, Asked> controls,
    @org.jspecify.annotations.Nullable Integer spoken) {
  /// The number of the option that passes over.
  public static final int OMITTED = -2;

  public Taken {
    asked = List.copyOf(asked);
    controls = Map.copyOf(controls);
  }

  /// One answer.
  ///
  /// @param order the options as they were shown, by their numbers in the item; [#OMITTED] for the
  ///   one that passes over
  public record Asked(List<Integer> order, Answer answer) {
    public Asked {
      order = List.copyOf(order);
    }

    /// The option, by its number in the item; [#OMITTED].
    public int option() {
      return order.get(answer.option());
    }

    /// The probability of the option that was chosen.
    public double confidence() {
      return answer.probabilities().get(answer.option());
    }

    /// The most probable option but the one that passes over.
    int bestOption() {
      int best = -1;
      for (int i = 0; i < order.size(); i++) {
        boolean better =
            best < 0 || answer.probabilities().get(i) > answer.probabilities().get(best);
        best = order.get(i) != OMITTED && better ? i : best;
      }
      return order.get(best);
    }

    /// The probability of that one, among all that are shown.
    double bestConfidence() {
      return answer.probabilities().get(order.indexOf(bestOption()));
    }
  }

  /// What the controls say of an item.
  public enum Verdict {
    /// Right, not right without the picture, and the other answer for the other numbers.
    SEEN,
    /// Right, and right without the picture or with a blank one, too.
    WITHOUT_PICTURE,
    /// Right, but the answer does not follow when the numbers change.
    DOES_NOT_FOLLOW,
    /// Not right.
    WRONG,
    /// Not asked with all controls.
    OPEN;

    /// What users call it.
    public String label() {
      return this == WITHOUT_PICTURE
          ? "right without the picture"
          : name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /// Share of the orders in which it was answered rightly.
  public double right() {
    return asked.stream().filter(one -> one.option() == item.key()).count() / (double) asked.size();
  }

  /// Share of the orders in which it was passed over.
  public double omitted() {
    return asked.stream().filter(one -> one.option() == OMITTED).count() / (double) asked.size();
  }

  /// Mean over orders of +1 for right, −1/(options − 1) for wrong, 0 for passed over.
  public double corrected() {
    double wrong = 1 - right() - omitted();
    return right() - wrong / (item.options().size() - 1);
  }

  /// Whether all orders have the same answer.
  public boolean steady() {
    return asked.stream().map(Asked::option).distinct().count() == 1;
  }

  /// What the controls say, of the first order.
  public Verdict verdict() {
    Asked none = controls.get(Seen.NONE);
    Asked blank = controls.get(Seen.BLANK);
    Asked swapped = controls.get(Seen.SWAPPED);
    if (swapped == null || none == null && blank == null) {
      return Verdict.OPEN;
    }
    int key = item.key();
    if (asked.getFirst().option() != key) {
      return Verdict.WRONG;
    }
    boolean blind = none != null && none.option() == key || blank != null && blank.option() == key;
    if (blind) {
      return Verdict.WITHOUT_PICTURE;
    }
    return swapped.option() == item.right(Seen.SWAPPED) ? Verdict.SEEN : Verdict.DOES_NOT_FOLLOW;
  }

  /// Whether the answer stays the same whatever is shown: then the picture is not used.
  public boolean unmoved() {
    return !controls.isEmpty()
        && controls.entrySet().stream()
            .filter(entry -> entry.getKey() != Seen.NO_LEGEND)
            .allMatch(entry -> entry.getValue().option() == asked.getFirst().option());
  }
}
