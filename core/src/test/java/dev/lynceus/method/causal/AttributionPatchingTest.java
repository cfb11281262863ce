package dev.lynceus.method.causal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.method.causal.AttributionPatching.Form;
import dev.lynceus.method.causal.Measures.Metric;
import dev.lynceus.run.Batch;
import dev.lynceus.run.Ledger;
import dev.lynceus.run.Limits;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
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

/// Estimates equal what patching gives where the model is linear, and come near it as the runs do.
class AttributionPatchingTest {
  private static final int LAYERS = TinyModels.LAYERS;
  private static final String BODY = "language_model.model.";
  @TempDir private Path folder;

  private static LoadedModel load(Path checkpoint) {
    return LoadedModel.load(checkpoint, LoadOptions.DEFAULT.compute(DType.FLOAT64));
  }

  private static AttributionPatching method(Component site, String positions, Form form) {
    return new AttributionPatching(site, positions, form, 5, 30, 1);
  }

  private static double worst(AttributionMap.Tested tested) {
    return tested.cells().stream()
        .mapToDouble(cell -> Math.abs(cell.estimate() - cell.change()))
        .max()
        .orElseThrow();
  }

  private static double largest(AttributionMap.Tested tested) {
    return tested.cells().stream().mapToDouble(cell -> Math.abs(cell.change())).max().orElseThrow();
  }

  /// Norms divide by a constant, attention is even, and the feed-forward networks are silent: with
  /// all that the decoder is linear.
  private Path linear(boolean even) throws IOException {
    Path written =
        TinyModels.write(
            folder.resolve("linear" + even),
            Family.LLAVA_CLIP,
            7,
            tensors -> {
              for (Map.Entry<String, StoredTensor> entry : List.copyOf(tensors.entrySet())) {
                String name = entry.getKey();
                if (!name.startsWith(BODY)) {
                  continue;
                }
                if (name.endsWith("norm.weight")) {
                  fill(tensors, name, 1e7f);
                }
                if (name.contains("down_proj")
                    || name.contains("q_proj")
                        && (even || !name.contains("layers." + (LAYERS - 1)))) {
                  fill(tensors, name, 0);
                }
              }
            });
    Path config = written.resolve("config.json");
    Files.writeString(
        config,
        Files.readString(config)
            .replace("\"max_position", "\"rms_norm_eps\": 1e14, \"max_position"));
    return written;
  }

  private static void fill(Map<String, StoredTensor> tensors, String name, float number) {
    long[] shape = tensors.get(name).shape();
    int count = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    float[] values = new float[count];
    Arrays.fill(values, number);
    tensors.put(name, StoredTensor.of(values, shape));
  }

  /// Two runs, and the readout of the first.
  private record Pair(Run base, Run source, Readout readout) implements AutoCloseable {
    static Pair of(LoadedModel model, AttributionPatching method, double noise) {
      Prompt prompt = TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is the dog", 1);
      Run base = model.run(Batch.of(prompt), kept(model, method), List.of());
      Run source =
          model.run(
              Batch.of(prompt),
              kept(model, method),
              new Corruption.Noise(noise).changes(base, "image", 3));
      return new Pair(base, source, Readout.of(base, OptionalInt.empty(), OptionalInt.empty()));
    }

    private static Capture kept(LoadedModel model, AttributionPatching method) {
      Capture all = method.capture(model);
      for (Point point : List.of(Point.ATTN_OUT, Point.MLP_OUT)) {
        if (all.requests().stream().noneMatch(request -> request.point() == point)) {
          all = all.and(Capture.request(point));
        }
      }
      return all;
    }

    AttributionMap map(AttributionPatching method, Metric metric) {
      return method.explain(base, source, readout, metric, Job.QUIET);
    }

    @Override
    public void close() {
      source.close();
      base.close();
    }
  }

  @Test
  void ofALinearModelEveryEstimateIsTrue() throws IOException {
    try (LoadedModel model = load(linear(true))) {
      for (Component site :
          List.of(Component.LAYER, Component.ATTENTION, Component.HEAD, Component.VALUE)) {
        AttributionPatching method = method(site, "all", Form.ATP);
        try (Pair pair = Pair.of(model, method, 1)) {
          AttributionMap map = pair.map(method, Metric.LOGIT);
          assertThat(largest(map.sample())).as("%s moves the answer", site).isGreaterThan(1e-3);
          assertThat(worst(map.sample())).as(site.name()).isLessThan(1e-6);
          assertThat(worst(map.strongest())).as(site.name()).isLessThan(1e-6);
          // Places that no difference reaches are ranked by rounding.
          assertThat(map.sample().agreement().orElseThrow()).isGreaterThan(0.95);
          if (site == Component.LAYER) {
            double sum = Arrays.stream(map.estimates()[0]).sum();
            assertThat(sum)
                .as("the input carries all of the difference")
                .isCloseTo(map.other().logit() - map.base().logit(), within(1e-6));
          }
        }
      }
    }
  }

