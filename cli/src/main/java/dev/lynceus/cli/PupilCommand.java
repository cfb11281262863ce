package dev.lynceus.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `lynceus pupil`: the bundled model's world, and what is measured in it.
@Command(
    name = "pupil",
    header = "The world of the bundled model: train models in it, measure models and explanations.",
    synopsisSubcommandLabel = "COMMAND",
    sortOptions = false)
final class PupilCommand implements Runnable {
  @Spec CommandSpec spec;
  @Mixin CommonOptions common = new CommonOptions();

  private PupilCommand() {
    spec = CommandSpec.create();
  }

  /// The command with all of its own.
  static CommandLine line(Console console) {
    return new CommandLine(new PupilCommand())
        .addSubcommand(new PupilWorldCommand(console))
        .addSubcommand(new PupilAccuracyCommand(console))
        .addSubcommand(new PupilWordsCommand(console))
        .addSubcommand(new PupilScoreCommand(console))
        .addSubcommand(new PupilFindingsCommand(console))
        .addSubcommand(new PupilVerdictCommand(console))
        .addSubcommand(new PupilProbeCommand(console))
        .addSubcommand(new PupilViewsCommand(console))
        .addSubcommand(new PupilMarksCommand(console))
        .addSubcommand(new PupilSkillsCommand(console))
        .addSubcommand(new PupilStrategiesCommand(console))
        .addSubcommand(new PupilTrainCommand(console))
        .addSubcommand(new PupilBlipCommand(console))
        .addSubcommand(new PupilTraceCommand(console))
        .addSubcommand(new PupilXFormerCommand(console));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command of 'pupil'");
  }
}
