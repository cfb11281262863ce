package dev.lynceus.cli;

import java.util.List;
import java.util.stream.Collectors;

/// Notes about a result, below it.
final class Notes {
  private static final int SHOWN = 8;

  private Notes() {}

  /// One line a note, after an empty line; nothing where there is none. Of many, the first ones.
  static String text(List<String> notes) {
    if (notes.isEmpty()) {
      return "";
    }
    String more =
        notes.size() > SHOWN
            ? "note: and %d more, see --json\n".formatted(notes.size() - SHOWN)
            : "";
    return notes.stream()
            .limit(SHOWN)
            .map(note -> "note: " + note + "\n")
            .collect(Collectors.joining("", "\n", ""))
        + more;
  }
}
