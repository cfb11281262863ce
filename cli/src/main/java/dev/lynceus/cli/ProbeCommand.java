package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.data.PictureFiles;
import dev.lynceus.method.KeyWord;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.TargetSpec;
import dev.lynceus.method.probe.LinearProbe;
import dev.lynceus.method.probe.ProbeCase;
import dev.lynceus.method.probe.ProbeReport;
import dev.lynceus.method.probe.ProbeSettings;
import dev.lynceus.method.probe.Probing;
import dev.lynceus.method.probe.StoredProbe;
import dev.lynceus.method.score.Share;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.tap.Positions;
import dev.lynceus.tensor.file.InputFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus probe`: what can be read out of states, and whether the model uses it.
@Command(
    name = "probe",
    header = "Read labels out of a model's states, and take their directions away.",
    description = {
      "",
      "Fits linear probes at every depth to labels of a data set, tries them on other pictures, and",
      "takes the label's directions out of the running model. Beside each stand shuffled labels and as",
      "many random directions.",
      ""
    },
    sortOptions = false)
final class ProbeCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--dataset",
      required = true,
      paramLabel = "FILE",
      description = "Questions about pictures, as for compare, with a label each.")
  String dataset = "";

  @Option(
      names = "--label",
      paramLabel = "FIELD",
      description = {
        "What is read: a field of the data set, kind, or answer, the first right answer.",
        "Default: target where a row has one, else answer."
      })
  @Nullable String label;

  @Option(names = "--limit", paramLabel = "N", description = "Only the first N rows.")
  int limit = Integer.MAX_VALUE;

  @Option(
      names = "--positions",
      defaultValue = "last",
      paramLabel = "WHICH",
      description = {
        "Whose mean state is read: last, right before the word of the answer, or image, question, a",
        "number, 5:21. Default: ${DEFAULT-VALUE}."
      })
  String positions = "last";

  @Option(
      names = "--folds",
      defaultValue = "5",
      paramLabel = "N",
      description =
          "Parts of the pictures; each is tried by probes of the others. Default: ${DEFAULT-VALUE}.")
  int folds = 5;

  @Option(
      names = "--directions",
      defaultValue = "means",
      paramLabel = "WHICH",
      description = {
        "What is taken away: means, what the labels' mean states differ by; probe, the weights of the",
        "probe. Default: ${DEFAULT-VALUE}."
      })
  String directions = "means";

  @Option(
      names = "--rounds",
      defaultValue = "1",
      paramLabel = "N",
      description = {
        "With --directions probe: how often a probe is fitted to what is left, and its directions are",
        "taken away too (INLP). Default: ${DEFAULT-VALUE}."
      })
  int rounds = 1;

  @Option(
      names = "--draws",
      defaultValue = "3",
      paramLabel = "N",
      description = "Sets of as many random directions. Default: ${DEFAULT-VALUE}.")
  int draws = 3;

  @Option(
      names = "--penalty",
      defaultValue = "0.01",
      paramLabel = "P",
      description = "Of the squared weights, a case. Default: ${DEFAULT-VALUE}.")
  double penalty = LinearProbe.PENALTY;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "N",
      description = "Of parts, shuffled labels and random directions. Default: ${DEFAULT-VALUE}.")
  long seed;

  @Written(Written.As.FILE)
  @Option(
      names = "--save",
      paramLabel = "FILE",
      description = "Write a probe of all rows at the best depth, as safetensors.")
  @Nullable String save;

  @Option(
      names = "--probe",
      paramLabel = "FILE",
      description = "Fit nothing; read by a probe that --save wrote.")
  @Nullable String stored;

  @Mixin KeyWordOptions about = new KeyWordOptions();
  @Mixin AnswerLength length = new AnswerLength();
  @Mixin DatasetOptions datasets = new DatasetOptions();
  @Mixin ModelOptions models = new ModelOptions();
  @Mixin ResultOptions result = new ResultOptions();
  @Mixin CommonOptions common = new CommonOptions();

  ProbeCommand(Console console) {
    this.console = console;
  }

  /// What a stored probe reads of a row.
  ///
  /// @param label that the row has; null where it has none
  record Read(String picture, String question, @Nullable String label, String read) {}

  /// What becomes JSON.
  ///
  /// @param label the field that is read
  /// @param report null where a stored probe was used
  /// @param read of a stored probe
  /// @param right of the rows that have a label; null where a probe was fitted
  record Told(
      String model,
      String revision,
      String dtype,
      String label,
      String conclusion,
      @Nullable ProbeReport report,
      List<Read> read,
      @Nullable Share right,
      String command) {}

  /// A row.
  ///
  /// @param label null where it has none
  private record Row(CompareQuestion question, @Nullable String label, String picture) {}

  @Override
  public Integer call() {
    ProbeSettings settings =
        new ProbeSettings(
            positions,
            folds,
            CausalOptions.choice("--directions", directions, ProbeSettings.Directions.class),
            rounds,
            draws,
            penalty,
            seed);
    var unused = Positions.parse(positions);
    if (stored != null && save != null) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--probe fits nothing that --save could write",
          "Leave one of them out.");
    }
    List<Row> rows = rows();
    OutputFile kept = save == null ? null : OutputFile.checked(save, result.force, console);
    Told told;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      told =
          stored == null
              ? fitted(model, settings, rows, kept, progress)
              : read(
                  model, StoredProbe.load(InputFile.REQUEST.path(stored), model), rows, progress);
    }
    result.give(console, () -> text(told), () -> told);
    return 0;
  }

  private Told fitted(
      LoadedModel model,
      ProbeSettings settings,
      List<Row> rows,
      @Nullable OutputFile kept,
      ProgressLine progress) {
    List<ProbeCase> cases = new ArrayList<>();
    for (Row row : rows) {
      progress.step("asking", cases.size(), rows.size());
      if (row.label == null) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "row %d of %s has no '%s' to read".formatted(cases.size() + 1, dataset, field()),
            "Name a field that every row has (--label), or leave rows out (--where).");
      }
      cases.add(new ProbeCase(word(model, row), row.label, row.picture));
    }
    Probing probing = new Probing(model, settings, progress);
    ProbeReport report = probing.measure(cases);
    if (kept != null) {
      probing.fitted(cases, report.best().depth()).save(kept.path());
    }
    return told(model, report.conclusion(), report, List.of(), null);
  }

  private Told read(LoadedModel model, StoredProbe probe, List<Row> rows, ProgressLine progress) {
    List<Read> read = new ArrayList<>();
    int right = 0;
    int known = 0;
    for (Row row : rows) {
      progress.step("reading", read.size(), rows.size());
      String found = probe.read(model, word(model, row).prompt());
      read.add(new Read(row.picture, row.question.asked().question(), row.label, found));
      known += row.label == null ? 0 : 1;
      right += found.equals(row.label) ? 1 : 0;
    }
    Share share = Share.of(right, known);
    String conclusion =
        "By a probe of %s at depth %d: %s"
            .formatted(
                probe.positions(),
                probe.depth(),
                known == 0
                    ? "%d rows were read, none of which has a label.".formatted(rows.size())
                    : "%s of %d labels are read right.".formatted(share.text(), known));
    return told(model, conclusion, null, read, share);
  }

  private Told told(
      LoadedModel model,
      String conclusion,
      @Nullable ProbeReport report,
      List<Read> read,
      @Nullable Share right) {
    return new Told(
        model.name(),
        model.checkpoint().version(),
        model.computeType().toString(),
        field(),
        conclusion,
        report,
        read,
        right,
        console.commandLine());
  }

  private KeyWord word(LoadedModel model, Row row) {
    CompareQuestion one = row.question;
    Prompt prompt = model.prompt(one.asked().question(), one.asked().pictures(model), "");
    TargetSpec spec = one.target() == null ? about.spec() : new TargetSpec.Word(one.target());
    return KeyWord.find(model, prompt, spec, length.of(model, prompt));
  }

  private String field() {
    return label == null ? "answer" : label;
  }

  private List<Row> rows() {
    Path file = InputFile.REQUEST.path(dataset);
    PictureFiles files = PictureFiles.besideFile(file, datasets.data());
    List<Row> rows = new ArrayList<>();
    for (DatasetRow row : DatasetRow.of(datasets.open(file, limit, console))) {
      rows.add(new Row(CompareQuestion.question(row, files), label(row.example()), row.image()));
    }
    return rows;
  }

  private @Nullable String label(Example one) {
    String found =
        switch (field()) {
          case "kind" -> one.kind();
          case "answer" ->
              label == null && one.fields().containsKey("target")
                  ? one.fields().getOrDefault("target", "")
                  : one.answers().stream().findFirst().orElse("");
          default -> one.fields().getOrDefault(field(), "");
        };
    return found.isBlank() ? null : found.strip();
  }

  private static String text(Told told) {
    StringBuilder text = new StringBuilder(told.conclusion).append("\n\n");
    if (told.report == null) {
      TextTable table = new TextTable().row("picture", "question", "label", "read");
      told.read.forEach(one ->
          table.row(one.picture, one.question, one.label == null ? "–" : one.label, one.read));
      return text.append(table).toString();
    }
    ProbeReport report = told.report;
    text.append(
        "%d questions about %d pictures, %d labels; states of: %s%n"
            .formatted(
                report.cases(), report.pictures(), report.labels().size(), report.positions()));
    TextTable table =
        new TextTable()
            .row(
                "depth",
                "read right",
                "shuffled labels",
                "taken away",
                "read anew",
                "random",
                "word, nats",
                "random");
    for (ProbeReport.Depth depth : report.depths()) {
      table.row(
          Integer.toString(depth.depth()),
          depth.right().text(),
          Share.plain(depth.shuffled().share()),
          Integer.toString(depth.rank()),
          Share.plain(depth.erased().share()),
          depth.otherwise().map(one -> Share.plain(one.share())).orElse("–"),
          Spoken.signed(depth.change().value()),
          depth.random().map(one -> Spoken.signed(one.value())).orElse("–"));
    }
    return text.append(table).toString();
  }
}
