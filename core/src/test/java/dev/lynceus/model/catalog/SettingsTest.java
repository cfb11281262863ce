package dev.lynceus.model.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.error.LynceusException;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tensor.Torch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Unusual settings of real configs: the tiny checkpoints with changed config.json, and the logits
/// that the reference library (transformers 5.18.0, float32) gives for the same files; or the fact
/// that it stops. Every fourth logit of the last position is kept.
class SettingsTest {
  private static final String WORDS =
      "what color is the dog cat bird red blue green brown sits on a mat in park one two three four five run";

  @TempDir private Path folder;

  @BeforeAll
  static void oneThread() {
    Torch.setThreads(1);
  }

  static List<JsonNode> cases() throws IOException {
    List<JsonNode> cases = new ArrayList<>();
    try (InputStream stream = SettingsTest.class.getResourceAsStream("settings.json")) {
      JsonMapper.shared().readTree(stream).forEach(cases::add);
    }
    assertThat(cases).hasSizeGreaterThan(100);
    return cases;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void readsThemAsTheReferenceDoes(JsonNode one) {
    Family family = Family.valueOf(one.path("family").asString());
    Path checkpoint = ChangedModels.write(folder, family, one.path("changes"), one.path("edit"));
    String note = one.path("note").asString("");
    if (one.path("lynceus").asString().equals("refused")) {
      assertThatThrownBy(() -> LoadedModel.load(checkpoint, LoadOptions.DEFAULT))
          .isInstanceOf(LynceusException.class)
          .hasMessageContaining(note);
      return;
    }
    try (LoadedModel model = LoadedModel.load(checkpoint, LoadOptions.DEFAULT);
        Run run = model.run(TinyModels.prompt(model, family, WORDS, 5), Capture.NONE)) {
      List<String> notes =
          model.notes().stream()
              .filter(told -> note.contains("positions") || !told.contains("positions are taken"))
              .toList();
      if (note.isEmpty()) {
        assertThat(notes).isEmpty();
      } else {
        assertThat(notes).singleElement().asString().contains(note);
      }
      float[] logits = run.logits().reshape(-1).toFloats();
      JsonNode expected = one.path("logits");
      assertThat(expected.size()).isEqualTo(logits.length / 4);
      double largest =
          expected.valueStream().mapToDouble(x -> Math.abs(x.asDouble())).max().orElse(0);
      for (int i = 0; i < expected.size(); i++) {
        assertThat((double) logits[4 * i])
            .as("logit " + 4 * i)
            .isCloseTo(expected.get(i).asDouble(), within(2e-5 * Math.max(1, largest)));
      }
    }
  }

  /// The comparison above can fail: settings that must change the logits do.
  @Test
  void casesDiffer() throws IOException {
    List<JsonNode> cases = cases();
    JsonNode plain = named(cases, "plain");
    for (String other :
        List.of("theta", "linear", "both rope keys", "large epsilon", "hidden_act relu2")) {
      assertThat(
              Math.abs(
                  named(cases, other).path("logits").get(0).asDouble()
                      - plain.path("logits").get(0).asDouble()))
          .as(other)
          .isGreaterThan(1e-3);
    }
  }

  private static JsonNode named(List<JsonNode> cases, String name) {
    return cases.stream()
        .filter(one -> one.path("name").asString().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
