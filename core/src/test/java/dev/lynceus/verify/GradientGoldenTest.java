package dev.lynceus.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.method.Target;
import dev.lynceus.method.gradient.Backward;
import dev.lynceus.method.gradient.IntegratedGradients;
import dev.lynceus.method.gradient.Objective;
import dev.lynceus.method.gradient.PathIntegral;
import dev.lynceus.method.map.InputGradientMap;
import dev.lynceus.method.map.PatchMap;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.method.map.SaliencyMap;
import dev.lynceus.method.relevancy.CompatibleRelevancy;
import dev.lynceus.method.relevancy.RelevancyMaps;
import dev.lynceus.method.relevancy.Rules;
import dev.lynceus.run.Progress;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Gradients, integrated gradients and relevancy give what another implementation gave.
class GradientGoldenTest {
  static final List<String> FAMILIES = InterventionParityTest.FAMILIES;
  private static final double METHOD = Tolerance.METHODS.absolute();

  private static Target target(Case c) {
    return Target.token("", c.last(), c.target);
  }

  private static double[] map(Case c, PatchMethod method) {
    return patches(c, method).values();
  }

  private static PatchMap patches(Case c, PatchMethod method) {
    TokenMap.View view = c.prompt.tokens().views().getFirst();
    return method.map(c.clean, target(c), view, new SplittableRandom(1));
  }

  /// The entries of a reference vector at the visual tokens.
  private static double[] visual(Case c, String name) {
    double[] all = c.reference.tensor(name).toDoubles();
    return IntStream.of(c.image).mapToDouble(p -> all[p]).toArray();
  }

  @ParameterizedTest
  @FieldSource("FAMILIES")
  void gradients(String family) {
    try (Scope scope = Scope.open();
        Case c = new Case(family)) {
      Backward backward = new Backward(c.clean);
      Tensor entering = backward.entering();
      Tensor slopes = backward.inputs(entering, Objective.logProbability(target(c))).slopes();

      c.compare("grad_norm", slopes.square().sum(2).sqrt().select(0, 0), METHOD);
      c.compare("grad_x_input", slopes.mul(entering).sum(2).select(0, 0), METHOD);
      assertThat(map(c, new SaliencyMap())).containsExactly(visual(c, "grad_norm"), within(METHOD));
      assertThat(map(c, new InputGradientMap()))
          .containsExactly(visual(c, "grad_x_input"), within(METHOD));
    }
  }

  @ParameterizedTest
  @FieldSource("FAMILIES")
  void integratedGradients(String family) {
    try (Scope scope = Scope.open();
        Case c = new Case(family)) {
      IntegratedGradients.Result found =
          new IntegratedGradients(
                  IntegratedGradients.Baseline.ZERO, PathIntegral.Spacing.EVEN, 16, 16)
              .explain(c.clean, target(c));

      c.compare("ig", IntStream.of(c.image).mapToDouble(p -> found.values()[p]).toArray(), METHOD);
      c.compare("ig.logp_clean", new double[] {found.clean()}, METHOD);
      c.compare("ig.logp_baseline", new double[] {found.base()}, METHOD);
    }
  }

  @ParameterizedTest
  @FieldSource("FAMILIES")
  void theSharesOfTheTokensAddUpToWhatThePictureBrings(String family) {
    try (Scope scope = Scope.open();
        Case c = new Case(family)) {
      for (PatchMethod method :
          PatchMethod.named("integrated-gradients,integrated-gradients-pixels")) {
        PatchMap map = patches(c, method);
        assertThat(map.gap().orElseThrow()).as(method.name()).isLessThan(.01);
      }
      IntegratedGradients.Result zero =
          new IntegratedGradients(
                  IntegratedGradients.Baseline.ZERO, PathIntegral.Spacing.GRADED, 16, 432)
              .explain(c.clean, target(c));
      assertThat(Arrays.stream(zero.values()).sum())
          .isCloseTo(
              zero.clean() - zero.base(), within(.01 * Math.abs(zero.clean() - zero.base())));
    }
  }

