package dev.lynceus.lab.data;

import dev.lynceus.error.LynceusException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Which rows of a data set are used: first those that pass all conditions, of them one side of a
/// split, shuffled, and of these the first. The same selection of the same data gives the same
/// rows; [#toString()] says it, and belongs to every result.
///
/// @param where conditions, all of which must hold
/// @param split one side of the data; null for both
/// @param shuffle seed of the order; null for that of the data set
/// @param limit most rows
public record Selection(
    List<Where> where, @Nullable Split split, @Nullable Long shuffle, int limit) {
  /// All rows in their order.
  public static final Selection ALL = new Selection(List.of(), null, null, Integer.MAX_VALUE);

  public Selection {
    where = List.copyOf(where);
  }

  /// The first rows.
  public static Selection first(int limit) {
    return new Selection(List.of(), null, null, limit);
  }

  /// Whether broken rows stay where they are: nothing asks what is in them.
  public boolean keepsFaults() {
    return where.isEmpty() && split == null;
  }

  /// The rows of a data set that are used. Rows that are broken can pass no condition and lie on no
  /// side of a split: where there are such, only whole rows are left.
  ///
  /// @throws LynceusException BAD_REQUEST for a field that no row has, and where nothing is left
  public DataSet of(DataSet data) {
    List<Item> items = new ArrayList<>(data.items());
    if (!keepsFaults()) {
      items = new ArrayList<>(chosen(data.examples()).stream().map(Item.Good::new).toList());
    }
    if (shuffle != null) {
      shuffled(items, shuffle);
    }
    if (items.size() > limit) {
      items = items.subList(0, limit);
    }
    if (items.isEmpty()) {
      throw Refusal.bad(
          "no row of %s is selected: %s".formatted(data.name(), this),
          "Select less strictly; `lynceus data show` tells what is there.");
    }
    return equals(ALL) ? data : new DataSet(data.name(), data.format(), Digests.of(items), items);
  }

  private List<Example> chosen(List<Example> examples) {
    for (Where one : where) {
      if (examples.stream().noneMatch(one::isKnown)) {
        throw Refusal.bad(
            "no row has a field " + Refusal.quoted(one.field()),
            "Fields are " + Where.fields(examples) + ".");
      }
    }
    List<Example> passing =
        examples.stream()
            .filter(example -> where.stream().allMatch(one -> one.passes(example)))
            .toList();
    return split == null || passing.isEmpty() ? passing : split.of(passing);
  }

  private static void shuffled(List<Item> items, long seed) {
    Collections.shuffle(items, new SplittableRandom(seed));
  }

  /// What is selected, in words; `all rows` where nothing is left out.
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    if (!where.isEmpty()) {
      parts.add("where " + String.join(" and ", where.stream().map(Where::toString).toList()));
    }
    if (split != null) {
      parts.add("part " + split);
    }
    if (shuffle != null) {
      parts.add("shuffled by seed " + shuffle);
    }
    if (limit != Integer.MAX_VALUE) {
      parts.add("the first " + limit);
    }
    return parts.isEmpty() ? "all rows" : String.join(", ", parts);
  }
}
