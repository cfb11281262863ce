package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.data.DataSet;
import dev.lynceus.lab.data.Selection;
import dev.lynceus.lab.data.WorldData;
import dev.lynceus.lab.experiment.Experiment;
import dev.lynceus.lab.experiment.Experimenter;
import dev.lynceus.lab.experiment.Procedure;
import dev.lynceus.lab.experiment.RunInfo;
import dev.lynceus.lab.experiment.RunStore;
import dev.lynceus.lab.procedure.Procedures;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tensor.file.InputFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lynceus lab run`: a procedure over a data set.
@Command(
    name = "run",
    header = "Do one thing with every row of a data set, and keep what comes of it.",
    description = {
      "",
      "PROCEDURE is what is done with each row:",
      "  answer    the model answers, and the answer is judged beside the right ones",
      "  choose    the most probable of given answers, with the picture and without it",
      "  heads     how much each head raises the word that the picture raised most",
      "  maps      maps of that word by several methods, judged",
      "  evidence  what each word of the answer rests on",
      "  describe  answers read from descriptions that are refined by questions",
      "  think     answers from chains of pictures, beside chains of words",
      "  vote      drawn explanations vote on the answer, weighed and unweighed",
      "",
      "Each row is kept as soon as it is done: the same line goes on where it was stopped or killed,",
      "and does nothing where all is done. Broken rows are rows of their own and stop nothing.",
      "docs/how-to/lab.md has the settings, the tables, and how to read them.",
      ""
    },
    sortOptions = false)
final class LabRunCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(index = "0", paramLabel = "PROCEDURE", description = "What is done with each row.")
  String procedure = "";

  @Parameters(
      index = "1",
      paramLabel = "DATASET",
      description = {
        "A file or folder, see docs/reference/data.md; or world[:SEED[:SCENES]], scenes of the",
        "bundled model's world with questions of every kind. Default seed 20260, 50 scenes.",
        "world-large[:SEED[:SCENES]]: each as a small part of a picture seven times as wide."
      })
  String dataset = "";

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "A setting of the procedure, for example judge=exact. Several times.")
  List<String> set = List.of();

  @Option(
      names = "--seeds",
      split = ",",
      paramLabel = "N",
      description = "Go over the data once for each of these. Default: 1.")
  List<Long> seeds = List.of(1L);

  @Option(names = "--limit", paramLabel = "N", description = "Only the first N rows.")
  @Nullable Integer limit;

  @Option(names = "--name", paramLabel = "TEXT", description = "What you call the run.")
  String name = "";

  @Option(names = "--tag", paramLabel = "TEXT", description = "A tag of the run. Several times.")
  List<String> tags = List.of();

  @Mixin StoreOptions stores = new StoreOptions();
  @Mixin DatasetOptions datasets = new DatasetOptions();
  @Mixin ModelOptions models = new ModelOptions();
  @Mixin ResultOptions result = new ResultOptions();
  @Mixin CommonOptions common = new CommonOptions();

  LabRunCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Procedure what = Procedures.named(procedure, settings());
    int rows = limit == null ? Integer.MAX_VALUE : limit;
    Selection selection = datasets.selection(rows);
    DataSet data = data(selection, rows);
    RunStore store = stores.open();
    RunInfo run;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      run =
          new Experimenter(store, Version.lynceus(), progress)
              .run(
                  model,
                  new Experiment(
                      data,
                      selection.equals(Selection.ALL) ? "" : selection.toString(),
                      what,
                      seeds,
                      name,
                      tags,
                      console.commandLine()));
    }
    LabResult.Shown shown = LabResult.Shown.of(run, store.folder(run.id()));
    result.give(console, () -> LabText.shown(shown), () -> shown);
    return 0;
  }

  private DataSet data(Selection selection, int rows) {
    return WorldData.named(dataset)
        .map(selection::of)
        .orElseGet(() -> datasets.open(InputFile.REQUEST.path(dataset), rows, console));
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    for (String one : set) {
      int at = one.indexOf('=');
      if (at < 1) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "--set %s is no setting".formatted(one),
            "Write NAME=VALUE, for example --set judge=exact.");
      }
      if (settings.put(one.substring(0, at), one.substring(at + 1)) != null) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "the setting %s is given twice".formatted(one.substring(0, at)),
            "Give it once.");
      }
    }
    return settings;
  }
}
