package dev.lynceus.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Runs command lines inside the test's own process.
final class Shell {
  private Shell() {}

  /// What a command line did.
  record Result(int status, String out, String err) {}

  static Result lynceus(String... arguments) {
    return withInput("", arguments);
  }

  static Result withInput(String input, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        Main.run(
            List.of(arguments),
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Result(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /// Splits a line as a shell would: spaces, quotes, and nothing after a pipe or a redirection.
  static List<String> words(String line) {
    java.util.ArrayList<String> words = new java.util.ArrayList<>();
    java.util.regex.Matcher matcher =
        java.util.regex.Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)").matcher(line);
    while (matcher.find()) {
      if (matcher.group(3) != null) {
        if (matcher.group(3).matches("[|>#].*|2>.*")) {
          break;
        }
        words.add(matcher.group(3));
      } else {
        words.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
      }
    }
    return words;
  }
}
