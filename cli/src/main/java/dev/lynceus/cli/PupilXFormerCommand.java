package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.measure.XFormerPage;
import dev.lynceus.lab.measure.XFormerPictures;
import dev.lynceus.lab.measure.XFormerReport;
import dev.lynceus.lab.measure.XFormerStudy;
import dev.lynceus.lab.train.ScenePool;
import dev.lynceus.lab.train.TrainingLog;
import dev.lynceus.lab.train.XFormerExam;
import dev.lynceus.lab.train.XFormerPlan;
import dev.lynceus.lab.train.XFormerShape;
import dev.lynceus.lab.train.XFormerStage;
import dev.lynceus.lab.train.XFormerTrainer;
import dev.lynceus.lab.train.XFormerVariant;
import dev.lynceus.method.score.Share;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.pupil.PupilBase;
import dev.lynceus.report.StaticPage;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus pupil xformer`: trains X-Formers of the world, and measures what each way brings.
@Command(
    name = "xformer",
    header = "Train X-Formers, whole and with a way closed, and measure what each way brings.",
    description = {
      "",
      "An X-Former's queries read two towers: one that texts taught, and a masked autoencoder.",
      "Both towers are trained once; then, for each seed and variant, queries and block by the losses",
      "of texts and pixels, and a second stage before a frozen decoder. One thread. What is stopped",
      "goes on where it was when the same command is given again.",
      ""
    },
    sortOptions = false)
final class PupilXFormerCommand implements Callable<Integer> {
  private static final String PAGE = "lynceus-xformer.html";

  private final Console console;

  @Written(Written.As.FOLDER)
  @Option(
      names = "--dir",
      defaultValue = "pupil-xformer",
      paramLabel = "DIR",
      description = "Folder of states and logs. Default: ${DEFAULT-VALUE}.")
  String dir = "pupil-xformer";

  @Option(
      names = "--seeds",
      defaultValue = "3",
      paramLabel = "N",
      description = "How many seeds are trained, from 1 on. Default: ${DEFAULT-VALUE}.")
  int seeds = 3;

  @Option(
      names = "--train-scenes",
      defaultValue = "3072",
      paramLabel = "N",
      description = "How many scenes are made for the training. Default: ${DEFAULT-VALUE}.")
  int trainScenes = 3072;

  @Option(
      names = "--effort",
      defaultValue = "1",
      paramLabel = "X",
      description = "Factor on the steps of every stage. Default: ${DEFAULT-VALUE}.")
  double effort = 1;

  @Option(
      names = "--scenes",
      defaultValue = "512",
      paramLabel = "N",
      description = "How many scenes all is tried on, 32 or more. Default: ${DEFAULT-VALUE}.")
  int scenes = 512;

  @Option(
      names = "--probe-scenes",
      defaultValue = "1536",
      paramLabel = "N",
      description = "How many scenes probes are fitted on. Default: ${DEFAULT-VALUE}.")
  int probeScenes = 1536;

  @Option(names = "--measure", description = "Train nothing; measure what is trained.")
  boolean measure;

  @Mixin PageOptions result = new PageOptions();
  @Mixin CommonOptions common = new CommonOptions();

  private @Nullable ScenePool pool;

  PupilXFormerCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (!(effort > 0)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--effort " + effort + " trains nothing",
          "Give a factor above 0.");
    }
    OutputFile page = result.page(PAGE, console);
    Path folder = Path.of(dir);
    List<XFormerPlan> plans = plans();
    XFormerReport report;
    List<StaticPage.Section> pictures;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel base = LoadedModel.load(new PupilBase().folder(), LoadOptions.DEFAULT)) {
      TextStack decoder = base.model().decoder();
      if (!measure) {
        train(folder, plans, decoder, progress);
      }
      XFormerStudy study = new XFormerStudy(folder, decoder, probeScenes, scenes, progress);
      report = study.measure(plans);
      pictures = new XFormerPictures(study).sections(plans.getFirst());
    }
    if (page != null) {
      page.write(XFormerPage.html(report, pictures, console.commandLine()));
    }
    result.give(console, page, () -> text(report), report);
    return 0;
  }

  /// Trains what is not trained, stage by stage, so that what is stopped early has something of
  /// everything.
  private void train(
      Path folder, List<XFormerPlan> plans, TextStack decoder, ProgressLine progress) {
    for (XFormerStage stage : XFormerStage.values()) {
      for (XFormerPlan plan : plans) {
        if (!XFormerTrainer.isFinished(folder, stage, plan)) {
          train(folder, stage, plan, decoder, progress);
        }
      }
    }
  }

  private static String text(XFormerReport report) {
    TextTable table = new TextTable().row("trained", "seed", "read", "of Z", "of Z'", "shuffled");
    for (XFormerReport.Read read : report.read()) {
      if (read.where() == XFormerExam.Where.FUSED) {
        double before =
            report.read().stream()
                .filter(one -> one.where() == XFormerExam.Where.QUERIES)
                .filter(one -> one.variant() == read.variant() && one.seed() == read.seed())
                .filter(one -> one.attribute() == read.attribute())
                .mapToDouble(XFormerReport.Read::right)
                .findFirst()
                .orElseThrow();
        table.row(
            read.variant().label(),
            Long.toString(read.seed()),
            read.attribute().words(),
            Share.plain(before),
            Share.plain(read.right()),
            Share.plain(read.shuffled()));
      }
    }
    return XFormerPage.conclusion(report) + "\n\n" + table;
  }

  private List<XFormerPlan> plans() {
    List<XFormerPlan> plans = new ArrayList<>();
    for (int seed = 1; seed <= seeds; seed++) {
      for (XFormerVariant variant : XFormerVariant.values()) {
        plans.add(new XFormerPlan(XFormerShape.small(), variant, seed, trainScenes, effort));
      }
    }
    return plans;
  }

  private void train(
      Path folder, XFormerStage stage, XFormerPlan plan, TextStack decoder, ProgressLine progress) {
    XFormerTrainer trainer = new XFormerTrainer(folder, stage, plan, decoder);
    if (pool == null) {
      pool = XFormerTrainer.scenes(folder, plan, progress);
    }
    String label = plan.label(stage);
    TrainingLog log = new TrainingLog(folder, label);
    trainer.train(
        pool,
        (done, all, loss, parts, seconds) -> {
          log.add(done, "train", loss, parts, seconds);
          progress.at(String.format(Locale.ROOT, "%s: loss %.4f, step", label, loss), done, all);
        },
        Long.MAX_VALUE);
    progress.clear();
    if (!common.quiet) {
      console.err().println(label + ": losses in " + log.draw());
      console.err().flush();
    }
  }
}
