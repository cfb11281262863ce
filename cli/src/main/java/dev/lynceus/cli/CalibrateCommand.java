package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.evidence.Calibration;
import dev.lynceus.method.evidence.Calibrator;
import dev.lynceus.method.evidence.InternalConfidence;
import dev.lynceus.method.evidence.Labels;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.tensor.file.InputFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lynceus calibrate`: thresholds of verdicts for one's own model.
@Command(
    name = "calibrate",
    header = "Measure thresholds for evidence on your own model, with questions of your own.",
    description = {
      "",
      "Takes a data set of which you know what is right: questions with the right answer, answers that",
      "you marked right or wrong, pictures with lists of what is in them and what is not. Chooses",
      "thresholds by the rules of docs/reference/evidence.md, fits the probability that a word is",
      "right, and tells what they are worth on pictures left out.",
      ""
    },
    sortOptions = false)
final class CalibrateCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      paramLabel = "DATASET",
      description = {
        "Lines of JSON with image and some of question, answer, expected, right, present, absent,",
        "complete; see docs/how-to/evidence.md. Or another data set, see docs/reference/data.md."
      })
  String dataset = "";

  @Written(Written.As.FILE)
  @Option(
      names = "--thresholds",
      required = true,
      paramLabel = "FILE",
      description = "Where the thresholds go, for `evidence --thresholds`.")
  String thresholds = "";

  @Option(names = "--limit", paramLabel = "N", description = "Only the first N rows.")
  @Nullable Integer limit;

  @Option(
      names = "--reading",
      defaultValue = "normed",
      paramLabel = "HOW",
      description = "normed or compatible; see evidence. Default: ${DEFAULT-VALUE}.")
  String reading = "normed";

  @Option(
      names = "--max-tokens",
      defaultValue = "48",
      paramLabel = "N",
      description = "Most tokens of an answer. Default: ${DEFAULT-VALUE}.")
  int maxTokens;

  @Mixin DatasetOptions datasets = new DatasetOptions();

  @Mixin ModelOptions models = new ModelOptions();

  @Mixin ResultOptions result = new ResultOptions();

  @Mixin CommonOptions common = new CommonOptions();

  CalibrateCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Path file = InputFile.REQUEST.path(dataset);
    InternalConfidence.Reading how = InternalConfidence.Reading.parse(reading);
    List<DatasetRow> rows =
        DatasetRow.of(datasets.open(file, limit == null ? Integer.MAX_VALUE : limit, console));
    OutputFile out = OutputFile.checked(thresholds, result.force, console);
    Calibration found;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      found = measured(model, how, file, rows, progress);
    }
    out.write(ResultOptions.json(found.thresholds()) + "\n");
    result.give(
        console, () -> CalibrationText.of(found) + "thresholds: " + out.path() + "\n", () -> found);
    return 0;
  }

  private Calibration measured(
      LoadedModel model,
      InternalConfidence.Reading how,
      Path file,
      List<DatasetRow> rows,
      ProgressLine progress) {
    Calibrator calibrator = new Calibrator(model, how, maxTokens, Progress.NONE);
    Map<List<String>, Integer> pictures = new HashMap<>();
    List<String> passedOver = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      progress.at("rows", i, rows.size());
      DatasetRow row = rows.get(i);
      try {
        int group = pictures.computeIfAbsent(row.sources(), sources -> pictures.size());
        calibrator.add(labels(row, group), row.pictures(model));
      } catch (LynceusException e) {
        if (e.code() != ErrorCode.BAD_REQUEST && e.code() != ErrorCode.BAD_IMAGE) {
          throw e;
        }
        String told =
            (row.ours() ? "line " : "row ") + row.number() + " is passed over: " + e.getMessage();
        passedOver.add(told);
        progress.note(told);
      }
    }
    return calibrator.measured(
        "%d rows of %s".formatted(rows.size() - passedOver.size(), QuestionArguments.name(file)),
        passedOver);
  }

  private static Labels labels(DatasetRow row, int group) {
    return new Labels(
        group,
        row.asked(),
        row.answer(),
        row.expected(),
        row.right(),
        row.things("present"),
        row.things("absent"),
        row.complete());
  }
}
