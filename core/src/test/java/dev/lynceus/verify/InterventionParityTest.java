package dev.lynceus.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.run.Batch;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Indices;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Interventions, replays and gradients give what another implementation of the same experiments
/// gave: a change takes place at the point, layer, head and position that it names, and nowhere
/// else.
class InterventionParityTest {
  static final List<String> FAMILIES =
      List.of("llava-llama", "llava-mistral-gqa", "llava-gemma", "llava-qwen2-siglip");

  /// Probabilities.
  private static final double CLOSE = 1e-5;

  /// Differences of logits and log probabilities, gradients: as for every method.
  private static final double METHOD = Tolerance.METHODS.absolute();

  @ParameterizedTest
  @FieldSource("FAMILIES")
  void aPatchReplacedByTheMeanOfAll(String family) {
    try (Scope scope = Scope.open();
        Case c = new Case(family)) {
      double[] probabilities = new double[c.image.length];
      for (int p = 0; p < probabilities.length; p++) {
        Intervention hidden =
            Case.everywhere(Point.PROJECTOR_OUT, new Op.Mean(Positions.all())).at(Positions.of(p));
        try (Run run = c.clean.replay(hidden)) {
          probabilities[p] = c.probability(run);
        }
      }
      double clean = c.probability(c.clean);

      c.compare("occlusion.prob", probabilities, CLOSE);
      c.compare(
          "occlusion.prob_drop", Arrays.stream(probabilities).map(p -> clean - p).toArray(), CLOSE);
      c.compare(
          "occlusion.logprob_drop",
          Arrays.stream(probabilities).map(p -> Math.log(clean) - Math.log(p)).toArray(),
          METHOD);
    }
  }

  @ParameterizedTest
  @FieldSource("FAMILIES")
  void attentionToTheImageKnockedOut(String family) {
    try (Scope scope = Scope.open();
        Case c = new Case(family)) {
      long[] windows = c.reference.tensor("knockout.window").toLongs();
      double[] probabilities = new double[c.layers];
      for (int l = 0; l < c.layers; l++) {
        int[] window = c.layers((int) windows[2 * l], (int) windows[2 * l + 1]);
        Intervention blocked =
            new Intervention(
                Point.ATTN_SCORES,
                Indices.of(window),
                Indices.ALL,
                Positions.last(),
                new Op.Mask(Positions.parse("image")));
        try (Run run = c.clean.replay(blocked)) {
          probabilities[l] = c.probability(run);
        }
      }
      double clean = c.probability(c.clean);

      c.compare("knockout.prob", probabilities, CLOSE);
      c.compare(
          "knockout.prob_change",
          Arrays.stream(probabilities).map(p -> p - clean).toArray(),
          CLOSE);
    }
  }

  @ParameterizedTest
  @FieldSource("FAMILIES")
  void aCorruptedRunRestoredPlaceByPlace(String family) {
    try (Scope scope = Scope.open();
        Case c = new Case(family);
        Run corrupted =
            c.model.run(
                Batch.of(c.prompt),
                Capture.of(Capture.request(Point.RESID_PRE)),
                List.of(c.noise()))) {
      double[] restored =
          Case.grid(
              c.layers,
              c.prompt.length(),
              (l, p) ->
                  restored(c, corrupted, Point.RESID_POST, l, p, c.clean.get(Point.RESID_POST, l)));
      double[] embedded =
          Case.grid(
              1,
              c.prompt.length(),
              (l, p) -> restored(c, corrupted, Point.EMBED_MERGED, 0, p, c.clean.merged()));

      c.compare("trace.clean_prob", new double[] {c.probability(c.clean)}, CLOSE);
      c.compare("trace.corrupt_prob", new double[] {c.probability(corrupted)}, CLOSE);
      c.compare("trace.restore_prob", restored, CLOSE);
      c.compare("trace.restore_embed_prob", embedded, CLOSE);
    }
  }

  private static double restored(
      Case c, Run corrupted, Point point, int layer, int position, Tensor value) {
    Intervention patch =
        new Intervention(
            point,
            point.perLayer() ? Indices.of(layer) : Indices.ALL,
            Indices.ALL,
            Positions.of(position),
            new Op.Patch(Values.of(value)));
    try (Scope scope = Scope.open();
        Run run = corrupted.replay(patch)) {
      return c.probability(run);
    }
  }

