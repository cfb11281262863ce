package dev.lynceus.run;

import dev.lynceus.model.mae.Mask;
import dev.lynceus.tap.Captured;

/// One pass of a masked autoencoder over a picture.
///
/// @param captured what was asked for; closed with this
/// @param made numbers of all patches as the decoder made them, `[patches][numbers of a patch]`
/// @param target what they should have been, like `made`
/// @param patches the picture's own patches, like `made`; where patches are not normalised the same
///   as `target`
// Plain numbers; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
public record MaeRun(
    Captured captured, Mask mask, double[][] made, double[][] target, double[][] patches)
    implements AutoCloseable {

  /// How wrong each patch is: the mean of the squared differences of its numbers.
  public double[] losses() {
    double[] losses = new double[made.length];
    for (int patch = 0; patch < made.length; patch++) {
      losses[patch] = loss(made[patch], target[patch]);
    }
    return losses;
  }

  /// The mean of the squared differences of two rows of numbers.
  public static double loss(double[] made, double[] target) {
    double sum = 0;
    for (int i = 0; i < made.length; i++) {
      sum += (made[i] - target[i]) * (made[i] - target[i]);
    }
    return sum / made.length;
  }

  /// The mean over the patches that were removed; not a number where none was.
  public double loss() {
    double[] losses = losses();
    double sum = 0;
    for (int patch : mask.removed()) {
      sum += losses[patch];
    }
    return sum / mask.removed().length;
  }

  @Override
  public void close() {
    captured.close();
  }
}
