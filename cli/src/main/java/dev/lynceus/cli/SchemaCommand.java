package dev.lynceus.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lynceus schema`: what a command's JSON is made of.
@Command(
    name = "schema",
    header = "Print the JSON Schema of a command's --json, or the list of schemas.",
    sortOptions = false)
final class SchemaCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      arity = "0..*",
      paramLabel = "COMMAND",
      description = "For example trace, or pupil score. Default: the list of schemas.")
  List<String> words = new ArrayList<>();

  @Written(Written.As.FILE)
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write the schema to FILE instead of stdout.")
  @org.jspecify.annotations.Nullable
  String output;

  @Option(names = "--force", description = "Replace FILE even if Lynceus did not write it.")
  boolean force;

  @Mixin CommonOptions common = new CommonOptions();

  SchemaCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    String text = words.isEmpty() ? list() : ResultSchemas.text(String.join("-", words));
    if (output == null) {
      console.out().print(text);
      console.out().flush();
    } else {
      OutputFile.checked(output, force, console).write(text);
    }
    return 0;
  }

  private static String list() {
    TextTable table = new TextTable().row("SCHEMA", "VERSION");
    ResultSchemas.ALL.forEach(one -> table.row(one.name(), Integer.toString(one.version())));
    return table.toString();
  }
}
