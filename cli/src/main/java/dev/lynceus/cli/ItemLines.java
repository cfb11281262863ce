package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.LoadedModel;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Single results, one a line: comma-separated values with a head, or JSON.
final class ItemLines {
  private ItemLines() {}

  /// The file, checked before the work begins.
  ///
  /// @throws LynceusException BAD_REQUEST if its name says neither format
  static OutputFile checked(String name, boolean force, Console console) {
    return checked("--items", name, force, console);
  }

  /// The file of an option, checked before the work begins.
  ///
  /// @throws LynceusException BAD_REQUEST if its name says neither format
  static OutputFile checked(String option, String name, boolean force, Console console) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (!lower.endsWith(".csv") && !lower.endsWith(".jsonl")) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          option + " " + name + " says no format",
          "Name a file that ends in .csv or .jsonl.");
    }
    return OutputFile.checked(name, force, console);
  }

  /// What a table is about: columns that are the same in every row, in their order.
  static Map<String, String> about(LoadedModel model) {
    Map<String, String> about = new LinkedHashMap<>();
    about.put("model", model.name());
    about.put("revision", model.checkpoint().version());
    return about;
  }

  /// Records of one type that say themselves what they are about.
  static String of(Path file, List<? extends Record> items) {
    return of(file, items, Map.of());
  }

  /// Records of one type as the file's name says; numbers that were not measured are left empty.
  ///
  /// @param about columns that end every row
  static String of(Path file, List<? extends Record> items, Map<String, String> about) {
    JsonMapper json = JsonMapper.shared();
    boolean table = file.toString().toLowerCase(Locale.ROOT).endsWith(".csv");
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < items.size(); i++) {
      ObjectNode node = json.valueToTree(items.get(i));
      about.forEach(node::put);
      if (!table) {
        text.append(json.writeValueAsString(node).replace("\"NaN\"", "null")).append('\n');
        continue;
      }
      List<String> names = new ArrayList<>();
      for (RecordComponent component : items.get(i).getClass().getRecordComponents()) {
        names.add(component.getName());
      }
      names.addAll(about.keySet());
      if (i == 0) {
        text.append(String.join(",", names)).append('\n');
      }
      text.append(
              String.join(
                  ",", names.stream().map(name -> cell(node.path(name).asString())).toList()))
          .append('\n');
    }
    return text.toString();
  }

  private static String cell(String value) {
    if (value.equals("NaN")) {
      return "";
    }
    return value.matches("[^,\"\\s][^,\"\n\r]*|")
        ? value
        : "\"" + value.replace("\"", "\"\"") + "\"";
  }
}
