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
import java.util.ArrayList;
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

  /// From the gradients of what leaves the layer to those of what is added after it, `[copies or
  /// objectives, pos, width]`.
  ///
  /// @param slopes `[copies or objectives, rows, width]`
  Tensor added(Tensor slopes);

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
    public Tensor added(Tensor slopes) {
      if (kept.first() == 0) {
        return slopes.copy();
      }
      Tensor none = Torch.zeros(slopes.dtype(), slopes.size(0), kept.first(), slopes.size(2));
      return Torch.cat(List.of(none, slopes), 1);
    }

    @Override
    public void close() {}
  }

  /// A layer whose operations were recorded.
  ///
  /// @param leaf what enters it
  /// @param zeros were added to the attention probabilities, so that there is a gradient with
  ///   respect to them; empty where nobody looks
  /// @param addition what is added after the layer; empty where nothing is
  /// @param part the layer, with the attention where somebody looks
  record Recorded(
      int layer, Tensor leaf, Optional<Tensor> zeros, Optional<Tensor> addition, Layers.Part part)
      implements LayerGraph {

    /// Records a layer.
    static Recorded of(Layers layers, int layer, Tensor x) {
      Tensor leaf = leaf(x);
      Optional<Tensor> addition = addition(layers, layer, x);
      Layers.Part part = given(layers, layer, addition).layer(layer, leaf, Capture.NONE, List.of());
      return new Recorded(layer, leaf, Optional.empty(), addition, part);
    }

    /// Records a layer with a look at its attention.
    static Recorded seen(Layers layers, int layer, Tensor x) {
      Tensor leaf = leaf(x);
      long length = x.size(1);
      Tensor zeros = Torch.zeros(x.dtype(), 1, layers.heads(), length, length).requiresGrad();
      Intervention added = Intervention.at(Point.PATTERN, layer, new Op.Add(Values.of(zeros), 1));
      Capture capture = Capture.of(Capture.request(Point.PATTERN).layers(layer));
      Optional<Tensor> addition = addition(layers, layer, x);
      Layers.Part part = given(layers, layer, addition).layer(layer, leaf, capture, List.of(added));
      return new Recorded(layer, leaf, Optional.of(zeros), addition, part);
    }

    /// What is added after the layer, once for each copy, as a leaf.
    private static Optional<Tensor> addition(Layers layers, int layer, Tensor x) {
      if (layer >= layers.later().size()) {
        return Optional.empty();
      }
      Tensor one = layers.later().get(layer);
      return Optional.of(leaf(one.size(0) == x.size(0) ? one : one.expand(x.shape())));
    }

    private static Layers given(Layers layers, int layer, Optional<Tensor> addition) {
      if (addition.isEmpty()) {
        return layers;
      }
      List<Tensor> later = new ArrayList<>(layers.later());
      later.set(layer, addition.get());
      return layers.adding(later);
    }

    @Override
    public Tensor added(Tensor slopes) {
      Tensor own = addition.orElseThrow();
      if (own.size(0) == slopes.size(0)) {
        return Backward.through(part.output(), slopes, own);
      }
      List<Tensor> each = new ArrayList<>();
      for (int k = 0; k < slopes.size(0); k++) {
        each.add(Backward.through(part.output(), slopes.narrow(0, k, 1), own));
      }
      return Torch.cat(each, 0);
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
