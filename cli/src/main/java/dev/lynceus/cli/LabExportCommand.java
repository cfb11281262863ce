package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.experiment.RunInfo;
import dev.lynceus.lab.experiment.RunStore;
import dev.lynceus.lab.experiment.Table;
import dev.lynceus.lab.experiment.Tables;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lynceus lab export`: a table of a run as a file.
@Command(
    name = "export",
    header = "Write a table of a run as Parquet, CSV, JSON lines, npz or safetensors.",
    sortOptions = false)
final class LabExportCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      index = "0",
      paramLabel = "RUN",
      description = "Its id, its name, or the beginning of either.")
  String run = "";

  @Parameters(
      index = "1",
      paramLabel = "TABLE",
      description = "examples, units, maps or evidence; see docs/how-to/lab.md.")
  String table = "";

  @Written(Written.As.FILE)
  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "FILE",
      description = "What it ends in says the form: .parquet, .csv, .jsonl, .npz, .safetensors.")
  String output = "";

  @Option(names = "--force", description = "Replace FILE even if Lynceus did not write it.")
  boolean force;

  @Mixin StoreOptions stores = new StoreOptions();
  @Mixin CommonOptions common = new CommonOptions();

  LabExportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Table which =
        Arrays.stream(Table.values())
            .filter(one -> one.word().equals(table))
            .findFirst()
            .orElseThrow(() ->
                new LynceusException(
                    ErrorCode.BAD_REQUEST,
                    "there is no table '%s'".formatted(table),
                    "Use "
                        + Arrays.stream(Table.values())
                            .map(Table::word)
                            .collect(Collectors.joining(", "))
                        + "."));
    String name = output.toLowerCase(Locale.ROOT);
    Tables.Form form =
        Arrays.stream(Tables.Form.values())
            .filter(one -> name.endsWith("." + one.ending()))
            .findFirst()
            .orElseThrow(() ->
                new LynceusException(
                    ErrorCode.BAD_REQUEST,
                    "the name %s says no form".formatted(output),
                    "Let it end in .parquet, .csv, .jsonl, .npz or .safetensors."));
    OutputFile file = OutputFile.checked(output, force, console);
    RunStore store = stores.open();
    RunInfo found = store.find(run);
    Tables.export(store.folder(found.id()), which, form, file.path());
    console.out().println("table: " + file.path());
    console.out().flush();
    return 0;
  }
}
