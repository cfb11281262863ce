package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.literacy.ChartWorld;
import dev.lynceus.lab.skill.SkillWorld;
import dev.lynceus.lab.train.Exercises;
import dev.lynceus.lab.train.PupilShape;
import dev.lynceus.lab.train.SkillsStage;
import dev.lynceus.lab.train.SkillsTrainer;
import dev.lynceus.lab.train.Stage;
import dev.lynceus.lab.train.Trainer;
import dev.lynceus.lab.train.TrainingPlan;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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
      description =
          "copy, text, tower, projector, tune, all of these, skills, or charts. Default:"
              + " ${DEFAULT-VALUE}.")
  String stage = "all";

  @Option(
      names = "--from",
      defaultValue = "tune",
      paramLabel = "MODEL",
      description =
          "What skills and charts begin from: the stage tune of the folder, or a model, for example"
              + " pupil. Default: ${DEFAULT-VALUE}.")
  String from = "tune";

  @Written(Written.As.FOLDER)
  @Option(
      names = "--out",
      defaultValue = "pupil-training",
      paramLabel = "DIR",
      description =
          "Folder of states, logs and checkpoints; one training. Default: ${DEFAULT-VALUE}.")
  String out = "pupil-training";

  @Mixin TrainingOptions training = new TrainingOptions();

  @Option(
      names = "--threads",
      defaultValue = "2",
      paramLabel = "N",
      description =
          "Threads that share the examples of a step; another number gives other weights."
              + " Default: ${DEFAULT-VALUE}.")
  int threads = 2;

  @Mixin CommonOptions common = new CommonOptions();

  PupilTrainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    training.check(stage, threads);
    Optional<SkillsStage> further =
        Arrays.stream(SkillsStage.values()).filter(one -> one.label().equals(stage)).findFirst();
    if (further.isEmpty() && !from.equals(Stage.TUNE.label())) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--from " + from + " says what skills and charts begin from, and the stage is " + stage,
          "Leave --from out, or give --stage skills or --stage charts.");
    }
    try (ProgressLine progress = new ProgressLine(console, common.quiet)) {
      if (further.isPresent()) {
        train(further.get(), progress);
        return 0;
      }
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
                TrainingOptions.noStage(
                    stage,
                    Stream.concat(
                        Arrays.stream(Stage.values()).map(Stage::label),
                        Arrays.stream(SkillsStage.values()).map(SkillsStage::label)))));
  }

  private void train(SkillsStage one, ProgressLine progress) {
    Path folder = Path.of(out);
    TrainingPlan plan =
        new TrainingPlan(PupilShape.bundled(), training.seed, training.steps(one.steps()), threads);
    Optional<String> origin =
        from.equals(Stage.TUNE.label()) ? Optional.empty() : Optional.of(from);
    Exercises exercises =
        switch (one) {
          case SKILLS -> new SkillWorld();
          case CHARTS -> new ChartWorld();
        };
    try (SkillsTrainer trainer = new SkillsTrainer(one, folder, plan, origin, exercises)) {
      new TrainingRun(console, common.quiet, progress, folder, stage)
          .train(trainer, plan.steps(), training.until);
    }
  }

  private void train(Stage one, ProgressLine progress) {
    Path folder = Path.of(out);
    TrainingPlan plan =
        new TrainingPlan(PupilShape.bundled(), training.seed, training.steps(one.steps()), threads);
    try (Trainer trainer = new Trainer(folder, one, plan)) {
      new TrainingRun(console, common.quiet, progress, folder, one.label())
          .train(trainer, plan.steps(), training.until);
    }
  }
}
