package dev.lynceus.method.words;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.error.LynceusException;
import dev.lynceus.method.LogitLens;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Views of visual tokens against what else says the same, and words in the place of patches.
class WordViewTest {
  private static final List<String> TEXTS =
      List.of("the dog is red", "a blue cat on a mat", "red green blue", "what color is the dog");

  @TempDir static Path folder;
  private static LoadedModel model;
  private static Prompt prompt;
  private static Run run;
  private static PatchStates states;

  @BeforeAll
  static void open() {
    model = TinyModels.load(folder, Family.LLAVA_CLIP);
    prompt = TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is the dog", 3);
    run = model.run(prompt, PatchStates.capture(model.model().decoder().config()));
    states = new PatchStates(run, prompt.tokens().image(0));
  }

  @AfterAll
  static void close() {
    run.close();
    model.close();
  }

  @Test
  void theLensIsTheLogitLens() {
    int patch = states.positions()[5];
    try (Run whole = model.run(prompt, Sweep.base(model))) {
      var cells = new LogitLens(LogitLens.Normalization.OWN).grid(whole, new int[] {patch}, 4);
      for (int depth = 0; depth < states.depths(); depth++) {
        List<Found> read = new WordView.Lens(depth).words(states, 4).get(5);
        for (int i = 0; i < 4; i++) {
          assertThat(read.get(i).id()).isEqualTo(cells.get(depth).words().get(i).id());
          assertThat(read.get(i).score())
              .isCloseTo(cells.get(depth).words().get(i).score(), within(1e-6));
        }
      }
    }
  }

  @Test
  void whatIsExpectedInTheFirstPatchIsPredictedBeforeThePicture() {
    int before = states.positions()[0] - 1;
    try (Scope scope = Scope.open()) {
      Tensor next = new WordView.Next().log(states);
      assertThat(Arrays.stream(next.exp().sum(1).toDoubles()))
          .allMatch(sum -> Math.abs(sum - 1) < 1e-5);
      var last = new LogitLens(LogitLens.Normalization.OWN);
      try (Run whole = model.run(prompt, Sweep.base(model))) {
        var cell = last.grid(whole, new int[] {before}, 1).getLast();
        assertThat(next.select(0, 0).argmax(0).item()).isEqualTo(cell.words().getFirst().id());
      }
    }
  }

  @Test
  void aWordsOwnEmbeddingIsAtNoAngleToIt() {
    try (Scope scope = Scope.open()) {
      Tensor table = model.model().decoder().weights().embedding();
      Tensor cosines = Cosines.of(table.narrow(0, 10, 5).to(DType.FLOAT32).mul(3), table);
      assertThat(cosines.argmax(1).toInts()).containsExactly(10, 11, 12, 13, 14);
      for (int i = 0; i < 5; i++) {
        assertThat(cosines.select(0, i).select(0, 10 + i).item()).isCloseTo(1, within(1e-5));
      }
    }
  }

  @Test
  void entropyIsThatOfEvenWordsAtMost() {
    try (VmHead even = VmHead.zero(model)) {
      WordView.Head head = new WordView.Head(even);
      double most = Math.log(model.model().decoder().config().vocabulary());
      assertThat(Arrays.stream(head.entropy(states))).allMatch(e -> Math.abs(e - most) < 1e-6);
      assertThat(Arrays.stream(new WordView.Lens(2).entropy(states)))
          .allMatch(e -> e >= 0 && e <= most);
      assertThat(Arrays.stream(Surprise.map(states, head))).allMatch(value -> value >= 0);
    }
  }

  @Test
  void theContextualLensFindsTheStateOfAWordAgainAndNamesItsText() {
    try (ContextBank bank =
            ContextBank.of(model, TEXTS, ContextBank.Limits.DEFAULT, Progress.NONE);
        Run text =
            model.run(
                model.raw(TEXTS.get(1)), PatchStates.capture(model.model().decoder().config()))) {
      int[] ids = model.raw(TEXTS.get(1)).ids();
      PatchStates words = new PatchStates(text, IntStream.range(1, ids.length).toArray());
      for (int depth : ContextBank.depths(model.model().decoder().config())) {
        List<List<Found>> found = new WordView.Context(bank, depth).words(words, 3);
        for (int i = 0; i < found.size(); i++) {
          Found first = found.get(i).getFirst();
          assertThat(first.id()).isEqualTo(ids[i + 1]);
          assertThat(first.score()).isCloseTo(1, within(1e-5));
          assertThat(first.context()).contains("«" + first.word().strip() + "»");
          assertThat(found.get(i).stream().map(Found::id)).doesNotHaveDuplicates();
        }
        int id = ids[2];
        assertThat(new WordView.Context(bank, depth).search(words, id)[0][1])
            .isCloseTo(1, within(1e-5));
      }
      assertThat(new WordView.Context(bank, 1).search(words, 0)[0]).containsOnly(Double.NaN);
    }
  }

  @Test
  void aBankThatDoesNotFitOrHoldsNoWordIsRefused() {
    assertThatThrownBy(() ->
            ContextBank.of(model, TEXTS, new ContextBank.Limits(List.of(), 10), Progress.NONE))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("there is room for");
    assertThatThrownBy(
            () -> ContextBank.of(model, List.of(""), ContextBank.Limits.DEFAULT, Progress.NONE))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("hold no word");
    assertThatThrownBy(() -> states.at(99))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("no depth 99");
  }

