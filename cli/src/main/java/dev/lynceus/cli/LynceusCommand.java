package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/// `lynceus`: the root of all commands.
@Command(
    name = "lynceus",
    header = "Ask a vision-language model about a picture, and see why it answers what it answers.",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = Version.class,
    sortOptions = false,
    footer = {
      "",
      "Try: lynceus explain samples/frog-umbrella-car.png \"What is the color of the car?\"",
      "Exit status: 0 done, 1 a check or Lynceus itself failed, 2 wrong request, 3 model not found,",
      "4 broken checkpoint, 5 unsupported model, 6 bad image, 7 out of memory, 8 not writable,",
      "130 stopped."
    })
final class LynceusCommand implements Runnable {
  @Spec CommandSpec spec;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the versions of Lynceus, libtorch and Java.")
  boolean version;

  @Mixin CommonOptions common = new CommonOptions();

  private LynceusCommand() {
    spec = CommandSpec.create();
  }

  /// All commands, ready to be executed.
  static CommandLine line(Console console) {
    CommandLine models =
        new CommandLine(new ModelsCommand())
            .addSubcommand(new ShowCommand(console))
            .addSubcommand(new TapsCommand(console))
            .addSubcommand(new ListCommand(console))
            .addSubcommand(new VerifyCommand());
    CommandLine line =
        new CommandLine(new LynceusCommand())
            .addSubcommand(new ExplainCommand(console))
            .addSubcommand(new AskCommand(console))
            .addSubcommand(new LensCommand(console))
            .addSubcommand(new TuneLensCommand(console))
            .addSubcommand(new CompareCommand(console))
            .addSubcommand(new AttentionCommand(console))
            .addSubcommand(new HeadsCommand(console))
            .addSubcommand(new CausesCommand(console))
            .addSubcommand(new TraceCommand(console))
            .addSubcommand(new PatchCommand(console))
            .addSubcommand(new AttributeCommand(console))
            .addSubcommand(new PathsCommand(console))
            .addSubcommand(new NeuronsCommand(console))
            .addSubcommand(new KnockoutCommand(console))
            .addSubcommand(new OccludeCommand(console))
            .addSubcommand(new AblateCommand(console))
            .addSubcommand(new SteerCommand(console))
            .addSubcommand(new RelevancyCommand(console))
            .addSubcommand(new EvidenceCommand(console))
            .addSubcommand(models)
            .addSubcommand(PupilCommand.line(console))
            .addSubcommand(new SamplesCommand(console));
    boolean stacktrace = console.arguments().contains(Failures.STACKTRACE);
    line.setOut(new PrintWriter(console.out(), true, console.out().charset()));
    line.setErr(new PrintWriter(console.err(), true, console.err().charset()));
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(console.people().likesColour() ? Ansi.ON : Ansi.OFF));
    line.setUsageHelpWidth(100);
    line.setAbbreviatedOptionsAllowed(false);
    line.setParameterExceptionHandler((wrong, arguments) -> complain(console, wrong));
    line.setExecutionExceptionHandler(
        (failure, command, result) -> Failures.report(failure, stacktrace, console.err()));
    return line;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private static int complain(Console console, ParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    List<String> near =
        wrong instanceof UnmatchedArgumentException unmatched
            ? unmatched.getSuggestions().stream().limit(3).toList()
            : List.of();
    String did = near.isEmpty() ? "" : "Did you mean " + String.join(", ", near) + "? ";
    Failures.say(console.err(), message(wrong), did + "`" + name + " --help` lists what there is.");
    return ErrorCode.BAD_REQUEST.exitStatus();
  }

  private static String message(ParameterException wrong) {
    boolean choosesCommand = !wrong.getCommandLine().getSubcommands().isEmpty();
    if (choosesCommand && wrong instanceof UnmatchedArgumentException unmatched) {
      String first = unmatched.getUnmatched().getFirst();
      if (!first.startsWith("-")) {
        return "there is no command '" + first + "'";
      }
    }
    return String.valueOf(wrong.getMessage()).lines().findFirst().orElse("");
  }
}
