package dev.lynceus.lab.train;

import dev.lynceus.lab.train.XFormerShape.Part;
import dev.lynceus.model.xformer.XFormer;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Weights;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// An X-Former over the memory of what is trained: it changes as that changes.
public final class TrainedXFormer {
  private final XFormerShape shape;
  private final Map<String, Tensor> tensors;
  private final XFormer model;

  /// @param trained parts whose gradients are wanted
  /// @param gradients vector that gradients are added to
  TrainedXFormer(
      XFormerShape shape, Variables<Part> variables, Set<Part> trained, Tensor gradients) {
    this.shape = shape;
    this.tensors = variables.tensors(trained, gradients);
    this.model = XFormer.of(shape.config(), Weights.of("the model in training", tensors));
  }

  /// The model.
  public XFormer model() {
    return model;
  }

  XFormerShape shape() {
    return shape;
  }

  Tensor tensor(String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }
}
