package dev.lynceus.lab.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What looks like a slip of the pen in a file of questions: a field whose name is nearly one that
/// means something, and rows that have one id. Such rows are read all the same.
final class Slips {
  /// Names of fields that mean something; others are kept as they are.
  private static final List<String> MEANT =
      List.of(
          "image",
          "images",
          "question",
          "passage",
          "kind",
          "choices",
          "answer",
          "answers",
          "expected",
          "right",
          "present",
          "absent",
          "complete",
          "target",
          "boxes",
          "masks",
          "split");

  /// Names that are told, and ids.
  private static final int SHOWN = 5;

  private Slips() {}

  /// A sentence for each kind of slip; empty where there is none.
  static List<String> of(List<Item> items) {
    Map<String, String> strange = new LinkedHashMap<>();
    Map<String, Integer> ids = new LinkedHashMap<>();
    for (Item item : items) {
      String id =
          switch (item) {
            case Item.Good(Example example) -> {
              example.fields().keySet().forEach(name -> near(name, strange));
              yield example.fields().getOrDefault("id", "");
            }
            case Item.Bad bad -> bad.told().id();
          };
      if (!id.isBlank()) {
        ids.merge(id, 1, Integer::sum);
      }
    }
    List<String> slips = new ArrayList<>();
    strange.forEach((name, meant) ->
        slips.add(
            "field %s means nothing here; did you mean %s?"
                .formatted(Refusal.quoted(name), Refusal.quoted(meant))));
    List<String> twice =
        ids.entrySet().stream()
            .filter(entry -> entry.getValue() > 1)
            .map(
                entry -> "%s (%d rows)".formatted(Refusal.quoted(entry.getKey()), entry.getValue()))
            .toList();
    if (!twice.isEmpty()) {
      slips.add(
          "several rows have one id: "
              + String.join(", ", twice.subList(0, Math.min(SHOWN, twice.size())))
              + (twice.size() > SHOWN ? ", and %d more".formatted(twice.size() - SHOWN) : ""));
    }
    return slips;
  }

  private static void near(String name, Map<String, String> strange) {
    if (strange.size() >= SHOWN || MEANT.contains(name) || name.length() < 4) {
      return;
    }
    for (String meant : MEANT) {
      if (isNear(name.strip().toLowerCase(Locale.ROOT), meant)) {
        strange.put(name, meant);
        return;
      }
    }
  }

  /// Whether one letter is missing, too much or another, or two stand in the wrong order.
  private static boolean isNear(String one, String other) {
    int same = 0;
    int least = Math.min(one.length(), other.length());
    while (same < least && one.charAt(same) == other.charAt(same)) {
      same++;
    }
    String a = one.substring(same);
    String b = other.substring(same);
    if (a.isEmpty() || b.isEmpty()) {
      return a.length() + b.length() <= 1;
    }
    return a.substring(1).equals(b)
        || b.substring(1).equals(a)
        || a.substring(1).equals(b.substring(1))
        || a.length() > 1
            && b.length() > 1
            && a.charAt(0) == b.charAt(1)
            && a.charAt(1) == b.charAt(0)
            && a.substring(2).equals(b.substring(2));
  }
}
