package dev.lynceus.method.causal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.method.causal.Measures.Metric;
import dev.lynceus.method.causal.PathPatching.Input;
import dev.lynceus.method.causal.PathPatching.Networks;
import dev.lynceus.method.causal.PathPatching.Receiver;
import dev.lynceus.run.Batch;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.file.StoredTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Paths equal the three passes made one by one; direct effects add up where the way to the answer
/// is straight.
class PathPatchingTest {
  private static final int LAYERS = TinyModels.LAYERS;
  private static final int HEADS = TinyModels.HEADS;
  @TempDir private Path folder;

  private static PathPatching toward(Input input, Networks networks, Receiver... receivers) {
    return new PathPatching("all", List.of(receivers), input, networks);
  }

  private static Run run(LoadedModel model, Family family, List<Intervention> changes) {
    Prompt prompt = TinyModels.prompt(model, family, "what color is the dog", 1);
    Capture all = toward(Input.QUERY, Networks.HELD).capture(model);
    return model.run(Batch.of(prompt), all, changes);
  }

  private static Run broken(LoadedModel model, Family family, Run clean) {
    return run(model, family, new Corruption.Noise(2).changes(clean, "image", 3));
  }

  /// Norms divide by a constant and feed-forward networks are silent: what heads write reaches the
  /// logits as it is, however curved their attention.
  @Test
  void directEffectsAddUpWhereNothingStandsBetween() throws IOException {
    Path written =
        TinyModels.write(
            folder.resolve("straight"),
            Family.LLAVA_CLIP,
            7,
            tensors -> {
              for (String name : List.copyOf(tensors.keySet())) {
                if (name.startsWith("language_model.model.")) {
                  if (name.endsWith("norm.weight")) {
                    fill(tensors, name, 1e7f);
                  } else if (name.contains("down_proj")) {
                    fill(tensors, name, 0);
                  }
                }
              }
            });
    Path config = written.resolve("config.json");
    Files.writeString(
        config,
        Files.readString(config)
            .replace("\"max_position", "\"rms_norm_eps\": 1e14, \"max_position"));
    try (LoadedModel model = LoadedModel.load(written, LoadOptions.DEFAULT.compute(DType.FLOAT64));
        Run clean = run(model, Family.LLAVA_CLIP, List.of());
        Run broken = broken(model, Family.LLAVA_CLIP, clean)) {
      Readout readout = Readout.of(clean, OptionalInt.empty(), OptionalInt.empty());
      CausalMap map = toward(Input.QUERY, Networks.HELD).explain(clean, broken, readout, Job.QUIET);
      double sum = Arrays.stream(map.changes(Metric.LOGIT)).flatMapToDouble(Arrays::stream).sum();
      double whole = readout.of(broken).logit() - readout.of(clean).logit();
      assertThat(Math.abs(whole)).isGreaterThan(1e-2);
      assertThat(sum).isCloseTo(whole, within(1e-5 * Math.abs(whole)));
    }
  }

  private static void fill(Map<String, StoredTensor> tensors, String name, float number) {
    long[] shape = tensors.get(name).shape();
    float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    Arrays.fill(values, number);
    tensors.put(name, StoredTensor.of(values, shape));
  }

  @Test
  void pathsEqualTheThreePassesOneByOne() {
    for (Family family : List.of(Family.LLAVA_CLIP, Family.LLAVA_CLIP_LIST_FULL)) {
      try (LoadedModel model = TinyModels.load(folder, family);
          Run clean = run(model, family, List.of());
          Run broken = broken(model, family, clean)) {
        Readout readout = Readout.of(clean, OptionalInt.empty(), OptionalInt.empty());
        for (Input input : Input.values()) {
          for (Networks networks : Networks.values()) {
            CausalMap map =
                toward(input, networks, new Receiver(2, 3))
                    .explain(clean, broken, readout, Job.QUIET);
            assertThat(map.cells().get(0).get(1).logit())
                .as("%s %s %s", family, input, networks)
                .isCloseTo(byHand(clean, broken, input, networks, readout), within(1e-4));
            for (int head = 0; head < HEADS; head++) {
              assertThat(map.cells().get(2).get(head).divergence())
                  .as("no way leads from a head to its own layer")
                  .isCloseTo(0, within(1e-9));
            }
          }
        }
        CausalMap same =
            toward(Input.VALUE, Networks.FREE, new Receiver(1, 0), new Receiver(2, 1))
                .explain(clean, clean, readout, Job.QUIET);
        assertThat(same.strongest(Metric.LOGIT, 1).getFirst().change()).isCloseTo(0, within(1e-5));
      }
    }
  }

  /// Sender 0.1, receiver 2.3.
  private static double byHand(
      Run clean, Run broken, Input input, Networks networks, Readout readout) {
    List<Intervention> second = new ArrayList<>();
    second.add(
        Intervention.at(Point.Z, 0, new Op.Patch(Values.of(broken.get(Point.Z, 0)))).heads(1));
    for (int l = 0; l < LAYERS; l++) {
      if (l > 0) {
        second.add(Intervention.at(Point.Z, l, new Op.Patch(Values.of(clean.get(Point.Z, l)))));
      }
      if (networks == Networks.HELD) {
        second.add(
            Intervention.at(
                Point.MLP_OUT, l, new Op.Patch(Values.of(clean.get(Point.MLP_OUT, l)))));
      }
    }
    Point point =
        switch (input) {
          case QUERY -> Point.ROT_Q;
          case KEY -> Point.ROT_K;
          case VALUE -> Point.V;
        };
    LoadedModel model = clean.model();
    try (Run held =
        model.run(clean.batch(), Capture.of(Capture.request(point).layers(2)), second)) {
      int heads = (int) held.get(point, 2).size(2);
      Intervention third =
          Intervention.at(point, 2, new Op.Patch(Values.of(held.get(point, 2))))
              .heads(3 * heads / HEADS)
              .at(input == Input.QUERY ? Positions.last() : Positions.all());
      try (Run run = model.run(clean.batch(), Capture.NONE, List.of(third))) {
        return readout.of(run).logit();
      }
    }
  }

  @Test
  void aReceiverThatIsNotThereIsRefused() {
    try (LoadedModel model = TinyModels.load(folder, Family.LLAVA_CLIP);
        Run clean = run(model, Family.LLAVA_CLIP, List.of())) {
      Readout readout = Readout.of(clean, OptionalInt.empty(), OptionalInt.empty());
      assertThatThrownBy(() ->
              toward(Input.KEY, Networks.HELD, new Receiver(3, 0))
                  .explain(clean, clean, readout, Job.QUIET))
          .hasMessageContaining("there is no head 3.0 to receive");
    }
  }
}
