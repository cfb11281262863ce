package dev.lynceus.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `lynceus models`: what is there, and whether it can be trusted.
@Command(
    name = "models",
    header = "List, describe and check models.",
    synopsisSubcommandLabel = "COMMAND",
    sortOptions = false)
final class ModelsCommand implements Runnable {
  @Spec CommandSpec spec;
  @Mixin CommonOptions common = new CommonOptions();

  ModelsCommand() {
    spec = CommandSpec.create();
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command of 'models'");
  }
}
