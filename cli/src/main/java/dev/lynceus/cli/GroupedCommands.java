package dev.lynceus.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    int names = groups.keySet().stream().mapToInt(String::length).max().orElse(0) + 2 * INDENT;
    int width = help.commandSpec().usageMessage().width();
    StringBuilder text = new StringBuilder();
    for (CommandGroup group : CommandGroup.values()) {
      // A command has none of its own.
      if (help.subcommands().keySet().stream().noneMatch(one -> groups.get(one) == group)) {
        continue;
      }
      TextTable table =
          TextTable.forColumns(
              help.colorScheme(),
              new Column(names, INDENT, Column.Overflow.SPAN),
              new Column(width - names, 0, Column.Overflow.WRAP));
      for (Map.Entry<String, Help> command : help.subcommands().entrySet()) {
        if (groups.get(command.getKey()) == group) {
          List<String> header =
              new ArrayList<>(List.of(command.getValue().commandSpec().usageMessage().header()));
          table.addRowValues(
              help.colorScheme().commandText(command.getKey()),
              help.colorScheme().text(header.isEmpty() ? "" : header.getFirst()));
        }
      }
      text.append("%n%s: %s%n%s".formatted(group.title(), group.purpose(), table.toString()));
    }
    return text.toString();
  }
}
