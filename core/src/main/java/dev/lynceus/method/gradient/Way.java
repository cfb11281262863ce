package dev.lynceus.method.gradient;

import dev.lynceus.method.gradient.Backward.AttentionVisitor;
import dev.lynceus.method.gradient.Backward.Slopes;
import dev.lynceus.run.Layers;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A way through all layers and back: of one objective for several copies of a run, or of several
/// objectives for one, with a look at attention.
///
/// @param kept the first layer that is kept for the way back while those after it are computed
/// @param first the first row that is read of what leaves the last layer
/// @param visitor null for one objective and several copies
record Way(
    Backward backward,
    int kept,
    int first,
    List<Objective> objectives,
    @Nullable AttentionVisitor visitor) {

  /// Bytes of the widest activation of all slopes that go back through a layer side by side.
  private static final long SIDE_BY_SIDE = 64L << 20;

  /// From a layer on, and back to it.
  ///
  /// @param x what enters the layer
  Slopes from(int layer, Tensor x) {
    try (Scope scope = Scope.open()) {
      Slopes slopes = layer == backward.depth() ? tops(x) : through(layer, x);
      slopes.later().forEach(scope::keep);
      return new Slopes(slopes.values(), scope.keep(slopes.slopes()), slopes.later());
    }
  }

  private Slopes through(int layer, Tensor x) {
    if (layer < kept) {
      Slopes above = from(layer + 1, backward.next(layer, x));
      try (LayerGraph graph = graph(layer, x)) {
        return before(layer, graph, above);
      }
    }
    try (LayerGraph graph = graph(layer, x)) {
      backward.work().forward(x);
      Slopes above = from(layer + 1, graph.output());
      return before(layer, graph, above);
    }
  }

  /// What enters a layer, and what is added after it.
  private Slopes before(int layer, LayerGraph graph, Slopes above) {
    List<Tensor> later = above.later();
    if (layer < backward.layers().later().size()) {
      later = new ArrayList<>(above.later());
      later.addFirst(graph.added(above.slopes()));
    }
    return new Slopes(above.values(), back(graph, above.slopes()), later);
  }

  private Slopes tops(Tensor last) {
    List<Slopes> each =
        objectives.stream().map(objective -> backward.top(last, first, objective)).toList();
    return each.size() == 1
        ? each.getFirst()
        : new Slopes(
            each.stream().mapToDouble(one -> one.values()[0]).toArray(),
            Torch.cat(each.stream().map(Slopes::slopes).toList(), 0),
            List.of());
  }

  private LayerGraph graph(int layer, Tensor x) {
    Layers layers = backward.layers();
    if (layers.untouched(layer)) {
      return LayerGraph.Written.of(layers, layer, x, layer == backward.depth() - 1 ? first : 0);
    }
    return visitor == null
        ? LayerGraph.Recorded.of(layers, layer, x)
        : LayerGraph.Recorded.seen(layers, layer, x);
  }

  private Tensor back(LayerGraph graph, Tensor slopes) {
    backward.work().back(slopes);
    AttentionVisitor told = visitor;
    if (told == null) {
      return graph.back(slopes);
    }
    long one = slopes.size(1) * backward.config().inner() * slopes.dtype().bytes();
    int most = (int) Math.max(1, SIDE_BY_SIDE / one);
    List<Tensor> found = new ArrayList<>();
    for (int from = 0; from < slopes.size(0); from += most) {
      int start = from;
      long some = Math.min(most, slopes.size(0) - from);
      found.add(graph.back(slopes.narrow(0, from, some), at -> told.at(at.after(start))));
    }
    return found.size() == 1 ? found.getFirst() : Torch.cat(found, 0);
  }
}
