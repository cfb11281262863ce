package dev.lynceus.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `lynceus models`: what is there, and whether it can be trusted.
@Command(
    name = "models",
    header = "List, describe, check and import models.",
    synopsisSubcommandLabel = "COMMAND",
    sortOptions = false)
final class ModelsCommand implements Runnable {
  @Spec CommandSpec spec;
  @Mixin CommonOptions common = new CommonOptions();

  private ModelsCommand() {
    spec = CommandSpec.create();
  }

  /// The command with all of its own.
  static CommandLine line(Console console) {
    return new CommandLine(new ModelsCommand())
        .addSubcommand(new ShowCommand(console))
        .addSubcommand(new TapsCommand(console))
        .addSubcommand(new ListCommand(console))
        .addSubcommand(new VerifyCommand(console))
        .addSubcommand(new ImportCommand(console));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command of 'models'");
  }
}
