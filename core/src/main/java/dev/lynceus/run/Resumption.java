package dev.lynceus.run;

import dev.lynceus.model.Flow;
import dev.lynceus.model.stack.Branch;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One pass that serves several replays of a run, stacked along the batch. Everything native
/// belongs to the scope that is open.
///
/// @param run what is replayed; it is not changed
/// @param start what is computed
/// @param rows which rows of the last layer are computed
record Resumption(Passes passes, Run run, Start start, TextStack.Rows rows) {

  /// What a pass gave.
  ///
  /// @param merged what enters the decoder where it was made again, for each replay, else empty
  /// @param flow what left the stacks before the decoder in the last replay
  /// @param logits `[replay * batch, vocabulary]`; null if they were not wanted
  record Result(List<Entering> merged, Flow flow, @Nullable Tensor logits) {}

  /// Runs.
  ///
  /// @param taps one for each replay, with the changes of the run that are not in its input yet
  /// @param logits whether the last norm and the logits are computed
  Result run(List<Tap> taps, boolean logits) {
    Batch batch = run.batch();
    List<Entering> merged = new ArrayList<>();
    Flow flow = run.flow().again();
    Entering entering;
    if (start.layer() == Start.EMBEDDING) {
      for (Tap tap : taps) {
        tap.begin(0);
        flow = run.flow().again();
        merged.add(passes.merge(batch, flow, tap));
      }
      entering =
          Entering.cat(merged.stream().map(whole -> whole.from(start.position(), 1)).toList());
    } else {
      entering = run.entering().as(entering()).from(start.position(), taps.size());
    }
    Tap tap = Tap.stacked(taps, batch.size());
    tap.begin(start.position());
    int first = Math.max(start.layer(), 0);
    if (first > 0) {
      entering = entering.as(tap.at(Point.RESID_POST, first - 1, entering.stream()));
    }
    int last = Math.max(start.end(), first);
    try (Branch past =
        start.position() == 0 ? null : new Branch(run.cache(), start.position(), taps.size())) {
      int @Nullable [][] blocks = batch.blocks(passes.model().attends());
      Passes.Span span =
          new Passes.Span(
              batch.valid(),
              Standing.of(batch, passes.model()),
              blocks,
              taps.size(),
              start.position(),
              first,
              last,
              rows);
      Tensor hidden = passes.forward(entering, span, past, tap);
      return new Result(
          merged, flow, logits ? passes.lastLogits(hidden, batch, start.position(), tap) : null);
    }
  }

  private Tensor entering() {
    int layers = run.model().model().decoder().config().layers();
    if (start.layer() == 0) {
      return run.merged();
    }
    return start.layer() == layers
        ? run.get(Point.RESID_POST, layers - 1)
        : run.get(Point.RESID_PRE, start.layer());
  }
}
