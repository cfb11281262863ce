package dev.lynceus.cli;

import dev.lynceus.method.WordChoice;
import dev.lynceus.run.Prompt;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Notes about a result, below it.
final class Notes {
  private static final int SHOWN = 8;

  private Notes() {}

  /// A note about an answer that breaks off; empty where it says something, or where the question
  /// is one that the model was made for.
  static Optional<String> unfinished(Prompt prompt, String answer) {
    return prompt.outside().isEmpty() || WordChoice.tells(answer, prompt.question())
        ? Optional.empty()
        : Optional.of(
            "the answer \u201c%s\u201d ends before a word that says anything"
                .formatted(answer.strip()));
  }

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
