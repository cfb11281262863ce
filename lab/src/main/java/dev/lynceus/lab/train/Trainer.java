package dev.lynceus.lab.train;

import dev.lynceus.image.ImageProcessor;
import dev.lynceus.lab.train.Parameters.Part;
import dev.lynceus.text.Tokenizer;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// Trains one stage of a model like the bundled one.
public final class Trainer implements StageTrainer {
  private static final String DECODER = "language_model.";
  private static final Set<String> OF_PICTURES =
      Set.of("processor_config.json", "preprocessor_config.json");

  private final Path folder;
  private final Stage stage;
  private final Parameters parameters;
  private final Learning<Part, Parameters.Replica> learning;

  /// Prepares a stage: from its file in the folder if it was begun, else from the stages before it.
  ///
  /// @throws dev.lynceus.error.LynceusException BAD_REQUEST if a stage before it is not finished,
  ///   or if it was begun with another plan
  public Trainer(Path folder, Stage stage, TrainingPlan plan) {
    this.folder = folder;
    this.stage = stage;
    // Before anything is written: a stage that cannot begin leaves nothing behind.
    stage.after().forEach(before -> TrainingState.requireFinished(folder, before));
    TokenizerFiles.WORLD.write(files());
    this.parameters = new Parameters(plan.shape());
    parameters.variables().draw(EnumSet.allOf(Part.class), plan.seed());
    for (Stage before : stage.after()) {
      TrainingState.take(
          TrainingState.file(folder, before), before.parts(), parameters.variables());
    }
    this.learning =
        new Learning<>(
            folder,
            stage,
            new Learning.Plan(plan.toString(), plan.seed(), plan.steps(), plan.threads()),
            parameters.variables(),
            lesson(stage, files()),
            parameters::replica);
  }

  private Path files() {
    return folder.resolve("tokenizer");
  }

  private static Lesson<Parameters.Replica> lesson(Stage stage, Path files) {
    Phrases phrases = new Phrases(Tokenizer.load(files));
    Pixels pixels = new Pixels(ImageProcessor.load(files));
    int examples = stage.examples();
    TextLesson texts = new TextLesson(phrases, examples);
    return switch (stage) {
      case COPY -> new CopyLesson(phrases, examples);
      case TEXT -> texts;
      case TOWER -> new TowerLesson<>(pixels, examples);
      case PROJECTOR -> new VisualLesson(phrases, pixels, null, examples);
      case TUNE -> new VisualLesson(phrases, pixels, texts, examples);
    };
  }

  @Override
  public long done() {
    return learning.done();
  }

  @Override
  public void train(TrainingListener listener, long until, BooleanSupplier stopped) {
    learning.train(listener, until, stopped);
  }

  /// The base model after a stage of texts, the whole model after one of pictures.
  @Override
  public void export(Path target) {
    Exporter<Part> exporter = new Exporter<>(parameters.variables(), files());
    switch (stage) {
      case COPY, TEXT ->
          exporter.write(
              target, Set.of(Part.DECODER), DECODER, parameters.shape().llamaJson(), OF_PICTURES);
      case TOWER, PROJECTOR, TUNE ->
          exporter.write(
              target,
              Set.of(Part.TOWER, Part.PROJECTOR, Part.DECODER),
              "",
              parameters.shape().llavaJson(),
              Set.of());
    }
  }

  @Override
  public void close() {
    learning.close();
  }
}
