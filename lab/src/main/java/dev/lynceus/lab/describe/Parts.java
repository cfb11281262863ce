package dev.lynceus.lab.describe;

import dev.lynceus.lab.strategy.Things;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The parts of a description that can be left out: its sentences, or of a single sentence what it
/// lists.
///
/// @param parts in order
/// @param kind what they are: `sentence` or `item`
record Parts(List<String> parts, String kind) {
  Parts {
    parts = List.copyOf(parts);
  }

  static Parts of(String description) {
    List<String> sentences = Things.sentences(description);
    if (sentences.size() != 1) {
      return new Parts(sentences, "sentence");
    }
    String list = sentences.getFirst().replaceFirst("[.!?]+$", "");
    return new Parts(
        Stream.of(list.split(",\\s*(?:and\\s+)?|\\s+and\\s+"))
            .filter(one -> !one.isBlank())
            .toList(),
        "item");
  }

  /// The description without one of them; empty where it was the only one.
  String without(int number) {
    List<String> rest = new ArrayList<>(parts);
    rest.remove(number);
    if (kind.equals("sentence")) {
      return String.join(" ", rest);
    }
    if (rest.isEmpty()) {
      return "";
    }
    String first = rest.getFirst();
    rest.set(0, Character.toUpperCase(first.charAt(0)) + first.substring(1));
    int last = rest.size() - 1;
    return (last == 0
            ? rest.getFirst()
            : String.join(", ", rest.subList(0, last)) + " and " + rest.getLast())
        + ".";
  }
}
