package dev.lynceus.cli;

import dev.lynceus.lab.measure.TracePage;
import dev.lynceus.lab.measure.TraceReport;
import dev.lynceus.lab.measure.TraceStudy;
import dev.lynceus.method.score.Share;
import dev.lynceus.pupil.PupilBlip;
import dev.lynceus.run.LoadedModel;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `lynceus pupil trace`: causal tracing of a BLIP, measured against what is known of the scenes.
@Command(
    name = "trace",
    header = "Trace the answers of a BLIP, and measure it against what is known of the scenes.",
    description = {
      "",
      "Damages the picture or the question in four ways, restores single states, and tells what comes",
      "back; which patches the answer needs, and where the cross-attention looks.",
      ""
    },
    sortOptions = false)
final class PupilTraceCommand implements Callable<Integer> {
  private static final String PAGE = "lynceus-pupil-trace.html";

  private final Console console;

  @Spec CommandSpec spec;
  @Mixin ModelOptions model = new ModelOptions();

  @Option(
      names = "--scenes",
      defaultValue = "100",
      paramLabel = "N",
      description = "How many scenes are traced. Default: ${DEFAULT-VALUE}.")
  int scenes;

  @Option(
      names = "--asked",
      defaultValue = "500",
      paramLabel = "N",
      description =
          "About how many scenes a question of each kind is asked. Default: ${DEFAULT-VALUE}.")
  int asked;

  @Mixin PupilOptions pupil = new PupilOptions();
  @Mixin PageOptions result = new PageOptions();
  @Mixin CommonOptions common = new CommonOptions();

  PupilTraceCommand(Console console) {
    this.console = console;
    this.spec = CommandSpec.create();
  }

  @Override
  public Integer call() {
    if (!spec.commandLine().getParseResult().hasMatchedOption("--model")) {
      model.model = PupilBlip.NAME;
    }
    int count = PupilOptions.scenes("--scenes", scenes);
    int answers = PupilOptions.scenes("--asked", asked);
    OutputFile page = result.page(PAGE, console);
    TraceReport report;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel loaded = model.load(progress)) {
      report = new TraceStudy(loaded, pupil.seed, progress).measure(answers, count);
    }
    if (page != null) {
      page.write(TracePage.html(report, console.commandLine()));
    }
    result.give(console, page, () -> text(report), report);
    return 0;
  }

  private static String text(TraceReport report) {
    TextTable answered = new TextTable().row("question", "right", "most frequent");
    for (TraceReport.Answered one : report.answered()) {
      answered.row(one.kind().label(), one.right().text(), Share.plain(one.chance()));
    }
    TextTable damaged = new TextTable().row("damage", "probability lost", "answers lost", "traced");
    for (TraceReport.Damaged one : report.damaged()) {
      damaged.row(
          one.damage().words(),
          one.effect().text(),
          one.lost().text(),
          Integer.toString(one.gated()));
    }
    StringBuilder text = new StringBuilder();
    TracePage.sentences(report).forEach(sentence -> text.append(sentence).append('\n'));
    return text + "\n" + answered + "\n" + damaged;
  }
}
