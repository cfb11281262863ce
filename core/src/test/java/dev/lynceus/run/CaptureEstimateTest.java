package dev.lynceus.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Axis;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Capture.Reducer;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Stack;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a capture is said to need before it runs is what it then holds, to the byte.
class CaptureEstimateTest {
  @TempDir static Path folder;

  private static Capture all(LoadedModel model) {
    return Capture.of(
        Point.all().stream()
            .filter(model.model()::has)
            .map(Capture::request)
            .toArray(Capture.Request[]::new));
  }

  private static List<Capture.Request> variants(Point point) {
    List<Capture.Request> variants = new ArrayList<>();
    boolean heads = point.headAxis() >= 0;
    boolean source = point.axis(Axis.SOURCE) >= 0;
    List<List<Reducer>> reducers = new ArrayList<>(List.of(List.of(), List.of(Reducer.NORM)));
    if (heads) {
      reducers.add(List.of(Reducer.MEAN_OVER_HEADS));
      reducers.add(List.of(Reducer.MEAN_OVER_HEADS, Reducer.NORM));
      reducers.add(List.of(Reducer.NORM, Reducer.MEAN_OVER_HEADS));
    }
    if (source && point.stack() == Stack.DECODER) {
      reducers.add(List.of(Reducer.IMAGE_COLUMNS));
      reducers.add(List.of(Reducer.IMAGE_COLUMNS, Reducer.MEAN_OVER_HEADS));
      reducers.add(List.of(Reducer.MEAN_OVER_HEADS, Reducer.IMAGE_COLUMNS, Reducer.NORM));
    }
    boolean text = point.stack() == Stack.DECODER;
    List<Positions> positions =
        point.axis(Axis.POSITION) < 0
            ? List.of(Positions.all())
            : text
                ? List.of(
                    Positions.all(),
                    Positions.last(),
                    Positions.of(1, 4, 5),
                    Positions.of(0),
                    Positions.from(9),
                    new Positions.Zone("image"))
                : List.of(Positions.all(), Positions.last(), Positions.of(1, 4, 5));
    for (List<Reducer> some : reducers) {
      for (Positions at : positions) {
        Capture.Request request =
            Capture.request(point).at(at).reduced(some.toArray(Reducer[]::new));
        variants.add(request);
        if (point.perLayer()) {
          variants.add(request.layers(0, 2));
        }
        if (heads) {
          variants.add(request.heads(0));
        }
      }
    }
    return variants;
  }

  /// Plans that hold one variant of every point each, until all variants were there.
  private static List<Capture> plans(LoadedModel model) {
    List<Capture> plans = new ArrayList<>();
    int most =
        all(model).requests().stream().mapToInt(r -> variants(r.point()).size()).max().orElse(0);
    for (int round = 0; round < most; round++) {
      List<Capture.Request> requests = new ArrayList<>();
      for (Capture.Request whole : all(model).requests()) {
        List<Capture.Request> variants = variants(whole.point());
        requests.add(variants.get(round % variants.size()));
      }
      plans.add(new Capture(requests, Capture.DEFAULT_BUDGET));
    }
    assertThat(plans).hasSizeGreaterThan(80);
    return plans;
  }

  @ParameterizedTest
  @EnumSource(names = {"LLAVA_CLIP", "LLAVA_CLIP_LIST_FULL", "LLAVA_SIGLIP"})
  void theEstimateIsExact(Family family) {
    try (LoadedModel model = TinyModels.load(folder, family)) {
      Prompt prompt = TinyModels.prompt(model, family, "what color is it", 1);
      for (Capture plan : plans(model)) {
        check(model, Batch.of(prompt), plan);
      }
    }
  }

  private static void check(LoadedModel model, Batch batch, Capture plan) {
    Map<Point, Long> expected = Budgets.estimate(model, batch, plan, 0);
    Map<Point, Long> kept = new LinkedHashMap<>();
    try (Run run = model.run(batch, plan, List.of())) {
      for (var key : run.captured().keys()) {
        kept.merge(key.point(), run.get(key.point(), key.layer()).bytes(), Long::sum);
      }
    }
    assertThat(kept).as(plan + "").isEqualTo(expected);
  }

  @Test
  void theEstimateOfBatchesAndGenerationsIsExact() {
    try (LoadedModel model = TinyModels.load(folder, Family.LLAVA_CLIP)) {
      Prompt a = TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is it", 1);
      Prompt b = TinyModels.prompt(model, Family.LLAVA_CLIP, "see the big dog", 2);
      Batch batch = Batch.of(List.of(a, b), Batch.Padding.LEFT, 3);
      int tokens = 4;
      try (Generation probe = model.generate(a, GenerationOptions.greedy(tokens), Capture.NONE)) {
        assertThat(probe.answer().ids()).hasSize(tokens);
      }
      for (Capture plan : plans(model)) {
        check(model, batch, plan);
        long expected =
            Budgets.estimate(model, Batch.of(a), plan, tokens).values().stream()
                .mapToLong(Long::longValue)
                .sum();
        try (Generation generation = model.generate(a, GenerationOptions.greedy(tokens), plan)) {
          Run run = generation.run();
          assertThat(run.captured().bytes()).as(plan + "").isEqualTo(expected);
          // Joining the steps works for whatever reducers.
          for (var key : run.captured().keys()) {
            Tensor joined = run.get(key.point(), key.layer());
            int rows = run.captured().positions(key.point(), key.layer()).length;
            assertThat(key.point().axis(Axis.POSITION) < 0 || contains(joined.shape(), rows))
                .as(key + " " + joined)
                .isTrue();
          }
        }
      }
    }
  }

  private static boolean contains(long[] shape, int size) {
    return java.util.Arrays.stream(shape).anyMatch(n -> n == size);
  }

  @Test
  void halfPrecisionIsEstimatedToo() {
    Path path = TinyModels.write(folder.resolve("half"), Family.LLAVA_CLIP, 7);
    try (LoadedModel model = LoadedModel.load(path, LoadOptions.DEFAULT.compute(DType.BFLOAT16))) {
      Prompt prompt = TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is it", 1);
      check(model, Batch.of(prompt), all(model));
    }
  }

  @Test
  void thePlanIsRefusedBeforeTheRun() {
    try (LoadedModel model = TinyModels.load(folder, Family.LLAVA_CLIP)) {
      Prompt prompt = TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is it", 1);
      Capture plan = Capture.of("pattern", "resid_pre");
      long bytes =
          Budgets.estimate(model, Batch.of(prompt), plan, 0).values().stream()
              .mapToLong(Long::longValue)
              .sum();
      model.run(prompt, plan.within(bytes)).close();
      assertThatThrownBy(() -> model.run(prompt, plan.within(bytes - 1)))
          .isInstanceOfSatisfying(
              LynceusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY))
          .hasMessageContaining("the largest part is blocks.{l}.attn.hook_pattern");
      try (Run run = model.run(prompt, Capture.NONE)) {
        assertThatThrownBy(() -> run.replay(List.of(), plan.within(7)))
            .hasMessageContaining("its budget is 7 B");
      }
    }
  }
}
