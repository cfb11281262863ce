package dev.lynceus.method.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageFileReader;
import dev.lynceus.method.Target;
import dev.lynceus.method.map.PatchMap;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.method.relevancy.CompatibleRelevancy;
import dev.lynceus.method.relevancy.RelevancyMaps;
import dev.lynceus.method.relevancy.Rules;
import dev.lynceus.model.Picture;
import dev.lynceus.run.Batch;
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
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Identities of gradients and relevancy: what must hold for every model.
class GradientMethodsTest {
  private static final Path NEXT = Path.of("src/test/resources/goldens/llava-next");
  private static final List<PatchMethod> BY_GRADIENT =
      PatchMethod.named(
          "saliency,input-x-gradient,integrated-gradients,integrated-gradients-pixels,smooth-grad,"
              + "grad-cam,attention-x-gradient,relevancy,relevancy-composed,rollout");

  @TempDir static Path folder;
  private static LoadedModel model;
  private static Prompt prompt;
  private static Target target;

  @BeforeAll
  static void open() {
    model = TinyModels.load(folder, Family.LLAVA_CLIP);
    prompt = TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is the dog", 1);
    target = Target.token("dog", prompt.length() - 1, 9);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static PatchMap map(PatchMethod method, Run run, TokenMap.View view, long seed) {
    return method.map(run, target, view, new SplittableRandom(seed));
  }

  private static Tensor tensor(double[] values, long... shape) {
    return Tensor.of(values, shape);
  }

  /// Two equal layers, followed by hand: with C = [[0.5, 0], [0.4, 0]] the product (I + C)(I + C)
  /// is [[2.25, 0], [1, 1]].
  @Test
  void twoLayersByHand() {
    try (Scope scope = Scope.open()) {
      Tensor pattern = tensor(new double[] {1, 0, .4, .6}, 1, 2, 2);
      Tensor slope = tensor(new double[] {.5, 0, 1, -1}, 1, 2, 2);
      Tensor identity = tensor(new double[] {1, 0, 0, 1}, 2, 2);

      Tensor weights = Rules.weights(pattern, slope);
      Tensor rows = Rules.down(Rules.down(identity, weights), weights);

      assertThat(weights.toDoubles()).containsExactly(new double[] {.5, 0, .4, 0}, within(1e-12));
      assertThat(rows.toDoubles()).containsExactly(new double[] {2.25, 0, 1, 1}, within(1e-12));
      assertThat(Rules.normalized(rows, identity).add(identity).toDoubles())
          .containsExactly(new double[] {2, 0, 1, 1}, within(1e-12));
    }
  }

  @Test
  void negativeProductsAreCutBeforeTheMeanOverHeads() {
    try (Scope scope = Scope.open()) {
      Tensor pattern = tensor(new double[] {1, 1}, 2, 1, 1);
      Tensor slope = tensor(new double[] {3, -3}, 2, 1, 1);

      assertThat(Rules.weights(pattern, slope).toDoubles()).containsExactly(1.5);
    }
  }

  @Test
  void relevancyIsCausalNotNegativeAndAddsUpToOne() {
    try (Scope scope = Scope.open();
        Run run = model.run(prompt, Capture.NONE)) {
      int middle = prompt.length() - 3;
      List<RelevancyMaps.Result> found =
          new RelevancyMaps()
              .explain(run, List.of(target, Target.token("", middle, 11)), Progress.NONE);
      for (RelevancyMaps.Result result : found) {
        assertThat(Arrays.stream(result.positions()).sum()).isCloseTo(1, within(1e-9));
        assertThat(Arrays.stream(result.positions()).min().orElseThrow()).isNotNegative();
        assertThat(result.imageShare()).isBetween(0., 1.);
        for (RelevancyMaps.Maps maps : result.maps()) {
          assertThat(Arrays.stream(maps.composed()).sum()).isCloseTo(1, within(1e-6));
          assertThat(Arrays.stream(maps.tower()).sum()).isCloseTo(1, within(1e-6));
        }
      }
      assertThat(Arrays.copyOfRange(found.get(1).positions(), middle + 1, prompt.length()))
          .as("no row looks ahead")
          .containsOnly(0);
    }
  }

  /// In float64, because products of other sizes round other last bits: in float32 shares of a
  /// sixth differ by 1e-7, and a tenth of that would not be seen.
  @Test
  void relevancyOfSeveralWordsAtOnceIsThatOfEachAlone() {
    try (LoadedModel exact =
            LoadedModel.load(
                TinyModels.write(folder.resolve("exact"), Family.LLAVA_CLIP, 5),
                LoadOptions.DEFAULT.compute(DType.FLOAT64));
        Run run =
            exact.run(
                TinyModels.prompt(exact, Family.LLAVA_CLIP, "what color is the dog", 1),
                Capture.NONE)) {
      int last = run.batch().length() - 1;
      List<Target> words = List.of(Target.token("dog", last, 9), Target.token("", last - 2, 11));
      List<RelevancyMaps.Result> together = new RelevancyMaps().explain(run, words, Progress.NONE);
      for (int i = 0; i < words.size(); i++) {
        RelevancyMaps.Result alone = new RelevancyMaps().explain(run, words.get(i), Progress.NONE);
        assertThat(together.get(i).positions()).containsExactly(alone.positions(), within(1e-13));
      }
    }
  }

  /// In a raw prompt no position is called a question: the share is that of all its words.
  @Test
  void theImageShareOfARawPromptCountsItsWords() {
    Prompt raw = model.raw("what color " + "<image> is the dog", prompt.pictures().getFirst());
    try (Run run = model.run(raw, Capture.NONE)) {
      RevealedShare share =
          RevealedShare.of(
              new RelevancyMaps()
                  .explain(run, Target.token("", raw.length() - 1, 9), Progress.NONE),
              raw.tokens().positions(TokenMap.Role.IMAGE));
      assertThat(raw.tokens().positions(TokenMap.Role.QUESTION)).isEmpty();
      assertThat(share.told).isCloseTo(share.picture, within(1e-9)).isLessThan(.999);
    }
  }

  /// @param picture what the picture's positions add up to, of 1 in all
  private record RevealedShare(double told, double picture) {
    static RevealedShare of(RelevancyMaps.Result result, int[] image) {
      return new RevealedShare(
          result.imageShare(), Arrays.stream(image).mapToDouble(p -> result.positions()[p]).sum());
    }
  }

  /// The gradient of an attention pattern reaches the score through later layers too: it is what a
  /// small change of the pattern does to a whole run.
  @Test
  void theGradientOfAttentionIsWhatASmallChangeDoes() {
    try (Scope scope = Scope.open();
        Run run = model.run(prompt, Capture.of(Capture.request(Point.PATTERN)))) {
      int length = prompt.length();
      double[] slope = new double[TinyModels.HEADS * length * length];
      new Backward(run)
          .attention(
              Objective.logits(target),
              at -> {
                if (at.layer() == 0) {
                  double[] found = at.slope().toDoubles();
                  System.arraycopy(found, 0, slope, at.head() * length * length, found.length);
                }
              });
      double[] step = new double[slope.length];
      SplittableRandom random = new SplittableRandom(3);
      double expected = 0;
      for (int i = 0; i < step.length; i++) {
        boolean past = i % length <= i / length % length;
        step[i] = past ? 1e-3 * (random.nextDouble() - .5) : 0;
        expected += step[i] * slope[i];
      }
      Tensor change = Tensor.of(step, 1, TinyModels.HEADS, length, length).to(DType.FLOAT32);
      double up = logit(run, change, 1);
      double down = logit(run, change, -1);
      assertThat((up - down) / 2).isCloseTo(expected, within(2e-4 + .02 * Math.abs(expected)));
      assertThat(Math.abs(expected)).as("the change is felt").isGreaterThan(1e-3);
    }
  }

  private static double logit(Run run, Tensor change, double factor) {
    Intervention edit = Intervention.at(Point.PATTERN, 0, new Op.Add(Values.of(change), factor));
    try (Run again = run.replay(edit)) {
      return again.logits().reshape(-1).narrow(0, 9, 1).item();
    }
  }

  @Test
  void aCutWayToThePictureIsRefused() {
    try (Scope scope = Scope.open();
        Run clean = model.run(prompt, Capture.NONE);
        Run cut =
            model.run(
                Batch.of(prompt),
                Capture.NONE,
                List.of(
                    Intervention.at(
                        Point.EMBED_MERGED, 0, new Op.Set(Values.of(clean.merged())))))) {
      TokenMap.View view = prompt.tokens().views().getFirst();
      for (PatchMethod method : BY_GRADIENT) {
        if (method.reach() == PatchMethod.Reach.TOWER) {
          assertThatThrownBy(() -> map(method, cut, view, 1))
              .as(method.name())
              .isInstanceOf(LynceusException.class)
              .hasMessageContaining("cuts the way");
        }
      }
      // What looks no further back than the visual tokens is as in the clean run.
      PatchMethod saliency = PatchMethod.named("saliency").getFirst();
      assertThat(map(saliency, cut, view, 1).values())
          .containsExactly(map(saliency, clean, view, 1).values(), within(1e-6));
    }
  }

  @Test
  void runsInSixteenBitsAndBatchesAreRefused() {
    LoadOptions half = LoadOptions.DEFAULT.compute(DType.BFLOAT16);
    try (LoadedModel low = LoadedModel.load(folder.resolve("LLAVA_CLIP"), half);
        Run run = low.run(TinyModels.prompt(low, Family.LLAVA_CLIP, "dog", 1), Capture.NONE)) {
      assertThatThrownBy(() -> new Backward(run)).hasMessageContaining("not computed in");
    }
    Batch two = Batch.of(List.of(prompt, prompt), Batch.Padding.LEFT, 3);
    try (Run run = model.run(two, Capture.NONE, List.of())) {
      assertThatThrownBy(() -> new Backward(run)).hasMessageContaining("batch of 2");
    }
  }

  @Test
  void smoothGradIsSeededAndWithoutNoiseIsSaliency() {
    try (Scope scope = Scope.open();
        Run run = model.run(prompt, Capture.NONE)) {
      TokenMap.View view = prompt.tokens().views().getFirst();
      PatchMethod smooth = PatchMethod.named("smooth-grad").getFirst();
      PatchMethod quiet = new dev.lynceus.method.map.SmoothGradMap(3, 0);
      double[] saliency = map(PatchMethod.named("saliency").getFirst(), run, view, 1).values();

      assertThat(map(smooth, run, view, 5).values()).isEqualTo(map(smooth, run, view, 5).values());
      assertThat(map(smooth, run, view, 6).values())
          .isNotEqualTo(map(smooth, run, view, 5).values());
      assertThat(map(quiet, run, view, 1).values()).containsExactly(saliency, within(1e-5));
    }
  }

  @Test
  void everyViewOfATiledPictureHasItsMap() {
    try (Scope scope = Scope.open();
        LoadedModel next = LoadedModel.load(NEXT.resolve("hub"), LoadOptions.DEFAULT)) {
      Picture picture =
          next.picture("photo", new ImageFileReader().read(NEXT.resolve("images/photo.png")));
      Prompt tiled = next.prompt("What is it?", picture);
      Target word = Target.token("", tiled.length() - 1, 20);
      double sum = 0;
      for (TokenMap.View view : tiled.tokens().views()) {
        for (PatchMethod method : BY_GRADIENT) {
          if (method.name().equals("integrated-gradients-pixels")) {
            continue;
          }
          try (Run run = next.run(tiled, method.capture(next, tiled.length() - 1))) {
            double[] values = method.map(run, word, view, new SplittableRandom(1)).values();
            assertThat(values).as(method.name()).hasSize(view.positions().length);
            assertThat(Arrays.stream(values).anyMatch(value -> value != 0))
                .as(method.name())
                .isTrue();
            if (method.name().equals("relevancy-composed")) {
              sum += Arrays.stream(values).sum();
            }
          }
        }
        // Every patch of the view is another patch of the tower's input.
        try (Run run = next.run(tiled, Capture.NONE)) {
          PatchPlaces places = PatchPlaces.of(run, view);
          assertThat(IntStream.range(0, places.count()).mapToObj(places::parts).distinct().count())
              .isEqualTo(places.count());
        }
      }
      assertThat(tiled.tokens().views()).hasSize(2);
      assertThat(sum).isCloseTo(1, within(1e-6));
    }
  }

  /// The pixels of all patches together are the whole picture: nothing is lost or counted twice.
  @Test
  void thePixelsOfAllPatchesAddUp() {
    try (Run run = model.run(prompt, Capture.NONE)) {
      IntegratedPixels.Result found =
          new IntegratedPixels(IntegratedPixels.Baseline.BLURRED, 2, 2).explain(run, target);
      PatchPlaces places = PatchPlaces.of(run, prompt.tokens().views().getFirst());
      double[] sums = places.sums(found.values(), found.channels());

      assertThat(Arrays.stream(sums).sum())
          .isCloseTo(Arrays.stream(found.values()).sum(), within(1e-9));
      for (int p = 0; p < sums.length; p++) {
        assertThat(places.parts(p)).containsExactly(new PatchPlaces.Part(0, p, 1));
      }
    }
  }

  /// The first token's map is exact; that of a later one is not, unless both tokens are one.
  @Test
  void theCompatibleMapsDifferFromTheExactOnesAfterTheFirstToken() {
    Prompt answered = prompt.withAnswer(9, 12);
    int first = prompt.length() - 1;
    List<Target> tokens = List.of(Target.token("", first, 9), Target.token("", first + 1, 12));
    try (Scope scope = Scope.open();
        Run run = model.run(answered, Capture.NONE)) {
      List<CompatibleRelevancy.Maps> compatible =
          new CompatibleRelevancy().explain(run, tokens, Progress.NONE);
      List<RelevancyMaps.Result> exact = new RelevancyMaps().explain(run, tokens, Progress.NONE);

      assertThat(compatible.getFirst().llama())
          .containsExactly(exact.getFirst().maps().getFirst().decoder(), within(1e-6));
      double[] later = exact.get(1).maps().getFirst().decoder();
      assertThat(
              IntStream.range(0, later.length)
                  .mapToDouble(p -> Math.abs(compatible.get(1).llama()[p] - later[p]))
                  .max()
                  .orElse(0))
          .isGreaterThan(1e-4);
      assertThat(compatible)
          .allMatch(maps -> Arrays.stream(maps.shown()).allMatch(v -> v >= 0 && v <= 1));
    }
  }
}
