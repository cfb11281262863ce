package dev.lynceus.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.LynceusException;
import dev.lynceus.tap.Capture;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.tensor.file.StoredTensor;
import dev.lynceus.tensor.file.WidenedWeights;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Catches a way that changes numbers without saying so, or that takes more memory than it may.
class FastWayTest {
  private static final long GIB = 1L << 30;

  @TempDir Path folder;

  @Test
  void bfloat16IsTakenOnlyWhereWeightsAreOfThatTypeAndTheProcessorMultipliesIt() {
    assertThat(FastWay.of(GIB, true, true, 0)).extracting("compute").isEqualTo(DType.BFLOAT16);
    assertThat(FastWay.of(GIB, true, true, 0).note()).contains("bfloat16").contains("move by");
    assertThat(FastWay.of(GIB, true, false, 0).compute()).isEqualTo(DType.FLOAT32);
    assertThat(FastWay.of(GIB, false, true, 0).compute()).isEqualTo(DType.FLOAT32);
  }

  @Test
  void weightsAreWidenedWhereTheyTakeAtMostHalfOfTheFreeMemory() {
    assertThat(FastWay.of(GIB, false, true, 2 * GIB).weights()).isEqualTo(FastWay.Kept.WIDENED);
    FastWay tight = FastWay.of(GIB, true, false, 2 * GIB - 1);
    assertThat(tight.weights()).isEqualTo(FastWay.Kept.NO_ROOM);
    assertThat(tight.note()).contains("1.00 GiB").contains("do not move");
    FastWay plain = FastWay.of(0, false, false, GIB);
    assertThat(plain.weights()).isEqualTo(FastWay.Kept.STORED);
    assertThat(plain.note()).contains("float32").contains("do not move");
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT16", "BFLOAT16"})
  void numbersAreThoseOfAuto(DType stored) {
    Path made = write(stored);
    double[] auto;
    try (LoadedModel model = LoadedModel.load(made, LoadOptions.DEFAULT)) {
      auto = logits(model);
      assertThat(model.notes()).noneMatch(note -> note.startsWith("fast"));
      assertThat(model.weightsType()).isEqualTo(stored);
    }
    Tensor held;
    try (LoadedModel model = LoadedModel.load(made, LoadOptions.DEFAULT.fastest())) {
      List<String> told = model.notes().stream().filter(note -> note.startsWith("fast")).toList();
      assertThat(told).hasSize(1);
      double most = model.computeType() == DType.FLOAT32 ? 1e-5 : .1;
      double[] fast = logits(model);
      for (int i = 0; i < auto.length; i++) {
        assertThat(Math.abs(fast[i] - auto[i])).isLessThan(most);
      }
      held = model.model().decoder().weights().head().weight();
    }
    assertThat(held.isOpen()).isFalse();
  }

  @Test
  void widenedWeightsAreTheStoredNumbersAndEndWithClosing() {
    try (Checkpoint checkpoint = Checkpoint.open(write(DType.BFLOAT16));
        Scope scope = Scope.open()) {
      WidenedWeights wide = new WidenedWeights(checkpoint);
      for (String name : wide.names()) {
        Tensor tensor = wide.tensor(name);
        assertThat(tensor.dtype()).isEqualTo(DType.FLOAT32);
        assertThat(tensor.toFloats()).isEqualTo(checkpoint.tensor(name).toFloats());
        assertThat(wide.tensor(name)).isSameAs(tensor);
        assertThat(wide.info(name).dtype()).isEqualTo(DType.BFLOAT16);
      }
      assertThat(WidenedWeights.bytes(checkpoint)).isEqualTo(2 * checkpoint.bytes());
      wide.close();
      wide.close();
      String name = wide.names().iterator().next();
      assertThatThrownBy(() -> wide.tensor(name))
          .isInstanceOf(LynceusException.class)
          .hasMessageContaining("was closed");
    }
  }

  private Path write(DType stored) {
    return TinyModels.write(
        folder.resolve(stored.toString()),
        TinyModels.Family.LLAMA,
        7,
        tensors -> tensors.replaceAll((name, tensor) -> narrowed(tensor, stored)));
  }

  private static StoredTensor narrowed(StoredTensor tensor, DType stored) {
    try (Scope scope = Scope.open()) {
      float[] values = tensor.data().toArray(java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED);
      return StoredTensor.of(Tensor.of(values, tensor.shape()).to(stored));
    }
  }

  private static double[] logits(LoadedModel model) {
    try (Run run = model.run(model.raw("the dog"), Capture.NONE)) {
      return run.logits().toDoubles();
    }
  }
}
