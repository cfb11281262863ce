package dev.lynceus.tap;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// What a run kept. Tensors live until this is closed.
public final class Captured implements AutoCloseable {
  private final Map<Key, List<Piece>> pieces;

  /// A point and a layer (0 for points that exist once).
  public record Key(Point point, int layer) {
    @Override
    public String toString() {
      return point.name(layer);
    }
  }

  /// What one pass gave.
  ///
  /// @param positions which positions of the sequence its rows are; empty where the point has no
  ///   positions
  /// @param positionAxis the dimension of the positions, -1 if there is none
  /// @param sourceAxis the dimension that grows with the sequence (attended positions), -1 if there
  ///   is none
  record Piece(Tensor value, int[] positions, int positionAxis, int sourceAxis) {}

  Captured(Map<Key, List<Piece>> pieces) {
    this.pieces = new LinkedHashMap<>(pieces);
  }

  /// What is there.
  public Set<Key> keys() {
    return pieces.keySet();
  }

  /// Whether that activation was kept.
  public boolean has(Point point, int layer) {
    return pieces.containsKey(new Key(point, layer));
  }

  /// An activation, the passes joined along the positions. Attention rows of earlier passes are
  /// filled up for the positions that came later: probabilities with 0, scores with -infinity.
  ///
  /// @throws LynceusException if it was not asked for
  public Tensor get(Point point, int layer) {
    List<Piece> list = list(point, layer);
    if (list.size() > 1) {
      Piece first = list.getFirst();
      Piece joined;
      try (Scope scope = Scope.open()) {
        joined =
            new Piece(
                join(point, list).own(),
                positions(point, layer),
                first.positionAxis(),
                first.sourceAxis());
      }
      list.forEach(piece -> piece.value().close());
      list.clear();
      list.add(joined);
    }
    return list.getFirst().value();
  }

  /// The same by name or shorthand.
  public Tensor get(String name, int layer) {
    return get(PointNames.shorthand(name), layer);
  }

  /// The same by full name, for example `blocks.5.hook_resid_pre`.
  public Tensor get(String name) {
    PointNames.Address address = PointNames.parse(name);
    return get(address.point(), address.layer().orElse(0));
  }

  /// Which positions of the sequence the rows of an activation are.
  public int[] positions(Point point, int layer) {
    return list(point, layer).stream()
        .flatMapToInt(piece -> IntStream.of(piece.positions()))
        .toArray();
  }

  /// Bytes of everything kept.
  public long bytes() {
    return pieces.values().stream()
        .flatMap(List::stream)
        .mapToLong(piece -> piece.value().bytes())
        .sum();
  }

  @Override
  public void close() {
    pieces.values().forEach(list -> list.forEach(piece -> piece.value().close()));
    pieces.clear();
  }

  private List<Piece> list(Point point, int layer) {
    List<Piece> list = pieces.get(new Key(point, layer));
    if (list == null) {
      throw new LynceusException(
          ErrorCode.BAD_POINT,
          point.name(layer) + " was not captured in this run",
          "Ask for it in the capture plan before the run.");
    }
    return list;
  }

  private static Tensor join(Point point, List<Piece> list) {
    int positionAxis = list.getFirst().positionAxis();
    int source = list.getFirst().sourceAxis();
    if (source < 0) {
      return Torch.cat(list.stream().map(Piece::value).toList(), positionAxis);
    }
    long widest = list.stream().mapToLong(piece -> piece.value().size(source)).max().orElse(0);
    List<Tensor> values = new ArrayList<>();
    for (Piece piece : list) {
      Tensor value = piece.value();
      long[] shape = value.shape();
      shape[source] = widest - shape[source];
      values.add(
          shape[source] == 0
              ? value
              : Torch.cat(
                  List.of(value, Torch.full(value.dtype(), filling(point), shape)), source));
    }
    return Torch.cat(values, positionAxis);
  }

  /// What an attention row holds for a position that came later: no probability, or a forbidden
  /// score.
  private static double filling(Point point) {
    return point == Point.ATTN_SCORES ? Double.NEGATIVE_INFINITY : 0;
  }
}