  /// Behind the last layer's attention this model is linear, so the fix leaves no error there.
  @Test
  void theFixMakesQueriesAndKeysTrueWhereOnlyTheAttentionIsCurved() throws IOException {
    try (LoadedModel model = load(linear(false))) {
      for (Component site : List.of(Component.QUERY, Component.KEY)) {
        for (String positions : List.of("all", "5:9", "last")) {
          AttributionPatching fixed = method(site, positions, Form.QK_FIX);
          try (Pair pair = Pair.of(model, fixed, 3)) {
            AttributionMap map = pair.map(fixed, Metric.LOGIT);
            AttributionMap plain = pair.map(method(site, positions, Form.ATP), Metric.LOGIT);
            assertThat(worst(map.sample()))
                .as("%s %s", site, positions)
                .isLessThan(1e-6 * Math.max(1, largest(map.sample())));
            if (largest(map.sample()) > 1e-3) {
              assertThat(worst(plain.sample())).isGreaterThan(0.02 * largest(map.sample()));
            }
          }
        }
      }
    }
  }

  @Test
  void estimatesComeNearAsTheRunsDo() {
    try (LoadedModel model =
        load(TinyModels.write(folder.resolve("curved"), Family.LLAVA_CLIP, 7))) {
      for (Component site : Component.values()) {
        if (!model.model().has(site.point())) {
          continue;
        }
        for (Metric metric :
            List.of(Metric.PROBABILITY, Metric.LOG_PROBABILITY, Metric.LOGIT_DIFFERENCE)) {
          AttributionPatching method = method(site, "all", Form.QK_FIX);
          double[] errors = new double[2];
          for (int i = 0; i < 2; i++) {
            try (Pair pair = Pair.of(model, method, i == 0 ? 1e-3 : 1e-4)) {
              AttributionMap map = pair.map(method, metric);
              errors[i] = worst(map.sample()) / largest(map.sample());
            }
          }
          assertThat(errors[1]).as("%s %s", site, metric).isLessThan(0.01);
          assertThat(errors[1] / errors[0]).as("%s %s", site, metric).isBetween(0.05, 0.2);
        }
      }
    }
  }

  /// With a layer passed by, the estimate is what a tiny change does while that layer keeps writing
  /// what it wrote.
  @Test
  void aLayerThatIsPassedByStaysAsItWas() {
    try (LoadedModel model =
            load(TinyModels.write(folder.resolve("dropped"), Family.LLAVA_CLIP, 7));
        Scope scope = Scope.open()) {
      for (Component site : List.of(Component.LAYER, Component.FEED_FORWARD, Component.KEY)) {
        AttributionPatching method = method(site, "6:12", Form.ATP_STAR);
        try (Pair pair = Pair.of(model, method, 1e-5)) {
          AttributionMap map = pair.map(method, Metric.LOGIT);
          double[][] found = map.dropped().orElseThrow();
          double before = pair.readout.of(pair.base).logit();
          int rows = map.rows().size();
          double largest = 0;
          for (int row = 0; row < rows; row++) {
            int layer = site == Component.LAYER ? row - 1 : row;
            double sum = 0;
            int count = 0;
            for (int passed = 0; passed < LAYERS; passed++) {
              if (site != Component.LAYER && passed == layer) {
                continue;
              }
              List<Intervention> changes =
                  new ArrayList<>(
                      new ActivationPatching(site, "6:12", 1).cell(pair.base, pair.source, row, 1));
              for (Point point : List.of(Point.ATTN_OUT, Point.MLP_OUT)) {
                changes.add(
                    Intervention.at(
                        point, passed, new Op.Patch(Values.of(pair.base.get(point, passed)))));
              }
              try (Run frozen = model.run(pair.base.batch(), Capture.NONE, changes)) {
                sum += Math.abs(pair.readout.of(frozen).logit() - before);
                count++;
              }
            }
            largest = Math.max(largest, sum / count);
            assertThat(found[row][1])
                .as("%s, row %d", site, row)
                .isCloseTo(sum / count, within(2e-4 * largest + 1e-12));
          }
          assertThat(largest).isGreaterThan(1e-8);
          assertThat(Math.abs(map.estimates()[0][1])).isNotCloseTo(found[0][1], within(1e-12));
        }
      }
    }
  }

  @Test
  void aRunPutIntoItselfHasNoEffectAndSeedsRepeat() {
    try (LoadedModel model = load(TinyModels.write(folder.resolve("same"), Family.LLAVA_CLIP, 7))) {
      AttributionPatching method = method(Component.HEAD, "last", Form.ATP_STAR);
      try (Pair pair = Pair.of(model, method, 3)) {
        AttributionMap none =
            method.explain(pair.base, pair.base, pair.readout, Metric.LOGIT, Job.QUIET);
        for (double[] row : none.estimates()) {
          assertThat(row).containsOnly(0);
        }
        assertThat(none.sample().agreement()).as("nothing to rank").isEmpty();
        AttributionMap one = pair.map(method, Metric.LOGIT);
        AttributionMap two = pair.map(method, Metric.LOGIT);
        assertThat(one.sample().cells()).isEqualTo(two.sample().cells()).hasSize(12);
        assertThat(one.sample().cells().stream().map(c -> c.row() + "." + c.column()))
            .doesNotHaveDuplicates();
        assertThat(one.strongest().cells()).hasSize(5);
        assertThatThrownBy(() -> pair.map(method, Metric.DIVERGENCE))
            .hasMessageContaining("has no slope");
        Progress stop =
            new Progress() {
              @Override
              public void at(String stage, long done, long total) {}

              @Override
              public boolean cancelled() {
                return true;
              }
            };
        Job job = new Job(stop, cost -> {}, Limits.DEFAULT, Ledger.NONE);
        assertThatThrownBy(
                () -> method.explain(pair.base, pair.source, pair.readout, Metric.LOGIT, job))
            .hasMessageContaining("stopped at gradients");
      }
    }
  }
}
