package dev.lynceus.nn;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;

/// Activation functions, by the names that Hugging Face configs use.
public enum Activation {
  SILU,
  GELU,
  GELU_TANH,
  QUICK_GELU,
  RELU;

  /// The function of a config value.
  ///
  /// @throws LynceusException UNSUPPORTED_MODEL if it is not known
  public static Activation parse(String name) {
    return switch (name) {
      case "silu", "swish" -> SILU;
      case "gelu", "gelu_python" -> GELU;
      case "gelu_pytorch_tanh", "gelu_new", "gelu_fast", "gelu_accurate", "gelu_python_tanh" ->
          GELU_TANH;
      case "quick_gelu" -> QUICK_GELU;
      case "relu" -> RELU;
      default ->
          throw new LynceusException(
              ErrorCode.UNSUPPORTED_MODEL,
              "activation function '" + name + "' is not supported",
              "Supported: silu, gelu, gelu_pytorch_tanh, gelu_new, quick_gelu, relu.");
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
    };
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
