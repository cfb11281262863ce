package dev.lynceus.run;

import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Indices;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.TokenMap;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// What a replay has to compute. In a pre-norm causal decoder a change at layer l and position p
/// leaves the residual stream entering layer l as it was, and keys and values of all positions
/// before p in all layers.
///
/// @param layer first layer that is computed; [#EMBEDDING] if pictures and words are embedded
///   again, the number of layers if only the last norm is left
/// @param position first position that is computed
/// @param end first layer that is not computed
record Start(int layer, int position, int end) {
  /// Begins before the decoder.
  static final int EMBEDDING = -1;

  /// Less than one part in so many is not worth leaving out.
  private static final int FEW = 16;

  /// Finds out what replays of one run have to compute.
  static final class Finder {
    private final Run run;
    private final Inherited inherited;
    private final TokenMap tokens;
    private final Capture capture;
    private final boolean logits;
    private final int layers;
    private final int length;
    private final int latest;
    private final int[][] blocks;

    /// @param capture what each replay keeps
    /// @param logits whether the logits are wanted too
    Finder(Run run, Inherited inherited, Capture capture, boolean logits) {
      this.run = run;
      this.inherited = inherited;
      this.tokens = run.batch().commonTokens();
      this.capture = capture;
      this.logits = logits;
      this.layers = run.model().model().decoder().config().layers();
      this.length = run.batch().length();
      int[][] together = run.batch().blocks(run.model().model().attends());
      this.blocks = together == null ? new int[0][] : together;
      this.latest =
          IntStream.range(0, run.batch().size()).map(run.batch()::answering).min().orElseThrow();
    }

    /// What a replay with these changes has to compute.
    Start of(List<Intervention> changes) {
      int layer = layers;
      int end = logits ? layers : 0;
      int position = latest;
      for (Intervention change : changes) {
        layer = Math.min(layer, first(change.point(), change.layers()));
        end = Math.max(end, end(change.point(), change.layers()));
        position = Math.min(position, position(change.point(), change.positions()));
        if (change.op() instanceof Op.Mean mean) {
          position = Math.min(position, position(change.point(), mean.over()));
        }
      }
      for (Capture.Request request : capture.requests()) {
        layer = Math.min(layer, first(request.point(), request.layers()));
        end = Math.max(end, end(request.point(), request.layers()));
        if (request.point().stack() == Stack.DECODER) {
          position = Math.min(position, position(request.point(), request.positions()));
        }
      }
      int resume = nearestKept(layer);
      return new Start(resume, shared(resume, position), Math.max(end, resume));
    }

    /// What a pass has to compute that serves two replays.
    Start both(Start one, Start other) {
      int resume = Math.min(one.layer, other.layer);
      int position = Math.min(one.position, other.position);
      return new Start(resume, shared(resume, position), Math.max(one.end, other.end));
    }

    /// The position from which a pass can begin that shall begin no later than `wanted`. A few
    /// positions more cost less than what a pass from the first one is spared: the copies of keys
    /// and values, and the mask.
    private int shared(int resume, int wanted) {
      if (!run.remembers()) {
        return 0;
      }
      int position = begun(Math.min(wanted, inherited.firstPosition(resume)));
      return position * FEW < length ? 0 : position;
    }

    /// Where the block begins that a position lies in: who sees it may stand before it.
    private int begun(int position) {
      int first = position;
      for (int[] block : blocks) {
        for (int p = 0; p < first; p++) {
          if (position < block.length && block[position] >= 0 && block[p] == block[position]) {
            first = p;
          }
        }
      }
      return first;
    }

    /// The first layer that has to be computed.
    private int first(Point point, Indices some) {
      return switch (point.stack()) {
        case VISION, QFORMER, ENCODER, PIXELS, PROJECTOR -> EMBEDDING;
        case DECODER ->
            switch (point.site()) {
              case EMBED, POS_EMBED, TYPE_EMBED, LN_PRE -> EMBEDDING;
              case EMBED_MERGED, ROTARY_COS, ROTARY_SIN, LOCAL_COS, LOCAL_SIN -> 0;
              case LN_FINAL_SCALE, LN_FINAL_NORMALIZED, LN_FINAL_OUT, LOGITS -> layers;
              case RESID_POST -> {
                int layer = some.isAll() ? 0 : some.numbers()[0];
                // What leaves a layer enters the next one, unless that changed it on its way in.
                yield layer >= layers || inherited.entering(layer + 1) ? layer : layer + 1;
              }
              default -> some.isAll() ? 0 : some.numbers()[0];
            };
      };
    }

    /// The first layer that need not be computed.
    private int end(Point point, Indices some) {
      if (!point.perLayer() || point.stack() != Stack.DECODER) {
        return point.afterLayers() ? layers : 0;
      }
      return some.isAll() ? layers : some.numbers()[some.numbers().length - 1] + 1;
    }

    private int position(Point point, Positions positions) {
      if (point.stack() != Stack.DECODER) {
        return firstVisual();
      }
      return Start.first(positions, length, tokens);
    }

    /// The first position that pictures can reach.
    private int firstVisual() {
      return IntStream.range(0, run.batch().size())
          .flatMap(row -> IntStream.of(run.batch().tokens(row).positions(TokenMap.Role.IMAGE)))
          .min()
          .orElse(0);
    }

    /// The last layer not after `wanted` whose input the run kept whole; 0 if none was kept.
    private int nearestKept(int wanted) {
      for (int layer = wanted; layer > 0; layer--) {
        if (kept(run, layer)) {
          return layer;
        }
      }
      return Math.min(wanted, 0);
    }
  }

  /// Whether a run kept what enters a layer at all positions; the number of layers stands for what
  /// enters the last norm.
  static boolean kept(Run run, int layer) {
    int layers = run.model().model().decoder().config().layers();
    Point point = layer == layers ? Point.RESID_POST : Point.RESID_PRE;
    int at = layer == layers ? layer - 1 : layer;
    return run.captured().has(point, at)
        && Arrays.equals(run.get(point, at).shape(), run.merged().shape());
  }

  /// The first of some positions of a whole sequence; its length if there are none.
  static int first(Positions positions, int length, TokenMap tokens) {
    return switch (positions) {
      case Positions.All all -> 0;
      case Positions.Last last -> length - 1;
      case Positions.Of of -> IntStream.of(of.numbers()).min().orElse(length);
      case Positions.Range range ->
          range.start() < Math.min(range.end(), length) ? range.start() : length;
      case Positions.Zone zone ->
          IntStream.of(positions.within(0, length, tokens)).min().orElse(length);
    };
  }
}
