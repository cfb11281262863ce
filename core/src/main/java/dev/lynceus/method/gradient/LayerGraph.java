package dev.lynceus.method.gradient;

import dev.lynceus.model.stack.Reverse;
import dev.lynceus.run.Layers;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// One layer, ready to be gone back through. Its tensors belong to the scope that was open when it
/// was made.
sealed interface LayerGraph extends AutoCloseable {

  /// What leaves the layer, rows from the first that is wanted on.
  Tensor output();

  /// From the gradient of what leaves the layer to that of what enters it, `[copies, pos, width]`.
  ///
  /// @param slope `[copies, rows, width]`
  Tensor back(Tensor slope);

  /// The same for several objectives of one run, with a look at attention.
  ///
  /// @param slopes `[objectives, rows, width]`
  Tensor back(Tensor slopes, Backward.AttentionVisitor visitor);

  /// Frees what was kept of the layer outside of scopes.
  @Override
  void close();

  /// A layer that the run did not change: the way back is written out.
  record Written(Reverse reverse, Reverse.Kept kept) implements LayerGraph {

    /// @param first the first row that is wanted of what leaves the layer
    static Written of(Layers layers, int layer, Tensor x, int first) {
      return new Written(layers.reverse(), layers.reversible(layer, x, first));
    }

    @Override
    public Tensor output() {
      return reverse.output(kept);
    }

    @Override
    public Tensor back(Tensor slope) {
      return reverse.back(kept, slope);
    }

    @Override
    public Tensor back(Tensor slopes, Backward.AttentionVisitor visitor) {
      return reverse.back(
          kept,
          slopes,
          (objective, head, pattern, gradient) ->
              visitor.at(
                  new Backward.Attended(
                      kept.layer(), objective, head, kept.first(), pattern, gradient)));
    }

    @Override
    public void close() {}
  }

  /// A layer whose operations were recorded.
  ///
  /// @param leaf what enters it
  /// @param zeros were added to the attention probabilities, so that there is a gradient with
  ///   respect to them; empty where nobody looks
  /// @param part the layer, with the attention where somebody looks
  record Recorded(int layer, Tensor leaf, Optional<Tensor> zeros, Layers.Part part)
      implements LayerGraph {

    /// Records a layer.
    static Recorded of(Layers layers, int layer, Tensor x) {
      Tensor leaf = leaf(x);
      Layers.Part part = layers.layer(layer, leaf, Capture.NONE, List.of());
      return new Recorded(layer, leaf, Optional.empty(), part);
    }

    /// Records a layer with a look at its attention.
    static Recorded seen(Layers layers, int layer, Tensor x) {
      Tensor leaf = leaf(x);
      long length = x.size(1);
      Tensor zeros = Torch.zeros(x.dtype(), 1, layers.heads(), length, length).requiresGrad();
      Intervention added = Intervention.at(Point.PATTERN, layer, new Op.Add(Values.of(zeros), 1));
      Capture capture = Capture.of(Capture.request(Point.PATTERN).layers(layer));
      Layers.Part part = layers.layer(layer, leaf, capture, List.of(added));
      return new Recorded(layer, leaf, Optional.of(zeros), part);
    }

    @Override
    public Tensor output() {
      return part.output().detach();
    }

    @Override
    public Tensor back(Tensor slope) {
      return Backward.through(part.output(), slope, leaf);
    }

    @Override
    public Tensor back(Tensor slopes, Backward.AttentionVisitor visitor) {
      Tensor watched = zeros.orElseThrow();
      Tensor pattern = part.kept().get(Point.PATTERN, layer).detach().select(0, 0);
      Tensor found = Torch.empty(leaf.dtype(), slopes.size(0), leaf.size(1), leaf.size(2));
      IntStream.range(0, (int) slopes.size(0))
          .forEach(k -> {
            try (Scope scope = Scope.open()) {
              List<Optional<Tensor>> both =
                  Torch.gradients(part.output(), slopes.narrow(0, k, 1), List.of(leaf, watched));
              Tensor gradient = both.get(1).orElseGet(() -> Backward.nothing(watched));
              visitor.at(new Backward.Attended(layer, k, 0, 0, pattern, gradient.select(0, 0)));
              found.narrow(0, k, 1).copy_(both.getFirst().orElseGet(() -> Backward.nothing(leaf)));
            }
          });
      return found;
    }

    @Override
    public void close() {
      part.kept().close();
    }

    private static Tensor leaf(Tensor x) {
      return x.detach().copy().requiresGrad();
    }
  }
}
