package dev.lynceus.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.model.stack.Layer;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.model.text.TextWeights;
import dev.lynceus.nn.Activation;
import dev.lynceus.nn.Linear;
import dev.lynceus.nn.Norm;
import dev.lynceus.nn.RopeScaling;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Numbers;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Identities of the log-increase methods, which need no reference.
class LogIncreaseTest {
  private static final String WORDS = "what color is the dog";
  private static final LogIncrease METHOD = new LogIncrease();

  @TempDir Path folder;

  /// What a test needs: a run of a tiny model with everything kept, and its most probable next
  /// token.
  private record Case(LoadedModel model, Run run, Target target, int row) implements AutoCloseable {
    @Override
    public void close() {
      run.close();
      model.close();
    }
  }

  private Case open(Family family) {
    LoadedModel model = TinyModels.load(folder, family);
    Prompt prompt = TinyModels.prompt(model, family, WORDS, 1);
    int row = prompt.length() - 1;
    Capture plan =
        METHOD
            .capture(new Run.Shape(model.model().decoder().config()), row)
            .and(Capture.request(Point.LOGITS));
    Run run = model.run(prompt, plan);
    int best = run.logits().argmax(1).toInts()[0];
    return new Case(model, run, Target.token("best", row, best), row);
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void lensOfTheLastLayerGivesTheModelsOwnLogits(Family family) {
    try (Case c = open(family);
        Scope scope = Scope.open()) {
      RowTrace trace = new RowTrace(c.run, c.row);
      double eps = trace.config().normEps();
      Tensor lens =
          FrozenLens.withEps(trace.decoder(), trace.last(), eps).states(trace.last().unsqueeze(0));
      Numbers.close("logits", lens, c.run.logits(), 1e-5);
    }
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void increasesOfAllLayersAddUpToTheWhole(Family family) {
    try (Case c = open(family)) {
      LogIncrease.Result result = METHOD.explain(c.run, c.target, Progress.NONE);
      double sum =
          Arrays.stream(result.attention()).sum() + Arrays.stream(result.feedForward()).sum();
      assertThat(result.embedding() + sum).isCloseTo(result.total(), within(1e-4));
    }
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void headsAddUpToTheAttentionAndPositionsToTheHead(Family family) {
    try (Case c = open(family);
        Scope scope = Scope.open()) {
      RowTrace trace = new RowTrace(c.run, c.row);
      Tensor attention = trace.attention();
      int[] all = IntStream.rangeClosed(0, c.row).toArray();
      for (int l = 0; l < trace.config().layers(); l++) {
        Tensor heads = trace.heads(l);
        Tensor bias = trace.weights(l).attention().output().bias();
        Tensor together = bias == null ? heads.sum(0) : heads.sum(0).add(bias);
        assertThat(bias == null || trace.weights(l).behind() == null).isTrue();
        Numbers.close("layer " + l, together, attention.select(0, l), 1e-5);
        for (int h = 0; h < trace.config().heads(); h++) {
          Tensor moved = WordViews.moved(trace, l, h, all).sum(0);
          Numbers.close("head " + l + "." + h, moved, heads.select(0, h), 1e-5);
        }
      }
    }
  }

  @Test
  void theWrongKeyHeadDoesNotGiveTheHead() {
    try (Case c = open(Family.MISTRAL);
        Scope scope = Scope.open()) {
      RowTrace trace = new RowTrace(c.run, c.row);
      // Head 1 shares the key head of head 0; with the one of head 2 the sum must not come out.
      Tensor wrong =
          trace
              .values(0, 2)
              .mul(trace.pattern(0).select(0, 1).unsqueeze(1))
              .sum(0)
              .unsqueeze(0)
              .matmul(trace.outputs(0, 1));
      double[] right = trace.heads(0).select(0, 1).toDoubles();
      assertThat(Numbers.difference(wrong.toDoubles(), right)).isGreaterThan(1e-2);
    }
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void embeddingKeyInputAndValueInputAddUpToTheLayersInput(Family family) {
    try (LoadedModel model = TinyModels.load(folder, family);
        Scope scope = Scope.open()) {
      Prompt prompt = TinyModels.prompt(model, family, WORDS, 1);
      Capture plan =
          Capture.of("resid_pre", "attn_out", "mlp_out")
              .and(Capture.request(Point.RESID_POST).layers(TinyModels.LAYERS - 1));
      int[] positions = {0, 3, prompt.length() - 1};
      try (Run run = model.run(prompt, plan);
          PositionParts parts = new PositionParts(run, positions, TinyModels.LAYERS)) {
        Tensor index = Tensor.indices(positions);
        for (int l = 0; l < TinyModels.LAYERS; l++) {
          Tensor attention = run.get(Point.ATTN_OUT, l).select(0, 0).indexSelect(0, index);
          Numbers.close("attention " + l, parts.attention(l), attention, 1e-5);
          Tensor fed = run.get(Point.MLP_OUT, l).select(0, 0).indexSelect(0, index);
          Numbers.close("feed-forward " + l, parts.feedForward(l), fed, 1e-4);
          Tensor sum = parts.stream(0).add(parts.keyInput(l)).add(parts.valueInput(l));
          Numbers.close("layer input " + l, sum, parts.stream(l), 1e-5);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void positionsAreMeasuredAloneOnTheLayersInput(Family family) {
    try (Case c = open(family);
        Scope scope = Scope.open()) {
      RowTrace trace = new RowTrace(c.run, c.row);
      FrozenLens lens = FrozenLens.of(trace.decoder(), trace.last());
      Target.Aim aim = c.target.aims().getFirst();
      Tensor input = trace.stream().narrow(0, 1, 1);
      int[] all = IntStream.rangeClosed(0, c.row).toArray();
      double before = lens.values(input, aim)[0];
      double[] direct = lens.values(WordViews.moved(trace, 1, 2, all).add(input), aim);
      double[] increases = METHOD.positions(c.run, c.target, 1, 2);
      for (int p : all) {
        assertThat(increases[p]).isCloseTo(direct[p] - before, within(1e-4));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void aContrastIsLinearSoItsFirstOrderIsExact(Family family) {
    try (Case c = open(family)) {
      int id = c.target.aims().getFirst().id();
      Target contrast = Target.contrast("a − b", c.row, id, (id + 7) % 60);
      double[] positions = FirstOrder.positions(c.run, contrast);
      LogIncrease.Result result = METHOD.explain(c.run, contrast, Progress.NONE);
      // No position and no head brings the bias of the output projection.
      double bias = biases(c, contrast.aims().getFirst());
      double byPosition = Arrays.stream(positions).sum() + bias;
      assertThat(byPosition).isCloseTo(Arrays.stream(result.attention()).sum(), within(1e-3));
      double byHead = Arrays.stream(result.heads()).flatMapToDouble(Arrays::stream).sum() + bias;
      assertThat(byHead).isCloseTo(Arrays.stream(result.attention()).sum(), within(1e-3));
    }
  }

  private static double biases(Case c, Target.Aim aim) {
    try (Scope scope = Scope.open()) {
      RowTrace trace = new RowTrace(c.run, c.row);
      FrozenLens lens = FrozenLens.of(trace.decoder(), trace.last());
      double sum = 0;
      for (int l = 0; l < trace.config().layers(); l++) {
        Tensor bias = trace.weights(l).attention().output().bias();
        if (bias != null) {
          double[] logits = lens.logits(bias.unsqueeze(0)).reshape(-1).toDoubles();
          sum += logits[aim.id()] - logits[aim.against().orElseThrow()];
        }
      }
      return sum;
    }
  }

  @Test
  void aContrastTurnsItsSignWithItsSides() {
    try (Case c = open(Family.LLAMA)) {
      double[][] there =
          METHOD.explain(c.run, Target.contrast("", c.row, 9, 12), Progress.NONE).heads();
      double[][] back =
          METHOD.explain(c.run, Target.contrast("", c.row, 12, 9), Progress.NONE).heads();
      for (int l = 0; l < there.length; l++) {
        for (int h = 0; h < there[l].length; h++) {
          assertThat(there[l][h]).isCloseTo(-back[l][h], within(1e-5));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void anAnswerIsTheSumOfItsTokensAndTheSameWhetherGeneratedOrGiven(Family family) {
    try (LoadedModel model = TinyModels.load(folder, family)) {
      Prompt prompt = TinyModels.prompt(model, family, WORDS, 1);
      int row = prompt.length() - 1;
      Capture plan = METHOD.capture(new Run.Shape(model.model().decoder().config()), row);
      try (Generation generation = model.generate(prompt, GenerationOptions.greedy(4), plan)) {
        int[] ids = generation.answer().ids();
        Target whole =
            new Target(
                "answer",
                IntStream.range(0, ids.length)
                    .mapToObj(i -> new Target.Aim(row + i, ids[i], OptionalInt.empty()))
                    .toList());
        LogIncrease.Result generated = METHOD.explain(generation.run(), whole, Progress.NONE);
        double told = Arrays.stream(generation.answer().logProbabilities()).sum();
        assertThat(generated.total()).isCloseTo(told, within(1e-3));
        try (Run given = model.run(prompt.withAnswer(Arrays.copyOf(ids, ids.length - 1)), plan)) {
          LogIncrease.Result forced = METHOD.explain(given, whole, Progress.NONE);
          for (int l = 0; l < TinyModels.LAYERS; l++) {
            Numbers.close("heads", forced.heads()[l], generated.heads()[l], 1e-3);
          }
          double[] positions = METHOD.positions(given, whole, 0, 1);
          // A model that ended its answer itself has also passed the last token.
          double[] longer = METHOD.positions(generation.run(), whole, 0, 1);
          Numbers.close("positions", Arrays.copyOf(longer, positions.length), positions, 1e-3);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void theBestNeuronIsFoundAmongAll(Family family) {
    try (Case c = open(family);
        Scope scope = Scope.open()) {
      RowTrace trace = new RowTrace(c.run, c.row);
      FrozenLens lens = FrozenLens.of(trace.decoder(), trace.last());
      Target.Aim aim = c.target.aims().getFirst();
      double best = Double.NEGATIVE_INFINITY;
      for (int l = 0; l < trace.config().layers(); l++) {
        Tensor middle = trace.stream().narrow(0, l, 1).add(trace.attention().narrow(0, l, 1));
        Tensor written =
            trace
                .weights(l)
                .feedForward()
                .down()
                .weight()
                .t()
                .mul(trace.coefficients(l).unsqueeze(1));
        Layer.Behind behind = trace.weights(l).behind();
        if (behind != null) {
          // Frozen at the scale of the sum of all neurons.
          Norm norm = behind.feedForward();
          written = written.mul(norm.weight()).div(norm.scale(written.sum(0)));
        }
        Tensor vectors = written.add(middle);
        double before = lens.values(middle, aim)[0];
        double most = Arrays.stream(lens.values(vectors.contiguous(), aim)).max().orElseThrow();
        best = Math.max(best, most - before);
      }
      List<Explanation.Neuron> found = new Neurons(c.run, aim, 3).feedForward(10);
      assertThat(found).isSortedAccordingTo(Comparator.comparingDouble(n -> -n.increase()));
      assertThat(found.getFirst().increase()).isCloseTo(best, within(1e-4));
    }
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void queryScoresOfAllPartsAddUpToTheIncreases(Family family) {
    try (Case c = open(family)) {
      Neurons finder = new Neurons(c.run, c.target.aims().getFirst(), 3);
      List<Explanation.Neuron> neurons = finder.feedForward(4);
      List<Explanation.AttentionNeuron> attention = finder.attention(List.of(new int[] {1, 0}), 4);
      double sum =
          new QueryNeurons(c.run, c.row)
              .layers(neurons, attention, 100).stream()
                  .mapToDouble(Explanation.QueryShare::score)
                  .sum();
      double expected =
          neurons.stream().mapToDouble(Explanation.Neuron::increase).sum()
              + attention.stream().mapToDouble(Explanation.AttentionNeuron::increase).sum();
      assertThat(sum).isCloseTo(expected, within(1e-6 * Math.max(1, Math.abs(expected))));
    }
  }

  /// Worked by hand: width 2, three words, x = (1, 0), a = (0.5, 0.5), f = (-0.5, 1.5); the last
  /// state is (1, 2), its mean square 2.5.
  @Test
  void aToyWithoutAModel() {
    try (Scope scope = Scope.open()) {
      Linear head = new Linear(Tensor.of(new double[] {1, 0, 0, 1, -1, 0}, 3, 2), null);
      Norm.Rms norm = new Norm.Rms(Tensor.of(new double[] {1, 1}, 2), 0);
      TextStack toy =
          new TextStack(toyConfig(), new TextWeights(head.weight(), null, List.of(), norm, head));
      FrozenLens lens = FrozenLens.withEps(toy, Tensor.of(new double[] {1, 2}, 2), 0);
      Tensor states = Tensor.of(new double[] {1, 0, 1.5, 0.5, 1, 2}, 3, 2);
      double[] first = lens.values(states, new Target.Aim(0, 0, OptionalInt.empty()));
      assertThat(first[0]).isCloseTo(-0.595286, within(1e-6));
      assertThat(first[1] - first[0]).isCloseTo(0.075750, within(1e-6));
      assertThat(first[2] - first[1]).isCloseTo(-0.632455, within(1e-6));
      double[] second = lens.values(states, new Target.Aim(0, 1, OptionalInt.empty()));
      assertThat(second[1] - second[0]).isCloseTo(0.075750, within(1e-6));
      assertThat(second[2] - second[1]).isCloseTo(0.632455, within(1e-6));
    }
  }

  private static TextConfig toyConfig() {
    return new TextConfig(
        "llama",
        3,
        2,
        0,
        8,
        TextConfig.Heads.of(1, 1, 2, 0, new RopeScaling.Default(10000)),
        new TextConfig.FeedForward(2, Activation.SILU, false),
        new TextConfig.Norms(0, 0),
        new TextConfig.Embedding(1, false));
  }
}
