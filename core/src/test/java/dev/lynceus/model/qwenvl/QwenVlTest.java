package dev.lynceus.model.qwenvl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.image.PatchGrid;
import dev.lynceus.image.RgbImage;
import dev.lynceus.method.Blind;
import dev.lynceus.method.Inputs;
import dev.lynceus.method.Target;
import dev.lynceus.method.gradient.IntegratedGradients;
import dev.lynceus.method.gradient.IntegratedPixels;
import dev.lynceus.method.gradient.PatchPlaces;
import dev.lynceus.method.gradient.PathIntegral;
import dev.lynceus.method.map.SaliencyMap;
import dev.lynceus.model.Attends;
import dev.lynceus.model.Picture;
import dev.lynceus.model.TiledTokens;
import dev.lynceus.run.Batch;
import dev.lynceus.run.Budgets;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.TokenMap;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Pictures of any size in Qwen-VL: where tokens and patches lie, who sees whom, and how a picture
/// is taken away.
class QwenVlTest {
  private static LoadedModel load(String family) {
    return LoadedModel.load("src/test/resources/goldens/" + family + "/hub", LoadOptions.DEFAULT);
  }

  private static Picture picture(LoadedModel model, int width, int height, long seed) {
    byte[] samples = new byte[3 * width * height];
    new Random(seed).nextBytes(samples);
    return model.picture("p" + seed, RgbImage.of(width, height, samples));
  }

  @ParameterizedTest
  @CsvSource({
    "qwen2-vl, 40, 30",
    "qwen2.5-vl, 30, 90",
    "qwen2.5-vl, 97, 193",
    "qwen3-vl, 300, 40",
    "qwen3-vl, 33, 31"
  })
  void everyPixelBelongsToOneToken(String family, int width, int height) {
    try (LoadedModel model = load(family)) {
      TiledTokens.areExact(model, width, height);
    }
  }

