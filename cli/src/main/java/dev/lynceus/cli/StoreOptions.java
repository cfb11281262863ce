package dev.lynceus.cli;

import dev.lynceus.lab.experiment.RunStore;
import dev.lynceus.tensor.file.InputFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where runs are kept.
final class StoreOptions {
  @Option(
      names = "--store",
      paramLabel = "FOLDER",
      description = {
        "Where runs are kept. Default: $LYNCEUS_RUNS, or lynceus/runs among your data",
        "(~/.local/share)."
      })
  @Nullable String store;

  /// The store.
  ///
  /// @throws dev.lynceus.error.LynceusException NOT_WRITABLE
  RunStore open() {
    return new RunStore(store == null ? RunStore.usual() : InputFile.REQUEST.path(store));
  }
}
