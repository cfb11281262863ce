package dev.lynceus.cli;

import dev.lynceus.error.LynceusException;
import dev.lynceus.model.Checkpoints;
import dev.lynceus.tensor.file.HubCache;
import dev.lynceus.tensor.file.InputFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// `lynceus models list`: the models on this machine.
@Command(
    name = "list",
    header = "List the bundled models and those in the local Hugging Face cache.",
    sortOptions = false)
final class ListCommand implements Callable<Integer> {
  private final Console console;

  @Mixin ResultOptions result = new ResultOptions();
  @Mixin CommonOptions common = new CommonOptions();

  ListCommand(Console console) {
    this.console = console;
  }

  /// A model on this machine.
  ///
  /// @param where `bundled` or `cache`
  /// @param family `model_type`; empty where it cannot be read
  record Entry(String name, String where, String family) {}

  /// What becomes JSON.
  ///
  /// @param models bundled ones first
  /// @param cache the folder of the local Hugging Face cache
  record Models(List<Entry> models, String cache) {}

  @Override
  public Integer call() {
    HubCache cache = HubCache.fromEnvironment();
    List<Entry> entries = new ArrayList<>();
    for (String name : Checkpoints.bundled()) {
      entries.add(new Entry(name, "bundled", family(name)));
    }
    for (String name : cache.models()) {
      entries.add(new Entry(name, "cache", family(name)));
    }
    result.give(
        console,
        () -> {
          TextTable table = new TextTable().row("MODEL", "WHERE", "FAMILY");
          entries.forEach(entry -> table.row(entry.name, entry.where, entry.family));
          return table + "\nHugging Face cache: " + cache.root() + "\n";
        },
        () -> new Models(entries, cache.root().toString()));
    return 0;
  }

  private static String family(String name) {
    try {
      Path config = Checkpoints.locate(name).resolve("config.json");
      return Files.isRegularFile(config)
          ? JsonMapper.shared()
              .readTree(InputFile.SETTINGS.bytes(config))
              .path("model_type")
              .asString("")
          : "";
    } catch (LynceusException | JacksonException e) {
      // A list is no place to complain: `models show` tells what is wrong with a model.
      return "";
    }
  }
}
