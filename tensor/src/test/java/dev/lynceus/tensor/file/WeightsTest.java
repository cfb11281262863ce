package dev.lynceus.tensor.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WeightsTest {

  private Scope scope;
  private Weights weights;

  @BeforeEach
  void open() {
    scope = Scope.open();
    weights =
        Weights.of(
            "a test",
            Map.of(
                "model.layers.1.q.weight", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3),
                "model.layers.1.q.bias", Tensor.of(new float[] {1, 2}, 2),
                "model.layers.10.q.weight", Tensor.of(new float[] {10}, 1),
                "model.layers.1", Tensor.of(new float[] {9}, 1),
                "scale", Tensor.of(new float[] {0.5f})));
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void prefixesReadLikeTheCheckpoint() {
    Weights layer = weights.at("model").at("layers.1");
    assertThat(layer.prefix()).isEqualTo("model.layers.1");
    assertThat(layer.get("q.weight", 2, 3).toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(layer.get("q.bias", Weights.ANY).toFloats()).containsExactly(1, 2);
    assertThat(layer.has("q.weight")).isTrue();
    assertThat(layer.has("q")).isFalse();
    assertThat(layer.hasBelow("q")).isTrue();
    assertThat(layer.get("").toFloats()).containsExactly(9);
    assertThat(weights.get("scale", new long[0]).toFloats()).containsExactly(0.5f);
  }

  @Test
  void layerOneDoesNotSeeLayerTen() {
    assertThat(weights.at("model.layers.1").names())
        .containsExactly("model.layers.1.q.bias", "model.layers.1.q.weight");
  }

  @Test
  void theFirstAlternativeThatIsThereIsFound() {
    assertThat(weights.find("lm_head.weight", "scale", "model.layers.1")).contains("scale");
    assertThat(weights.find("lm_head.weight")).isEmpty();
    assertThat(weights.findAt("language_model", "model.layers").map(Weights::prefix))
        .contains("model.layers");
    assertThat(weights.findAt("language_model")).isEmpty();
  }

  @Test
  void aWrongShapeIsToldWithNameAndBothShapes() {
    LynceusException error =
        catchThrowableOfType(
            LynceusException.class, () -> weights.at("model.layers.1").get("q.weight", 3, -1));
    assertThat(error.code()).isEqualTo(ErrorCode.BAD_CHECKPOINT);
    assertThat(error)
        .hasMessageContainingAll("a test", "'model.layers.1.q.weight'", "[2, 3]", "[3, any]");
    assertThatThrownBy(() -> weights.get("model.layers.1.q.bias", 2, 1))
        .isInstanceOf(LynceusException.class);
    assertThat(weights.unused()).as("a refused tensor is not taken").hasSize(5);
  }

  @Test
  void anAbsentTensorIsToldWithItsNeighbours() {
    LynceusException error =
        catchThrowableOfType(
            LynceusException.class, () -> weights.at("model.layers.1").get("q.wight"));
    assertThat(error).hasMessageContainingAll("a test", "'model.layers.1.q.wight'");
    assertThat(error.nextStep()).contains("'model.layers.1.q.weight'");
  }

  @Test
  void whatWasNeverTakenIsListed() {
    Weights layer = weights.at("model.layers.1");
    layer.get("q.weight");
    layer.info("q.bias");
    weights.skip("scale", "absent.buffer");
    assertThat(layer.unused()).containsExactly("model.layers.1.q.bias");
    assertThat(weights.unused())
        .containsExactly("model.layers.1", "model.layers.1.q.bias", "model.layers.10.q.weight");
  }
}
