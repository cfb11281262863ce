package dev.lynceus.lab.data;

import dev.lynceus.error.LynceusException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One side of a data set that is cut in two, group by group: what has a picture (or a value of a
/// field) in common lies on one side. The groups are put into an order that the seed and their own
/// names decide, and the first of them go to the one side, so that rows that are added later move
/// few others.
///
/// @param side which
/// @param fraction of the groups that are for training; above 0, below 1
/// @param by `picture`, or a field
/// @param seed of the order
public record Split(Side side, double fraction, String by, long seed) {
  /// Groups by the contents of pictures.
  public static final String PICTURE = "picture";

  private static final Pattern FORM =
      Pattern.compile("(train|test):(0?\\.\\d+)(?::([^:@]+))?(?:@(-?\\d{1,18}))?");

  /// What a side is for.
  public enum Side {
    TRAIN,
    TEST
  }

  public Split {
    if (!(fraction > 0 && fraction < 1)) {
      throw Refusal.bad(
          "a fraction of " + fraction + " does not cut a data set in two",
          "Give one between 0 and 1, such as 0.8.");
    }
  }

  /// A split as it is written: `train:0.8`, `test:0.8:scene@3` (by the field `scene`, seed 3).
  ///
  /// @throws LynceusException BAD_REQUEST for what is none
  public static Split parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw Refusal.bad(
          Refusal.quoted(text) + " is no part of a data set",
          "Write train:0.8 or test:0.8; with a field train:0.8:FIELD, with a seed train:0.8@3.");
    }
    return new Split(
        Side.valueOf(form.group(1).toUpperCase(Locale.ROOT)),
        Double.parseDouble(form.group(2)),
        form.group(3) == null ? PICTURE : form.group(3),
        form.group(4) == null ? 0 : Long.parseLong(form.group(4)));
  }

  /// The examples of this side, in their order. By `picture` reads the bytes of every picture; one
  /// that cannot be read is known by its name.
  ///
  /// @throws LynceusException BAD_REQUEST where an example lacks the field
  List<Example> of(List<Example> examples) {
    List<List<String>> keys = new ArrayList<>();
    Map<String, String> parents = new HashMap<>();
    for (Example example : examples) {
      List<String> own = keys(example);
      keys.add(own);
      for (String key : own) {
        parents.put(root(key, parents), root(own.getFirst(), parents));
      }
    }
    Map<String, String> names = new HashMap<>();
    for (List<String> own : keys) {
      // A group is called by the least of its keys, whatever the order of the rows.
      own.forEach(key ->
          names.merge(
              root(key, parents), key, (one, other) -> one.compareTo(other) < 0 ? one : other));
    }
    List<String> groups =
        names.values().stream()
            .sorted(
                Comparator.comparing((String name) -> Digests.of(Long.toString(seed), name))
                    .thenComparing(name -> name))
            .toList();
    int cut = (int) Math.round(fraction * groups.size());
    Set<String> wanted =
        new HashSet<>(
            switch (side) {
              case TRAIN -> groups.subList(0, cut);
              case TEST -> groups.subList(cut, groups.size());
            });
    List<Example> chosen = new ArrayList<>();
    for (int i = 0; i < examples.size(); i++) {
      if (wanted.contains(names.get(root(keys.get(i).getFirst(), parents)))) {
        chosen.add(examples.get(i));
      }
    }
    return chosen;
  }

  /// The key that stands for those that are joined.
  private static String root(String key, Map<String, String> parents) {
    String at = key;
    String parent = parents.getOrDefault(at, at);
    while (!parent.equals(at)) {
      String above = parents.getOrDefault(parent, parent);
      parents.put(at, above);
      at = parent;
      parent = above;
    }
    return at;
  }

  private List<String> keys(Example example) {
    if (!by.equals(PICTURE)) {
      List<String> values = Where.values(example, by);
      if (values.isEmpty()) {
        throw Refusal.bad(
            "%s has no %s to be grouped by".formatted(example.origin(), Refusal.quoted(by)),
            "Group by picture, or by a field that every row has.");
      }
      return values;
    }
    List<String> keys = new ArrayList<>();
    for (ImageSource image : example.images()) {
      try {
        keys.add(image.digest());
      } catch (LynceusException e) {
        keys.add("named " + image.name());
      }
    }
    // Questions about one passage belong together, too.
    return keys.isEmpty()
        ? List.of(
            "passage "
                + (example.passage().isEmpty() ? example.id() : Digests.of(example.passage())))
        : keys;
  }

  /// As it is written.
  @Override
  public String toString() {
    return "%s:%s:%s@%d".formatted(side.name().toLowerCase(Locale.ROOT), fraction, by, seed);
  }
}
