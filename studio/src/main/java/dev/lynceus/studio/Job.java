package dev.lynceus.studio;

import dev.lynceus.request.MeasuredReplay;
import dev.lynceus.request.Running;
import dev.lynceus.request.WeighedText;
import dev.lynceus.run.Cost;
import dev.lynceus.run.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A run that waits or is being done: what is told of it, and whether it shall stop. Any number of
/// threads may watch it.
final class Job {
  private static final long SECOND = 1_000_000_000L;

  /// More are not kept while a run goes on; its result has all.
  private static final int MOST_CELLS = 200_000;

  private final String id;
  private final Work work;
  private final String key;
  private final StringBuilder words = new StringBuilder();
  private final List<WeighedText> weighed = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<Cell> cells = new ArrayList<>();
  private RunState state = RunState.QUEUED;
  private String stage = "";
  private long done;
  private long total;
  private long stageStart = System.nanoTime();
  private @Nullable Cost cost;
  private @Nullable Problem error;
  private long version = 1;
  private boolean begun;
  private volatile boolean cancelled;

  /// @param key of its contents: the same for all runs with the same result
  Job(String id, Work work, String key) {
    this.id = id;
    this.work = work;
    this.key = key;
  }

  /// What is told of a job.
  ///
  /// @param version grows with every change
  /// @param state how far it is
  /// @param stage what is being done, for example `tracing`
  /// @param done steps of the stage that are done
  /// @param total steps of the stage; 0 where nobody knows
  /// @param rate steps in a second; empty at the beginning
  /// @param left seconds that the stage will take; empty where nobody knows
  /// @param words the answer as far as it is written
  /// @param weighed what its tokens are with the pictures and without, where that was asked for
  /// @param notes what should be known
  /// @param cost of a sweep, before it begins
  /// @param cells of a map that were measured since the snapshot before
  /// @param error why it failed
  record Snapshot(
      long version,
      RunState state,
      String stage,
      long done,
      long total,
      Optional<Double> rate,
      Optional<Double> left,
      String words,
      List<WeighedText> weighed,
      List<String> notes,
      Optional<Cost> cost,
      List<Cell> cells,
      Optional<Problem> error) {}

  /// A replay of a sweep that was measured.
  ///
  /// @param version of the job that has it first
  /// @param number of the replay, row by row
  /// @param probability then
  /// @param logProbability then, nats
  /// @param logitDifference then, nats
  record Cell(
      long version,
      int number,
      double probability,
      double logProbability,
      double logitDifference) {}

  String id() {
    return id;
  }

  Work work() {
    return work;
  }

  String key() {
    return key;
  }

  /// Asks it to stop. What runs stops within a pass.
  ///
  /// @return whether it had not begun, and never will
  synchronized boolean cancel() {
    boolean waits = !begun && !state.ended();
    cancelled = true;
    return waits;
  }

  /// Whether it may begin: one that was stopped before may not.
  synchronized boolean begin() {
    begun = !state.ended();
    return begun;
  }

  boolean isCancelled() {
    return cancelled;
  }

  synchronized void is(RunState now) {
    state = now;
    changed();
  }

  synchronized void failed(RunState how, Problem why) {
    error = why;
    is(how);
  }

  synchronized void at(String newStage, long newDone, long newTotal) {
    if (!newStage.equals(stage)) {
      stage = newStage;
      stageStart = System.nanoTime();
    }
    done = newDone;
    total = newTotal;
    changed();
  }

  private void changed() {
    version++;
    notifyAll();
  }

  /// How it is run: everything that is told of it comes here.
  Running running(Path ledger, String command) {
    return Running.QUIET
        .watched(
            new Progress() {
              @Override
              public void at(String stage, long done, long total) {
                Job.this.at(stage, done, total);
              }

              @Override
              public boolean cancelled() {
                return cancelled;
              }
            })
        .words(this::write)
        .notes(this::note)
        .costs(this::costs)
        .aside(this::made)
        .ledger(Optional.of(ledger))
        .command(command);
  }

  private synchronized void write(String text) {
    words.append(text);
    changed();
  }

  synchronized void note(String text) {
    if (!notes.contains(text)) {
      notes.add(text);
      changed();
    }
  }

  private synchronized void made(Object thing) {
    if (thing instanceof WeighedText text) {
      weighed.add(text);
      changed();
    }
    if (thing instanceof MeasuredReplay replay && cells.size() < MOST_CELLS) {
      changed();
      cells.add(
          new Cell(
              version,
              replay.number(),
              replay.probability(),
              replay.logProbability(),
              replay.logitDifference()));
    }
  }

  private synchronized void costs(Cost told) {
    cost = told;
    changed();
  }

  private List<Cell> cellsAfter(long known) {
    int from = cells.size();
    while (from > 0 && cells.get(from - 1).version() > known) {
      from--;
    }
    return List.copyOf(cells.subList(from, cells.size()));
  }

  /// @param known version that was told before; 0 for none
  synchronized Snapshot snapshot(long known) {
    double elapsed = (double) (System.nanoTime() - stageStart) / SECOND;
    boolean paced = state == RunState.RUNNING && done > 0 && elapsed > 0.5;
    return new Snapshot(
        version,
        state,
        stage,
        done,
        total,
        paced ? Optional.of(done / elapsed) : Optional.empty(),
        paced && total >= done ? Optional.of(elapsed / done * (total - done)) : Optional.empty(),
        words.toString(),
        List.copyOf(weighed),
        List.copyOf(notes),
        Optional.ofNullable(cost),
        cellsAfter(known),
        Optional.ofNullable(error));
  }

  /// What is told once it is newer than a version, or after some time.
  synchronized Snapshot after(long known, Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    while (version <= known) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        break;
      }
      wait(left);
    }
    return snapshot(known);
  }
}
