package dev.lynceus.cli;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;

/// The list of commands in the help of `lynceus`: by what they are for, each on a line of its own.
///
/// @param groups of the commands, by their names
record GroupedCommands(Map<String, CommandGroup> groups) {
  private static final int INDENT = 2;

  /// Lets the help of a command line list its commands so.
  void show(CommandLine line) {
    var sections = line.getHelpSectionMap();
    sections.put(CommandLine.Model.UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, help -> "");
    sections.put(CommandLine.Model.UsageMessageSpec.SECTION_KEY_COMMAND_LIST, this::list);
    line.setHelpSectionMap(sections);
  }

  private String list(Help help) {
    if (help.commandSpec().parent() != null) { // Sections are set for all commands below, too.
      String all = table(help, name -> true);
      return all.isEmpty() ? "" : "%nCommands:%n%s".formatted(all);
    }
    StringBuilder text = new StringBuilder();
    for (CommandGroup group : CommandGroup.values()) {
      String table = table(help, name -> groups.get(name) == group);
      if (!table.isEmpty()) { // A command has none of its own.
        text.append("%n%s: %s%n%s".formatted(group.title(), group.purpose(), table));
      }
    }
    return text.toString();
  }

  private String table(Help help, Predicate<String> which) {
    List<String> shown = help.subcommands().keySet().stream().filter(which).toList();
    if (shown.isEmpty()) {
      return "";
    }
    int names =
        Stream.concat(groups.keySet().stream(), shown.stream())
                .mapToInt(String::length)
                .max()
                .orElse(0)
            + 2 * INDENT;
    int width = help.commandSpec().usageMessage().width();
    TextTable table =
        TextTable.forColumns(
            help.colorScheme(),
            new Column(names, INDENT, Column.Overflow.SPAN),
            new Column(width - names, 0, Column.Overflow.WRAP));
    for (String name : shown) {
      String[] header =
          Objects.requireNonNull(help.subcommands().get(name))
              .commandSpec()
              .usageMessage()
              .header();
      table.addRowValues(
          help.colorScheme().commandText(name),
          help.colorScheme().text(header.length == 0 ? "" : header[0]));
    }
    return table.toString();
  }
}
