package dev.lynceus.method;

import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;

/// Adam (arXiv 1412.6980) on one tensor, with the usual constants.
///
/// The moments live until this is closed; the tensor belongs to the caller.
public final class Adam implements AutoCloseable {
  private static final double BETA1 = .9;
  private static final double BETA2 = .999;
  private static final double EPS = 1e-8;

  private final Tensor values;
  private final Tensor mean;
  private final Tensor square;
  private int steps;

  /// @param values float32, which steps change in place
  public Adam(Tensor values) {
    this.values = values;
    this.mean = Torch.zeros(DType.FLOAT32, values.shape()).own();
    this.square = Torch.zeros(DType.FLOAT32, values.shape()).own();
  }

  /// The tensor that is changed.
  public Tensor values() {
    return values;
  }

  /// One step downhill.
  ///
  /// @param gradient in the shape of the values
  /// @param rate learning rate of this step
  public void step(Tensor gradient, double rate) {
    try (Scope scope = Scope.open()) {
      steps++;
      Tensor g = gradient.to(DType.FLOAT32);
      mean.mul_(BETA1).add_(g, 1 - BETA1);
      square.mul_(BETA2).addcmul_(g, g, 1 - BETA2);
      Tensor root = square.sqrt().mul_(1 / Math.sqrt(1 - Math.pow(BETA2, steps)));
      values.addcdiv_(mean, root.add(EPS), -rate / (1 - Math.pow(BETA1, steps)));
    }
  }

  @Override
  public void close() {
    mean.close();
    square.close();
  }
}
