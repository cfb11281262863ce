package dev.lynceus.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The places before and after the weight of a norm, and the copies of the stream that one
/// projection alone reads.
class NormPointsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(
      value = Family.class,
      names = {"LLAVA_CLIP", "GEMMA"})
  void aChangeBeforeTheWeightIsThatChangeTimesTheWeight(Family family) {
    try (LoadedModel model = TinyModels.load(folder, family);
        Scope scope = Scope.open()) {
      Prompt prompt = TinyModels.prompt(model, family, "what color is the dog", 1);
      Capture plan = Capture.of("blocks.1.ln1.hook_out", "blocks.1.ln1.hook_normalized");
      Intervention half = Intervention.at(Point.LN1_NORMALIZED, 1, new Op.Scale(.5));
      try (Run plain = model.run(prompt, plan);
          Run changed = model.run(prompt, plan, half)) {
        Numbers.close(
            "out", changed.get(Point.LN1_OUT, 1), plain.get(Point.LN1_OUT, 1).mul(.5), 1e-5);
        Tensor weight = model.model().decoder().weights().layers().get(1).attentionNorm().weight();
        Numbers.close(
            "weight",
            plain.get(Point.LN1_NORMALIZED, 1).mul(weight),
            plain.get(Point.LN1_OUT, 1),
            1e-5);
      }
    }
  }

  /// The norm comes after the copy: twice the stream gives the same queries, another direction
  /// other ones; keys and values stay as they were.
  @Test
  void theCopyOfOneProjectionReachesThatProjectionAlone() {
    try (LoadedModel model = TinyModels.load(folder, Family.LLAVA_CLIP);
        Scope scope = Scope.open()) {
      Prompt prompt = TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is the dog", 1);
      List<Point> projections = List.of(Point.Q, Point.K, Point.V);
      List<Point> copies = List.of(Point.Q_INPUT, Point.K_INPUT, Point.V_INPUT);
      Capture plan =
          Capture.of("blocks.1.attn.hook_q", "blocks.1.attn.hook_k", "blocks.1.attn.hook_v");
      try (Run plain = model.run(prompt, plan)) {
        for (int i = 0; i < 3; i++) {
          Intervention twice = Intervention.at(copies.get(i), 1, new Op.Scale(2));
          Intervention other = Intervention.at(copies.get(i), 1, new Op.Noise(3, 1));
          try (Run scaled = model.run(prompt, plan, twice);
              Run changed = model.run(prompt, plan, other)) {
            for (int j = 0; j < 3; j++) {
              Tensor before = plain.get(projections.get(j), 1);
              Numbers.close("scaled", scaled.get(projections.get(j), 1), before, 1e-4);
              double most = changed.get(projections.get(j), 1).sub(before).abs().max().item();
              if (i == j) {
                assertThat(most).as("%s", projections.get(j)).isGreaterThan(1e-2);
              } else {
                assertThat(most).as("%s", projections.get(j)).isZero();
              }
            }
          }
        }
      }
    }
  }
}
