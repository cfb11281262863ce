package dev.lynceus.nn;

import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.List;
import java.util.Optional;

/// Activation functions, by the names that Hugging Face configs use.
public enum Activation {
  SILU,
  GELU,
  GELU_TANH,
  QUICK_GELU,
  RELU,
  RELU_SQUARED,
  SIGMOID,
  TANH,
  LINEAR;

  /// The names that configs may use.
  public static final String NAMES =
      "silu, gelu, gelu_pytorch_tanh, gelu_new, quick_gelu, relu, relu2, sigmoid, tanh, linear";

  /// The function of a config value, where it is known.
  public static Optional<Activation> named(String name) {
    return switch (name) {
      case "silu", "swish" -> Optional.of(SILU);
      case "gelu", "gelu_python" -> Optional.of(GELU);
      case "gelu_pytorch_tanh", "gelu_new", "gelu_fast", "gelu_accurate", "gelu_python_tanh" ->
          Optional.of(GELU_TANH);
      case "quick_gelu" -> Optional.of(QUICK_GELU);
      case "relu" -> Optional.of(RELU);
      case "relu2" -> Optional.of(RELU_SQUARED);
      case "sigmoid" -> Optional.of(SIGMOID);
      case "tanh" -> Optional.of(TANH);
      case "linear" -> Optional.of(LINEAR);
      default -> Optional.empty();
    };
  }

  /// The function, element by element.
  public Tensor apply(Tensor x) {
    return switch (this) {
      case SILU -> Torch.silu(x);
      case GELU -> Torch.gelu(x);
      case GELU_TANH -> Torch.geluTanh(x);
      case QUICK_GELU -> quickGelu(x);
      case RELU -> Torch.relu(x);
      case RELU_SQUARED -> Torch.relu(x).square();
      case SIGMOID -> Torch.sigmoid(x);
      case TANH -> Torch.tanh(x);
      // A tensor of its own: what is made of it may be written into.
      case LINEAR -> x.mul(1);
    };
  }

  /// The function, and its derivative times a factor, element by element.
  ///
  /// @param value of the function
  /// @param slope derivative times the factor
  public record Slope(Tensor value, Tensor slope) {}

  /// The function of `x` and its derivative there times a factor of the same shape.
  public Slope slope(Tensor x, Tensor factor) {
    Tensor leaf = x.detach().requiresGrad();
    Tensor value = apply(leaf);
    Tensor slope = Torch.gradients(value, factor, List.of(leaf)).getFirst().orElseThrow();
    return new Slope(value.detach(), slope);
  }

  /// `x sigmoid(1.702 x)`; in the memory of one result where nothing is recorded.
  private static Tensor quickGelu(Tensor x) {
    try (Scope scope = Scope.open()) {
      Tensor scaled = x.mul(1.702);
      return scope.keep(
          x.recordsGradient() ? x.mul(Torch.sigmoid(scaled)) : scaled.sigmoid_().mul_(x));
    }
  }
}
