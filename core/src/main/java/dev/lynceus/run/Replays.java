package dev.lynceus.run;

import dev.lynceus.model.text.TextStack;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Captured;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Runs again what a change can reach, once. Many replays of one run are a [Sweep].
final class Replays {
  private Replays() {}

  static Run replay(
      LoadedModel model, Passes passes, Run run, List<Intervention> changes, Capture capture) {
    Batch batch = run.batch();
    Plans.check(model, batch, capture, changes, 0);
    Inherited inherited = new Inherited(run);
    Start start = new Start.Finder(run, inherited, capture, true).of(changes);
    List<Intervention> left = new ArrayList<>(inherited.in(start));
    left.addAll(changes);
    Tap tap = Tap.of(capture, left, batch.labels(model.model()));
    try (Scope scope = Scope.open()) {
      Resumption.Result result =
          new Resumption(passes, run, start, TextStack.Rows.ALL).run(List.of(tap), true);
      Tensor logits = Objects.requireNonNull(result.logits()).copy();
      Entering merged = result.merged().isEmpty() ? run.entering() : result.merged().getFirst();
      Captured captured = tap.finish();
      List<Intervention> together = new ArrayList<>(inherited.all());
      together.addAll(changes);
      return new Run(
          model,
          batch,
          batch.length(),
          captured,
          together,
          merged.own(),
          logits.own(),
          null,
          result.flow().own(),
          run.pace());
    } catch (RuntimeException failure) {
      tap.abandon();
      throw failure;
    }
  }
}
