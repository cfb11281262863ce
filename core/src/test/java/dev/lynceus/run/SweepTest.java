package dev.lynceus.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a sweep computes and what it leaves out, how it is watched, stopped and gone on with.
class SweepTest {
  private static final Reader LOGITS = new Reader.Logits(Tensor::toDoubles);
  private static final int LAYERS = TinyModels.LAYERS;

  @TempDir static Path folder;
  private static LoadedModel model;
  private static Run clean;
  private static int length;

  @BeforeAll
  static void open() {
    model = TinyModels.load(folder, Family.LLAVA_CLIP);
    Prompt prompt = TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is the dog", 1);
    clean = model.run(prompt, Sweep.base(model));
    length = prompt.length();
  }

  @AfterAll
  static void close() {
    clean.close();
    model.close();
  }

  private static List<Intervention> silent(Point point, int layer, Positions where) {
    return List.of(Intervention.at(point, layer, new Op.Zero()).at(where));
  }

  private static Cost cost(Reader reader, List<Intervention> changes) {
    return Sweep.of(clean, List.of(changes), reader).cost();
  }

  @Test
  void onlyWhatCanDifferIsComputed() {
    // A change inside a layer: that layer and those after it, from its position on.
    assertThat(cost(LOGITS, silent(Point.MLP_OUT, 1, Positions.of(length - 3))).layerPositions())
        .isEqualTo(3L * (LAYERS - 1));
    // What leaves a layer enters the next.
    assertThat(cost(LOGITS, silent(Point.RESID_POST, 1, Positions.of(length - 3))).layerPositions())
        .isEqualTo(3L * (LAYERS - 2));
    assertThat(
            cost(LOGITS, silent(Point.RESID_POST, LAYERS - 1, Positions.last())).layerPositions())
        .isZero();
    // The last row alone is one decoding step.
    assertThat(cost(LOGITS, silent(Point.Z, 0, Positions.last())).layerPositions())
        .isEqualTo(LAYERS);
    assertThat(cost(LOGITS, silent(Point.EMBED_MERGED, 0, Positions.all())).layerPositions())
        .isEqualTo((long) LAYERS * length);
    // Pictures reach no position before the first visual token.
    int visual = clean.tokens().image(0)[0];
    Cost seen = cost(LOGITS, List.of(Intervention.at(Point.PROJECTOR_OUT, 0, new Op.Zero())));
    assertThat(seen.layerPositions()).isEqualTo((long) LAYERS * (length - visual));
    assertThat(seen.encodings()).isEqualTo(1);
    assertThat(seen.fullLayerPositions()).isEqualTo((long) LAYERS * length);
  }

  @Test
  void aReplayStopsWhereNothingMoreIsRead() {
    Capture middle = Capture.of(Capture.request(Point.PATTERN).layers(1).at(Positions.last()));
    Reader reader = new Reader.Activations(middle, kept -> kept.get(Point.PATTERN, 1).toDoubles());

    assertThat(cost(reader, silent(Point.Z, 0, Positions.last())).layerPositions()).isEqualTo(2);
    assertThat(
            Sweep.of(clean, List.of(silent(Point.Z, 0, Positions.last())), reader)
                .run(Progress.NONE, Ledger.NONE)[0])
        .hasSize(TinyModels.HEADS * length);
  }

  @Test
  void aRunThatKeptLessIsReplayedFromFurtherBack() {
    try (Run bare = model.run(clean.batch(), Capture.NONE, List.of());
        Run replay = clean.replay(List.of(), Sweep.base(model))) {
      List<List<Intervention>> one = List.of(silent(Point.MLP_OUT, 2, Positions.last()));
      assertThat(Sweep.of(bare, one, LOGITS).cost().layerPositions()).isEqualTo(LAYERS);
      assertThat(Sweep.of(replay, one, LOGITS).cost().layerPositions()).isEqualTo(length);
    }
  }

  private static List<List<Intervention>> grid() {
    List<List<Intervention>> replays = new ArrayList<>();
    for (int layer = 0; layer < LAYERS; layer++) {
      for (int position = 0; position < length; position++) {
        replays.add(silent(Point.RESID_POST, layer, Positions.of(position)));
      }
    }
    return replays;
  }

  @Test
  void replaysShareAPass() {
    Sweep sweep = Sweep.of(clean, grid(), LOGITS);

    assertThat(sweep.cost().passes()).isLessThan(grid().size() / 10);
    assertThat(sweep.within(new Limits(1, 1)).cost().passes()).isEqualTo(grid().size());
    assertThat(sweep.cost().replays()).isEqualTo(grid().size());
    assertThat(sweep.cost().seconds()).isPositive();
    assertThat(sweep.cost().text()).startsWith(grid().size() + " replays in ");
  }

  @Test
  void aSweepIsWatched() {
    List<Long> told = new ArrayList<>();
    Progress watcher =
        (stage, done, total) -> {
          assertThat(stage).isEqualTo("heads");
          assertThat(total).isEqualTo(2L * grid().size());
          told.add(done);
        };
    Sweep.of(clean, grid(), LOGITS)
        .within(new Limits(1L << 30, 60))
        .run(watcher.as("heads", grid().size(), 2L * grid().size()), Ledger.NONE);

    assertThat(told).hasSizeGreaterThan(5).isSorted();
    assertThat(told.getFirst()).isEqualTo(grid().size());
    assertThat(told.getLast()).isEqualTo(2L * grid().size());
  }

  /// Stops when so many replays are done.
  private record Until(int most, List<Integer> seen) implements Progress {
    @Override
    public void at(String stage, long done, long total) {
      seen.add((int) done);
    }

    @Override
    public boolean cancelled() {
      return seen.getLast() >= most;
    }
  }

  /// Counts how often each replay is done.
  private static final class Counted implements Ledger {
    final Map<Integer, double[]> results = new HashMap<>();
    int told;

    @Override
    public Optional<double[]> result(int replay) {
      return Optional.ofNullable(results.get(replay));
    }

    @Override
    public void done(int replay, double[] result) {
      results.put(replay, result);
      told++;
    }
  }

  @Test
  void aCancelledSweepStopsWithinABatchAndGoesOn() {
    Sweep sweep = Sweep.of(clean, grid(), LOGITS).within(new Limits(1L << 30, 60));
    double[][] whole = sweep.run(Progress.NONE, Ledger.NONE);
    Counted ledger = new Counted();
    Until until = new Until(20, new ArrayList<>());

    assertThatThrownBy(() -> sweep.run(until, ledger))
        .isInstanceOfSatisfying(
            LynceusException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CANCELLED));
    int done = until.seen.getLast();
    assertThat(until.seen.get(until.seen.size() - 2)).isLessThan(20);
    assertThat(ledger.told).isEqualTo(done);
    assertThat(sweep.cost(ledger).replays()).isEqualTo(grid().size() - done);

    double[][] results = sweep.run(Progress.NONE, ledger);
    assertThat(ledger.told).as("nothing is done twice").isEqualTo(grid().size());
    for (int i = 0; i < whole.length; i++) {
      Numbers.close("replay " + i, results[i], whole[i], 1e-5);
    }
  }

  @Test
  void aSweepIsCheckedBeforeItRuns() {
    assertThatThrownBy(() -> Sweep.of(clean, List.of(silent(Point.Z, 9, Positions.all())), LOGITS))
        .hasMessageContaining("there is no blocks.9.attn.hook_z");
    assertThat(Sweep.of(clean, List.of(), LOGITS).run(Progress.NONE, Ledger.NONE)).isEmpty();
  }
}
