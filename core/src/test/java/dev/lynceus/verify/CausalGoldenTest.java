package dev.lynceus.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.method.causal.ActivationPatching;
import dev.lynceus.method.causal.AttentionKnockout;
import dev.lynceus.method.causal.AttributionMap;
import dev.lynceus.method.causal.AttributionPatching;
import dev.lynceus.method.causal.CausalMap;
import dev.lynceus.method.causal.CausalTracing;
import dev.lynceus.method.causal.Component;
import dev.lynceus.method.causal.Corruption;
import dev.lynceus.method.causal.Job;
import dev.lynceus.method.causal.Measures.Metric;
import dev.lynceus.method.causal.Occlusion;
import dev.lynceus.method.causal.Readout;
import dev.lynceus.run.Batch;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// The causal methods give what another implementation of the same experiments gave.
class CausalGoldenTest {
  static final List<String> FAMILIES = InterventionParityTest.FAMILIES;
  private static final double METHOD = Tolerance.METHODS.absolute();

  private static Readout readout(Case c) {
    return Readout.of(c.clean, OptionalInt.of(c.target), OptionalInt.empty());
  }

  /// The noise of the reference, one row for each visual token.
  private static Corruption noise(Case c) {
    return new Corruption.Added(Values.of(c.reference.tensor("noise").unsqueeze(0)));
  }

  private static double[] flat(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }

  @ParameterizedTest
  @FieldSource("FAMILIES")
  void tracing(String family) {
    ActivationPatching patching = new ActivationPatching(Component.LAYER, "all", 1);
    CausalTracing tracing =
        new CausalTracing(
            new Corruption.Zero(), "image", patching, CausalTracing.Direction.DENOISING, 1, 0);
    try (Scope scope = Scope.open();
        Case c = new Case(family);
        Run clean = c.model.run(Batch.of(c.prompt), tracing.capture(c.model), List.of())) {
      CausalMap map =
          new CausalTracing(noise(c), "image", patching, tracing.direction(), 1, 0)
              .explain(clean, readout(c), Job.QUIET);
      double[][] restored = map.values(Metric.PROBABILITY);

      c.compare("trace.clean_prob", new double[] {map.other().orElseThrow().probability()}, METHOD);
      c.compare("trace.corrupt_prob", new double[] {map.base().probability()}, METHOD);
      c.compare("trace.restore_embed_prob", restored[0], METHOD);
      c.compare(
          "trace.restore_prob", flat(Arrays.copyOfRange(restored, 1, restored.length)), METHOD);
      // Restoring the last row after the last layer restores the answer.
      double[][] effects = map.effects(Metric.LOG_PROBABILITY);
      assertThat(effects[c.layers][c.last()])
          .isCloseTo(1, org.assertj.core.data.Offset.offset(1e-3));
    }
  }

  @ParameterizedTest
  @FieldSource("FAMILIES")
  void patchingHeads(String family) {
    ActivationPatching patching = new ActivationPatching(Component.HEAD, "last", 1);
    try (Scope scope = Scope.open();
        Case c = new Case(family);
        Run clean = c.model.run(Batch.of(c.prompt), patching.capture(c.model), List.of());
        Run corrupted =
            c.model.run(
                Batch.of(c.prompt),
                patching.capture(c.model),
                noise(c).changes(clean, "image", 0))) {
      CausalMap map = patching.explain(clean, corrupted, readout(c), Job.QUIET);

      c.compare("activation_patching.logprob", flat(map.changes(Metric.LOG_PROBABILITY)), METHOD);
      c.compare("activation_patching.logit", flat(map.changes(Metric.LOGIT)), METHOD);
    }
  }

  @ParameterizedTest
  @FieldSource("FAMILIES")
  void attributionPatchingOfHeads(String family) {
    AttributionPatching method =
        new AttributionPatching(Component.HEAD, "last", AttributionPatching.Form.ATP, 0, 0, 0);
    try (Scope scope = Scope.open();
        Case c = new Case(family);
        Run clean = c.model.run(Batch.of(c.prompt), method.capture(c.model), List.of());
        Run corrupted =
            c.model.run(
                Batch.of(c.prompt), method.capture(c.model), noise(c).changes(clean, "image", 0))) {
      for (Metric metric : List.of(Metric.LOG_PROBABILITY, Metric.LOGIT)) {
        AttributionMap map = method.explain(clean, corrupted, readout(c), metric, Job.QUIET);
        String name = "attribution_patching." + (metric == Metric.LOGIT ? "logit" : "logprob");
        c.compare(name, flat(map.estimates()), METHOD);
        // The control: gradients of the other run are not those of the reference.
        double[] wrong =
            flat(method.explain(corrupted, clean, readout(c), metric, Job.QUIET).estimates());
        double[] right = c.reference.tensor(name).toDoubles();
        double farthest = 0;
        for (int i = 0; i < wrong.length; i++) {
          farthest = Math.max(farthest, Math.abs(-wrong[i] - right[i]));
        }
        assertThat(farthest).isGreaterThan(10 * METHOD);
      }
    }
  }

  @ParameterizedTest
  @FieldSource("FAMILIES")
  void knockout(String family) {
    AttentionKnockout knockout =
        new AttentionKnockout(List.of(new AttentionKnockout.Edge("last", "image")), 2, List.of());
    try (Scope scope = Scope.open();
        Case c = new Case(family);
        Run clean = c.model.run(Batch.of(c.prompt), knockout.capture(c.model), List.of())) {
      CausalMap map = knockout.explain(clean, readout(c), Job.QUIET);

      c.compare("knockout.prob", flat(map.values(Metric.PROBABILITY)), METHOD);
      c.compare("knockout.prob_change", flat(map.changes(Metric.PROBABILITY)), METHOD);
    }
  }

  @ParameterizedTest
  @FieldSource("FAMILIES")
  void occlusion(String family) {
    Occlusion occlusion = new Occlusion(Occlusion.Space.EMBEDDING, Occlusion.Fill.MEAN, 1);
    try (Scope scope = Scope.open();
        Case c = new Case(family);
        Run clean = c.model.run(Batch.of(c.prompt), occlusion.capture(c.model), List.of())) {
      CausalMap map = occlusion.explain(clean, readout(c), Job.QUIET).getFirst();
      double[] drops =
          Arrays.stream(flat(map.changes(Metric.LOG_PROBABILITY))).map(x -> -x).toArray();

      c.compare("occlusion.prob", flat(map.values(Metric.PROBABILITY)), METHOD);
      c.compare("occlusion.logprob_drop", drops, METHOD);
    }
  }
}
