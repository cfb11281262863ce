package dev.lynceus.cli;

import dev.lynceus.lab.experiment.RunInfo;
import dev.lynceus.lab.experiment.RunStore;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `lynceus lab delete`: a run goes, with all that is kept of it.
@Command(
    name = "delete",
    header = "Delete a run with its ledger and its tables.",
    sortOptions = false)
final class LabDeleteCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "RUN", description = "Its id, its name, or the beginning of either.")
  String run = "";

  @Mixin StoreOptions stores = new StoreOptions();
  @Mixin CommonOptions common = new CommonOptions();

  LabDeleteCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    RunStore store = stores.open();
    RunInfo found = store.find(run);
    store.delete(found);
    console.out().println("deleted: " + found.id());
    console.out().flush();
    return 0;
  }
}
