package dev.lynceus.cli;

import dev.lynceus.lab.experiment.RunInfo;
import dev.lynceus.lab.experiment.RunStore;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus lab runs`: the runs that are kept.
@Command(
    name = "runs",
    header = "List the runs that are kept.",
    description = {
      "",
      "A run that is told as running, and on which no process works, was killed: the same line goes on",
      "with it.",
      ""
    },
    sortOptions = false)
final class LabRunsCommand implements Callable<Integer> {
  private final Console console;

  @Option(names = "--tag", paramLabel = "TEXT", description = "Only runs with this tag.")
  String tag = "";

  @Mixin StoreOptions stores = new StoreOptions();
  @Mixin ResultOptions result = new ResultOptions();
  @Mixin CommonOptions common = new CommonOptions();

  LabRunsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    RunStore store = stores.open();
    List<RunInfo> runs =
        store.all().stream().filter(run -> tag.isEmpty() || run.tags().contains(tag)).toList();
    LabResult.Listed listed = new LabResult.Listed(store.folder().toString(), runs);
    result.give(console, () -> LabText.listed(listed), () -> listed);
    return 0;
  }
}
