package dev.lynceus.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/// `lynceus help`: the list of commands, or the help of one.
@Command(
    name = "help",
    header = "Show this list, or with the name of a command its options.",
    sortOptions = false)
final class HelpCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "COMMAND",
      description = "For example trace, or models show.")
  List<String> words = new ArrayList<>();

  @Mixin CommonOptions common = new CommonOptions();

  HelpCommand() {
    spec = CommandSpec.create();
  }

  @Override
  public Integer call() {
    CommandLine line = spec.root().commandLine();
    for (String word : words) {
      CommandLine next = line.getSubcommands().get(word);
      if (next == null) {
        throw new UnmatchedArgumentException(line, List.of(word));
      }
      line = next;
    }
    line.usage(line.getOut());
    return 0;
  }
}
