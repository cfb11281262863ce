package dev.lynceus.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `lynceus data`: what is in data sets.
@Command(
    name = "data",
    header = "Tell what is in a data set, whatever its format.",
    synopsisSubcommandLabel = "COMMAND",
    sortOptions = false)
final class DataCommand implements Runnable {
  @Spec CommandSpec spec;
  @Mixin CommonOptions common = new CommonOptions();

  private DataCommand() {
    spec = CommandSpec.create();
  }

  /// The command with all of its own.
  static CommandLine line(Console console) {
    return new CommandLine(new DataCommand()).addSubcommand(new DataShowCommand(console));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command of 'data'");
  }
}
