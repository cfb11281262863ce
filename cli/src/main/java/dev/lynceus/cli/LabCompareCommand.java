package dev.lynceus.cli;

import dev.lynceus.lab.experiment.Compared;
import dev.lynceus.lab.experiment.RunInfo;
import dev.lynceus.lab.experiment.RunStore;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `lynceus lab compare`: two runs, row by row.
@Command(
    name = "compare",
    header = "Compare two runs row by row: differences, intervals, and how likely by chance.",
    description = {
      "",
      "Only rows count that both runs have, with the same seed. Differences are second less first. Rows",
      "of one picture are not independent: intervals draw whole pictures, chance exchanges the two runs",
      "picture by picture. p (Holm) is corrected for all lines of the table.",
      ""
    },
    sortOptions = false)
final class LabCompareCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(index = "0", paramLabel = "FIRST", description = "The run that is compared with.")
  String first = "";

  @Parameters(index = "1", paramLabel = "SECOND", description = "The other run.")
  String second = "";

  @Mixin StoreOptions stores = new StoreOptions();
  @Mixin ResultOptions result = new ResultOptions();
  @Mixin CommonOptions common = new CommonOptions();

  LabCompareCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    RunStore store = stores.open();
    RunInfo one = store.find(first);
    RunInfo other = store.find(second);
    LabResult.Beside beside =
        LabResult.Beside.of(
            one, other, Compared.of(store.folder(one.id()), store.folder(other.id())));
    result.give(console, () -> LabText.beside(beside), () -> beside);
    return 0;
  }
}
