package dev.lynceus.method.causal;

import dev.lynceus.method.Progress;
import dev.lynceus.run.Cost;
import dev.lynceus.run.Ledger;
import dev.lynceus.run.Limits;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.run.Watch;
import dev.lynceus.tap.Intervention;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// How a method's replays are run: who is told the cost and the progress, how large the batches
/// are, and what is done already.
///
/// @param costs told the cost of the whole method before it runs
/// @param ledger numbers the replays of all sweeps of a method, one sweep after the other
public record Job(Progress progress, Consumer<Cost> costs, Limits limits, Ledger ledger) {

  /// Nobody is told, nothing is remembered.
  public static final Job QUIET = new Job(Progress.NONE, cost -> {}, Limits.DEFAULT, Ledger.NONE);

  /// Replays of a run, measured.
  List<Measures> run(String stage, Run run, List<List<Intervention>> replays, Readout readout) {
    Sweep sweep = sweep(run, replays, readout);
    costs.accept(sweep.cost(ledger));
    return measured(stage, sweep, 0, replays.size());
  }

  Sweep sweep(Run run, List<List<Intervention>> replays, Readout readout) {
    return Sweep.of(run, replays, readout.reader()).within(limits);
  }

  /// Runs one of several sweeps.
  ///
  /// @param first number of its first replay among those of all sweeps
  /// @param total replays of all sweeps
  List<Measures> measured(String stage, Sweep sweep, int first, int total) {
    Watch watch =
        new Watch() {
          @Override
          public void at(State state) {
            progress.at(stage, first + state.done(), total);
          }

          @Override
          public boolean cancelled() {
            return progress.cancelled();
          }
        };
    List<Measures> measures = new ArrayList<>();
    Arrays.stream(sweep.run(watch, from(first))).map(Measures::of).forEach(measures::add);
    return measures;
  }

  /// The ledger as a sweep sees it whose replays are numbered from `first`.
  Ledger from(int first) {
    return new Ledger() {
      @Override
      public Optional<double[]> result(int replay) {
        return ledger.result(first + replay);
      }

      @Override
      public void done(int replay, double[] result) {
        ledger.done(first + replay, result);
      }

      @Override
      public void flush() {
        ledger.flush();
      }
    };
  }
}