  @ParameterizedTest
  @FieldSource("FAMILIES")
  void aHeadPatchedFromTheCorruptedRunAndItsFirstOrderEstimate(String family) {
    try (Scope scope = Scope.open();
        Case c = new Case(family);
        Run corrupted =
            c.model.run(
                Batch.of(c.prompt), Capture.of(Capture.request(Point.Z)), List.of(c.noise()))) {
      double logProbability = c.logProbability(c.clean).item();
      double logit = c.logit(c.clean);
      double[] changes = new double[c.layers * c.heads];
      double[] logits = new double[changes.length];
      double[] estimates = new double[changes.length];
      double[] logitEstimates = new double[changes.length];
      for (int l = 0; l < c.layers; l++) {
        Tensor difference = corrupted.get(Point.Z, l).sub(c.clean.get(Point.Z, l));
        double[] slopes = perHead(c, c.gradient(Point.Z, l, c.clean.get(Point.Z, l)), difference);
        double[] logitSlopes =
            perHead(c, c.logitGradient(Point.Z, l, c.clean.get(Point.Z, l)), difference);
        for (int h = 0; h < c.heads; h++) {
          int i = l * c.heads + h;
          Intervention patch =
              Intervention.at(Point.Z, l, new Op.Patch(Values.of(corrupted.get(Point.Z, l))))
                  .heads(h)
                  .at(Positions.last());
          try (Run run = c.clean.replay(patch)) {
            changes[i] = c.logProbability(run).item() - logProbability;
            logits[i] = c.logit(run) - logit;
          }
          estimates[i] = slopes[h];
          logitEstimates[i] = logitSlopes[h];
        }
      }

      c.compare("activation_patching.logprob", changes, METHOD);
      c.compare("activation_patching.logit", logits, METHOD);
      c.compare("attribution_patching.logprob", estimates, METHOD);
      c.compare("attribution_patching.logit", logitEstimates, METHOD);
    }
  }

  /// Sum of a product over the head's width at the last position.
  private static double[] perHead(Case c, Tensor gradient, Tensor difference) {
    return gradient.mul(difference).sum(-1).select(0, 0).select(0, c.last()).toDoubles();
  }

  @ParameterizedTest
  @FieldSource("FAMILIES")
  void gradientsAtTheEmbeddings(String family) {
    try (Scope scope = Scope.open();
        Case c = new Case(family)) {
      Tensor embedded = c.clean.merged();
      Tensor gradient = c.gradient(Point.EMBED_MERGED, 0, embedded);

      c.compare("grad_x_input", gradient.mul(embedded).sum(-1).select(0, 0), METHOD);
      c.compare("grad_norm", gradient.square().sum(-1).sqrt().select(0, 0), METHOD);
    }
  }

  @ParameterizedTest
  @FieldSource("FAMILIES")
  void gradientsAlongThePathToABlankImage(String family) {
    try (Scope scope = Scope.open();
        Case c = new Case(family)) {
      int steps = 16;
      Tensor features = c.clean.get(Point.PROJECTOR_OUT, 0);
      Tensor sum = features.mul(0);
      for (int k = 0; k < steps; k++) {
        sum.add_(c.gradient(Point.PROJECTOR_OUT, 0, features.mul((k + 0.5) / steps)));
      }

      c.compare("ig", sum.mul(features).sum(-1).mul(1.0 / steps).reshape(-1), METHOD);
      try (Run blank = c.clean.replay(Case.everywhere(Point.PROJECTOR_OUT, new Op.Zero()))) {
        c.compare("ig.logp_baseline", c.logProbability(blank), METHOD);
      }
    }
  }

  @ParameterizedTest
  @FieldSource("FAMILIES")
  void gradientsAtTheAttentionOfDecoderAndTower(String family) {
    try (Scope scope = Scope.open();
        Case c = new Case(family)) {
      Tensor relevancy = identity(c.prompt.length());
      for (int l = 0; l < c.layers; l++) {
        relevancy = relevancy.add(cam(c, Point.PATTERN, l).matmul(relevancy));
      }
      c.compare("relevancy.llm.raw", relevancy, METHOD);

      if (c.reference.names().contains("relevancy.vit.raw")) {
        int towerLayers = c.model.model().vision().orElseThrow().shape().layers();
        Tensor seen = identity(c.image.length + 1);
        for (int l = 0; l < towerLayers - 1; l++) {
          seen = seen.add(cam(c, Point.vision(Site.PATTERN), l).matmul(seen));
        }
        c.compare("relevancy.vit.raw", seen, METHOD);
      }
    }
  }

  /// Attention times the positive part of its gradient, mean over the heads.
  private static Tensor cam(Case c, Point point, int layer) {
    Tensor pattern = c.clean.get(point, layer);
    Tensor gradient = c.logitGradient(point, layer, pattern);
    return pattern.mul(gradient).clampMin(0).mean(1).select(0, 0);
  }

  private static Tensor identity(int size) {
    Tensor identity = Torch.zeros(DType.FLOAT32, size, size);
    for (int i = 0; i < size; i++) {
      identity.narrow(0, i, 1).narrow(1, i, 1).fill_(1);
    }
    return identity;
  }

  /// The control: the same sweep with the change one position off must not agree.
  @ParameterizedTest
  @FieldSource("FAMILIES")
  void aChangeAtTheNextPositionDiffers(String family) {
    try (Scope scope = Scope.open();
        Case c = new Case(family)) {
      double[] probabilities = new double[c.image.length];
      for (int p = 0; p < probabilities.length; p++) {
        int next = (p + 1) % probabilities.length;
        Intervention hidden =
            Case.everywhere(Point.PROJECTOR_OUT, new Op.Mean(Positions.all()))
                .at(Positions.of(next));
        try (Run run = c.clean.replay(hidden)) {
          probabilities[p] = c.probability(run);
        }
      }
      Check check =
          new Judge.Within("methods.safetensors", Tolerance.METHODS)
              .tensor(
                  "occlusion.prob",
                  Tensor.of(probabilities, probabilities.length),
                  c.reference.tensor("occlusion.prob"));

      assertThat(check.verdict()).isEqualTo(Verdict.FAIL);
    }
  }
}
