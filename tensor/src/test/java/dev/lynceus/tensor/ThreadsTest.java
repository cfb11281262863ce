package dev.lynceus.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Catches a pool of threads that does not hear of the setting, or that is left on one thread.
class ThreadsTest {
  private final int before = Torch.threads();

  @AfterEach
  void restore() {
    Torch.setThreads(before);
  }

  @Test
  void settingGovernsBothPools() {
    Torch.setThreads(2);
    assertThat(Torch.threads()).isEqualTo(2);
    assertThat(Threads.products()).isEqualTo(2);
    Torch.setThreads(1);
    assertThat(Torch.threads()).isEqualTo(1);
    assertThat(Threads.products()).isEqualTo(1);
  }

  @Test
  void productsRunOnOneThreadInsideAnOperationThatSharesItsWork() {
    Torch.setThreads(2);
    int seen = Threads.oneEach(() -> Threads.oneEach(() -> 0) + Threads.products());
    assertThat(seen).isEqualTo(1);
    assertThat(Threads.products()).isEqualTo(2);
  }

  @Test
  void anOperationOfSmallProductsIsLeftAlone() {
    Torch.setThreads(2);
    assertThat(Threads.<Integer>oneEach(1L << 18, Threads::products)).isEqualTo(2);
    assertThat(Threads.<Integer>oneEach((1L << 18) + 1, Threads::products)).isEqualTo(1);
  }

  @Test
  void productsAreBackOnAllThreadsAfterAFailure() {
    Torch.setThreads(2);
    assertThat(
            org.assertj.core.api.Assertions.catchThrowable(() ->
                Threads.oneEach(() -> {
                  throw new IllegalStateException("failed");
                })))
        .hasMessage("failed");
    assertThat(Threads.products()).isEqualTo(2);
  }

  @Test
  void javaThreadsThatComputeAtOnceGetTheSameNumbers() throws Exception {
    Torch.setThreads(1);
    float[] alone = attention();
    try (ExecutorService pool = Executors.newFixedThreadPool(3)) {
      Callable<float[]> job =
          () -> {
            assertThat(Torch.threads()).isEqualTo(1);
            return attention();
          };
      for (Future<float[]> result : pool.invokeAll(List.of(job, job, job, job, job, job))) {
        assertThat(result.get()).isEqualTo(alone);
      }
    }
  }

  private static float[] attention() {
    try (Scope scope = Scope.open()) {
      Tensor x = Torch.randn(7, 1, 2, 80, 32);
      Tensor w = Torch.randn(8, 32, 32);
      Tensor q = Torch.linear(x, w, null);
      return Torch.scaledDotProductAttention(q, x, x, null, true, 0.2).toFloats();
    }
  }
}
