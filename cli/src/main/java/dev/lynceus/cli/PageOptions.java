package dev.lynceus.cli;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a result is given that is a page first: the page, or all numbers as JSON on stdout.
final class PageOptions {
  @Written(Written.As.FILE)
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "The page. Default: lynceus-${COMMAND-NAME}.html; with --json none.")
  @Nullable String output;

  @Option(names = "--force", description = "Replace files even if Lynceus did not write them.")
  boolean force;

  @Option(names = "--json", description = "All numbers as JSON on stdout.")
  boolean json;

  /// The page's file, checked before the work begins; null where none is asked for.
  ///
  /// @param name where none is given
  @Nullable OutputFile page(String name, Console console) {
    if (output == null && json) {
      return null;
    }
    return OutputFile.checked(output == null ? name : output, force, console);
  }

  /// Gives a result whose page is written: all numbers as JSON, or its text and where the page is.
  ///
  /// @param page null where none was asked for
  /// @param value what becomes JSON
  void give(Console console, @Nullable OutputFile page, Supplier<String> text, Object value) {
    console.out().print(json ? ResultOptions.json(console, value) + "\n" : Visible.of(text.get()));
    if (page != null && !json) {
      console.out().println("page: " + page.path());
    }
    console.out().flush();
  }
}
