package dev.lynceus.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.ImageScale;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Numbers;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Device;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What `explain` tells, made with few products from one generation, is what each method finds by
/// itself.
class ExplainerTest {
  private static final String WORDS = "what color is the dog";

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Family.class)
  void aWholeAnswerIsToldAsTheMethodsFindIt(Family family) {
    // In float64: an increase of .03 nats is a difference of log probabilities whose steps in
    // float32
    // are 1e-5 of it, and which of them is met depends on the processor.
    try (LoadedModel model =
        LoadedModel.load(
            TinyModels.write(folder.resolve(family.name()), family, 7),
            LoadOptions.DEFAULT.compute(DType.FLOAT64))) {
      Prompt prompt = TinyModels.prompt(model, family, WORDS, 1);
      int row = prompt.length() - 1;
      try (Generation generation =
          model.generate(
              prompt,
              GenerationOptions.greedy(4),
              RowTrace.plan(model.model().decoder().config(), row))) {
        int[] ids = generation.answer().ids();
        Run run = generation.run();
        Target whole =
            new Target(
                "answer",
                IntStream.range(0, ids.length)
                    .mapToObj(i -> new Target.Aim(row + i, ids[i], OptionalInt.empty()))
                    .toList());
        Explanation.WordExplanation told =
            new WordExplainer(run, ExplainOptions.DEFAULT, Progress.NONE).explain(whole);
        increases(run, whole, told);
        runnerUp(run, told);
        neurons(run, whole, told);
        words(run, whole, told);
      }
    }
  }

  /// What speaks for the runner-up, found from what speaks for the word, is what first order finds
  /// of it by itself.
  private static void runnerUp(Run run, Explanation.WordExplanation told) {
    RunnerUp other = Objects.requireNonNull(told.runnerUp());
    double[] alone =
        FirstOrder.positions(
            run, List.of(new Target.Aim(told.row(), other.id(), OptionalInt.empty())), done -> {})[
            0];
    double sum = other.zones().values().stream().mapToDouble(Double::doubleValue).sum();
    assertThat(sum).isCloseTo(Arrays.stream(alone).sum(), within(1e-5));
    for (int i = 0; i < other.positions().length; i++) {
      assertThat(other.increases()[i]).isCloseTo(alone[other.positions()[i]], within(1e-5));
    }
    assertThat(other.id()).isNotEqualTo(told.target().ids()[0]);
  }

  private static void increases(Run run, Target whole, Explanation.WordExplanation told) {
    LogIncrease method = new LogIncrease();
    LogIncrease.Result alone = method.explain(run, whole, Progress.NONE);
    assertThat(told.logProbability()).isCloseTo(alone.total(), within(1e-5));
    Numbers.close("attention", alone.attention(), told.attention(), 1e-5);
    Numbers.close("feed-forward", alone.feedForward(), told.feedForward(), 1e-5);
    for (int l = 0; l < alone.heads().length; l++) {
      Numbers.close("heads", alone.heads()[l], told.heads()[l], 1e-5);
    }
    for (Explanation.HeadExplanation head : told.topHeads()) {
      double[] own = method.positions(run, whole, head.layer(), head.head());
      if (head.positions().isEmpty()) {
        // One of the weak heads, which are not read in words: nats, as for the zones below.
        assertThat(head.positionIncrease()).containsExactly(own, within(1e-5));
      } else {
        Numbers.close("positions", own, head.positionIncrease(), 1e-5);
      }
    }
    double[] first = FirstOrder.positions(run, whole);
    told.zones()
        .forEach((zone, sum) -> {
          TokenMap.Role role = TokenMap.Role.valueOf(zone.toUpperCase(java.util.Locale.ROOT));
          double own = IntStream.of(run.tokens().positions(role)).mapToDouble(p -> first[p]).sum();
          assertThat(sum).isCloseTo(own, within(1e-5));
        });
  }

  private static void neurons(Run run, Target whole, Explanation.WordExplanation told) {
    Neurons finder = new Neurons(run, whole.aims().getFirst(), ExplainOptions.DEFAULT.listed());
    List<Explanation.Neuron> alone = finder.feedForward(ExplainOptions.DEFAULT.neurons());
    assertThat(told.neurons()).hasSameSizeAs(alone);
    for (int i = 0; i < alone.size(); i++) {
      assertThat(told.neurons().get(i).increase()).isCloseTo(alone.get(i).increase(), within(1e-5));
    }
    List<int[]> heads =
        told.topHeads().stream()
            .limit(3)
            .map(head -> new int[] {head.layer(), head.head()})
            .toList();
    List<Explanation.AttentionNeuron> attention =
        finder.attention(heads, ExplainOptions.DEFAULT.neurons());
    assertThat(told.attentionNeurons()).hasSameSizeAs(attention);
    for (int i = 0; i < attention.size(); i++) {
      assertThat(told.attentionNeurons().get(i).increase())
          .isCloseTo(attention.get(i).increase(), within(1e-5));
    }
    double sum = told.queries().stream().mapToDouble(Explanation.QueryShare::score).sum();
    assertThat(told.queries()).isNotEmpty();
    assertThat(sum).isFinite();
  }

  /// The words of what a head moves, of the stream that it reads, and of the lens at every depth.
  private static void words(Run run, Target whole, Explanation.WordExplanation told) {
    int row = whole.aims().getFirst().row();
    int listed = ExplainOptions.DEFAULT.listed();
    Words words = new Words(run.model().tokenizer());
    try (Scope scope = Scope.open()) {
      RowTrace trace = new RowTrace(run, row);
      FrozenLens lens = FrozenLens.of(trace.decoder(), trace.last());
      Explanation.HeadExplanation head = told.topHeads().getLast();
      int[] at =
          head.positions().stream().mapToInt(Explanation.PositionExplanation::position).toArray();
      Tensor moved = WordViews.moved(run, row, head.layer(), head.head(), at);
      Tensor stream = run.get(dev.lynceus.tap.Point.RESID_PRE, head.layer()).select(0, 0);
      List<List<Explanation.Word>> outputs = words.top(lens.logits(moved), listed);
      List<List<Explanation.Word>> inputs =
          words.top(lens.logits(stream.indexSelect(0, Tensor.indices(at))), listed);
      for (int i = 0; i < at.length; i++) {
        sameScores(head.positions().get(i).valueOutput(), outputs.get(i));
        sameScores(head.positions().get(i).layerInput(), inputs.get(i));
      }
      LogitLens own = new LogitLens(LogitLens.Normalization.OWN);
      Tensor read = Torch.softmax(own.logits(trace.decoder(), trace.stream()), 1);
      List<List<Explanation.Word>> depths = words.top(read, 5);
      for (Explanation.LensRow depth : told.lens()) {
        sameScores(depth.words(), depths.get(depth.layer()));
      }
    }
  }

  private static void sameScores(List<Explanation.Word> told, List<Explanation.Word> alone) {
    Numbers.close(
        "words",
        alone.stream().mapToDouble(Explanation.Word::score).toArray(),
        told.stream().mapToDouble(Explanation.Word::score).toArray(),
        1e-5);
  }

  @Test
  void someVisualTokensAreReadAsAllOfThemAre() {
    Family family = Family.LLAVA_CLIP;
    try (LoadedModel model = TinyModels.load(folder, family)) {
      Prompt prompt = TinyModels.prompt(model, family, WORDS, 1);
      int row = prompt.length() - 1;
      try (Run run = model.run(prompt, RowTrace.plan(model.model().decoder().config(), row))) {
        int[] positions = prompt.tokens().views().getFirst().positions();
        boolean[] read = new boolean[positions.length];
        read[1] = true;
        read[positions.length - 1] = true;
        List<Explanation.PatchWords> all = VisualWords.of(run, positions, row, 5);
        List<Explanation.PatchWords> some = VisualWords.of(run, positions, read, row, 5);
        for (int i = 0; i < read.length; i++) {
          if (read[i]) {
            sameScores(some.get(i).input(), all.get(i).input());
            sameScores(some.get(i).output(), all.get(i).output());
            assertThat(some.get(i).layers()).hasSameSizeAs(all.get(i).layers());
          } else {
            assertThat(some.get(i).input()).isEmpty();
          }
        }
      }
      assertThat(patches(model, prompt, ExplainOptions.PatchReading.NONE)).isEmpty();
      assertThat(patches(model, prompt, ExplainOptions.PatchReading.SHARE))
          .isEqualTo(patches(model, prompt, ExplainOptions.PatchReading.ALL))
          .allSatisfy(patch -> assertThat(patch.input()).isNotEmpty());
    }
  }

  private static List<Explanation.PatchWords> patches(
      LoadedModel model, Prompt prompt, ExplainOptions.PatchReading which) {
    return new Explainer(
            model,
            ExplainOptions.DEFAULT.target(new TargetSpec.NextToken()).patches(which),
            Progress.NONE)
        .explain(prompt)
        .images()
        .getFirst()
        .visualWords();
  }

  /// Stops at the step of its number.
  private static final class Stopping implements Progress {
    private final int after;
    private final List<String> told = new ArrayList<>();

    Stopping(int after) {
      this.after = after;
    }

    @Override
    public void at(String stage, long done, long total) {
      told.add(stage + " " + done);
    }

    @Override
    public boolean cancelled() {
      return told.size() >= after;
    }
  }

  @Test
  void aCancelledExplanationStopsAtTheNextStepWhicheverItIs() {
    Family family = Family.LLAVA_CLIP;
    try (LoadedModel model = TinyModels.load(folder, family)) {
      Prompt prompt = TinyModels.prompt(model, family, WORDS, 1);
      TargetSpec given = new TargetSpec.Answer("dog color is");
      for (TargetSpec target : List.of(new TargetSpec.OwnAnswer(), given)) {
        ExplainOptions options = ExplainOptions.DEFAULT.target(target).maxTokens(4);
        Stopping all = new Stopping(Integer.MAX_VALUE);
        new Explainer(model, options, all).explain(prompt);
        for (int after = 0; after < all.told.size(); after++) {
          Stopping some = new Stopping(after);
          assertThatThrownBy(() -> new Explainer(model, options, some).explain(prompt))
              .isInstanceOfSatisfying(
                  LynceusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
          assertThat(some.told).isEqualTo(all.told.subList(0, after));
        }
      }
      Stopping own = new Stopping(Integer.MAX_VALUE);
      new Explainer(model, ExplainOptions.DEFAULT.maxTokens(3), own).explain(prompt);
      assertThat(own.told).contains("answer 0", "answer 1", "answer 2");
    }
  }

  @Test
  void oneExplainerTellsTheSecondsOfEachQuestionAlone() {
    Family family = Family.LLAVA_CLIP;
    try (LoadedModel model = TinyModels.load(folder, family)) {
      Prompt prompt = TinyModels.prompt(model, family, WORDS, 1);
      Explainer explainer =
          new Explainer(model, ExplainOptions.DEFAULT.maxTokens(2), Progress.NONE);
      for (int question = 0; question < 3; question++) {
        long start = System.nanoTime();
        Explanation why = explainer.explain(prompt);
        double whole = (System.nanoTime() - start) / 1e9;
        double told =
            why.provenance().seconds().values().stream().mapToDouble(Double::doubleValue).sum();
        assertThat(told).isPositive().isLessThanOrEqualTo(whole);
        assertThat(why.provenance().device()).isEqualTo("cpu");
      }
    }
  }

  @Test
  void aModelIsNotSaidToBeOnAGraphicsCardWhereItIsNot() {
    TinyModels.load(folder, Family.LLAMA).close();
    LoadOptions options =
        new LoadOptions(Optional.empty(), new Device(Device.Kind.CUDA, 0), ImageScale.AS_PROJECTED);
    assertThatThrownBy(() -> LoadedModel.load(folder.resolve(Family.LLAMA.name()), options))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("cuda:0");
  }

  @Test
  void largeModelsAreAskedForFewerWordsOnlyWhereNobodySaidHowMany() {
    assertThat(ExplainOptions.DEFAULT.wordsOf(7_000_000_000L)).isEqualTo(3);
    assertThat(ExplainOptions.DEFAULT.wordsOf(5_000_000L)).isEqualTo(12);
    assertThat(ExplainOptions.DEFAULT.words(9).wordsOf(7_000_000_000L)).isEqualTo(9);
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void aimsReadTogetherAreTheSameAsAlone(Family family) {
    try (LoadedModel model = TinyModels.load(folder, family)) {
      Prompt prompt = TinyModels.prompt(model, family, WORDS, 1);
      int row = prompt.length() - 3;
      try (Run run = model.run(prompt, RowTrace.plan(model.model().decoder().config(), row))) {
        List<Target.Aim> aims =
            List.of(
                new Target.Aim(row, 3, OptionalInt.empty()),
                new Target.Aim(row + 1, 5, OptionalInt.of(7)),
                new Target.Aim(row + 2, 4, OptionalInt.empty()));
        if (run.seesLater(row)) {
          assertThatThrownBy(() -> FirstOrder.positions(run, aims, done -> {}))
              .isInstanceOf(LynceusException.class)
              .hasMessageContaining("sees what comes after it");
          return;
        }
        double[][] together = FirstOrder.positions(run, aims, done -> {});
        double[][] plain = FirstOrder.positions(run, List.of(aims.get(0), aims.get(2)), done -> {});
        for (int i = 0; i < 3; i++) {
          double[] alone = FirstOrder.positions(run, new Target("", List.of(aims.get(i))));
          Numbers.close("aim " + i, alone, together[i], 1e-5);
          assertThat(Arrays.stream(alone).map(Math::abs).sum()).isPositive();
        }
        Numbers.close("without contrasts", together[2], plain[1], 1e-5);
      }
    }
  }

  /// Positions that move little are told from mean and covariance alone: as exact as by all logits.
  @Test
  void increasesOfSmallMovesAreThoseOfAllLogits() {
    Family family = Family.LLAVA_CLIP;
    try (LoadedModel model = TinyModels.load(folder, family)) {
      Prompt prompt = TinyModels.prompt(model, family, WORDS, 1);
      int row = prompt.length() - 1;
      try (Run run = model.run(prompt, RowTrace.plan(model.model().decoder().config(), row));
          Scope scope = Scope.open()) {
        RowTrace trace = new RowTrace(run, row);
        FrozenLens lens = FrozenLens.of(trace.decoder(), trace.last());
        Target.Aim aim = new Target.Aim(row, 3, OptionalInt.empty());
        Tensor base = lens.logits(trace.input(1));
        for (double size : new double[] {1e-3, 1e-1, 1, 30}) {
          Tensor directions = lens.logits(trace.outputs(1, 2)).mul(size);
          double[] told = LogIncrease.positions(trace, aim, 1, 2, base, directions);
          Tensor moved = trace.values(1, 2).mul(trace.pattern(1).select(0, 2).unsqueeze(1));
          Tensor wide = moved.matmul(directions).add(base).to(dev.lynceus.tensor.DType.FLOAT64);
          double before = FrozenLens.read(base.to(dev.lynceus.tensor.DType.FLOAT64), aim)[0];
          double[] exact = FrozenLens.read(wide, aim);
          for (int p = 0; p < told.length; p++) {
            assertThat(told[p]).as("size %s", size).isCloseTo(exact[p] - before, within(3e-6));
          }
        }
      }
    }
  }
}
