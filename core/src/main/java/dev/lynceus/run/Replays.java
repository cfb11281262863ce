package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Captured;
import dev.lynceus.tap.Indices;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Runs again what a change can reach. In a pre-norm decoder a change at layer l leaves the
/// residual stream entering layer l as it was, so the pass resumes there. A generation is run again
/// as one pass over prompt and answer.
final class Replays {
  /// Begins before the decoder: pictures are encoded and words are embedded again.
  private static final int EMBEDDING = -1;

  private Replays() {}

  static Run replay(
      LoadedModel model, Passes passes, Run run, List<Intervention> changes, Capture capture) {
    Batch batch = run.batch();
    Plans.check(model, batch, capture, changes, 0);
    int layers = model.model().decoder().config().layers();
    int resume = nearestKept(run, firstNeeded(changes, capture, layers));
    List<Intervention> all = new ArrayList<>();
    for (Intervention earlier : run.interventions()) {
      addRemaining(onePass(earlier, run), resume, layers, all);
    }
    all.addAll(changes);
    Tap tap = Tap.of(capture, all, batch.commonTokens());
    try (Scope scope = Scope.open()) {
      tap.begin(0);
      Tensor merged = resume == EMBEDDING ? passes.merge(batch, tap) : run.merged();
      Tensor x = resume <= 0 ? merged : run.get(Point.RESID_PRE, resume);
      Tensor hidden = passes.forward(x, batch.valid(), 0, null, Math.max(resume, 0), tap);
      Tensor logits = passes.lastLogits(hidden, batch, tap).copy();
      Captured captured = tap.finish();
      List<Intervention> together = new ArrayList<>();
      run.interventions().forEach(earlier -> together.add(onePass(earlier, run)));
      together.addAll(changes);
      return new Run(
          model, batch, batch.length(), captured, together, merged.own(), logits.own(), null);
    } catch (RuntimeException failure) {
      tap.abandon();
      throw failure;
    }
  }

  private static int firstNeeded(List<Intervention> changes, Capture capture, int layers) {
    int first = layers;
    for (Intervention change : changes) {
      first = Math.min(first, firstLayer(change.point(), change.layers(), layers));
    }
    for (Capture.Request request : capture.requests()) {
      first = Math.min(first, firstLayer(request.point(), request.layers(), layers));
    }
    return first;
  }

  /// The first layer that a point can reach.
  private static int firstLayer(Point point, Indices some, int layers) {
    return switch (point.part()) {
      case VISION, PROJECTOR -> EMBEDDING;
      case TEXT ->
          switch (point) {
            case EMBED -> EMBEDDING;
            case EMBED_MERGED, ROTARY_COS, ROTARY_SIN -> 0;
            case LN_FINAL_SCALE, LN_FINAL_NORMALIZED, LOGITS -> layers;
            default -> some.isAll() ? 0 : some.numbers()[0];
          };
    };
  }

  /// The last layer not after `wanted` whose input the run kept whole; 0 if none was kept.
  private static int nearestKept(Run run, int wanted) {
    int layers = run.model().model().decoder().config().layers();
    for (int layer = Math.min(wanted, layers - 1); layer > 0; layer--) {
      if (run.captured().has(Point.RESID_PRE, layer)
          && Arrays.equals(run.get(Point.RESID_PRE, layer).shape(), run.merged().shape())) {
        return layer;
      }
    }
    return Math.min(wanted, 0);
  }

  /// Adds what of an earlier change is not yet in the input of the pass.
  private static void addRemaining(
      Intervention earlier, int resume, int layers, List<Intervention> all) {
    Point point = earlier.point();
    boolean everyPass =
        switch (point) {
          // The table of the rotary encoding is made anew and serves every layer.
          case ROTARY_COS, ROTARY_SIN -> true;
          default -> firstLayer(point, earlier.layers(), layers) > resume;
        };
    boolean before = point.part() != Point.Part.TEXT || point == Point.EMBED;
    if (everyPass || resume == EMBEDDING || resume == 0 && !before) {
      all.add(earlier);
      return;
    }
    if (point.perLayer() && !before) {
      // The kept input of the layer has the changes to it already.
      int from = point == Point.RESID_PRE ? resume + 1 : resume;
      int[] later = IntStream.range(from, layers).filter(l -> earlier.layers().has(l)).toArray();
      if (later.length > 0) {
        all.add(
            new Intervention(
                point, Indices.of(later), earlier.heads(), earlier.positions(), earlier.op()));
      }
    }
  }

  /// A change of a run that came in several passes, as a change to one pass: `last` was the last
  /// row of each.
  ///
  /// @throws LynceusException BAD_REQUEST for a mean over positions of which each pass had its own
  private static Intervention onePass(Intervention earlier, Run run) {
    if (run.prompt() == run.batch().length()) {
      return earlier;
    }
    if (earlier.op() instanceof Op.Mean mean
        && earlier.point().part() == Point.Part.TEXT
        && !promptOnly(earlier.positions(), mean.over(), run)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a generation with op 'mean' over "
              + mean.over().text()
              + " cannot be replayed: each step had its own mean",
          "Take the mean over positions of the prompt, given by number or label.");
    }
    return earlier.positions() instanceof Positions.Last
        ? earlier.at(Positions.from(run.prompt() - 1))
        : earlier;
  }

  private static boolean promptOnly(Positions changed, Positions over, Run run) {
    int length = run.batch().length();
    return IntStream.concat(
            IntStream.of(over.within(0, length, run.batch().commonTokens())),
            IntStream.of(changed.within(0, length, run.batch().commonTokens())))
        .allMatch(position -> position < run.prompt());
  }
}
