package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.AnnotatedElement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/// What every new option has to say of itself. Where a test fails: mark a field that names an
/// output with [Written], and give a number a row in [OptionRange].
class OptionRulesTest {
  /// How options are called that name what is written.
  private static final Set<String> WRITES =
      Set.of("--output", "--figure", "--save", "--ledger", "--out", "--report", "--items");

  private static Map<String, CommandSpec> commands() {
    return commands(
        new Console(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(new ByteArrayOutputStream()),
            new PrintStream(new ByteArrayOutputStream()),
            Console.People.NONE,
            List.of(),
            new Console.Cleanup()));
  }

  @Test
  void everyOptionThatNamesAnOutputIsMarked() {
    List<String> unmarked = new ArrayList<>();
    int marked = 0;
    for (Map.Entry<String, CommandSpec> command : commands().entrySet()) {
      for (OptionSpec option : command.getValue().options()) {
        boolean written = Preflight.written(option) != null;
        marked += written ? 1 : 0;
        if (WRITES.contains(option.longestName()) && !written) {
          unmarked.add(command.getKey() + " " + option.longestName());
        }
      }
    }

    assertThat(unmarked).isEmpty();
    assertThat(marked).isGreaterThan(25);
  }

  @Test
  void everyNumberHasARange() {
    List<String> free = new ArrayList<>();
    for (Map.Entry<String, CommandSpec> command : commands().entrySet()) {
      for (OptionSpec option : command.getValue().options()) {
        if (Preflight.isNumber(option)
            && OptionRange.of(command.getValue().name(), option.longestName()) == null) {
          free.add(command.getKey() + " " + option.longestName());
        }
      }
    }

    assertThat(free).isEmpty();
  }

  /// The help passes every line through a format: a lone % sign would stand there as a warning.
  @Test
  void everyDescriptionCanBeFormatted() {
    List<String> broken = new ArrayList<>();
    for (Map.Entry<String, CommandSpec> command : commands().entrySet()) {
      CommandSpec spec = command.getValue();
      Command about = spec.userObject().getClass().getAnnotation(Command.class);
      // As it was written: a description that was asked of the model is formatted already.
      Stream<String> lines =
          Stream.concat(
              Stream.of(about.header(), about.description()).flatMap(Stream::of),
              spec.options().stream()
                  .filter(option -> option.userObject() instanceof AnnotatedElement)
                  .map(option ->
                      ((AnnotatedElement) option.userObject()).getAnnotation(Option.class))
                  .filter(Objects::nonNull)
                  .flatMap(option -> Stream.of(option.description())));
      lines
          .filter(line -> line.replaceAll("%[%n]", "").contains("%"))
          .forEach(line -> broken.add(command.getKey() + ": " + line));
    }

    assertThat(broken).isEmpty();
  }

  /// All commands that do something, by their words.
  static Map<String, CommandSpec> commands(Console console) {
    Map<String, CommandSpec> found = new LinkedHashMap<>();
    collect("", LynceusCommand.line(console), found);
    assertThat(found).hasSizeGreaterThan(25);
    return found;
  }

  private static void collect(String words, CommandLine line, Map<String, CommandSpec> found) {
    for (Map.Entry<String, CommandLine> one : line.getSubcommands().entrySet()) {
      String all = (words + " " + one.getKey()).strip();
      if (one.getValue().getSubcommands().isEmpty()) {
        found.put(all, one.getValue().getCommandSpec());
      } else {
        collect(all, one.getValue(), found);
      }
    }
  }
}
