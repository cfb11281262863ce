package dev.lynceus.method;

import dev.lynceus.model.stack.Layer;
import dev.lynceus.model.stack.Past;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Point;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// The parts of the residual stream at some positions: the embedding, and what every earlier
/// attention and feed-forward layer wrote there.
///
/// A run of a large model keeps the stream itself but not its parts, which would cost as much
/// again. The attention outputs of the few positions asked for are then computed once more from the
/// kept stream and the cached keys and values; what the stream gained besides is the feed-forward
/// part.
final class PositionParts implements AutoCloseable {
  private final List<Tensor> streams = new ArrayList<>();
  private final List<Tensor> attention = new ArrayList<>();

  /// @param positions of the sequence, in any order
  /// @param layers how many layers to take apart
  PositionParts(Run run, int[] positions, int layers) {
    TextStack decoder = run.model().model().decoder();
    Tensor index = Tensor.indices(positions).own();
    for (int l = 0; l <= layers; l++) {
      streams.add(stream(run, decoder.config(), index, l).own());
    }
    for (int l = 0; l < layers; l++) {
      try (Scope scope = Scope.open()) {
        attention.add(attend(run, decoder, l, positions).own());
      }
    }
    index.close();
  }

  private static Tensor stream(Run run, TextConfig config, Tensor index, int depth) {
    Tensor kept =
        depth < config.layers()
            ? run.get(Point.RESID_PRE, depth)
            : run.get(Point.RESID_POST, config.layers() - 1);
    return RowTrace.wide(kept.select(0, 0).indexSelect(0, index));
  }

  private Tensor attend(Run run, TextStack decoder, int l, int[] positions) {
    TextConfig c = decoder.config();
    int[] kept =
        run.captured().has(Point.ATTN_OUT, l)
            ? run.captured().positions(Point.ATTN_OUT, l)
            : new int[0];
    int[] rows = IntStream.of(positions).map(p -> Arrays.binarySearch(kept, p)).toArray();
    // What was kept in 16 bits was rounded; computed again, it is not.
    boolean exact = !run.model().computeType().isHalf();
    if (exact && IntStream.of(rows).allMatch(row -> row >= 0)) {
      return RowTrace.wide(
          run.get(Point.ATTN_OUT, l).select(0, 0).indexSelect(0, Tensor.indices(rows)));
    }
    Layer w = decoder.weights().layers().get(l);
    Tensor q = decoder.queries(l, streams.get(l).unsqueeze(0), run.standing(positions));
    Past.Pair cache = run.cache().get(l);
    int source = (int) cache.keys().size(2);
    Tensor mask = run.visible(l, positions, source, q.dtype());
    Tensor z =
        Torch.scaledDotProductAttention(
            q,
            RowTrace.wide(cache.keys()),
            RowTrace.wide(cache.values()),
            mask,
            false,
            decoder.config().attention().scale());
    Tensor given =
        w.attention()
            .output()
            .apply(z.transpose(1, 2).reshape(positions.length, (long) c.heads() * c.headWidth()));
    return w.behind() == null ? given : w.behind().attention().apply(given);
  }

  /// The residual stream entering a layer, `[positions, width]`.
  Tensor stream(int depth) {
    return streams.get(depth);
  }

  /// Output of one attention layer.
  Tensor attention(int layer) {
    return attention.get(layer);
  }

  /// Output of one feed-forward layer.
  Tensor feedForward(int layer) {
    return streams.get(layer + 1).sub(streams.get(layer)).sub(attention.get(layer));
  }

  /// All parts, float64 `[parts, positions, width]`: the embedding, then what each attention layer
  /// wrote, then what each feed-forward layer wrote.
  Tensor all() {
    try (Scope scope = Scope.open()) {
      int layers = attention.size();
      List<Tensor> parts = new ArrayList<>(List.of(streams.getFirst().unsqueeze(0)));
      if (layers > 0) {
        Tensor stream = Torch.stack(streams, 0);
        Tensor attended = Torch.stack(attention, 0);
        parts.add(attended);
        parts.add(stream.narrow(0, 1, layers).sub(stream.narrow(0, 0, layers)).sub(attended));
      }
      return scope.keep(Torch.cat(parts, 0).to(DType.FLOAT64));
    }
  }

  /// Sum of the attention outputs of all layers before `depth`: what the authors call the key
  /// input.
  Tensor keyInput(int depth) {
    Tensor sum = streams.getFirst().mul(0);
    for (int l = 0; l < depth; l++) {
      sum.add_(attention.get(l));
    }
    return sum;
  }

  /// Sum of the feed-forward outputs of all layers before `depth`: what the authors call the value
  /// input.
  Tensor valueInput(int depth) {
    return streams.get(depth).sub(streams.getFirst()).sub(keyInput(depth));
  }

  @Override
  public void close() {
    streams.forEach(Tensor::close);
    attention.forEach(Tensor::close);
  }
}
