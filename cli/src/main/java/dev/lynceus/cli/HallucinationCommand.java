package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.data.DataSet;
import dev.lynceus.lab.hallucination.Chair;
import dev.lynceus.lab.hallucination.Hallucination;
import dev.lynceus.lab.hallucination.HallucinationReport;
import dev.lynceus.lab.hallucination.PresenceQuestion;
import dev.lynceus.lab.hallucination.PresenceScores;
import dev.lynceus.method.score.Share;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tensor.file.InputFile;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lynceus hallucinate`: how often a model speaks of what is not there.
@Command(
    name = "hallucinate",
    header = "Measure how often a model speaks of what is not there.",
    description = {
      "",
      "Asks whether things are there that are, and as many that are not (POPE: random, popular,",
      "adversarial), lets the model describe pictures and counts what it invents (CHAIR), and judges the",
      "words of its answers, of which it is known which are right. Without DATASET the pictures are",
      "scenes of the bundled model's world; docs/how-to/hallucination.md says how to read the numbers.",
      ""
    },
    sortOptions = false)
final class HallucinationCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "DATASET",
      description = {
        "Questions that are answered with yes or no: a file of POPE, or any other data set, see",
        "docs/reference/data.md."
      })
  @Nullable String dataset;

  @Option(
      names = "--scenes",
      defaultValue = "200",
      paramLabel = "N",
      description = "Scenes of the world, without DATASET. Default: ${DEFAULT-VALUE}.")
  int scenes = 200;

  @Option(
      names = "--judged",
      defaultValue = "40",
      paramLabel = "N",
      description =
          "Scenes about which every answer is judged word by word; 0 for none. Default:"
              + " ${DEFAULT-VALUE}.")
  int judged = 40;

  @Option(names = "--limit", paramLabel = "N", description = "Only the first N rows of DATASET.")
  @Nullable Integer limit;

  @Mixin PupilOptions pupil = new PupilOptions();
  @Mixin DatasetOptions datasets = new DatasetOptions();
  @Mixin ModelOptions models = new ModelOptions();
  @Mixin ResultOptions result = new ResultOptions();
  @Mixin CommonOptions common = new CommonOptions();

  HallucinationCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    int count = PupilOptions.scenes("--scenes", scenes);
    if (judged < 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "--judged " + judged, "Give 0 for none, or more.");
    }
    DataSet data =
        dataset == null
            ? null
            : datasets.open(
                InputFile.REQUEST.path(dataset),
                limit == null ? Integer.MAX_VALUE : limit,
                console);
    List<PresenceQuestion> questions = data == null ? List.of() : PresenceQuestion.of(data);
    HallucinationReport report;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      Hallucination measured = new Hallucination(model, progress);
      report =
          data == null
              ? measured.ofWorld(pupil.seed, count, judged)
              : measured.ofQuestions(data.name(), questions);
    }
    result.give(console, () -> text(report), () -> report);
    return 0;
  }

  private static String text(HallucinationReport report) {
    TextTable presence =
        new TextTable()
            .row(
                "is it there",
                "n",
                "right",
                "precision",
                "recall",
                "F1",
                "says yes",
                "yes-bias",
                "ECE");
    for (PresenceScores row : report.presence()) {
      presence.row(
          row.setting(),
          Integer.toString(row.accuracy().of()),
          row.accuracy().text(),
          row.precision().text(),
          row.recall().text(),
          Share.plain(row.f1()),
          Share.plain(row.saidYes().share()),
          "%+.1f points".formatted(100 * row.yesBias()),
          Share.plain(row.ece()));
    }
    StringBuilder text = new StringBuilder();
    text.append(
        "%s on %s, %d pictures; shares with 95 %% intervals%n%n%s"
            .formatted(
                report.model(),
                report.data().equals("world") ? "scenes of seed " + report.seed() : report.data(),
                report.pictures(),
                presence));
    Chair chair = report.descriptions();
    if (chair != null) {
      text.append(
          "%n%s"
              .formatted(
                  new TextTable()
                      .row("descriptions", "n", "share")
                      .row(chairRow("mentions of things not there (CHAIR_i)", chair.mentions()))
                      .row(chairRow("descriptions with one (CHAIR_s)", chair.descriptions()))
                      .row(chairRow("things there that are named", chair.covered()))
                      .row(chairRow("wrong colours of things there", chair.colours()))
                      .row(chairRow("things named again", chair.repeated()))));
    }
    if (!report.words().isEmpty()) {
      TextTable words =
          new TextTable().row("words", "n", "wrong", "caught", "false alarms", "told apart, AUC");
      for (HallucinationReport.Words row : report.words()) {
        words.row(
            row.kind(),
            Integer.toString(row.wrong().of()),
            row.wrong().text(),
            row.caught().text(),
            row.falseAlarms().text(),
            row.told().text());
      }
      text.append("%n%s".formatted(words));
      if (!report.calibrated()) {
        text.append(
            "%nNo thresholds are known for %s, so that no verdict flags anything; `lynceus calibrate` makes them.%n"
                .formatted(report.model()));
      }
    }
    return text.toString();
  }

  private static List<String> chairRow(String what, Share share) {
    return List.of(what, Integer.toString(share.of()), share.text());
  }
}
