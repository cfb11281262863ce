package dev.lynceus.lab.train;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageProcessor;
import dev.lynceus.lab.train.Parameters.Part;
import dev.lynceus.model.Checkpoints;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.text.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// Trains a stage of further skills, or of charts: from the stage `tune` of the same folder, or
/// from a checkpoint. The model gets more words than the one that it begins from; their rows are
/// drawn.
///
/// A stage that was begun may go on with another number of steps: the rates then fall to that end.
public final class SkillsTrainer implements StageTrainer {
  private static final Set<Part> MODEL = EnumSet.of(Part.TOWER, Part.PROJECTOR, Part.DECODER);

  /// Placeholder and padding, which are the last rows of the vocabulary.
  private static final int LAST = 2;

  private final SkillsStage stage;
  private final Path folder;
  private final Parameters parameters;
  private final Learning<Part, Parameters.Replica> learning;

  /// Prepares the stage: from its file in the folder if it was begun.
  ///
  /// @param plan its shape is that of the model before
  /// @param from model to begin from, a name or a folder; empty for the stage `tune`
  /// @throws LynceusException BAD_REQUEST if the stage before it is not finished, if the checkpoint
  ///   is of another shape, or if it was begun with another plan; MODEL_NOT_FOUND
  public SkillsTrainer(
      SkillsStage stage,
      Path folder,
      TrainingPlan plan,
      Optional<String> from,
      Exercises exercises) {
    this.stage = stage;
    this.folder = folder;
    Parameters before = new Parameters(plan.shape());
    String origin = begin(before, folder, from);
    stage.words().write(files());
    this.parameters = new Parameters(plan.shape().withVocabulary(stage.words().size()));
    parameters.variables().draw(EnumSet.allOf(Part.class), plan.seed());
    widen(before.variables(), parameters.variables());
    Phrases phrases = new Phrases(Tokenizer.load(files()));
    int examples = stage.examples();
    this.learning =
        new Learning<>(
            folder,
            stage,
            new Learning.Plan(
                "%s of seed %d with %d threads from %s"
                    .formatted(stage.label(), plan.seed(), plan.threads(), origin),
                plan.seed(),
                plan.steps(),
                plan.threads()),
            parameters.variables(),
            new SkillLesson(
                phrases,
                new Pixels(ImageProcessor.load(files())),
                stage == SkillsStage.SKILLS ? new TextLesson(phrases, examples) : null,
                exercises,
                examples),
            parameters::replica);
  }

  /// @return what the weights are of
  private static String begin(Parameters model, Path folder, Optional<String> from) {
    if (from.isEmpty()) {
      TrainingState.requireFinished(folder, Stage.TUNE);
      TrainingState.take(TrainingState.file(folder, Stage.TUNE), MODEL, model.variables());
      return "the stage " + Stage.TUNE.label();
    }
    try (Checkpoint checkpoint = Checkpoint.open(Checkpoints.locate(from.get()));
        Scope scope = Scope.open()) {
      for (Variables.Entry<Part> entry : model.variables().entries(MODEL)) {
        boolean fits =
            checkpoint.names().contains(entry.name())
                && Arrays.equals(checkpoint.info(entry.name()).shape(), entry.shape());
        if (!fits) {
          throw new LynceusException(
              ErrorCode.BAD_REQUEST,
              "%s has no %s of the shape %s: it is no model like the bundled one"
                  .formatted(from.get(), entry.name(), Arrays.toString(entry.shape())),
              "Begin from pupil, or from a model that `lynceus pupil train` made.");
        }
        Variables.view(model.variables().vector(), entry).copy_(checkpoint.tensor(entry.name()));
      }
      return "weights " + checkpoint.fingerprint();
    }
  }

  /// Takes all weights over; where there are more words, each keeps its row.
  private static void widen(Variables<Part> from, Variables<Part> into) {
    try (Scope scope = Scope.open()) {
      for (Variables.Entry<Part> entry : into.entries(MODEL)) {
        Variables.Entry<Part> old =
            from.entries(MODEL).stream()
                .filter(one -> one.name().equals(entry.name()))
                .findFirst()
                .orElseThrow();
        Tensor source = Variables.view(from.vector(), old);
        Tensor target = Variables.view(into.vector(), entry);
        if (Arrays.equals(old.shape(), entry.shape())) {
          target.copy_(source);
        } else {
          long words = old.shape()[0] - LAST;
          target.narrow(0, 0, words).copy_(source.narrow(0, 0, words));
          target.narrow(0, entry.shape()[0] - LAST, LAST).copy_(source.narrow(0, words, LAST));
        }
      }
    }
  }

  private Path files() {
    return folder.resolve("tokenizer-" + stage.label());
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
    new Exporter<>(parameters.variables(), files())
        .write(target, MODEL, "", parameters.shape().llavaJson(), Set.of());
  }

  @Override
  public void close() {
    learning.close();
  }
}
