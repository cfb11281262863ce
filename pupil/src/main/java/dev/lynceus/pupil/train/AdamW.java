package dev.lynceus.pupil.train;

import dev.lynceus.pupil.train.Parameters.Part;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.Map;

/// AdamW (Loshchilov and Hutter, arXiv 1711.05101) with clipping of the gradient's norm, on parts
/// of the vector of [Parameters].
final class AdamW {
  private static final double BETA1 = .9;
  private static final double BETA2 = .98;
  private static final double EPS = 1e-8;
  private static final double CLIP = 1;

  private final Parameters parameters;
  private final double decay;
  private final Tensor mean;
  private final Tensor square;
  private final Tensor decays;

  /// @param decay weight decay of matrices
  AdamW(Parameters parameters, double decay) {
    this.parameters = parameters;
    this.decay = decay;
    this.mean = Torch.zeros(DType.FLOAT32, parameters.size()).own();
    this.square = Torch.zeros(DType.FLOAT32, parameters.size()).own();
    this.decays = Torch.zeros(DType.FLOAT32, parameters.size()).own();
    for (Parameters.Entry entry : parameters.entries()) {
      Parameters.view(decays, entry).fill_(entry.decays() ? 1 : 0);
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
  double step(Tensor gradient, Map<Part, Double> rates, long step) {
    try (Scope scope = Scope.open()) {
      double sum = 0;
      for (Part part : rates.keySet()) {
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
        Tensor values = part(parameters.vector(), part);
        values.addcmul_(values, part(decays, part), -rate * decay);
        Tensor root = v.sqrt().mul_(1 / correction2);
        values.addcdiv_(m, root.add(EPS), -rate / correction1);
      });
      return norm;
    }
  }

  private Tensor part(Tensor vector, Part part) {
    long[] range = parameters.range(part);
    return vector.narrow(0, range[0], range[1]);
  }
}
