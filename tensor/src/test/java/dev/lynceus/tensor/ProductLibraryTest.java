package dev.lynceus.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Catches a library of products that is on the class path and not used, or threads set in another
/// library than the one that multiplies. With `-Dlynceus.mkl` the same tests say so of Intel's.
class ProductLibraryTest {
  private final int before = Torch.threads();

  @AfterEach
  void restore() {
    Torch.setThreads(before);
  }

  @Test
  void productsComeFromIntelsLibraryWhereItIsOnTheClassPath() {
    boolean intel = System.getProperty("java.class.path").contains("-redist.jar");
    assertThat(Torch.products()).isEqualTo(intel ? "Intel MKL" : "OpenBLAS");
  }

  @Test
  void itsThreadsAreSetAndTold() {
    ProductLibrary library = ProductLibrary.loaded();
    library.setThreads(2);
    assertThat(library.threads()).isEqualTo(2);
    library.setThreads(1);
    assertThat(library.threads()).isEqualTo(1);
  }

  @Test
  void itMultiplies() {
    try (Scope scope = Scope.open()) {
      Tensor a = Torch.randn(1, 70, 90);
      Tensor b = Torch.randn(2, 90, 50);
      Tensor exact = a.to(DType.FLOAT64).matmul(b.to(DType.FLOAT64));
      assertThat(a.matmul(b).to(DType.FLOAT64).sub(exact).abs().max().item()).isLessThan(1e-4);
    }
  }

  @Test
  void aProcessorThatMultipliesBfloat16IsKnownByItsInstructions() {
    assertThat(
            Processor.multipliesBfloat16(List.of("flags\t\t: fpu avx2 avx512f avx512_bf16 vaes")))
        .isTrue();
    assertThat(
            Processor.multipliesBfloat16(List.of("model name\t: X", "flags : amx_bf16 amx_tile")))
        .isTrue();
    assertThat(Processor.multipliesBfloat16(List.of("Features\t: fp asimd bf16 i8mm"))).isTrue();
    assertThat(Processor.multipliesBfloat16(List.of("flags\t\t: fpu avx2 avx512f"))).isFalse();
    assertThat(Processor.multipliesBfloat16(List.of("model name\t: avx512_bf16", "flags")))
        .isFalse();
    assertThat(Processor.multipliesBfloat16(List.of())).isFalse();
  }
}
