package dev.lynceus.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `lynceus lab`: experiments over data sets, and what is kept of them.
@Command(
    name = "lab",
    header = "Run experiments over data sets, keep their results, and compare them.",
    synopsisSubcommandLabel = "COMMAND",
    sortOptions = false)
final class LabCommand implements Runnable {
  @Spec CommandSpec spec;
  @Mixin CommonOptions common = new CommonOptions();

  private LabCommand() {
    spec = CommandSpec.create();
  }

  /// The command with all of its own.
  static CommandLine line(Console console) {
    return new CommandLine(new LabCommand())
        .addSubcommand(new LabRunCommand(console))
        .addSubcommand(new LabRunsCommand(console))
        .addSubcommand(new LabShowCommand(console))
        .addSubcommand(new LabCompareCommand(console))
        .addSubcommand(new LabExportCommand(console))
        .addSubcommand(new LabSqlCommand(console))
        .addSubcommand(new LabLabelCommand(console))
        .addSubcommand(new LabDeleteCommand(console));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command of 'lab'");
  }
}