  /// Grids of all shapes, in windows of all sizes: each patch has one seat, the order goes back,
  /// and what is said of a position of the tower is what is rotated there.
  @Test
  void everyPatchHasOneSeat() {
    Random random = new Random(3);
    for (int i = 0; i < 60; i++) {
      int merge = 1 + random.nextInt(3);
      int window = random.nextInt(4);
      List<PatchGrid> grids =
          IntStream.range(0, 1 + random.nextInt(3))
              .mapToObj(g ->
                  new PatchGrid(
                      1,
                      merge * (1 + random.nextInt(5)),
                      merge * (1 + random.nextInt(5)),
                      2,
                      1 + random.nextInt(1),
                      merge))
              .toList();
      PatchInput input = PatchInput.of(grids, window);
      assertThat(Arrays.stream(input.windows()).sum()).isEqualTo(input.positions());
      assertThat(Arrays.stream(input.whole()).sum()).isEqualTo(input.positions());
      int[][] places = input.places();
      boolean[] taken = new boolean[input.positions()];
      for (int view = 0; view < grids.size(); view++) {
        for (int row = 0; row < input.rows(view); row++) {
          for (int column = 0; column < input.columns(view); column++) {
            int seat = input.seat(view, row, column).patch();
            assertThat(taken[seat]).isFalse();
            taken[seat] = true;
            assertThat(places[0][seat]).isEqualTo(row);
            assertThat(places[1][seat]).isEqualTo(column);
          }
        }
      }
      float[] ones = new float[input.start(input.views())];
      Arrays.fill(ones, 1);
      List<float[]> views =
          IntStream.range(0, grids.size())
              .mapToObj(v -> Arrays.copyOf(ones, input.start(v + 1) - input.start(v)))
              .toList();
      float[] numbers = input.numbers(views);
      double[] back =
          input.pictures(IntStream.range(0, numbers.length).mapToDouble(n -> numbers[n]).toArray());
      // Every pixel stands in the tower once for each frame of a patch.
      assertThat(back).containsOnly(grids.getFirst().temporal());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-vl", "qwen2.5-vl", "qwen3-vl"})
  void aPatchSeesItsOwnPartOnly(String family) {
    try (LoadedModel model = load(family)) {
      Picture a = picture(model, 60, 90, 1);
      Picture b = picture(model, 90, 40, 2);
      Prompt prompt = model.prompt("What is it?", a, b);
      Point pattern = Point.vision(Site.PATTERN);
      try (Run run = model.run(prompt, Capture.of(Capture.request(pattern)));
          Run plain = model.run(prompt, Capture.NONE)) {
        assertThat(run.logits().toDoubles()).containsExactly(plain.logits().toDoubles());
        TokenMap map = model.model().labels(pattern, prompt.pictures(), List.of());
        int size = map.length();
        double[] first = run.get(pattern, 0).mean(1).reshape(-1).toDoubles();
        double across = 0;
        for (int row = 0; row < size; row++) {
          double sum = 0;
          for (int column = 0; column < size; column++) {
            sum += first[row * size + column];
            boolean same = map.spots().get(row).image() == map.spots().get(column).image();
            across += same ? 0 : first[row * size + column];
          }
          assertThat(sum).isCloseTo(1, within(1e-5));
        }
        assertThat(across).isZero();
        long seen = Arrays.stream(first).filter(p -> p > 0).count();
        int[] parts = map.grids().stream().mapToInt(g -> g.tokens()).toArray();
        long pictures = Arrays.stream(parts).mapToLong(n -> (long) n * n).sum();
        if (family.equals("qwen2.5-vl")) {
          assertThat(seen).isLessThan(pictures);
        } else {
          assertThat(seen).isEqualTo(pictures);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-vl", "qwen2.5-vl", "qwen3-vl"})
  void whatIsKeptIsWhatWasEstimated(String family) {
    try (LoadedModel model = load(family)) {
      Prompt prompt =
          model.prompt("What is it?", picture(model, 60, 90, 1), picture(model, 90, 40, 2));
      for (Point point : Point.all()) {
        if (!model.model().has(point)) {
          continue;
        }
        Capture plan = Capture.of(Capture.request(point));
        Map<Point, Long> kept = new LinkedHashMap<>();
        try (Run run = model.run(prompt, plan)) {
          for (var key : run.captured().keys()) {
            kept.merge(key.point(), run.get(key.point(), key.layer()).bytes(), Long::sum);
          }
        }
        assertThat(kept).isEqualTo(Budgets.estimate(model, Batch.of(prompt), plan, 0));
      }
    }
  }

  /// With DeepStack a picture that is taken from the first layer's input is still in the others.
  @Test
  void aPictureIsTakenAwayWhereverItEnters() {
    try (LoadedModel model = load("qwen3-vl")) {
      Positions image = Positions.parse("image");
      double[][] only = new double[2][];
      double[][] all = new double[2][];
      double[][] blind = new double[2][];
      for (int i = 0; i < 2; i++) {
        Prompt prompt = model.prompt("What is it?", picture(model, 60, 90, i));
        try (Run run = model.run(prompt, Sweep.base(model));
            Run first =
                run.replay(Intervention.at(Point.EMBED_MERGED, 0, new Op.Zero()).at(image));
            Run both = run.replay(Inputs.at(run, image, new Op.Zero()), Capture.NONE);
            Run hidden = run.replay(Blind.hide(run.tokens(), Attends.CAUSAL))) {
          only[i] = first.logits().toDoubles();
          all[i] = both.logits().toDoubles();
          blind[i] = hidden.logits().toDoubles();
        }
      }
      assertThat(difference(only[0], only[1])).isGreaterThan(1e-3);
      assertThat(difference(all[0], all[1])).isZero();
      assertThat(difference(blind[0], blind[1])).isLessThan(1e-5);
    }
  }

  private static double difference(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> Math.abs(a[i] - b[i])).max().orElse(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-vl", "qwen2.5-vl", "qwen3-vl"})
  void replaysFromTheMiddleKeepPositionsAndAdditions(String family) {
    try (LoadedModel model = load(family)) {
      Prompt prompt =
          model.prompt("What is it?", picture(model, 60, 90, 1), picture(model, 90, 40, 2));
      int[] image = prompt.tokens().image(1);
      int last = model.model().decoder().config().layers() - 1;
      try (Run run = model.run(prompt, Sweep.base(model))) {
        for (Intervention change :
            List.of(
                Intervention.at(Point.Z, 1, new Op.Scale(0.5))
                    .at(Positions.of(prompt.length() - 1)),
                Intervention.at(Point.MLP_OUT, 0, new Op.Scale(0.5)).at(Positions.of(image[2])),
                Intervention.at(Point.RESID_POST, 0, new Op.Scale(0.5)).at(Positions.of(image)),
                Intervention.at(Point.ATTN_OUT, last, new Op.Zero()))) {
          try (Run replay = run.replay(change);
              Run whole = model.run(prompt, Capture.NONE, change)) {
            assertThat(difference(replay.logits().toDoubles(), whole.logits().toDoubles()))
                .isLessThan(2e-5);
            assertThat(difference(run.logits().toDoubles(), whole.logits().toDoubles()))
                .isGreaterThan(1e-4);
          }
        }
      }
      try (Generation answer = model.generate(prompt, GenerationOptions.greedy(5), Capture.NONE);
          Run passed =
              model.run(prompt.withAnswer(Arrays.copyOf(answer.answer().ids(), 4)), Capture.NONE)) {
        assertThat(difference(passed.logits().toDoubles(), answer.run().logits().toDoubles()))
            .isLessThan(2e-5);
      }
    }
  }

  /// Words stand on all coordinates alike, a visual token at its row and column, and what follows a
  /// picture after its longer side.
  @Test
  void positionsHaveThreeCoordinates() {
    try (LoadedModel model = load("qwen2-vl")) {
      Prompt prompt = model.prompt("What is it?", picture(model, 90, 40, 2));
      int[][] standing = model.model().standing(prompt.tokens());
      int[] image = prompt.tokens().image(0);
      TokenMap.Tile tile = prompt.tokens().grids().getFirst().tiles().getFirst();
      assertThat(tile.columns()).isGreaterThan(tile.rows());
      assertThat(standing[0][image[0]]).isEqualTo(image[0]);
      assertThat(standing[0][image[image.length - 1]]).isEqualTo(image[0]);
      assertThat(standing[1][image[image.length - 1]]).isEqualTo(image[0] + tile.rows() - 1);
      assertThat(standing[2][image[image.length - 1]]).isEqualTo(image[0] + tile.columns() - 1);
      for (int[] axis : standing) {
        assertThat(axis[image[image.length - 1] + 1]).isEqualTo(image[0] + tile.columns());
      }
    }
  }

  /// What gradients give adds up, for visual tokens wherever they enter, and for the pixels of
  /// pictures of different size; a run that kept nothing has the gradients of one that did.
  @ParameterizedTest
  @ValueSource(strings = {"qwen2-vl", "qwen2.5-vl", "qwen3-vl"})
  void gradientsReachEveryPlaceOfAPicture(String family) {
    try (LoadedModel model = load(family)) {
      Prompt prompt =
          model.prompt("What is it?", picture(model, 60, 90, 1), picture(model, 90, 40, 2));
      Target target = Target.token("", prompt.length() - 1, 300);
      TokenMap.View view = prompt.tokens().views().getLast();
      double[] bare;
      try (Run run = model.run(prompt, Capture.NONE)) {
        IntegratedGradients.Result tokens =
            new IntegratedGradients(
                    IntegratedGradients.Baseline.MEAN, PathIntegral.Spacing.EVEN, 81, 729)
                .explain(run, target);
        assertThat(tokens.gap() * Math.abs(tokens.clean() - tokens.base())).isLessThan(0.002);
        assertThat(Math.abs(tokens.clean() - tokens.base())).isGreaterThan(0.02);
        IntegratedPixels.Result pixels =
            new IntegratedPixels(IntegratedPixels.Baseline.MEAN_COLOUR, 27, 243)
                .explain(run, target);
        assertThat(pixels.gap() * Math.abs(pixels.clean() - pixels.base())).isLessThan(0.002);
        assertThat(Math.abs(pixels.clean() - pixels.base())).isGreaterThan(0.02);
        double all = 0;
        for (TokenMap.View one : prompt.tokens().views()) {
          all += Arrays.stream(PatchPlaces.of(run, one).sums(pixels.values(), 3)).sum();
        }
        assertThat(all).isCloseTo(Arrays.stream(pixels.values()).sum(), within(1e-6));
        bare = new SaliencyMap().map(run, target, view, new SplittableRandom(1)).values();
      }
      try (Run run = model.run(prompt, Sweep.base(model))) {
        assertThat(new SaliencyMap().map(run, target, view, new SplittableRandom(1)).values())
            .containsExactly(bare, within(1e-5));
      }
    }
  }

  @Test
  void onlyTheThirdAddsLater() {
    try (LoadedModel second = load("qwen2.5-vl");
        LoadedModel third = load("qwen3-vl")) {
      assertThat(second.model().has(Point.ADDED)).isFalse();
      assertThat(third.model().has(Point.ADDED)).isTrue();
      assertThat(third.model().has(Point.of(Stack.PROJECTOR, Site.LN_IN))).isTrue();
    }
  }
}
