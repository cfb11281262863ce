package dev.lynceus.pupil.train;

import dev.lynceus.image.ImageProcessor;
import dev.lynceus.pupil.train.Parameters.Part;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;

/// Trains one stage. Each step's examples are dealt to threads, each of which runs a replica of the
/// model over the same memory; their gradients are added in order, so a plan gives the same weights
/// every time. All examples of a step follow from the seed and the step's number, which makes a
/// stage continue where it was stopped.
public final class Trainer implements AutoCloseable {
  private static final double DECAY = .05;
  private static final int REPORT_EVERY = 20;
  private static final int EVALUATE_EVERY = 250;
  private static final int SAVE_EVERY = 250;
  private static final int EVALUATED = 4;

  /// Mixed into the seed of examples that are not trained on.
  private static final long HELD_OUT = 0x5eed_0000_0000L;

  private final Path folder;
  private final Stage stage;
  private final TrainingPlan plan;
  private final Parameters parameters;
  private final AdamW<Part> optimizer;
  private final Lesson lesson;
  private final List<Tensor> gradients = new ArrayList<>();
  private final List<Parameters.Replica> replicas = new ArrayList<>();
  private final Parameters.Replica observer;
  private final ExecutorService threads;
  private final int threadsBefore = Torch.threads();
  private long done;

  /// Prepares a stage: from its file in the folder if it was begun, else from the stages before it.
  ///
  /// @throws dev.lynceus.error.LynceusException BAD_REQUEST if a stage before it is not finished,
  ///   or if it was begun with another plan
  public Trainer(Path folder, Stage stage, TrainingPlan plan) {
    this.folder = folder;
    this.stage = stage;
    this.plan = plan;
    // Before anything is written: a stage that cannot begin leaves nothing behind.
    stage.after().forEach(before -> TrainingState.requireFinished(folder, before));
    TokenizerFiles.write(folder.resolve("tokenizer"));
    this.parameters = new Parameters(plan.shape());
    this.optimizer = new AdamW<>(parameters.variables(), DECAY);
    this.lesson = lesson(stage, folder.resolve("tokenizer"));
    begin();
    for (int i = 0; i < plan.threads(); i++) {
      Tensor gradient = Torch.zeros(DType.FLOAT32, parameters.variables().size()).own();
      gradients.add(gradient);
      replicas.add(parameters.replica(stage.parts(), gradient));
    }
    this.observer = parameters.replica(Set.of(), gradients.getFirst());
    this.threads =
        Executors.newFixedThreadPool(
            plan.threads(), Thread.ofPlatform().name("trainer-", 0).daemon().factory());
  }

  private static Lesson lesson(Stage stage, Path files) {
    Phrases phrases = new Phrases(Tokenizer.load(files));
    Pixels pixels = new Pixels(ImageProcessor.load(files));
    int examples = stage.examples();
    TextLesson texts = new TextLesson(phrases, examples);
    return switch (stage) {
      case COPY -> new CopyLesson(phrases, examples);
      case TEXT -> texts;
      case TOWER -> new TowerLesson(pixels, examples);
      case PROJECTOR -> new VisualLesson(phrases, pixels, null, examples);
      case TUNE -> new VisualLesson(phrases, pixels, texts, examples);
    };
  }

  private void begin() {
    parameters.variables().draw(EnumSet.allOf(Part.class), plan.seed());
    for (Stage before : stage.after()) {
      TrainingState.take(
          TrainingState.file(folder, before), before.parts(), parameters.variables());
    }
    Path file = TrainingState.file(folder, stage);
    if (TrainingState.progress(file) != null) {
      done =
          TrainingState.resume(
              file,
              parameters.variables(),
              optimizer,
              stage.parts(),
              TrainingState.Of.of(stage, plan));
    }
  }

  /// Steps that are done.
  public long done() {
    return done;
  }

