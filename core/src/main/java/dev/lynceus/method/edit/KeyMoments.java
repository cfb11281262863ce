package dev.lynceus.method.edit;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;

/// What the feed-forward network of a layer is given to write from, at all positions of some texts:
/// the uncentred second moments of its keys, `C = mean(k k^T)`.
///
/// The keys are kept until this is closed.
public final class KeyMoments implements AutoCloseable {
  /// Bytes of keys that are kept; later texts are left out.
  private static final long BYTES = 512L << 20;

  private static final int MOST_STEPS = 400;
  private static final double ENOUGH = 1e-10;

  private final Tensor keys;

  private KeyMoments(Tensor keys) {
    this.keys = keys;
  }

  /// Those of some keys, `[keys, inner]`.
  static KeyMoments of(Tensor keys) {
    try (Scope scope = Scope.open()) {
      return new KeyMoments(keys.to(DType.FLOAT64).copy().own());
    }
  }

  /// Those of a layer in some texts.
  ///
  /// @throws LynceusException BAD_REQUEST without texts; CANCELLED
  public static KeyMoments of(
      LoadedModel model, List<Prompt> prompts, int layer, Progress progress) {
    if (prompts.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "there are no texts to take keys from", "Give at least one.");
    }
    try (Scope scope = Scope.open()) {
      List<Tensor> all = new ArrayList<>();
      long bytes = 0;
      for (int i = 0; i < prompts.size() && bytes < BYTES; i++) {
        progress.step("keys", i + 1L, prompts.size());
        try (Run run = model.run(prompts.get(i), capture(layer));
            Scope inner = Scope.open()) {
          Tensor own = run.get(Point.MLP_POST, layer).select(0, 0).to(DType.FLOAT64).copy();
          bytes += own.bytes();
          all.add(inner.keep(own));
        }
      }
      return new KeyMoments(Torch.cat(all, 0).own());
    }
  }

  static Capture capture(int layer) {
    return Capture.of(Capture.request(Point.MLP_POST).layers(layer));
  }

  /// How many keys there are.
  public long count() {
    return keys.size(0);
  }

  /// The direction `C^-1 k`, of length 1, by conjugate gradients.
  ///
  /// @param ridge what is added to the diagonal, as a share of its mean: with fewer keys than
  ///   numbers in a key there is no inverse without it
  public float[] whitened(float[] key, double ridge) {
    try (Scope scope = Scope.open()) {
      double n = keys.size(0);
      double added = ridge * keys.square().sum().item() / n / keys.size(1);
      Tensor b = Tensor.of(key, key.length, 1).to(DType.FLOAT64);
      Tensor x = Torch.zeros(DType.FLOAT64, key.length, 1);
      Tensor r = b.copy();
      Tensor p = b.copy();
      double squared = r.square().sum().item();
      double first = squared;
      for (int step = 0; step < MOST_STEPS && squared > ENOUGH * ENOUGH * first; step++) {
        try (Scope inner = Scope.open()) {
          Tensor cp = keys.t().matmul(keys.matmul(p)).mul(1 / n).add_(p, added);
          double alpha = squared / p.mul(cp).sum().item();
          x.add_(p, alpha);
          r.add_(cp, -alpha);
          double now = r.square().sum().item();
          p.mul_(now / squared).add_(r);
          squared = now;
        }
      }
      double length = Math.sqrt(x.square().sum().item());
      return x.mul(1 / length).reshape(-1).to(DType.FLOAT32).toFloats();
    }
  }

  @Override
  public void close() {
    keys.close();
  }
}
