package dev.lynceus.lab.train;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageProcessor;
import dev.lynceus.image.ImageProcessorSettings;
import dev.lynceus.lab.train.XFormerShape.Part;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.run.Progress;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.text.Tokenizer;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// Trains one stage of an X-Former on one thread. Everything that a step draws follows from the
/// seed and the step's number, so that a stage goes on where it was stopped as if it had not been.
public final class XFormerTrainer {
  private static final double DECAY = .05;
  private static final int REPORT_EVERY = 20;
  private static final int SAVE_EVERY = 100;

  /// Seed of the scenes of the training.
  private static final long SCENES = 0x7e11_5eedL;

  private final Path folder;
  private final XFormerStage stage;
  private final XFormerPlan plan;
  private final Variables<Part> variables;
  private final AdamW<Part> optimizer;
  private final Tensor gradient;
  private final TrainedXFormer model;
  private final XFormerLesson lesson;
  private long done;

  /// Told how a stage goes.
  public interface Listener {
    /// Some steps are done.
    ///
    /// @param loss mean over the steps since the last report
    /// @param parts means of what it is made of, and shares of right answers
    void steps(long done, long all, double loss, Map<String, Double> parts, double seconds);
  }

  /// Prepares a stage: from its file if it was begun, else from the stages before it.
  ///
  /// @param decoder the frozen decoder of the last stage
  /// @throws LynceusException BAD_REQUEST if a stage before it is not finished, or if it was begun
  ///   with another plan
  public XFormerTrainer(Path folder, XFormerStage stage, XFormerPlan plan, TextStack decoder) {
    this.folder = folder;
    this.stage = stage;
    this.plan = plan.of(stage);
    for (XFormerStage before : stage.after()) {
      if (!isFinished(folder, before, plan)) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "the stage " + plan.label(before) + " is not finished in " + folder,
            "Train it first, into the same folder.");
      }
    }
    this.variables = plan.shape().variables();
    this.optimizer = new AdamW<>(variables, DECAY);
    this.lesson = lesson(stage, plan, phrases(folder), decoder);
    variables.draw(EnumSet.allOf(Part.class), this.plan.seed());
    stage.after().forEach(before -> take(folder, before, plan, variables));
    Path file = file(folder, stage, plan);
    if (TrainingState.progress(file) != null) {
      done = TrainingState.resume(file, variables, optimizer, stage.parts(), of(stage, plan));
    }
    this.gradient = Torch.zeros(DType.FLOAT32, variables.size()).own();
    this.model = new TrainedXFormer(plan.shape(), variables, stage.parts(), gradient);
  }

  private static Phrases phrases(Path folder) {
    return new Phrases(Tokenizer.load(files(folder)));
  }

  /// The folder of tokenizer and image processor, written if it is not there.
  static Path files(Path folder) {
    Path files = folder.resolve("tokenizer");
    TokenizerFiles.WORLD.write(files);
    return files;
  }

  /// How colours become the model's numbers.
  public static ImageProcessorSettings.Normalisation normalisation(Path folder) {
    return ImageProcessor.load(files(folder)).settings().normalisation();
  }

  /// The scenes of the training.
  public static ScenePool scenes(Path folder, XFormerPlan plan, Progress progress) {
    return pool(folder, SCENES, plan.scenes(), progress);
  }

  /// Other scenes.
  ///
  /// @param seed which sequence
  public static ScenePool pool(Path folder, long seed, int count, Progress progress) {
    return ScenePool.of(ImageProcessor.load(files(folder)), seed, count, progress);
  }

  static XFormerLesson lesson(
      XFormerStage stage, XFormerPlan plan, Phrases phrases, TextStack decoder) {
    XFormerPath path = plan.variant().path();
    int image = plan.shape().imageToken();
    return switch (stage) {
      case TOWER -> new CaptionLesson(phrases);
      case MAE -> new PixelLesson();
      case ALIGN -> new AlignLesson(phrases, image, path, plan.variant().pixels());
      case ANSWER -> new AnswerLesson(phrases, decoder, image, path);
    };
  }

  private static Path file(Path folder, XFormerStage stage, XFormerPlan plan) {
    return folder.resolve(plan.label(stage) + ".safetensors");
  }

  private static void take(
      Path folder, XFormerStage stage, XFormerPlan plan, Variables<Part> into) {
    TrainingState.take(file(folder, stage, plan), stage.parts(), into);
  }

  /// Whether all steps of a stage were done.
  ///
  /// @throws LynceusException BAD_REQUEST if it was begun with another plan
  public static boolean isFinished(Path folder, XFormerStage stage, XFormerPlan plan) {
    return TrainingState.isFinished(file(folder, stage, plan), of(stage, plan));
  }

  /// The model that a stage and those before it made, to be measured.
  ///
  /// @throws LynceusException BAD_REQUEST if it is not finished
  public static TrainedXFormer trained(Path folder, XFormerStage stage, XFormerPlan plan) {
    if (!isFinished(folder, stage, plan)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the stage " + plan.label(stage) + " is not finished in " + folder,
          "Train it first, into the same folder.");
    }
    Variables<Part> variables = plan.shape().variables();
    stage.after().forEach(before -> take(folder, before, plan, variables));
    take(folder, stage, plan, variables);
    return new TrainedXFormer(
        plan.shape(), variables, Set.of(), Torch.zeros(DType.FLOAT32, 1).own());
  }

  private static TrainingState.Of of(XFormerStage stage, XFormerPlan plan) {
    return new TrainingState.Of(plan.label(stage), plan.of(stage).toString(), plan.steps(stage));
  }

  /// Steps that are done.
  public long done() {
    return done;
  }

  /// Trains until the stage is finished, and writes its file.
  ///
  /// @param until stop after this step at the latest
  public void train(ScenePool pool, Listener listener, long until) {
    int threads = Torch.threads();
    Torch.setThreads(1);
    try {
      steps(pool, listener, Math.min(until, plan.steps(stage)));
    } finally {
      Torch.setThreads(threads);
    }
  }

  private void steps(ScenePool pool, Listener listener, long until) {
    long start = System.nanoTime();
    double sum = 0;
    int counted = 0;
    Map<String, Double> parts = new TreeMap<>();
    while (done < until) {
      XFormerLesson.Loss loss = step(pool);
      counted++;
      sum += loss.parts().getOrDefault("loss", 0.0);
      loss.parts().forEach((name, value) -> parts.merge(name, value, Double::sum));
      if (done % REPORT_EVERY == 0 || done == plan.steps(stage)) {
        int all = counted;
        parts.remove("loss");
        parts.replaceAll((name, value) -> value / all);
        listener.steps(
            done, plan.steps(stage), sum / all, parts, (System.nanoTime() - start) / 1e9);
        sum = 0;
        counted = 0;
        parts.clear();
      }
      if (done % SAVE_EVERY == 0) {
        save();
      }
    }
    save();
  }

  private void save() {
    TrainingState.save(
        file(folder, stage, plan), variables, optimizer, stage.parts(), of(stage, plan), done);
  }

  private XFormerLesson.Loss step(ScenePool pool) {
    try (Scope scope = Scope.open()) {
      long mixed = new SplittableRandom(plan.seed() * 31 + stage.ordinal()).nextLong();
      SplittableRandom random =
          new SplittableRandom(new SplittableRandom(mixed + done * 1_000).nextLong());
      int[] some = pool.draw(Math.min(stage.examples(), pool.size()), random);
      XFormerLesson.Loss loss = lesson.loss(model, pool, some, random);
      loss.total().backward();
      Map<String, Double> parts = new TreeMap<>(loss.parts());
      parts.put("loss", loss.total().detach().item());
      double norm = optimizer.step(gradient, stage.rates(done, plan.steps(stage)), done + 1);
      gradient.fill_(0);
      if (!Double.isFinite(norm)) {
        throw new IllegalStateException("the gradient of step " + done + " is not finite");
      }
      done++;
      return new XFormerLesson.Loss(loss.total(), parts);
    }
  }
}
