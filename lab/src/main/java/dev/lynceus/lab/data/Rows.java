package dev.lynceus.lab.data;

import dev.lynceus.error.LynceusException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The rows that a reader found so far: holds them to what was asked for and to what is too much.
final class Rows {
  /// The field that tells the split of a row.
  static final String SPLIT = "split";

  private final Path source;
  private final DataOptions options;
  private final List<Item> items = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();
  private final Set<String> splits = new TreeSet<>();
  private final Map<String, Boolean> passages = new IdentityHashMap<>();
  private long chars;
  private boolean passedOver;

  Rows(Path source, DataOptions options) {
    this.source = source;
    this.options = options;
  }

  DataOptions options() {
    return options;
  }

  /// Whether no more are wanted.
  boolean full() {
    return items.size() >= options.limit();
  }

  /// How many there are.
  int count() {
    return items.size();
  }

  /// Takes an example, unless it is of another split. Its id becomes unique.
  ///
  /// @throws LynceusException BAD_REQUEST where there is too much
  void good(Example example) {
    String split = example.fields().getOrDefault(SPLIT, "");
    if (!split.isEmpty() && splits.size() < 1000) {
      splits.add(split);
    }
    if (!options.split().isEmpty() && !options.split().equals(split)) {
      passedOver = true;
      return;
    }
    if (full()) {
      return;
    }
    count(size(example));
    Example taken = example;
    if (!ids.add(example.id())) {
      String id = example.id() + "#" + example.origin().row();
      while (!ids.add(id)) {
        id += "+";
      }
      taken = example.withId(id);
    }
    items.add(new Item.Good(taken));
  }

  /// Takes a row that cannot be used.
  void bad(Origin origin, LynceusException fault) {
    bad(origin, Item.Told.NOTHING, fault);
  }

  /// The same for a row of which something could be read.
  void bad(Origin origin, Item.Told told, LynceusException fault) {
    if (!full()) {
      count(String.valueOf(fault.getMessage()).length() + 100L + told.question().length());
      items.add(new Item.Bad(origin, told, fault));
    }
  }

  private void count(long more) {
    chars += more;
    if (items.size() >= options.limits().rows()) {
      throw Refusal.bad(
          "%s has more than %,d rows".formatted(source, options.limits().rows()),
          "Read a part of it (--limit), or split the file.");
    }
    if (chars > options.limits().textChars()) {
      throw Refusal.bad(
          "the texts of %s have more than %d Mi characters"
              .formatted(source, options.limits().textChars() >> 20),
          "Read a part of it (--limit), or split the file.");
    }
  }

  private long size(Example example) {
    long size = 200L + example.id().length() + example.question().length();
    if (passages.put(example.passage(), true) == null) {
      size += example.passage().length();
    }
    size += lengths(example.answers()) + lengths(example.choices()) + example.kind().length();
    for (Map.Entry<String, String> field : example.fields().entrySet()) {
      size += field.getKey().length() + field.getValue().length() + 40L;
    }
    for (ImageSource image : example.images()) {
      size += image.name().length() + 60L;
    }
    for (LabelledRegion region : example.regions()) {
      size += 40L + region.label().length();
      for (List<Double> outline : region.outline()) {
        size += 8L * outline.size();
      }
    }
    return size;
  }

  private static long lengths(List<String> texts) {
    long all = 0;
    for (String text : texts) {
      all += text.length() + 20L;
    }
    return all;
  }

  /// The data set.
  ///
  /// @throws LynceusException BAD_REQUEST where there are no rows
  DataSet done(DataFormat format) {
    if (items.isEmpty() && passedOver) {
      throw Refusal.bad(
          splits.isEmpty()
              ? source + " does not tell splits"
              : "%s has no split %s: it has %s"
                  .formatted(
                      source,
                      Refusal.quoted(options.split()),
                      String.join(", ", splits.stream().limit(20).map(Refusal::shown).toList())),
          "Leave out --split, or name one that is there.");
    }
    if (items.isEmpty()) {
      throw Refusal.bad(
          source + (format == DataFormat.LINES ? " has no questions" : " has no rows"),
          format == DataFormat.LINES
              ? "Write one JSON object a line, with image and question."
              : "Check that this is the file you mean.");
    }
    return new DataSet(
        String.valueOf(source.toAbsolutePath().normalize().getFileName()),
        format.label(),
        Digests.of(items),
        items);
  }
}
