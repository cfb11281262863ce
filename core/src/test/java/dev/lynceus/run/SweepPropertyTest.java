package dev.lynceus.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageFileReader;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Captured;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Point;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every replay of a sweep gives what a whole run with the same changes gives: whatever is changed
/// where, whatever the run kept, however the replays are put into batches. `-Dlynceus.seed=N` tries
/// other changes; a failure names its seed.
class SweepPropertyTest {
  private static final long SEED = Long.getLong("lynceus.seed", 4);
  private static final int REPLAYS = 14;
  private static final Path GOLDENS = Path.of("src/test/resources/goldens");

  @TempDir static Path folder;

  private int compared;

  @ParameterizedTest
  @EnumSource(Family.class)
  void sweepsOfSmallModelsEqualFullRuns(Family family) {
    try (LoadedModel model = TinyModels.load(folder, family)) {
      List<Prompt> prompts = GenerationParityTest.prompts(model, family);
      Prompt longer =
          TinyModels.prompt(model, family, "what color is the big dog on the mat in the park", 1);
      List<Batch> batches =
          List.of(
              Batch.of(longer),
              Batch.of(prompts, Batch.Padding.LEFT, 3),
              Batch.of(prompts, Batch.Padding.RIGHT, 3),
              Batch.of(List.of(longer, longer), Batch.Padding.LEFT, 3));
      for (int round = 0; round < 8; round++) {
        sweep(family + "", model, batches.get(round % batches.size()), round);
      }
    }
    assertThat(compared).isGreaterThan(8 * REPLAYS / 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llava-llama",
        "llava-mistral-gqa",
        "llava-gemma",
        "llava-qwen2-siglip",
        "llava-next"
      })
  void sweepsOfReferenceModelsEqualFullRuns(String family) {
    Torch.setThreads(1);
    try (LoadedModel model =
        LoadedModel.load(GOLDENS.resolve(family).resolve("hub"), LoadOptions.DEFAULT)) {
      var image = new ImageFileReader().read(GOLDENS.resolve("images/small.png"));
      Prompt prompt =
          model.raw("USER: <image>\nWhat is the color?\nIt is", model.picture("small", image));
      for (int round = 0; round < 4; round++) {
        sweep(family, model, Batch.of(prompt), round);
      }
    }
    assertThat(compared).isGreaterThan(4 * REPLAYS / 2);
  }

  private void sweep(String name, LoadedModel model, Batch batch, int round) {
    long seed = SEED * 1_000_003 + 31L * name.hashCode() + round;
    Random random = new Random(seed);
    RandomChanges changes = new RandomChanges(random, model, batch);
    List<Capture> kept =
        List.of(
            Sweep.base(model),
            Capture.NONE,
            Capture.of("resid_pre"),
            Capture.of("blocks.2.hook_resid_pre"));
    List<Intervention> first = round % 3 == 0 ? List.of() : changes.some(2);
    Capture look = random.nextBoolean() ? Capture.NONE : changes.look();
    List<List<Intervention>> replays = new ArrayList<>();
    List<double[]> expected = new ArrayList<>();
    for (int i = 0; i < REPLAYS; i++) {
      List<Intervention> second = changes.some(3);
      double[] full = full(model, batch, first, second, look);
      if (full.length > 0) {
        replays.add(second);
        expected.add(full);
      }
    }
    if (replays.isEmpty()) {
      return;
    }
    Limits limits =
        random.nextBoolean() ? Limits.DEFAULT : new Limits(1 << 20, 1 + random.nextInt(80));
    Reader reader =
        look.requests().isEmpty()
            ? new Reader.Logits(Tensor::toDoubles)
            : new Reader.Activations(look, SweepPropertyTest::numbers);
    String what =
        "seed %d: %s round %d, batch of %d, %s".formatted(seed, name, round, batch.size(), look);
    try (Run run = model.run(batch, kept.get(random.nextInt(kept.size())), first)) {
      double[][] actual =
          Sweep.of(run, replays, reader).within(limits).run(Progress.NONE, Ledger.NONE);
      for (int i = 0; i < actual.length; i++) {
        Numbers.close(
            what + " " + first + " then " + replays.get(i), actual[i], expected.get(i), 1e-5);
        compared++;
      }
    }
  }

  /// What a whole run gives; nothing if the changes are refused.
  private static double[] full(
      LoadedModel model,
      Batch batch,
      List<Intervention> first,
      List<Intervention> second,
      Capture look) {
    List<Intervention> all = Stream.concat(first.stream(), second.stream()).toList();
    try (Run run = model.run(batch, look, all);
        Scope scope = Scope.open()) {
      return look.requests().isEmpty() ? run.logits().toDoubles() : numbers(run.captured());
    } catch (LynceusException refused) {
      return new double[0];
    }
  }

  private static double[] numbers(Captured captured) {
    Captured.Key key = captured.keys().iterator().next();
    Point point = key.point();
    return captured.get(point, key.layer()).toDoubles();
  }
}
