package dev.lynceus.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Runs command lines inside the test's own process. Commands that compute are told to be quiet: on
/// a busy machine they would tell their progress.
final class Shell {
  private static final Pattern WORD = Pattern.compile("(?:\"[^\"]*\"|'[^']*'|[^\\s\"'])+");
  private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"|'([^']*)'");
  private static final Set<String> COMPUTING =
      Set.of(
          "explain",
          "ask",
          "lens",
          "tune-lens",
          "attention",
          "heads",
          "seeing",
          "causes",
          "evidence",
          "models",
          "pupil");

  private Shell() {}

  /// What a command line did.
  record Result(int status, String out, String err) {}

  static Result lynceus(String... arguments) {
    return withInput("", arguments);
  }

  static Result withInput(String input, String... arguments) {
    List<String> words = new ArrayList<>(List.of(arguments));
    if (!words.isEmpty() && COMPUTING.contains(words.getFirst())) {
      words.add("--quiet");
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        Main.run(
            words,
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Result(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /// Splits a line as a shell would: spaces, quotes, and nothing after a pipe or a redirection.
  static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(line);
    while (matcher.find()) {
      if (matcher.group().matches("[|>#<].*|2>.*")) {
        break;
      }
      words.add(
          QUOTED
              .matcher(matcher.group())
              .replaceAll(part ->
                  Matcher.quoteReplacement(part.group(1) != null ? part.group(1) : part.group(2))));
    }
    return words;
  }
}
