package dev.lynceus.cli;

import dev.lynceus.lab.train.BlipPlan;
import dev.lynceus.lab.train.BlipShape;
import dev.lynceus.lab.train.BlipStage;
import dev.lynceus.lab.train.BlipTrainer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus pupil blip`: trains a BLIP of the world from random weights.
@Command(
    name = "blip",
    header = "Train a BLIP for question answering like the bundled one, from random weights.",
    description = {
      "Stages: tower, align, and ask, which makes the model. A stage that is stopped goes on where it",
      "was when the same command is given again."
    },
    sortOptions = false)
final class PupilBlipCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--stage",
      defaultValue = "all",
      paramLabel = "NAME",
      description = "tower, align, ask, or all. Default: ${DEFAULT-VALUE}.")
  String stage = "all";

  @Written(Written.As.FOLDER)
  @Option(
      names = "--out",
      defaultValue = "pupil-blip-training",
      paramLabel = "DIR",
      description =
          "Folder of states, logs and checkpoints; one training. Default: ${DEFAULT-VALUE}.")
  String out = "pupil-blip-training";

  @Mixin TrainingOptions training = new TrainingOptions();

  @Option(
      names = "--threads",
      defaultValue = "1",
      paramLabel = "N",
      description =
          "Threads that share the examples of a step; another number gives other weights."
              + " Default: ${DEFAULT-VALUE}.")
  int threads = 1;

  @Mixin CommonOptions common = new CommonOptions();

  PupilBlipCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    training.check(stage, threads);
    try (ProgressLine progress = new ProgressLine(console, common.quiet)) {
      for (BlipStage one : stages()) {
        train(one, progress);
      }
    }
    return 0;
  }

  private List<BlipStage> stages() {
    if (stage.equals("all")) {
      return List.of(BlipStage.values());
    }
    return List.of(
        Arrays.stream(BlipStage.values())
            .filter(one -> one.label().equals(stage))
            .findFirst()
            .orElseThrow(() ->
                TrainingOptions.noStage(
                    stage, Arrays.stream(BlipStage.values()).map(BlipStage::label))));
  }

  private void train(BlipStage one, ProgressLine progress) {
    Path folder = Path.of(out);
    BlipPlan plan =
        new BlipPlan(BlipShape.bundled(), training.seed, training.steps(one.steps()), threads);
    try (BlipTrainer trainer = new BlipTrainer(folder, one, plan)) {
      new TrainingRun(console, common.quiet, progress, folder, one.label())
          .train(trainer, plan.steps(), training.until);
    }
  }
}
