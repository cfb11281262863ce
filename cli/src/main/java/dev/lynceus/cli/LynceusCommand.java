package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.error.Spelling;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
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
      "`lynceus help COMMAND` tells the options of a command.",
      "Exit status: 0 done, 1 a check or Lynceus itself failed, 2 wrong request, 3 model not found,",
      "4 broken checkpoint, 5 unsupported model, 6 bad image, 7 out of memory, 8 not writable,",
      "9 a verdict that --fail-on names, 130 stopped."
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

  /// One of the commands.
  ///
  /// @param group what it is for
  /// @param type whose annotation tells its name and what it is for
  /// @param line makes it, with all of its options
  private record Entry(CommandGroup group, Class<?> type, Supplier<Object> line) {
    String name() {
      return type.getAnnotation(Command.class).name();
    }

    /// Its name and header alone, for the list of all commands.
    CommandLine listed() {
      CommandSpec spec = CommandSpec.create().name(name());
      spec.usageMessage().header(type.getAnnotation(Command.class).header());
      return new CommandLine(spec);
    }
  }

  private static List<Entry> entries(Console console) {
    return List.of(
        new Entry(CommandGroup.START, ExplainCommand.class, () -> new ExplainCommand(console)),
        new Entry(CommandGroup.START, AskCommand.class, () -> new AskCommand(console)),
        new Entry(CommandGroup.START, StudioCommand.class, () -> new StudioCommand(console)),
        new Entry(CommandGroup.START, SamplesCommand.class, () -> new SamplesCommand(console)),
        new Entry(CommandGroup.START, ModelsCommand.class, () -> ModelsCommand.line(console)),
        new Entry(CommandGroup.START, DataCommand.class, () -> DataCommand.line(console)),
        new Entry(CommandGroup.START, RunCommand.class, () -> new RunCommand(console)),
        new Entry(CommandGroup.START, SchemaCommand.class, () -> new SchemaCommand(console)),
        new Entry(CommandGroup.START, HelpCommand.class, () -> new HelpCommand()),
        new Entry(CommandGroup.LOOK, AttentionCommand.class, () -> new AttentionCommand(console)),
        new Entry(CommandGroup.LOOK, LensCommand.class, () -> new LensCommand(console)),
        new Entry(CommandGroup.LOOK, TuneLensCommand.class, () -> new TuneLensCommand(console)),
        new Entry(CommandGroup.LOOK, WordsCommand.class, () -> new WordsCommand(console)),
        new Entry(CommandGroup.LOOK, TuneWordsCommand.class, () -> new TuneWordsCommand(console)),
        new Entry(CommandGroup.LOOK, FeaturesCommand.class, () -> new FeaturesCommand(console)),
        new Entry(CommandGroup.LOOK, TuneSaeCommand.class, () -> new TuneSaeCommand(console)),
        new Entry(CommandGroup.LOOK, ProbeCommand.class, () -> new ProbeCommand(console)),
        new Entry(CommandGroup.LOOK, LooksCommand.class, () -> new LooksCommand(console)),
        new Entry(CommandGroup.LOOK, HeadsCommand.class, () -> new HeadsCommand(console)),
        new Entry(CommandGroup.LOOK, SeeingCommand.class, () -> new SeeingCommand(console)),
        new Entry(CommandGroup.LOOK, RelevancyCommand.class, () -> new RelevancyCommand(console)),
        new Entry(CommandGroup.LOOK, MatchCommand.class, () -> new MatchCommand(console)),
        new Entry(
            CommandGroup.LOOK, ReconstructCommand.class, () -> new ReconstructCommand(console)),
        new Entry(CommandGroup.LOOK, ReadCommand.class, () -> new ReadCommand(console)),
        new Entry(CommandGroup.LOOK, TuneReaderCommand.class, () -> new TuneReaderCommand(console)),
        new Entry(CommandGroup.CHANGE, TraceCommand.class, () -> new TraceCommand(console)),
        new Entry(CommandGroup.CHANGE, PatchCommand.class, () -> new PatchCommand(console)),
        new Entry(CommandGroup.CHANGE, AttributeCommand.class, () -> new AttributeCommand(console)),
        new Entry(CommandGroup.CHANGE, PathsCommand.class, () -> new PathsCommand(console)),
        new Entry(CommandGroup.CHANGE, NeuronsCommand.class, () -> new NeuronsCommand(console)),
        new Entry(CommandGroup.CHANGE, KnockoutCommand.class, () -> new KnockoutCommand(console)),
        new Entry(CommandGroup.CHANGE, OccludeCommand.class, () -> new OccludeCommand(console)),
        new Entry(CommandGroup.CHANGE, RegionCommand.class, () -> new RegionCommand(console)),
        new Entry(CommandGroup.CHANGE, AblateCommand.class, () -> new AblateCommand(console)),
        new Entry(CommandGroup.CHANGE, SilenceCommand.class, () -> new SilenceCommand(console)),
        new Entry(CommandGroup.CHANGE, SteerCommand.class, () -> new SteerCommand(console)),
        new Entry(CommandGroup.CHANGE, EditCommand.class, () -> new EditCommand(console)),
        new Entry(CommandGroup.CHANGE, CausesCommand.class, () -> new CausesCommand(console)),
        new Entry(CommandGroup.CHANGE, QueriesCommand.class, () -> new QueriesCommand(console)),
        new Entry(CommandGroup.CHANGE, ZonesCommand.class, () -> new ZonesCommand(console)),
        new Entry(CommandGroup.CHANGE, MarkCommand.class, () -> new MarkCommand(console)),
        new Entry(CommandGroup.STRATEGY, DescribeCommand.class, () -> new DescribeCommand(console)),
        new Entry(CommandGroup.STRATEGY, ThinkCommand.class, () -> new ThinkCommand(console)),
        new Entry(CommandGroup.STRATEGY, VoteCommand.class, () -> new VoteCommand(console)),
        new Entry(CommandGroup.JUDGE, EvidenceCommand.class, () -> new EvidenceCommand(console)),
        new Entry(
            CommandGroup.JUDGE,
            HallucinationCommand.class,
            () -> new HallucinationCommand(console)),
        new Entry(CommandGroup.JUDGE, LiteracyCommand.class, () -> new LiteracyCommand(console)),
        new Entry(CommandGroup.JUDGE, CalibrateCommand.class, () -> new CalibrateCommand(console)),
        new Entry(CommandGroup.JUDGE, CompareCommand.class, () -> new CompareCommand(console)),
        new Entry(CommandGroup.JUDGE, LabCommand.class, () -> LabCommand.line(console)),
        new Entry(CommandGroup.WORLD, PupilCommand.class, () -> PupilCommand.line(console)));
  }

  /// All commands, ready to be executed.
  static CommandLine line(Console console) {
    return line(console, name -> true);
  }

  /// The commands that the arguments name, ready to be executed; of the others what the list of
  /// commands tells. Reading the options of all of them takes longer than many a command does.
  static CommandLine asked(Console console) {
    return line(console, console.arguments()::contains);
  }

  private static CommandLine line(Console console, Predicate<String> whole) {
    CommandLine line = new CommandLine(new LynceusCommand());
    Map<String, CommandGroup> groups = new HashMap<>();
    for (Entry entry : entries(console)) {
      groups.put(entry.name(), entry.group());
      line.addSubcommand(
          entry.name(), whole.test(entry.name()) ? entry.line().get() : entry.listed());
    }
    new GroupedCommands(groups).show(line);
    boolean stacktrace = console.arguments().contains(Failures.STACKTRACE);
    line.setOut(new PrintWriter(console.plainOut(), true, console.plainOut().charset()));
    line.setErr(new PrintWriter(console.err(), true, console.err().charset()));
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(console.people().likesColour() ? Ansi.ON : Ansi.OFF));
    line.setUsageHelpWidth(100);
    line.setHelpFactory(FlowingHelp::new);
    line.setAbbreviatedOptionsAllowed(false);
    line.setExpandAtFiles(false); // a question may begin with @, and no file is read as options
    Preflight preflight = new Preflight(console);
    CommandLine.IExecutionStrategy last = new CommandLine.RunLast();
    line.setExecutionStrategy(given -> {
      if (!asksForHelp(given)) {
        console.session().command(words(given));
        try {
          preflight.check(given);
        } catch (LynceusException wrong) {
          return Failures.report(wrong, stacktrace, console.err());
        }
      }
      return last.execute(given);
    });
    line.setParameterExceptionHandler((wrong, arguments) -> complain(console, wrong));
    line.setExecutionExceptionHandler(
        (failure, command, result) -> Failures.report(failure, stacktrace, console.err()));
    return line;
  }

  /// The words of the command that was given, without `lynceus`.
  private static List<String> words(CommandLine.ParseResult given) {
    return given.asCommandLineList().stream().skip(1).map(CommandLine::getCommandName).toList();
  }

  private static boolean asksForHelp(CommandLine.ParseResult given) {
    CommandLine.ParseResult last = given;
    while (true) {
      if (last.isUsageHelpRequested() || last.isVersionHelpRequested()) {
        return true;
      }
      if (!last.hasSubcommand()) {
        return false;
      }
      last = last.subcommand();
    }
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private static int complain(Console console, ParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    // Of words of a few letters picocli suggests anything.
    List<String> near =
        wrong instanceof UnmatchedArgumentException unmatched
            ? Spelling.near(unmatched.getUnmatched().getFirst(), unmatched.getSuggestions())
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
