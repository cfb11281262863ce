package dev.lynceus.tap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.tensor.Tensor;
import org.junit.jupiter.api.Test;

/// ProjectAway by hand (arXiv 2410.02762): h = (2, 1), t = (1, 1), strength 1.5.
class ProjectToyTest {
  @Test
  void theWorkedExampleAndItsMirror() {
    Intervention change =
        Intervention.at(Point.RESID_PRE, 0, new Op.Project(Values.of(1, 1), 1.5, Op.When.POSITIVE));
    try (Tensor value = Tensor.of(new float[] {2, 1, -2, -1}, 1, 2, 2);
        Tensor changed = Changes.apply(change, 0, value, 0, Labels.NONE)) {
      // The second points against the word and stays.
      assertThat(changed.toFloats()).containsExactly(-0.25f, -1.25f, -2, -1);
    }
  }
}
