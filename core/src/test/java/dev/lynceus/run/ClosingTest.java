package dev.lynceus.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tensor.Tensor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A model that is closed refuses, whatever of it is asked and by whom; nothing here may end the
/// process.
class ClosingTest {
  private static final Capture PATTERN = Capture.of("blocks.1.attn.hook_pattern");

  @TempDir private Path folder;
  private LoadedModel model;
  private Prompt prompt;

  @BeforeEach
  void load() {
    model = TinyModels.load(folder, Family.LLAVA_CLIP);
    prompt = TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is the dog", 1);
  }

  private double[] logits() {
    try (Run run = model.run(prompt, PATTERN)) {
      return run.logits().toDoubles();
    }
  }

  private static void refuses(String what, ThrowingCallable call) {
    LynceusException refused = catchThrowableOfType(LynceusException.class, call);
    assertThat(refused).as(what).isNotNull();
    assertThat(refused.code()).as(what).isEqualTo(ErrorCode.BAD_REQUEST);
    assertThat(refused).as(what).hasMessageContaining("closed");
  }

  @Test
  void everythingRefusesAfterClosing() {
    Run run = model.run(prompt, Sweep.base(model));
    double[] before = run.logits().toDoubles();
    Sweep sweep = Sweep.of(run, List.of(List.of()), new Reader.Logits(Tensor::toDoubles));
    Tensor weight = model.checkpoint().tensor("language_model.lm_head.weight");
    Tensor view = weight.narrow(0, 0, 2).t();
    Tensor embedding = model.model().decoder().weights().embedding();
    RgbImage image = RgbImage.of(1, 1, new byte[3]);
    model.close();
    model.close();

    refuses("run", () -> model.run(prompt, Capture.NONE));
    refuses("generate", () -> model.generate(prompt, GenerationOptions.greedy(2), Capture.NONE));
    refuses("replay", run::replay);
    refuses("sweep", () -> sweep.run(Progress.NONE, Ledger.NONE));
    refuses("cost", sweep::cost);
    refuses("base", () -> Sweep.base(model));
    refuses("prompt", () -> model.prompt("what"));
    refuses("raw prompt", () -> model.raw("what"));
    refuses("picture", () -> model.picture("x", image));
    refuses("views", () -> model.views(prompt.pictures()));
    refuses("tokenizer", model::tokenizer);
    refuses("processor", model::processor);
    refuses("model", model::model);
    refuses("lease", model::lease);
    refuses("checkpoint", () -> model.checkpoint().tensor("language_model.lm_head.weight"));
    refuses("weight", weight::toDoubles);
    refuses("view of a weight", view::toFloats);
    refuses("weight as operand", () -> run.logits().matmul(embedding));
    refuses("fingerprint", () -> model.checkpoint().fingerprint());
    refuses("digest", () -> model.checkpoint().contentDigest());
    assertThat(weight.isOpen()).isFalse();
    assertThat(weight.toString()).isEqualTo("freed tensor");

    // What a run kept is its own.
    assertThat(run.logits().toDoubles()).isEqualTo(before);
    run.close();
    assertThatThrownBy(() -> run.logits().toDoubles()).hasMessageContaining("freed");
  }

