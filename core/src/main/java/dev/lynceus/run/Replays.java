package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Captured;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Tap;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Runs again what a change can reach. In a pre-norm decoder a change at layer l leaves the residual stream entering
/// layer l as it was, so the pass resumes there.
final class Replays {
  private Replays() {}

  static Run replay(
      LoadedModel model, Passes passes, Run run, List<Intervention> changes, Capture capture) {
    Batch batch = run.batch();
    int layers = model.model().decoder().config().layers();
    int resume = layers;
    for (Intervention change : changes) {
      resume = Math.min(resume, firstLayer(change.point(), change.layers().numbers(), layers));
    }
    for (Capture.Request request : capture.requests()) {
      resume = Math.min(resume, firstLayer(request.point(), request.layers().numbers(), layers));
    }
    resume = nearestKept(run, resume, layers);
    List<Intervention> all = new ArrayList<>();
    for (Intervention earlier : run.interventions()) {
      if (firstLayer(earlier.point(), earlier.layers().numbers(), layers) >= resume) {
        all.add(earlier);
      } else if (touchesFrom(earlier, resume)) {
        all.add(fromLayer(earlier, resume, layers));
      }
    }
    all.addAll(changes);
    Budgets.check(model, batch, capture, 0);
    TokenMap tokens =
        batch.size() == 1 ? batch.tokens(0) : new TokenMap(List.of(), List.of());
    Tap tap = Tap.of(capture, all, tokens);
    try (Scope scope = Scope.open()) {
      tap.begin(0);
      Tensor merged = resume < 0 ? passes.merge(batch, tap) : run.merged();
      Tensor x = resume <= 0 ? whole(passes, merged, batch, tap) : run.get(Point.RESID_PRE, resume);
      Tensor hidden = passes.forward(x, batch.valid(), 0, null, Math.max(resume, 0), tap);
      Tensor rows = Passes.lastRows(hidden, batch);
      Tensor logits = model.model().decoder().logits(batch.isPlain() ? hidden : rows, tap).select(1, -1).copy();
      Captured captured = tap.finish();
      return new Run(
          model, batch, captured, concat(run.interventions(), changes), merged.copy().own(), logits.own(), null);
    } catch (RuntimeException failure) {
      tap.abandon();
      throw failure;
    }
  }

  /// The first layer that a point can reach: -1 for the tower, the projector and the embedding.
  private static int firstLayer(Point point, int[] numbers, int layers) {
    return switch (point.part()) {
      case VISION, PROJECTOR -> -1;
      case TEXT ->
          switch (point) {
            case EMBED -> -1;
            case EMBED_MERGED, ROTARY_COS, ROTARY_SIN -> 0;
            case LN_FINAL_SCALE, LN_FINAL_NORMALIZED, LOGITS -> layers;
            default -> numbers.length == 0 ? 0 : numbers[0];
          };
    };
  }

  private static boolean touchesFrom(Intervention change, int layer) {
    return change.point().perLayer()
        && change.point().part() == Point.Part.TEXT
        && (change.layers().isAll() || IntStream.of(change.layers().numbers()).anyMatch(l -> l >= layer));
  }

  private static Intervention fromLayer(Intervention change, int layer, int layers) {
    int[] later =
        IntStream.range(layer, layers).filter(l -> change.layers().has(l)).toArray();
    return new Intervention(
        change.point(), dev.lynceus.tap.Indices.of(later), change.heads(), change.positions(), change.op());
  }

  /// The last layer not after `wanted` whose input the run kept whole; 0 if none was kept.
  private static int nearestKept(Run run, int wanted, int layers) {
    for (int layer = Math.min(wanted, layers - 1); layer > 0; layer--) {
      if (run.captured().has(Point.RESID_PRE, layer)
          && run.captured().positions(Point.RESID_PRE, layer).length == run.batch().length()) {
        return layer;
      }
    }
    return Math.min(wanted, 0);
  }

  /// The input of the first layer for all positions: the prompt's, and the embeddings of generated tokens.
  private static Tensor whole(Passes passes, Tensor merged, Batch batch, Tap tap) {
    if (merged.size(1) == batch.length()) {
      return merged;
    }
    throw new LynceusException(
        ErrorCode.INTERNAL, "a replay of a generation needs its residual stream", "Capture resid_pre.");
  }

  private static List<Intervention> concat(List<Intervention> first, List<Intervention> second) {
    List<Intervention> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}
