package dev.lynceus.lab.train;

import dev.lynceus.image.ImageProcessor;
import dev.lynceus.lab.train.BlipShape.Part;
import dev.lynceus.text.Tokenizer;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// Trains one stage of a BLIP that answers questions about the world, from random weights.
public final class BlipTrainer implements StageTrainer {
  private final Path folder;
  private final BlipShape shape;
  private final Variables<Part> variables;
  private final Learning<Part, BlipReplica> learning;

  /// Prepares a stage: from its file in the folder if it was begun, else from the stages before it.
  ///
  /// @throws dev.lynceus.error.LynceusException BAD_REQUEST if a stage before it is not finished,
  ///   or if it was begun with another plan
  public BlipTrainer(Path folder, BlipStage stage, BlipPlan plan) {
    this.folder = folder;
    this.shape = plan.shape();
    // Before anything is written: a stage that cannot begin leaves nothing behind.
    stage.after().forEach(before -> TrainingState.requireFinished(folder, before));
    BlipWords.write(files());
    this.variables = shape.variables();
    shape.draw(variables, plan.seed());
    for (BlipStage before : stage.after()) {
      TrainingState.take(TrainingState.file(folder, before), before.parts(), variables);
    }
    this.learning =
        new Learning<>(
            folder,
            stage,
            new Learning.Plan(plan.toString(), plan.seed(), plan.steps(), plan.threads()),
            variables,
            lesson(stage, files()),
            (trained, gradients) -> shape.replica(variables, trained, gradients));
  }

  private Path files() {
    return folder.resolve("tokenizer");
  }

  private static Lesson<BlipReplica> lesson(BlipStage stage, Path files) {
    Pixels pixels = new Pixels(ImageProcessor.load(files));
    return switch (stage) {
      case TOWER -> new TowerLesson<>(pixels, stage.examples());
      case ALIGN -> new WordLesson(new BlipWords(Tokenizer.load(files)), pixels, stage.examples());
      case ASK -> new AskLesson(new BlipWords(Tokenizer.load(files)), pixels, stage.examples());
    };
  }

  /// Whether all steps of a stage were done.
  public static boolean isFinished(Path folder, BlipStage stage) {
    return TrainingState.isFinished(TrainingState.file(folder, stage));
  }

  @Override
  public long done() {
    return learning.done();
  }

  @Override
  public void train(TrainingListener listener, long until, BooleanSupplier stopped) {
    learning.train(listener, until, stopped);
  }

  @Override
  public void export(Path target) {
    new Exporter<>(variables, files()).write(target, BlipShape.MODEL, "", shape.json(), Set.of());
  }

  @Override
  public void close() {
    learning.close();
  }
}
