package dev.lynceus.cli;

import picocli.CommandLine.Option;

/// Options of every command.
final class CommonOptions {
  @Option(
      names = {"-q", "--quiet"},
      description = "No progress on stderr.")
  boolean quiet;

  @Option(names = Failures.STACKTRACE, description = "Show where an error came from.")
  boolean stacktrace;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;
}
