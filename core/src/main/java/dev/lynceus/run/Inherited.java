package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tap.Axis;
import dev.lynceus.tap.Indices;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tap.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// The changes that a run was made with, as a replay of it has to make them again. A generation is
/// replayed as one pass over prompt and answer.
final class Inherited {
  private final Run run;
  private final TokenMap tokens;
  private final int layers;
  private final List<Intervention> all;

  /// @throws LynceusException BAD_REQUEST if a change of a generation cannot be made in one pass
  Inherited(Run run) {
    this.run = run;
    this.tokens = run.batch().commonTokens();
    this.layers = run.model().model().decoder().config().layers();
    this.all = run.interventions().stream().map(this::onePass).toList();
  }

  /// All of them.
  List<Intervention> all() {
    return all;
  }

  /// Whether the residual stream entering that layer was changed there.
  boolean entering(int layer) {
    return all.stream().anyMatch(change -> change.touches(Point.RESID_PRE, layer));
  }

  /// What a pass has to change again: what its input does not have yet and it comes by.
  List<Intervention> in(Start start) {
    List<Intervention> met = new ArrayList<>();
    for (Intervention change : from(start.layer())) {
      Point point = change.point();
      if (point.perLayer() && point.stack() == Stack.DECODER) {
        int[] some = IntStream.range(0, start.end()).filter(l -> change.layers().has(l)).toArray();
        if (some.length > 0) {
          met.add(at(change, some));
        }
      } else if (start.end() == layers || !point.afterLayers()) {
        met.add(change);
      }
    }
    return met;
  }

  /// What is not yet in the input of a pass that resumes at a layer.
  ///
  /// @param resume [Start#EMBEDDING] if words and pictures are embedded again, the number of layers
  ///   if only the last norm is left
  private List<Intervention> from(int resume) {
    List<Intervention> left = new ArrayList<>();
    for (Intervention earlier : all) {
      Point point = earlier.point();
      boolean before = point.embeds();
      boolean everyPass =
          switch (point.site()) {
            // The table of the rotary encoding is made anew and serves every layer; the last norm
            // comes after all of them.
            case ROTARY_COS, ROTARY_SIN, LOCAL_COS, LOCAL_SIN -> true;
            default -> point.afterLayers() || firstLayer(earlier) > resume;
          };
      if (everyPass || resume == Start.EMBEDDING || resume == 0 && !before) {
        left.add(earlier);
      } else if (point.perLayer() && !before) {
        // The kept input of the layer has the changes to it already.
        int from = point == Point.RESID_PRE ? resume + 1 : resume;
        int[] later = IntStream.range(from, layers).filter(l -> earlier.layers().has(l)).toArray();
        if (later.length > 0) {
          left.add(at(earlier, later));
        }
      }
    }
    return left;
  }

  private static Intervention at(Intervention change, int[] layers) {
    return new Intervention(
        change.point(), Indices.of(layers), change.heads(), change.positions(), change.op());
  }

  private int firstLayer(Intervention earlier) {
    Point point = earlier.point();
    if (point.embeds()) {
      return Start.EMBEDDING;
    }
    return point.perLayer() && !earlier.layers().isAll() ? earlier.layers().numbers()[0] : 0;
  }

  /// The first position from which a pass that resumes at a layer can make them again: a mean needs
  /// all that it is taken over, values of the size of the changed part fit the whole part only, and
  /// a row whose probabilities were written may attend to what comes after it.
  int firstPosition(int resume) {
    int first = run.batch().length();
    for (Intervention change : from(resume)) {
      if (change.point().embeds()) {
        continue;
      }
      int position =
          switch (change.op()) {
            case Op.Mean mean ->
                Math.min(
                    Start.first(change.positions(), run.batch().length(), tokens),
                    Start.first(mean.over(), run.batch().length(), tokens));
            case Op.Set set -> whole(set.values(), change);
            case Op.Patch patch -> whole(patch.values(), change);
            case Op.Add add -> whole(add.values(), change);
            case Op.Project project -> whole(project.direction(), change);
            case Op.Scale scale -> run.batch().length();
            case Op.Zero zero -> run.batch().length();
            case Op.Noise noise -> run.batch().length();
            case Op.Mask mask -> run.batch().length();
            case Op.Cut cut -> run.batch().length();
            case Op.Spread spread -> run.batch().length();
            case Op.Redistribute redistribute -> run.batch().length();
          };
      boolean causal =
          change.point() != Point.PATTERN
              || change.op() instanceof Op.Scale
              || change.op() instanceof Op.Redistribute
              || change.op() instanceof Op.Cut
              || change.op() instanceof Op.Spread
              || change.op() instanceof Op.Zero;
      if (!causal) {
        position =
            Math.min(position, Start.first(change.positions(), run.batch().length(), tokens));
      }
      first = Math.min(first, position);
    }
    return first;
  }

  /// The first position of a change whose values are one for each changed position.
  private int whole(Values values, Intervention change) {
    int length = run.batch().length();
    int fromLast = change.point().axes().size() - change.point().axis(Axis.POSITION);
    boolean cut =
        switch (values) {
          case Values.Inline inline -> several(inline.shape(), fromLast, length);
          case Values.Live live -> several(live.tensor().shape(), fromLast, length);
          case Values.Stored stored -> true;
        };
    return cut ? Start.first(change.positions(), length, tokens) : length;
  }

  /// Values for the whole sequence can be cut anywhere.
  private static boolean several(long[] shape, int fromLast, int length) {
    return shape.length >= fromLast
        && shape[shape.length - fromLast] != 1
        && shape[shape.length - fromLast] != length;
  }

  /// A change of a run that came in several passes, as a change to one pass: `last` was the last
  /// row of each.
  private Intervention onePass(Intervention earlier) {
    if (run.prompt() == run.batch().length()) {
      return earlier;
    }
    if (earlier.op() instanceof Op.Mean mean
        && earlier.point().stack() == Stack.DECODER
        && !promptOnly(earlier.positions(), mean.over())) {
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

  private boolean promptOnly(Positions changed, Positions over) {
    int length = run.batch().length();
    return IntStream.concat(
            IntStream.of(over.within(0, length, tokens)),
            IntStream.of(changed.within(0, length, tokens)))
        .allMatch(position -> position < run.prompt());
  }
}