  @Test
  void severalThreadsAskOneModel() throws Exception {
    Prompt other = TinyModels.prompt(model, Family.LLAVA_CLIP, "the bird is red", 2);
    double[] first = logits();
    double[] second;
    try (Run run = model.run(other, PATTERN)) {
      second = run.logits().toDoubles();
    }
    List<Callable<double[]>> calls = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      Prompt asked = i % 2 == 0 ? prompt : other;
      calls.add(() -> {
        try (Run run = model.run(asked, Sweep.base(model));
            Run again = run.replay()) {
          assertThat(again.logits().toDoubles()).isEqualTo(run.logits().toDoubles());
          return run.logits().toDoubles();
        }
      });
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<double[]>> answers = threads.invokeAll(calls);
      for (int i = 0; i < answers.size(); i++) {
        Numbers.close("call " + i, answers.get(i).get(), i % 2 == 0 ? first : second, 1e-6);
      }
    }
    model.close();
  }

  @Test
  void closingWhileOthersRunEndsTheirPassesWell() throws Exception {
    double[] right = logits();
    AtomicInteger done = new AtomicInteger();
    CountDownLatch begun = new CountDownLatch(3);
    List<Future<?>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      for (int t = 0; t < 3; t++) {
        all.add(
            threads.submit(() -> {
              while (true) {
                Numbers.close("while it is closed", logits(), right, 1e-6);
                done.incrementAndGet();
                begun.countDown();
              }
            }));
      }
      assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
      model.close();
      for (Future<?> one : all) {
        assertThatThrownBy(() -> one.get(60, TimeUnit.SECONDS))
            .isInstanceOf(ExecutionException.class)
            .hasRootCauseInstanceOf(LynceusException.class)
            .hasMessageContaining("was closed");
      }
    }
    assertThat(done.get()).isGreaterThanOrEqualTo(3);
  }

  @Test
  void rawTensorsRefuseWhileAnotherThreadCloses() throws Exception {
    Tensor weight = model.checkpoint().tensor("language_model.lm_head.weight");
    CountDownLatch begun = new CountDownLatch(2);
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < 2; t++) {
        all.add(
            threads.submit(() -> {
              while (true) {
                weight.toDoubles();
                begun.countDown();
              }
            }));
      }
      begun.await();
      model.close();
      for (Future<?> one : all) {
        assertThatThrownBy(() -> one.get(60, TimeUnit.SECONDS))
            .hasRootCauseInstanceOf(LynceusException.class)
            .hasMessageContaining("closed");
      }
    }
  }

  @Test
  void aLeaseKeepsTheModelForItsHolder() throws Exception {
    double[] right = logits();
    Lease lease = model.lease();
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      Future<?> closing = threads.submit(model::close);
      while (!isClosing()) {
        Thread.onSpinWait();
      }
      assertThat(closing.isDone()).isFalse();
      Numbers.close("inside the lease", logits(), right, 0);
      lease.close();
      lease.close();
      closing.get(60, TimeUnit.SECONDS);
    }
    refuses("afterwards", this::logits);
    assertThat(model.checkpoint()).isNotNull();
  }

  /// Whether another thread than the holder's is refused already.
  private boolean isClosing() throws Exception {
    AtomicInteger refused = new AtomicInteger();
    Thread other =
        new Thread(() -> {
          try (Lease lease = model.lease()) {
            assertThat(lease).isNotNull();
          } catch (LynceusException closed) {
            refused.incrementAndGet();
          }
        });
    other.start();
    other.join();
    return refused.get() > 0;
  }

  @Test
  void whoClosesInsideItsOwnPassDoesNotWaitForItself() {
    AtomicInteger released = new AtomicInteger();
    Leases leases = new Leases("m", released::incrementAndGet);
    Lease own = leases.take();
    leases.close(Duration.ofHours(1));
    assertThat(released.get()).isZero();
    own.close();
    assertThat(released.get()).isEqualTo(1);
    leases.close(Duration.ZERO);
    assertThat(released.get()).isEqualTo(1);
  }

  @Test
  void patienceEndsAndTheLastOneReleases() throws Exception {
    AtomicInteger released = new AtomicInteger();
    Leases leases = new Leases("m", released::incrementAndGet);
    Lease[] other = new Lease[1];
    Thread thread = new Thread(() -> other[0] = leases.take());
    thread.start();
    thread.join();
    leases.close(Duration.ofMillis(30));
    assertThat(released.get()).isZero();
    refuses("closed", leases::take);
    other[0].close();
    assertThat(released.get()).isEqualTo(1);
  }
}
