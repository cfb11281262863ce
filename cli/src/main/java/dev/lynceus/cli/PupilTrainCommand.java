package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.pupil.train.PupilShape;
import dev.lynceus.pupil.train.Stage;
import dev.lynceus.pupil.train.Trainer;
import dev.lynceus.pupil.train.TrainingListener;
import dev.lynceus.pupil.train.TrainingLog;
import dev.lynceus.pupil.train.TrainingPlan;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus pupil train`: trains a model of the world from random weights.
@Command(
    name = "train",
    header = "Train a model like the bundled one, from random weights.",
    description = {
      "Stages: copy, then text (the base model); tower, which may run beside them; then projector and",
      "tune. A stage that is stopped goes on where it was when the same command is given again."
    },
    sortOptions = false)
final class PupilTrainCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--stage",
      defaultValue = "all",
      paramLabel = "NAME",
      description = "copy, text, tower, projector, tune, or all. Default: ${DEFAULT-VALUE}.")
  String stage = "all";

  @Written(Written.As.FOLDER)
  @Option(
      names = "--out",
      defaultValue = "pupil-training",
      paramLabel = "DIR",
      description =
          "Folder of states, logs and checkpoints; one training. Default: ${DEFAULT-VALUE}.")
  String out = "pupil-training";

  @Option(
      names = "--steps",
      defaultValue = "0",
      paramLabel = "N",
      description = "Steps of each stage; 0, the default, for as many as each has by itself.")
  long steps;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "N",
      description = "Of weights and examples. Default: ${DEFAULT-VALUE}.")
  long seed = 1;

  @Option(
      names = "--threads",
      defaultValue = "2",
      paramLabel = "N",
      description =
          "Threads that share the examples of a step; another number gives other weights."
              + " Default: ${DEFAULT-VALUE}.")
  int threads = 2;

  @Option(
      names = "--until",
      paramLabel = "N",
      description = "Stop after this step of the stage, to go on another time.")
  long until = Long.MAX_VALUE;

  @Mixin CommonOptions common = new CommonOptions();

  PupilTrainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (stage.equals("all") && until != Long.MAX_VALUE) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--until stops within one stage, and --stage is all",
          "Name the stage.");
    }
    if (steps < 0 || threads < 1 || until < 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--steps, --threads and --until count something",
          "Give whole numbers above zero.");
    }
    try (ProgressLine progress = new ProgressLine(console, common.quiet)) {
      for (Stage one : stages()) {
        train(one, progress);
      }
    }
    return 0;
  }

  private List<Stage> stages() {
    if (stage.equals("all")) {
      return List.of(Stage.values());
    }
    return List.of(
        Arrays.stream(Stage.values())
            .filter(one -> one.label().equals(stage))
            .findFirst()
            .orElseThrow(() ->
                new LynceusException(
                    ErrorCode.BAD_REQUEST,
                    "--stage " + stage + " is no stage",
                    "Choose one of "
                        + Arrays.stream(Stage.values())
                            .map(Stage::label)
                            .collect(Collectors.joining(", "))
                        + " or all.")));
  }

  private void train(Stage one, ProgressLine progress) {
    Path folder = Path.of(out);
    TrainingPlan plan =
        new TrainingPlan(PupilShape.bundled(), seed, steps > 0 ? steps : one.steps(), threads);
    try (Trainer trainer = new Trainer(folder, one, plan)) {
      TrainingLog log = new TrainingLog(folder, one.label());
      trainer.train(new Listener(one, log, progress), until, () -> false);
      if (trainer.done() < plan.steps()) {
        console.out().println(one.label() + ": stopped after step " + trainer.done());
        return;
      }
      Path checkpoint = folder.resolve(one.label());
      trainer.export(checkpoint);
      console.out().println(one.label() + ": " + checkpoint + ", losses in " + log.draw());
      console.out().flush();
    }
  }

  /// Shows the progress, and keeps the losses.
  private final class Listener implements TrainingListener {
    private final Stage stage;
    private final TrainingLog log;
    private final ProgressLine progress;
    private double seconds;

    Listener(Stage stage, TrainingLog log, ProgressLine progress) {
      this.stage = stage;
      this.log = log;
      this.progress = progress;
    }

    @Override
    public void steps(
        Stage now,
        long done,
        long all,
        double loss,
        Map<String, Double> right,
        double sinceStart,
        double rate) {
      seconds = sinceStart;
      log.add(done, "train", loss, right, seconds);
      progress.at(
          String.format(
              Locale.ROOT,
              "%s: loss %.4f, %.1f steps/s, %.0f s left, step",
              stage.label(),
              loss,
              rate,
              (all - done) / rate),
          done,
          all);
    }

    @Override
    public void evaluated(Stage now, long done, double loss, Map<String, Double> right) {
      log.add(done, "held-out", loss, right, seconds);
      progress.clear();
      if (!common.quiet) {
        console
            .err()
            .println(
                String.format(
                    Locale.ROOT,
                    "%s, step %d, held out: loss %.4f  %s",
                    stage.label(),
                    done,
                    loss,
                    right.entrySet().stream()
                        .map(entry ->
                            String.format(Locale.ROOT, "%s %.3f", entry.getKey(), entry.getValue()))
                        .collect(Collectors.joining("  "))));
        console.err().flush();
      }
    }
  }
}