  @Test
  void featuresOfOneWordAreItsEmbeddingAndOfAllEvenlyTheirMean() {
    var decoder = model.model().decoder();
    try (Scope scope = Scope.open()) {
      int words = decoder.config().vocabulary();
      float[] one = new float[words];
      one[17] = 1;
      Tensor table = decoder.weights().embedding();
      assertThat(PseudoFeatures.features(decoder, Tensor.of(one, 1, words)).toFloats())
          .isEqualTo(table.narrow(0, 17, 1).to(DType.FLOAT32).toFloats());
      Tensor even = Torch.full(DType.FLOAT32, 1.0 / words, 1, words);
      double[] mean = table.to(DType.FLOAT64).mean(0).toDoubles();
      double[] found = PseudoFeatures.features(decoder, even).reshape(mean.length).toDoubles();
      for (int i = 0; i < mean.length; i++) {
        assertThat(found[i]).isCloseTo(mean[i], within(1e-6));
      }
      Tensor logits = Torch.randn(5, 3, words);
      Tensor same = PseudoFeatures.features(decoder, Torch.softmax(logits, 1));
      Tensor moved = PseudoFeatures.features(decoder, Torch.softmax(logits.add(4), 1));
      assertThat(same.sub(moved).abs().max().item()).isLessThan(1e-6);
    }
  }

  @Test
  void wordsAreDealtOutToOtherPatchesAndTheBestAreKept() {
    try (Scope scope = Scope.open()) {
      Tensor words = Tensor.of(new float[] {.1f, .2f, .3f, .4f}, 1, 4);
      assertThat(PseudoFeatures.best(words, 2).toFloats())
          .containsExactly(new float[] {0, 0, 3 / 7f, 4 / 7f}, within(1e-6f));
      assertThat(PseudoFeatures.best(words, 1).toFloats()).containsExactly(0, 0, 0, 1);
    }
  }

  /// However many words there are: the control never puts the nearest state back.
  @Test
  void theControlTakesStatesOfOtherWords() {
    List<String> few = List.of("the red dog", "red red red");
    try (ContextBank bank = ContextBank.of(model, few, ContextBank.Limits.DEFAULT, Progress.NONE);
        Scope scope = Scope.open()) {
      Tensor at = states.at(1);
      Tensor nearest = bank.replacement(at, 1, ContextBank.Chosen.NEAREST);
      Tensor other = bank.replacement(at, 1, ContextBank.Chosen.OTHER);
      double[] lengths = at.square().sum(1).sqrt().toDoubles();
      assertThat(nearest.square().sum(1).sqrt().toDoubles()).containsExactly(lengths, within(1e-4));
      int[] first = bank.nearest(nearest, 1).stream().mapToInt(f -> f.getFirst().id()).toArray();
      int[] second = bank.nearest(other, 1).stream().mapToInt(f -> f.getFirst().id()).toArray();
      for (int i = 0; i < first.length; i++) {
        assertThat(second[i]).isNotEqualTo(first[i]);
      }
    }
    try (ContextBank one =
            ContextBank.of(model, List.of("red red"), ContextBank.Limits.DEFAULT, Progress.NONE);
        Scope scope = Scope.open()) {
      Tensor at = states.at(1);
      assertThatThrownBy(() -> one.replacement(at, 1, ContextBank.Chosen.OTHER))
          .isInstanceOf(LynceusException.class)
          .hasMessageContaining("one word alone");
    }
  }

  @Test
  void whatAModelDoesNotHaveIsLeftOutOrRefused() {
    Family family = Family.PALIGEMMA;
    try (LoadedModel whole = TinyModels.load(folder.resolve("whole"), family)) {
      Prompt asked = TinyModels.prompt(whole, family, "what color is it", 1);
      List<WordView> views = List.of(new WordView.Lens(1), new WordView.Next());
      WordReading reading = WordReading.of(whole, asked, plan(views, WordReading.Absent.LEFT_OUT));
      assertThat(reading.pictures().getFirst().reads()).hasSize(1);
      assertThat(reading.left()).singleElement().asString().startsWith("next: ");
      assertThatThrownBy(
              () -> WordReading.of(whole, asked, plan(views, WordReading.Absent.REFUSED)))
          .isInstanceOf(LynceusException.class);
    }
  }

  private static WordReading.Plan plan(List<WordView> views, WordReading.Absent absent) {
    return new WordReading.Plan(views, 2, OptionalInt.empty(), Optional.empty(), absent);
  }

  @Test
  void askingAgainTellsEachReplacementBesideItsControls() {
    try (ContextBank bank =
        ContextBank.of(model, TEXTS, ContextBank.Limits.DEFAULT, Progress.NONE)) {
      PseudoFeatures.Result result =
          new PseudoFeatures(4, 1)
              .of(
                  model,
                  prompt,
                  new WordView.Lens(0),
                  List.of(new WordView.Context(bank, 1)),
                  Progress.NONE);
      assertThat(result.rows().stream().map(PseudoFeatures.Row::name))
          .containsExactly(
              "all words",
              "the best 50 words",
              "the best 5 words",
              "the best word",
              "all words, dealt out to other patches",
              "the average of all embeddings",
              "nearest states of texts, depth 1",
              "states of other words, depth 1");
      assertThat(result.rows()).allMatch(row -> Double.isFinite(row.change()));
      assertThat(result.logProbability()).isNegative();
    }
  }
}
