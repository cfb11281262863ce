package dev.lynceus.method.causal;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.Cost;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Causal tracing: the input is corrupted so that the answer is lost, and single states are
/// restored to their clean values; where that brings the answer back, the state carries it.
///
///     total effect    = m(clean) - m(corrupted)
///     indirect effect = m(corrupted, state restored) - m(corrupted)
///
/// From Meng et al. 2022 (ROME); corruptions of pictures and the gate on the total effect follow
/// what went wrong in Palit et al. 2023 (2308.14179): one noise for all cells, and no map where the
/// corruption hardly moves the answer. The other direction, corrupted states in the clean run, says
/// which states are necessary.
///
/// @param corruption what is done to the input
/// @param where positions that are corrupted, for example `image`
/// @param patching which states are restored, where, in windows of how many layers
/// @param direction what is carried where
/// @param repeats corruptions that are averaged over; used by random ones
/// @param seed of the first corruption; the others have the next numbers
public record CausalTracing(
    Corruption corruption,
    String where,
    ActivationPatching patching,
    Direction direction,
    int repeats,
    long seed) {

  /// A total effect on the probability below this says that the corruption failed.
  private static final double GATE = 0.1;

  /// What is carried where.
  public enum Direction {
    /// Clean states into the corrupted run: which of them suffice.
    DENOISING,
    /// Corrupted states into the clean run: which of them are needed.
    NOISING
  }

  public CausalTracing {
    if (repeats < 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "an average over " + repeats + " corruptions", "Use 1 or more.");
    }
  }

  /// What the clean run must keep.
  public Capture capture(LoadedModel model) {
    return patching.capture(model);
  }

  /// Traces.
  ///
  /// @param clean kept what [#capture] says
  public CausalMap explain(Run clean, Readout readout, Job job) {
    int count = corruption.random() ? repeats : 1;
    List<Measures> corrupted = new ArrayList<>();
    List<List<Measures>> cells = new ArrayList<>();
    int lost = 0;
    for (int r = 0; r < count; r++) {
      try (Run broken =
          clean
              .model()
              .run(
                  clean.batch(),
                  patching.capture(clean.model()),
                  corruption.changes(clean, where, seed + r))) {
        Run base = direction == Direction.DENOISING ? broken : clean;
        Run source = direction == Direction.DENOISING ? clean : broken;
        List<List<Intervention>> replays = patching.replays(base, source);
        Sweep sweep = job.sweep(base, replays, readout);
        if (r == 0) {
          job.costs().accept(total(sweep, job, count));
        }
        int size = replays.size();
        cells.add(job.measured("tracing", sweep, r * size, count * size));
        corrupted.add(readout.of(broken));
        lost += readout.lost(broken) ? 1 : 0;
      }
    }
    Averages averages = Averages.of(cells);
    Averages runs = Averages.of(corrupted.stream().map(List::of).toList());
    Measures broken = runs.means().getFirst();
    Measures whole = readout.of(clean);
    boolean restoring = direction == Direction.DENOISING;
    int columns = patching.columns(clean).size();
    return patching.map(
        "trace",
        clean,
        restoring ? broken : whole,
        restoring ? whole : broken,
        CausalMap.grid(averages.means(), columns),
        averages.spreads().map(spreads -> CausalMap.grid(spreads, columns)),
        count,
        Optional.of(
            new TotalEffect(
                whole.probability() - broken.probability(),
                runs.spreads().map(spreads -> spreads.getFirst().probability()).orElse(0.0),
                GATE,
                lost,
                count)),
        List.of("corrupted at " + where + " by " + corruption.text()));
  }

  /// Traces several kinds of states one after the other, such as those of two stacks. Replays of
  /// all have numbers of their own in the ledger.
  ///
  /// @param clean kept what the captures of all say
  public static List<CausalMap> all(
      List<CausalTracing> tracings, Run clean, Readout readout, Job job) {
    List<CausalMap> maps = new ArrayList<>();
    int before = 0;
    for (CausalTracing tracing : tracings) {
      int start = before;
      maps.add(tracing.explain(clean, readout, job.numbered(number -> start + number)));
      CausalMap map = maps.getLast();
      before += map.rows().size() * map.columns().size() * map.repeats();
    }
    return maps;
  }

  private static Cost total(Sweep sweep, Job job, int count) {
    List<Cost> costs = new ArrayList<>();
    for (int r = 0; r < count; r++) {
      costs.add(sweep.cost(job.from(r * sweep.size())));
    }
    return costs.stream().reduce(Cost::plus).orElseThrow();
  }
}
