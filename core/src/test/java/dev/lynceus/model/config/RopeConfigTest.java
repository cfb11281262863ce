package dev.lynceus.model.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.LynceusException;
import dev.lynceus.nn.RopeScaling;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Rotary scalings as configs spell them, with the numbers that the reference library makes of them
/// (transformers 5.18.0, ROPE_INIT_FUNCTIONS).
class RopeConfigTest {
  private static final JsonMapper MAPPER = JsonMapper.shared();

  static List<JsonNode> cases() throws java.io.IOException {
    List<JsonNode> cases = new ArrayList<>();
    try (InputStream stream =
        RopeConfigTest.class.getResourceAsStream("/dev/lynceus/nn/rope.json")) {
      MAPPER.readTree(stream).forEach(cases::add);
    }
    assertThat(cases).hasSize(48);
    return cases;
  }

  /// `rope_parameters` holds everything.
  private static ObjectNode newer(JsonNode one) {
    ObjectNode config = MAPPER.createObjectNode();
    config
        .put("max_position_embeddings", one.path("max_position_embeddings").asInt())
        .set("rope_parameters", one.path("parameters").deepCopy());
    ((ObjectNode) config.get("rope_parameters")).put("rope_theta", one.path("theta").asDouble());
    return config;
  }

  /// `rope_theta` lies beside `rope_scaling`, whose kind is called `type`.
  private static ObjectNode older(JsonNode one) {
    ObjectNode config = MAPPER.createObjectNode();
    config.put("max_position_embeddings", one.path("max_position_embeddings").asInt());
    config.put("rope_theta", one.path("theta").asDouble());
    ObjectNode part = (ObjectNode) one.path("parameters").deepCopy();
    String kind = part.remove("rope_type").asString();
    if (kind.equals("default")) {
      config.putNull("rope_scaling");
    } else {
      part.put("type", kind);
      JsonNode original = part.remove("original_max_position_embeddings");
      if (original != null) {
        config.set("original_max_position_embeddings", original);
      }
      config.set("rope_scaling", part);
    }
    return config;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void frequenciesEqualTheReference(JsonNode one) {
    int trained = one.path("max_position_embeddings").asInt();
    RopeScaling first = RopeConfig.read(new Config(newer(one), "config.json"), 10000, trained);
    RopeScaling second = RopeConfig.read(new Config(older(one), "config.json"), 10000, trained);
    for (RopeScaling scaling : List.of(first, second)) {
      RopeScaling.Frequencies made =
          scaling.frequencies(one.path("head_dim").asInt(), one.path("length").asInt());
      JsonNode bits = one.path("inverse_bits");
      assertThat(made.inverse()).hasSize(bits.size());
      for (int i = 0; i < bits.size(); i++) {
        float expected = Float.intBitsToFloat(bits.get(i).asInt());
        assertThat(Math.abs(made.inverse()[i] - expected))
            .as(one.path("name").asString() + " frequency " + i + " of " + scaling)
            .isLessThanOrEqualTo(Math.ulp(expected));
      }
      assertThat(made.attentionFactor())
          .isCloseTo(one.path("attention").asDouble(), org.assertj.core.data.Offset.offset(1e-15));
    }
  }

  @Test
  void theKindsAreTakenForWhatTheyAre() throws java.io.IOException {
    for (JsonNode one : cases()) {
      Class<?> expected =
          switch (one.path("name").asString()) {
            case "default" -> RopeScaling.Default.class;
            case "linear" -> RopeScaling.Linear.class;
            case "dynamic" -> RopeScaling.Dynamic.class;
            case "yarn" -> RopeScaling.Yarn.class;
            case "longrope" -> RopeScaling.LongRope.class;
            case "llama3" -> RopeScaling.Llama3.class;
            default -> throw new AssertionError(one);
          };
      assertThat(RopeConfig.read(new Config(newer(one), "config.json"), 10000, 64))
          .isInstanceOf(expected);
    }
  }

  @Test
  void theFamilysBaseIsTakenWhereNoneIsNamed() {
    Config empty = new Config(MAPPER.createObjectNode(), "config.json");
    assertThat(RopeConfig.read(empty, 1e6, 64)).isEqualTo(new RopeScaling.Default(1e6));
    assertThat(RopeConfig.read(config("{\"rope_scaling\": null}"), 1e4, 64))
        .isEqualTo(new RopeScaling.Default(1e4));
    assertThat(
            RopeConfig.read(
                config("{\"rope_scaling\": {\"type\": \"linear\", \"factor\": 2}}"), 5, 64))
        .isEqualTo(new RopeScaling.Linear(5, 2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"rope_scaling\": {\"type\": \"mrope\"}}",
        "{\"rope_parameters\": {\"rope_type\": \"proportional\"}}",
        "{\"partial_rotary_factor\": 0.5, \"rope_scaling\": {\"type\": \"linear\", \"factor\": 2}}",
      })
  void otherKindsAreRefused(String json) {
    assertThatThrownBy(() -> RopeConfig.read(config(json), 10000, 64))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("is not supported");
  }

  private static Config config(String json) {
    return new Config(MAPPER.readTree(json), "config.json");
  }
}
