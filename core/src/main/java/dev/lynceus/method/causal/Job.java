package dev.lynceus.method.causal;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.Cost;
import dev.lynceus.run.Ledger;
import dev.lynceus.run.Limits;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/// How a method's replays are run: who is told the cost and the progress, how large the batches
/// are, and what is done already.
///
/// @param costs told the cost of the whole method before it runs
/// @param ledger numbers the replays of all sweeps of a method, one sweep after the other
public record Job(Progress progress, Consumer<Cost> costs, Limits limits, Ledger ledger) {

  /// Nobody is told, nothing is remembered.
  public static final Job QUIET = new Job(Progress.NONE, cost -> {}, Limits.DEFAULT, Ledger.NONE);

  /// Somebody is told how far it is, and may stop it; nothing is remembered.
  public static Job told(Progress progress) {
    return new Job(progress, cost -> {}, Limits.DEFAULT, Ledger.NONE);
  }

  /// A stage has come so far.
  ///
  /// @throws LynceusException CANCELLED
  void at(String stage, int done, int total) {
    if (progress.cancelled()) {
      throw new LynceusException(
          ErrorCode.CANCELLED,
          "stopped at %s, %d of %d".formatted(stage, done, total),
          "Run it again to begin anew.");
    }
    progress.at(stage, done, total);
  }

  /// Replays of a run, measured.
  ///
  /// @throws LynceusException CANCELLED
  public List<Measures> run(
      String stage, Run run, List<List<Intervention>> replays, Readout readout) {
    Sweep sweep = sweep(run, replays, readout);
    costs.accept(sweep.cost(ledger));
    return measured(stage, sweep, 0, replays.size());
  }

  /// Many replays of a run, a few at a time where the changes of all of them would not fit into
  /// memory together.
  ///
  /// @param few how many are made at once
  /// @param replay the changes of one by its number; new tensors belong to the scope that is open
  List<Measures> run(
      String stage,
      Run run,
      int count,
      int few,
      IntFunction<List<Intervention>> replay,
      Readout readout) {
    List<Measures> measures = new ArrayList<>();
    long left = IntStream.range(0, count).filter(i -> ledger.result(i).isEmpty()).count();
    if (count == 0) {
      costs.accept(new Cost(0, 0, 0, 0, 0, 0));
    }
    for (int start = 0; start < count; start += few) {
      try (Scope scope = Scope.open()) {
        int end = Math.min(count, start + few);
        List<List<Intervention>> replays = IntStream.range(start, end).mapToObj(replay).toList();
        Sweep sweep = sweep(run, replays, readout);
        if (start == 0) {
          costs.accept(sweep.cost().times((double) left / replays.size()));
        }
        measures.addAll(measured(stage, sweep, start, count));
      }
    }
    return measures;
  }

  Sweep sweep(Run run, List<List<Intervention>> replays, Readout readout) {
    return Sweep.of(run, replays, readout.reader(run)).within(limits);
  }

  /// Runs one of several sweeps.
  ///
  /// @param first number of its first replay among those of all sweeps
  /// @param total replays of all sweeps
  List<Measures> measured(String stage, Sweep sweep, int first, int total) {
    List<Measures> measures = new ArrayList<>();
    Arrays.stream(sweep.run(progress.as(stage, first, total), from(first)))
        .map(Measures::of)
        .forEach(measures::add);
    return measures;
  }

  /// The ledger as a sweep sees it whose replays are numbered from `first`.
  Ledger from(int first) {
    return renumbered(replay -> first + replay);
  }

  /// This job with other numbers in the ledger, for replays whose order is not the same every time.
  Job numbered(IntUnaryOperator number) {
    return new Job(progress, costs, limits, renumbered(number));
  }

  private Ledger renumbered(IntUnaryOperator number) {
    return new Ledger() {
      @Override
      public Optional<double[]> result(int replay) {
        return ledger.result(number.applyAsInt(replay));
      }

      @Override
      public void done(int replay, double[] result) {
        ledger.done(number.applyAsInt(replay), result);
      }

      @Override
      public void flush() {
        ledger.flush();
      }
    };
  }
}
