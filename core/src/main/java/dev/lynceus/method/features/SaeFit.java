package dev.lynceus.method.features;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Adam;
import dev.lynceus.method.features.SparseAutoencoder.Activation;
import dev.lynceus.method.features.SparseAutoencoder.Centred;
import dev.lynceus.run.Progress;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.SplittableRandom;

/// Fits a sparse autoencoder: `|x' - x|^2`, and for features that are on wherever they are positive
/// `sparsity` times their sum, by Adam, with decoder rows of length 1. Features that were never on
/// for a while begin anew at states that are told worst.
///
/// @param features how many
/// @param activation [Activation.Relu] or [Activation.TopK]
/// @param sparsity weight of the sum of features; of no use with [Activation.TopK]
/// @param steps of Adam
/// @param rows states of a step
/// @param rate of the first steps; it falls to 0 over the last fifth
/// @param seed of the beginning and of the order
public record SaeFit(
    int features,
    Activation activation,
    double sparsity,
    int steps,
    int rows,
    double rate,
    long seed) {
  /// Steps after which features that were never on begin anew.
  private static final int REVIVED_EVERY = 250;

  /// Of the steps that rates fall over, and in which no feature begins anew.
  private static final double FALLING = .2;

  public SaeFit {
    if (features < 1 || steps < 1 || rows < 1 || !(rate > 0) || !(sparsity >= 0)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%d features, %d steps of %d states, rate %s, sparsity %s"
              .formatted(features, steps, rows, rate, sparsity),
          "Use at least one of each, a rate above 0 and a sparsity of 0 or more.");
    }
    if (activation instanceof Activation.Jump) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "thresholds are read from published files, not fitted",
          "Fit with Relu or TopK.");
    }
  }

  /// Fits it.
  ///
  /// @param states `[states, width]`, brought to a mean square length of about their width first by
  ///   whoever wants one sparsity for all models
  /// @throws LynceusException BAD_REQUEST without states; CANCELLED
  public SparseAutoencoder fit(Tensor states, Progress progress) {
    if (states.size(0) < 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "there are no states to fit on: no text has a position that is read",
          "Give texts of several tokens or questions about pictures, and a model whose decoder reads"
              + " them.");
    }
    SparseAutoencoder sae = begin(states);
    SplittableRandom random = new SplittableRandom(seed);
    try (Adam encoder = new Adam(sae.encoder());
        Adam encoderBias = new Adam(sae.encoderBias());
        Adam decoder = new Adam(sae.decoder());
        Adam decoderBias = new Adam(sae.decoderBias());
        Scope scope = Scope.open()) {
      Tensor ever = Torch.zeros(DType.FLOAT32, features);
      for (int step = 0; step < steps; step++) {
        progress.step("fitting", step, steps);
        double left = (steps - step) / (FALLING * steps);
        double now = rate * Math.min(1, left);
        try (Scope inner = Scope.open()) {
          Tensor x = states.indexSelect(0, drawn(states, random)).to(DType.FLOAT32);
          Slopes slopes = slopes(sae, x);
          ever.add_(slopes.on());
          encoder.step(slopes.encoder(), now);
          encoderBias.step(slopes.encoderBias(), now);
          decoder.step(slopes.decoder(), now);
          decoderBias.step(slopes.decoderBias(), now);
          Tensor lengths = sae.decoder().square().sum(1).sqrt().clampMin(1e-8).unsqueeze(1);
          sae.decoder().copy_(sae.decoder().div(lengths));
          if ((step + 1) % REVIVED_EVERY == 0 && left > 1) {
            revive(sae, x, ever, random);
            ever.fill_(0);
          }
        }
      }
      return sae;
    } catch (RuntimeException failure) {
      sae.close();
      throw failure;
    }
  }

  private Tensor drawn(Tensor states, SplittableRandom random) {
    return Tensor.indices(random.ints(rows, 0, (int) states.size(0)).toArray());
  }

  /// Random directions of length 1, read as they are written, around the mean state.
  private SparseAutoencoder begin(Tensor states) {
    try (Scope scope = Scope.open()) {
      long width = states.size(1);
      Tensor drawn = Torch.randn(seed, features, width);
      Tensor unit = drawn.div(drawn.square().sum(1).sqrt().unsqueeze(1));
      return new SparseAutoencoder(
          unit.copy().own(),
          Torch.zeros(DType.FLOAT32, features).own(),
          unit.copy().own(),
          states.to(DType.FLOAT32).mean(0).copy().own(),
          activation,
          Centred.YES);
    }
  }

  /// Gradients of the mean loss of some states, and which features were on.
  record Slopes(
      double loss,
      Tensor encoder,
      Tensor encoderBias,
      Tensor decoder,
      Tensor decoderBias,
      Tensor on) {}

  /// The gradients, written out; in the scope that is open.
  Slopes slopes(SparseAutoencoder sae, Tensor x) {
    double n = x.size(0);
    Tensor centred = x.sub(sae.decoderBias());
    Tensor before = sae.before(x);
    Tensor on = sae.on(before);
    Tensor f = before.mul(on);
    Tensor rest = f.matmul(sae.decoder()).add(sae.decoderBias()).sub(x);
    Tensor slope = rest.mul(2 / n);
    double weight = activation instanceof Activation.Relu ? sparsity : 0;
    Tensor toBefore = slope.matmul(sae.decoder().t()).add(weight / n).mul(on);
    return new Slopes(
        rest.square().sum().item() / n + weight * f.sum().item() / n,
        toBefore.t().matmul(centred),
        toBefore.sum(0),
        f.t().matmul(slope),
        slope.sum(0).sub(toBefore.sum(0).unsqueeze(0).matmul(sae.encoder()).squeeze(0)),
        on.sum(0));
  }

  /// Features that were never on read, and write, states that are told badly.
  private void revive(SparseAutoencoder sae, Tensor x, Tensor ever, SplittableRandom random) {
    float[] counts = ever.toFloats();
    Tensor rest = sae.decode(sae.encode(x)).sub(x);
    double[] errors = rest.square().sum(1).toDoubles();
    double all = 0;
    for (double error : errors) {
      all += error;
    }
    double length = 0;
    int living = 0;
    double[] lengths = sae.encoder().square().sum(1).sqrt().toDoubles();
    for (int j = 0; j < counts.length; j++) {
      if (counts[j] > 0) {
        length += lengths[j];
        living++;
      }
    }
    double usual = living == 0 ? 1 : length / living;
    for (int j = 0; j < counts.length && all > 0; j++) {
      if (counts[j] > 0) {
        continue;
      }
      double at = random.nextDouble() * all;
      int row = 0;
      while (row < errors.length - 1 && at > errors[row]) {
        at -= errors[row++];
      }
      Tensor away = x.select(0, row).sub(sae.decoderBias());
      Tensor unit = away.div(Math.max(1e-8, Math.sqrt(away.square().sum().item())));
      sae.decoder().select(0, j).copy_(unit);
      sae.encoder().select(0, j).copy_(unit.mul(.2 * usual));
      sae.encoderBias().select(0, j).fill_(0);
    }
  }
}
