package dev.lynceus.cli;

import dev.lynceus.lab.experiment.RunInfo;
import dev.lynceus.lab.experiment.RunStore;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lynceus lab label`: a run gets a name, tags, a note.
@Command(name = "label", header = "Give a run a name, tags or a note.", sortOptions = false)
final class LabLabelCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "RUN", description = "Its id, its name, or the beginning of either.")
  String run = "";

  @Option(names = "--name", paramLabel = "TEXT", description = "What you call it.")
  @Nullable String name;

  @Option(
      names = "--tag",
      paramLabel = "TEXT",
      description = "A tag; those that it had go. Several times.")
  @Nullable List<String> tags;

  @Option(names = "--note", paramLabel = "TEXT", description = "What you want to remember.")
  @Nullable String note;

  @Mixin StoreOptions stores = new StoreOptions();
  @Mixin CommonOptions common = new CommonOptions();

  LabLabelCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    RunStore store = stores.open();
    RunInfo found = store.find(run);
    RunInfo labelled =
        store.label(
            found,
            name == null ? found.name() : name,
            tags == null ? found.tags() : tags,
            note == null ? found.note() : note);
    console
        .out()
        .print(
            Visible.of(
                "%s: name %s, tags %s, note %s%n"
                    .formatted(
                        labelled.id(),
                        labelled.name().isEmpty() ? "-" : labelled.name(),
                        labelled.tags().isEmpty() ? "-" : String.join(", ", labelled.tags()),
                        labelled.note().isEmpty() ? "-" : labelled.note())));
    console.out().flush();
    return 0;
  }
}
