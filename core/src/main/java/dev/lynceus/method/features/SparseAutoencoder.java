package dev.lynceus.method.features;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.List;
import java.util.Optional;

/// A sparse autoencoder of states: `f = act(W_e (x - s b_d) + b_e)`, `x' = W_d f + b_d`, where `s`
/// says whether what is read is centred. Each feature is a direction, a row of the decoder, and a
/// state is a sum of few of them.
///
/// The tensors live until this is closed.
public final class SparseAutoencoder implements AutoCloseable {

  /// How a feature is switched on.
  public sealed interface Activation {
    /// Whatever is above zero.
    record Relu() implements Activation {}

    /// The largest of a state, where they are above zero (arXiv 2406.04093).
    record TopK(int k) implements Activation {}

    /// What is above a threshold of its own (arXiv 2407.14435).
    ///
    /// @param thresholds `[features]`, owned by the autoencoder
    record Jump(Tensor thresholds) implements Activation {}
  }

  /// Whether the decoder's bias is taken off what is read.
  public enum Centred {
    YES,
    NO
  }

  private final Tensor encoder;
  private final Tensor encoderBias;
  private final Tensor decoder;
  private final Tensor decoderBias;
  private final Activation activation;
  private final Centred centred;

  /// Takes float32 tensors for its own.
  ///
  /// @param encoder `[features, width]`
  /// @param encoderBias `[features]`
  /// @param decoder `[features, width]`
  /// @param decoderBias `[width]`
  public SparseAutoencoder(
      Tensor encoder,
      Tensor encoderBias,
      Tensor decoder,
      Tensor decoderBias,
      Activation activation,
      Centred centred) {
    this.encoder = encoder;
    this.encoderBias = encoderBias;
    this.decoder = decoder;
    this.decoderBias = decoderBias;
    this.activation = activation;
    this.centred = centred;
    if (activation instanceof Activation.TopK(int k) && (k < 1 || k > features())) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the largest %d of %d features".formatted(k, features()),
          "Keep at least one, and at most all.");
    }
  }

  /// Features.
  public int features() {
    return (int) encoder.size(0);
  }

  /// Numbers of a state.
  public int width() {
    return (int) encoder.size(1);
  }

  /// How features are switched on.
  public Activation activation() {
    return activation;
  }

  /// Whether what is read is centred.
  public Centred centred() {
    return centred;
  }

  /// What a feature is before it is switched on or off, `[rows, width]` to `[rows, features]`.
  Tensor before(Tensor states) {
    Tensor x = states.to(DType.FLOAT32);
    return switch (centred) {
      case YES -> Torch.linear(x.sub(decoderBias), encoder, encoderBias);
      case NO -> Torch.linear(x, encoder, encoderBias);
    };
  }

  /// Which features are on, as 0 and 1.
  Tensor on(Tensor before) {
    Tensor positive = before.gt(0).to(DType.FLOAT32);
    return switch (activation) {
      case Activation.Relu _ -> positive;
      case Activation.Jump(Tensor thresholds) -> before.sub(thresholds).gt(0).to(DType.FLOAT32);
      case Activation.TopK(int k) -> {
        Tensor least = before.topk(k).values().narrow(1, k - 1, 1);
        // At least as large as the k-th; ties are as rare as equal floats.
        yield before.sub(least).add(Float.MIN_NORMAL).gt(0).to(DType.FLOAT32).mul(positive);
      }
    };
  }

  /// Features of states, `[rows, width]` to `[rows, features]`; in the scope that is open.
  public Tensor encode(Tensor states) {
    try (Scope scope = Scope.open()) {
      Tensor before = before(states);
      return scope.keep(before.mul(on(before)));
    }
  }

  /// States of features, `[rows, features]` to `[rows, width]`; in the scope that is open.
  public Tensor decode(Tensor features) {
    try (Scope scope = Scope.open()) {
      return scope.keep(features.matmul(decoder).add(decoderBias));
    }
  }

  /// The direction of a feature, `[width]`.
  public Tensor direction(int feature) {
    if (feature < 0 || feature >= features()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "there is no feature %d among %d".formatted(feature, features()),
          "Use 0 to %d.".formatted(features() - 1));
    }
    return decoder.select(0, feature);
  }

  Tensor encoder() {
    return encoder;
  }

  Tensor encoderBias() {
    return encoderBias;
  }

  Tensor decoder() {
    return decoder;
  }

  Tensor decoderBias() {
    return decoderBias;
  }

  /// The thresholds of its features, where they have some.
  Optional<Tensor> thresholds() {
    return activation instanceof Activation.Jump(Tensor own) ? Optional.of(own) : Optional.empty();
  }

  @Override
  public void close() {
    List.of(encoder, encoderBias, decoder, decoderBias).forEach(Tensor::close);
    thresholds().ifPresent(Tensor::close);
  }
}
