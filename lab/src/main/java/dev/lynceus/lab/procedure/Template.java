package dev.lynceus.lab.procedure;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.data.Example;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How a question is put: a text with `{question}`, `{choices}` and `{passage}` in it.
///
/// @param text of it
record Template(String text) {
  private static final Pattern NAME = Pattern.compile("\\{(\\w+)}");
  private static final List<String> NAMES = List.of("question", "choices", "passage");

  Template {
    Matcher names = NAME.matcher(text);
    while (names.find()) {
      if (!NAMES.contains(names.group(1))) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "a prompt cannot have " + names.group(),
            "It can have {question}, {choices} and {passage}.");
      }
    }
  }

  /// The words that an example is asked with.
  ///
  /// @param choices in the order in which they are shown
  String fill(Example example, List<String> choices) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < choices.size(); i++) {
      shown.append(i == 0 ? "" : "\n").append(letter(i)).append(". ").append(choices.get(i));
    }
    return NAME.matcher(text)
        .replaceAll(found ->
            Matcher.quoteReplacement(
                switch (found.group(1)) {
                  case "question" -> example.question();
                  case "choices" -> shown.toString();
                  default -> example.passage();
                }));
  }

  /// The letter of a choice: A, B, …, Z, AA, …
  static String letter(int number) {
    StringBuilder letters = new StringBuilder();
    for (int rest = number; rest >= 0; rest = rest / 26 - 1) {
      letters.insert(0, (char) ('A' + rest % 26));
    }
    return letters.toString();
  }
}