  @ParameterizedTest
  @FieldSource("FAMILIES")
  void relevancyThroughTheDecoder(String family) {
    try (Scope scope = Scope.open();
        Case c = new Case(family)) {
      Tensor[] weights = new Tensor[c.layers];
      new Backward(c.clean)
          .attention(
              Objective.logits(target(c)),
              at -> weights[at.layer()] = weights(at, c.prompt.length()).own());
      double[] identity = identity(c.prompt.length());
      Tensor start = Tensor.of(identity, c.prompt.length(), c.prompt.length()).to(DType.FLOAT32);
      Tensor rows = start;
      for (int l = 0; l < c.layers; l++) {
        c.compare("relevancy.llm.cam." + l, weights[l], METHOD);
        rows = rows.add(weights[l].matmul(rows));
      }
      c.compare("relevancy.llm.raw", rows, METHOD);
      // Rows passed from the last layer down are those of the product from the first layer up.
      Tensor down = start;
      for (int l = c.layers - 1; l >= 0; l--) {
        down = Rules.down(down, weights[l]);
      }
      assertThat(down.sub(rows).abs().max().item()).isLessThan(1e-5);
      c.compare("relevancy.llm", Rules.normalized(rows, start).add(start), METHOD);
      RelevancyMaps.Result found = new RelevancyMaps().explain(c.clean, target(c), Progress.NONE);
      double[] last = found.positions().clone();
      last[c.last()]++;
      c.compare("relevancy.llm.last", last, METHOD);
      c.compare("relevancy.llm.image_map", found.maps().getFirst().decoder(), METHOD);
      assertThat(map(c, PatchMethod.named("relevancy").getFirst()))
          .containsExactly(found.maps().getFirst().decoder(), within(1e-9));
      // The control: the layers in the other order are not the map.
      Tensor wrong = start;
      for (int l = 0; l < c.layers; l++) {
        wrong = Rules.down(wrong, weights[l]);
      }
      double[] other = Rules.normalized(wrong, start).select(0, c.last()).toDoubles();
      assertThat(farthest(other, found.positions())).isGreaterThan(10 * METHOD);
      for (Tensor layer : weights) {
        layer.close();
      }
    }
  }

  /// The weights of a layer whose heads come at once, of all rows: no objective reads others.
  private static Tensor weights(Backward.Attended at, int length) {
    assertThat(at.head()).isZero();
    Tensor all = Torch.zeros(DType.FLOAT32, length, length);
    all.narrow(0, at.row(), at.pattern().size(1)).copy_(Rules.weights(at.pattern(), at.slope()));
    return all;
  }

  /// The maps of the tool that was copied, faults included, for the first token of an answer.
  @ParameterizedTest
  @FieldSource("FAMILIES")
  void relevancyAsTheToolComputesIt(String family) {
    try (Scope scope = Scope.open();
        Case c = new Case(family)) {
      CompatibleRelevancy compatible = new CompatibleRelevancy();
      if (!c.reference.names().contains("relevancy.vit.image_map")) {
        assertThatThrownBy(() -> compatible.explain(c.clean, List.of(target(c)), Progress.NONE))
            .hasMessageContaining("a tower with a class token");
        return;
      }
      CompatibleRelevancy.Maps maps =
          compatible.explain(c.clean, List.of(target(c)), Progress.NONE).getFirst();
      c.compare("relevancy.llm.image_map", maps.llama(), METHOD);
      c.compare("relevancy.vit.image_map", maps.vit(), METHOD);
      c.compare("relevancy.all.image_map", maps.all(), METHOD);
    }
  }

  private static double farthest(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> Math.abs(a[i] - b[i])).max().orElse(0);
  }

  static double[] identity(int size) {
    double[] one = new double[size * size];
    for (int i = 0; i < size; i++) {
      one[i * size + i] = 1;
    }
    return one;
  }
}
