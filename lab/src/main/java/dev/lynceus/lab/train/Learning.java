package dev.lynceus.lab.train;

import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;

/// Goes through the steps of one stage. Each step's examples are dealt to threads, each of which
/// runs a replica of the model over the same memory; their gradients are added in order, so a plan
/// gives the same weights every time. All examples of a step follow from the seed and the step's
/// number, which makes a stage continue where it was stopped.
///
/// @param <P> parts that are trained together or not
/// @param <M> the model in training
final class Learning<P extends Enum<P>, M> implements AutoCloseable {
  private static final double DECAY = .05;
  private static final int REPORT_EVERY = 20;
  private static final int EVALUATED = 4;

  /// Mixed into the seed of examples that are not trained on.
  private static final long HELD_OUT = 0x5eed_0000_0000L;

  /// What the numbers follow from.
  ///
  /// @param text of the whole plan
  /// @param threads shards of a step
  record Plan(String text, long seed, long steps, int threads) {}

  /// Makes a model over the memory of what is trained.
  @FunctionalInterface
  interface Replicas<P extends Enum<P>, M> {
    /// One of them.
    ///
    /// @param trained parts whose gradients are wanted
    /// @param gradients vector that gradients are added to
    M of(Set<P> trained, Tensor gradients);
  }

  private final Path file;
  private final Course<P> course;
  private final Plan plan;
  private final Variables<P> variables;
  private final AdamW<P> optimizer;
  private final Lesson<M> lesson;
  private final Lesson<M> heldOut;
  private final List<Tensor> gradients = new ArrayList<>();
  private final List<M> replicas = new ArrayList<>();
  private final M observer;
  private final ExecutorService threads;
  private final int threadsBefore = Torch.threads();
  private long done;

  /// Prepares a stage: from its file in the folder if it was begun, else from the variables as they
  /// are.
  ///
  /// @throws dev.lynceus.error.LynceusException BAD_REQUEST if it was begun with another plan
  Learning(
      Path folder,
      Course<P> course,
      Plan plan,
      Variables<P> variables,
      Lesson<M> lesson,
      Replicas<P, M> models) {
    this(folder, course, plan, variables, lesson, lesson, models);
  }

  /// The same, asked about the examples of another lesson while it learns.
  Learning(
      Path folder,
      Course<P> course,
      Plan plan,
      Variables<P> variables,
      Lesson<M> lesson,
      Lesson<M> heldOut,
      Replicas<P, M> models) {
    this.file = TrainingState.file(folder, course);
    this.course = course;
    this.plan = plan;
    this.variables = variables;
    this.optimizer = new AdamW<>(variables, DECAY);
    this.lesson = lesson;
    this.heldOut = heldOut;
    if (TrainingState.progress(file) != null) {
      done = TrainingState.resume(file, variables, optimizer, course.parts(), state());
    }
    for (int i = 0; i < plan.threads; i++) {
      Tensor gradient = Torch.zeros(DType.FLOAT32, variables.size()).own();
      gradients.add(gradient);
      replicas.add(models.of(course.parts(), gradient));
    }
    this.observer = models.of(Set.of(), gradients.getFirst());
    this.threads =
        Executors.newFixedThreadPool(
            plan.threads, Thread.ofPlatform().name("trainer-", 0).daemon().factory());
  }

  private TrainingState.Of state() {
    return new TrainingState.Of(course.label(), plan.text, plan.steps);
  }

  /// Steps that are done.
  long done() {
    return done;
  }

  /// Goes on until the stage is finished or is stopped, and writes its file.
  ///
  /// @param until stop after this step at the latest
  /// @param stopped asked after each step
  void train(TrainingListener listener, long until, BooleanSupplier stopped) {
    long start = System.nanoTime();
    long first = done;
    double sum = 0;
    int counted = 0;
    Tally tally = new Tally();
    while (done < Math.min(until, plan.steps) && !stopped.getAsBoolean()) {
      sum += step(tally);
      counted++;
      if (done % REPORT_EVERY == 0 || done == plan.steps) {
        double seconds = (System.nanoTime() - start) / 1e9;
        listener.steps(
            done, plan.steps, sum / counted, tally.shares(), seconds, (done - first) / seconds);
        sum = 0;
        counted = 0;
        tally = new Tally();
      }
      if (done % course.pause() == 0 || done == plan.steps) {
        evaluate(listener);
      }
      if (done % course.pause() == 0) {
        save();
      }
    }
    save();
  }

  private void save() {
    TrainingState.save(file, variables, optimizer, course.parts(), state(), done);
  }

  private double step(Tally tally) {
    double progress = done / (double) plan.steps;
    List<Future<Shard>> shards = new ArrayList<>();
    for (int i = 0; i < plan.threads; i++) {
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
    double norm = optimizer.step(total, course.rates(done, plan.steps), done + 1);
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
        lesson.examples() * (shard + 1) / plan.threads - lesson.examples() * shard / plan.threads;
    try (Scope scope = Scope.open()) {
      Lesson.Loss loss =
          lesson.loss(replicas.get(shard), random(plan.seed, done, shard), share, progress);
      loss.sum().backward();
      return new Shard(loss.sum().item(), loss.weight(), loss.tally());
    }
  }

  private SplittableRandom random(long seed, long step, int shard) {
    long mixed = new SplittableRandom(seed * 31 + course.ordinal()).nextLong();
    return new SplittableRandom(new SplittableRandom(mixed + step * 1_000 + shard).nextLong());
  }

  private void evaluate(TrainingListener listener) {
    double loss = 0;
    double weight = 0;
    Tally tally = new Tally();
    for (int i = 0; i < EVALUATED; i++) {
      try (Scope scope = Scope.open()) {
        Lesson.Loss one =
            heldOut.loss(observer, random(plan.seed ^ HELD_OUT, i, 0), 2 * heldOut.examples(), 1);
        loss += one.sum().item();
        weight += one.weight();
        tally.add(one.tally());
      }
    }
    listener.evaluated(done, loss / weight, tally.shares());
  }

  @Override
  public void close() {
    threads.shutdownNow();
    Torch.setThreads(threadsBefore);
  }
}
