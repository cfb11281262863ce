package dev.lynceus.method.zone;

import dev.lynceus.run.Run;
import dev.lynceus.tap.Indices;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Takes looks away: those from some rows to some columns, in some layers and heads.
///
/// @param kind how
/// @param rows who loses them
/// @param layers in which layers
/// @param heads of which heads
public record Knockout(Kind kind, Rows rows, Indices layers, Indices heads) {

  /// How looks are taken away.
  public enum Kind {
    /// Their scores are -infinity before the softmax: a row looks at the rest the more. A row that
    /// has nothing left to look at gives a zero vector.
    MASK,
    /// Their probabilities are zero after the softmax: a row looks at the rest as it did.
    CUT,
    /// What a row pays to the columns is spread evenly over them: it looks, and sees no difference.
    SPREAD,
    /// The values of the columns are zero, whoever looks at them.
    VALUES
  }

  /// Which rows lose their looks at a zone.
  public enum Rows {
    /// Those of the zone that looks.
    ZONE,
    /// Where two zones differ all rows outside of the zone that is looked at, what stands around
    /// and between the texts included: what the published code of arXiv 2108.11574 does.
    OPEN
  }

  /// A knock-out of all heads.
  public static Knockout of(Kind kind, Rows rows, int... layers) {
    return new Knockout(kind, rows, Indices.of(layers), Indices.ALL);
  }

  /// The changes of a run that take the looks of a pair away.
  public List<Intervention> changes(Run run, Zones.Pair pair) {
    return changes(run, looking(run, pair), pair.columns().positions());
  }

  /// The rows that lose their looks.
  public int[] looking(Run run, Zones.Pair pair) {
    boolean open = rows == Rows.OPEN && !pair.rows().name().equals(pair.columns().name());
    if (!open) {
      return pair.rows().positions();
    }
    int[] seen = pair.columns().positions();
    return IntStream.range(0, run.batch().length())
        .filter(p -> IntStream.of(seen).noneMatch(column -> column == p))
        .toArray();
  }

  /// The same for any rows and columns.
  public List<Intervention> changes(Run run, int[] looking, int[] seen) {
    if (looking.length == 0 || seen.length == 0) {
      return List.of();
    }
    Positions columns = Positions.of(seen);
    return switch (kind) {
      case MASK -> masked(run, looking, seen);
      case CUT -> List.of(at(Point.PATTERN, Positions.of(looking), new Op.Cut(columns)));
      case SPREAD -> List.of(at(Point.PATTERN, Positions.of(looking), new Op.Spread(columns)));
      case VALUES -> List.of(at(Point.V, columns, new Op.Zero()));
    };
  }

  /// Rows that would have nothing left to look at give a zero vector.
  private List<Intervention> masked(Run run, int[] looking, int[] seen) {
    boolean[] gone = new boolean[run.batch().length()];
    for (int column : seen) {
      gone[column] = true;
    }
    int[] windows = run.model().model().decoder().config().windows();
    List<Intervention> changes = new ArrayList<>();
    for (int window : IntStream.of(windows).distinct().toArray()) {
      int[] same =
          IntStream.range(0, windows.length)
              .filter(layer -> windows[layer] == window && layers.has(layer))
              .toArray();
      if (same.length > 0) {
        masked(Looks.of(run, window), Indices.of(same), looking, seen, gone).forEach(changes::add);
      }
    }
    return changes;
  }

  private List<Intervention> masked(
      Looks looks, Indices some, int[] looking, int[] seen, boolean[] gone) {
    int[] blind = looks.blind(looking, gone);
    int[] others =
        IntStream.of(looking).filter(row -> IntStream.of(blind).noneMatch(b -> b == row)).toArray();
    List<Intervention> changes = new ArrayList<>();
    if (others.length > 0) {
      changes.add(
          new Intervention(
              Point.ATTN_SCORES,
              some,
              heads,
              Positions.of(others),
              new Op.Mask(Positions.of(seen))));
    }
    if (blind.length > 0) {
      changes.add(new Intervention(Point.Z, some, heads, Positions.of(blind), new Op.Zero()));
    }
    return changes;
  }

  private Intervention at(Point point, Positions positions, Op op) {
    return new Intervention(point, layers, heads, positions, op);
  }

  /// What stands for the whole attention of a layer: its heads say nothing.
  public enum Whole {
    /// The outputs of the heads are zero before the output projection, whose bias stays.
    CONTEXT,
    /// What the attention adds to the stream is zero, its bias too.
    OUTPUT;

    /// The change that silences layers.
    public Intervention change(Indices layers) {
      Point point =
          switch (this) {
            case CONTEXT -> Point.Z;
            case OUTPUT -> Point.ATTN_OUT;
          };
      return new Intervention(point, layers, Indices.ALL, Positions.all(), new Op.Zero());
    }
  }
}
