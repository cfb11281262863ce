package dev.lynceus.cli;

import dev.lynceus.lab.experiment.RunInfo;
import dev.lynceus.lab.experiment.RunPage;
import dev.lynceus.lab.experiment.RunStore;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lynceus lab show`: what a run comes to.
@Command(
    name = "show",
    header = "Tell what a run comes to, or write one page about it.",
    sortOptions = false)
final class LabShowCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      paramLabel = "RUN",
      description = "Its id, its name, or the beginning of either; see lynceus lab runs.")
  String run = "";

  @Written(Written.As.FILE)
  @Option(names = "--page", paramLabel = "FILE", description = "Write a page about the run.")
  @Nullable String page;

  @Mixin StoreOptions stores = new StoreOptions();
  @Mixin ResultOptions result = new ResultOptions();
  @Mixin CommonOptions common = new CommonOptions();

  LabShowCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    OutputFile file = page == null ? null : OutputFile.checked(page, result.force, console);
    RunStore store = stores.open();
    RunInfo found = store.find(run);
    Path folder = store.folder(found.id());
    if (file != null) {
      file.write(RunPage.html(found, folder));
    }
    LabResult.Shown shown = LabResult.Shown.of(found, folder);
    result.give(
        console,
        () -> LabText.shown(shown) + (file == null ? "" : "page: " + file.path() + "\n"),
        () -> shown);
    return 0;
  }
}