  /// Trains until the stage is finished or is stopped, and writes its file.
  ///
  /// @param until stop after this step at the latest
  /// @param stopped asked after each step
  public void train(TrainingListener listener, long until, BooleanSupplier stopped) {
    long start = System.nanoTime();
    long first = done;
    double sum = 0;
    int counted = 0;
    Tally tally = new Tally();
    while (done < Math.min(until, plan.steps()) && !stopped.getAsBoolean()) {
      sum += step(tally);
      counted++;
      if (done % REPORT_EVERY == 0 || done == plan.steps()) {
        double seconds = (System.nanoTime() - start) / 1e9;
        listener.steps(
            stage,
            done,
            plan.steps(),
            sum / counted,
            tally.shares(),
            seconds,
            (done - first) / seconds);
        sum = 0;
        counted = 0;
        tally = new Tally();
      }
      if (done % EVALUATE_EVERY == 0 || done == plan.steps()) {
        evaluate(listener);
      }
      if (done % SAVE_EVERY == 0) {
        save();
      }
    }
    save();
  }

  private void save() {
    TrainingState.save(
        TrainingState.file(folder, stage),
        parameters.variables(),
        optimizer,
        stage.parts(),
        TrainingState.Of.of(stage, plan),
        done);
  }

  private double step(Tally tally) {
    double progress = done / (double) plan.steps();
    List<Future<Shard>> shards = new ArrayList<>();
    for (int i = 0; i < plan.threads(); i++) {
      int shard = i;
      shards.add(threads.submit(() -> backward(shard, progress)));
    }
    double loss = 0;
    double weight = 0;
    try {
      for (Future<Shard> future : shards) {
        Shard shard = future.get();
        loss += shard.loss();
        weight += shard.weight();
        tally.add(shard.tally());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the training was interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("a step of the training failed", e);
    }
    Tensor total = gradients.getFirst();
    for (Tensor other : gradients.subList(1, gradients.size())) {
      total.add_(other);
      other.fill_(0);
    }
    total.mul_(1 / weight);
    double norm = optimizer.step(total, stage.rates(done, plan.steps()), done + 1);
    total.fill_(0);
    if (!Double.isFinite(norm)) {
      throw new IllegalStateException("the gradient of step " + done + " is not finite");
    }
    done++;
    return loss / weight;
  }

  /// What a thread tells of its examples.
  private record Shard(double loss, double weight, Tally tally) {}

  private Shard backward(int shard, double progress) {
    // The number is kept for each thread that computes; the examples are what is shared out here.
    Torch.setThreads(1);
    int share =
        lesson.examples() * (shard + 1) / plan.threads()
            - lesson.examples() * shard / plan.threads();
    try (Scope scope = Scope.open()) {
      Lesson.Loss loss =
          lesson.loss(replicas.get(shard), random(plan.seed(), done, shard), share, progress);
      loss.sum().backward();
      return new Shard(loss.sum().item(), loss.weight(), loss.tally());
    }
  }

  private SplittableRandom random(long seed, long step, int shard) {
    long mixed = new SplittableRandom(seed * 31 + stage.ordinal()).nextLong();
    return new SplittableRandom(new SplittableRandom(mixed + step * 1_000 + shard).nextLong());
  }

  private void evaluate(TrainingListener listener) {
    double loss = 0;
    double weight = 0;
    Tally tally = new Tally();
    for (int i = 0; i < EVALUATED; i++) {
      try (Scope scope = Scope.open()) {
        Lesson.Loss one =
            lesson.loss(observer, random(plan.seed() ^ HELD_OUT, i, 0), 2 * lesson.examples(), 1);
        loss += one.sum().item();
        weight += one.weight();
        tally.add(one.tally());
      }
    }
    listener.evaluated(stage, done, loss / weight, tally.shares());
  }

  /// Writes the checkpoint that the parts of this stage and of those before it make.
  public void export(Path target) {
    new Exporter(parameters, folder.resolve("tokenizer")).write(target, stage);
  }

  @Override
  public void close() {
    threads.shutdownNow();
    Torch.setThreads(threadsBefore);
  }
}
