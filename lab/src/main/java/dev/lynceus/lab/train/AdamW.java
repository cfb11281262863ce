package dev.lynceus.lab.train;

import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.Map;

/// AdamW (Loshchilov and Hutter, arXiv 1711.05101) with clipping of the gradient's norm, on parts
/// of the vector of [Variables].
final class AdamW<P extends Enum<P>> {
  private static final double BETA1 = .9;
  private static final double BETA2 = .98;
  private static final double EPS = 1e-8;
  private static final double CLIP = 1;

  private final Variables<P> variables;
  private final double decay;
  private final Tensor mean;
  private final Tensor square;
  private final Tensor decays;

  /// @param decay weight decay of matrices
  AdamW(Variables<P> variables, double decay) {
    this.variables = variables;
    this.decay = decay;
    this.mean = Torch.zeros(DType.FLOAT32, variables.size()).own();
    this.square = Torch.zeros(DType.FLOAT32, variables.size()).own();
    this.decays = Torch.zeros(DType.FLOAT32, variables.size()).own();
    for (Variables.Entry<P> entry : variables.entries()) {
      Variables.view(decays, entry).fill_(entry.decays() ? 1 : 0);
    }
  }

  /// First moments, of the size of the vector.
  Tensor mean() {
    return mean;
  }

  /// Second moments.
  Tensor square() {
    return square;
  }

  /// Makes one step.
  ///
  /// @param gradient of the size of the vector; only the trained parts are read
  /// @param rates learning rate of each trained part
  /// @param step 1 for the first
  /// @return norm of the gradient before clipping
  double step(Tensor gradient, Map<P, Double> rates, long step) {
    try (Scope scope = Scope.open()) {
      double sum = 0;
      for (P part : rates.keySet()) {
        sum += part(gradient, part).square().sum().item();
      }
      double norm = Math.sqrt(sum);
      double scale = norm > CLIP ? CLIP / norm : 1;
      double correction1 = 1 - Math.pow(BETA1, step);
      double correction2 = Math.sqrt(1 - Math.pow(BETA2, step));
      rates.forEach((part, rate) -> {
        Tensor g = part(gradient, part).mul(scale);
        Tensor m = part(mean, part).mul_(BETA1).add_(g, 1 - BETA1);
        Tensor v = part(square, part).mul_(BETA2).addcmul_(g, g, 1 - BETA2);
        Tensor values = part(variables.vector(), part);
        values.addcmul_(values, part(decays, part), -rate * decay);
        Tensor root = v.sqrt().mul_(1 / correction2);
        values.addcdiv_(m, root.add(EPS), -rate / correction1);
      });
      return norm;
    }
  }

  private Tensor part(Tensor vector, P part) {
    long[] range = variables.range(part);
    return vector.narrow(0, range[0], range[1]);
  }
}
