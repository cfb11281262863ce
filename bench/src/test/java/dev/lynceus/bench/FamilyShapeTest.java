package dev.lynceus.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.tensor.DType;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Would catch a shape file that lacks layers, or whose sizes are not those of its name.
class FamilyShapeTest {
  private static double millions(Shape shape) {
    return shape.tensors().values().stream()
            .mapToLong(sizes -> Arrays.stream(sizes).reduce(1, Math::multiplyExact))
            .sum()
        / 1e6;
  }

  @Test
  void thereAreAsManyNumbersAsPublished() {
    assertThat(millions(FamilyShape.QWEN2_VL_2B)).isBetween(2200.0, 2220.0);
    assertThat(millions(FamilyShape.QWEN2_5_VL_7B)).isBetween(8280.0, 8300.0);
    assertThat(millions(FamilyShape.SMOLVLM_256M)).isBetween(225.0, 260.0);
    assertThat(millions(FamilyShape.BLIP_VQA_BASE)).isBetween(355.0, 390.0);
  }

  @Test
  void everyLayerIsNamedOnceWithItsNumber() {
    Map<String, long[]> tensors = FamilyShape.QWEN2_5_VL_7B.tensors();
    assertThat(tensors)
        .containsKeys("model.layers.0.mlp.up_proj.weight", "visual.blocks.31.norm1.weight");
    assertThat(tensors).doesNotContainKey("model.layers.28.mlp.up_proj.weight");
    assertThat(tensors.keySet()).noneMatch(name -> name.contains("*"));
    assertThat(tensors.get("model.layers.27.self_attn.k_proj.weight")).containsExactly(512, 3584);
  }

  @Test
  void theConfigSaysTheTypeThatIsWritten() {
    assertThat(FamilyShape.SMOLVLM_256M.config(DType.BFLOAT16))
        .contains("bfloat16")
        .doesNotContain("float32");
  }
}
