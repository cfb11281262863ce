package dev.lynceus.method.mae;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.Picture;
import dev.lynceus.model.mae.MaeConfig;
import dev.lynceus.model.mae.Mask;
import dev.lynceus.run.LoadedMae;
import dev.lynceus.run.MaeRun;
import dev.lynceus.tap.Capture;
import java.util.List;
import java.util.Locale;

/// What a masked autoencoder makes of a picture of which it sees a few patches, and how wrong it
/// is, beside what is known without looking.
///
/// The error of a patch is the mean of the squared differences of its numbers, normalised pixels or
/// (`norm_pix_loss`) those with mean and spread of the patch taken out. The error of the picture is
/// the mean over the patches that were removed. *Plain* is the error of giving every removed patch
/// the mean colour of the kept ones; of patches whose own mean is taken out, zero.
///
/// Pictures are in the model's own numbers, row by row, colours side by side. Where patches are
/// made without mean and spread, those of the true patch are put back to draw them: shape is the
/// model's, colour is not.
///
/// @param seed of the mask; -1 for a mask that was given
/// @param kept numbers of the patches that were seen, in the order of the draw
/// @param loss error of the picture
/// @param plain error without looking
/// @param patchLoss error of every patch, kept ones too
/// @param made `[patches][numbers of a patch]`, to be drawn
/// @param own the picture itself, like `made`
/// @param side pixels to a side of a patch
// Plain numbers of a result; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
public record Reconstruction(
    long seed,
    int[] kept,
    double loss,
    double plain,
    double[] patchLoss,
    double[][] made,
    double[][] own,
    int side) {

  /// Makes a picture from some of its patches.
  ///
  /// @param ratio share of the patches that are removed
  /// @throws LynceusException BAD_REQUEST for a share that leaves nothing to make
  public static Reconstruction of(LoadedMae model, Picture picture, double ratio, long seed) {
    Mask mask = Mask.drawn(model.model().config().patches(), ratio, seed);
    if (mask.removed().length == 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a share of %s of %d patches removes none".formatted(ratio, mask.patches()),
          "Give a share above 0 and below 1.");
    }
    return of(model, picture, mask, seed);
  }

  /// Makes a picture from some of its patches.
  ///
  /// @param seed of the mask; -1 for a mask that was given
  public static Reconstruction of(LoadedMae model, Picture picture, Mask mask, long seed) {
    MaeConfig config = model.model().config();
    try (MaeRun run = model.run(picture, mask, Capture.NONE, List.of())) {
      double[][] made = config.normalised() ? drawn(run.made(), run.patches()) : run.made();
      return new Reconstruction(
          seed,
          mask.kept(),
          run.loss(),
          plain(run, config.normalised()),
          run.losses(),
          made,
          run.patches(),
          config.vision().patchSize());
    }
  }

  /// The same with the mean and the spread of the true patches put back.
  private static double[][] drawn(double[][] made, double[][] own) {
    double[][] drawn = new double[made.length][made[0].length];
    for (int patch = 0; patch < made.length; patch++) {
      double mean = 0;
      for (double value : own[patch]) {
        mean += value / own[patch].length;
      }
      double squares = 0;
      for (double value : own[patch]) {
        squares += (value - mean) * (value - mean);
      }
      double spread = Math.sqrt(squares / Math.max(1, own[patch].length - 1) + 1e-6);
      for (int i = 0; i < made[patch].length; i++) {
        drawn[patch][i] = made[patch][i] * spread + mean;
      }
    }
    return drawn;
  }

  private static double plain(MaeRun run, boolean normalised) {
    double[] guess = new double[run.made()[0].length];
    int[] kept = run.mask().kept();
    if (!normalised && kept.length > 0) {
      double[] colour = new double[3];
      for (int patch : kept) {
        double[] own = run.patches()[patch];
        for (int i = 0; i < own.length; i++) {
          colour[i % 3] += own[i] * 3 / own.length / kept.length;
        }
      }
      for (int i = 0; i < guess.length; i++) {
        guess[i] = colour[i % 3];
      }
    }
    double sum = 0;
    int[] removed = run.mask().removed();
    for (int patch : removed) {
      sum += MaeRun.loss(guess, run.target()[patch]);
    }
    return sum / removed.length;
  }

  /// Whether a patch was seen.
  public boolean saw(int patch) {
    for (int one : kept) {
      if (one == patch) {
        return true;
      }
    }
    return false;
  }

  /// The picture with what the model made in the places that it did not see.
  public double[][] composite() {
    double[][] both = new double[own.length][];
    for (int patch = 0; patch < both.length; patch++) {
      both[patch] = saw(patch) ? own[patch] : made[patch];
    }
    return both;
  }

  /// How good several of one picture are, in a sentence or two: means over their masks.
  ///
  /// @param made of masks of one share, at least one
  public static String conclusion(List<Reconstruction> made) {
    double loss = made.stream().mapToDouble(Reconstruction::loss).average().orElseThrow();
    double plain = made.stream().mapToDouble(Reconstruction::plain).average().orElseThrow();
    Reconstruction first = made.getFirst();
    return String.format(
        Locale.ROOT,
        "From %d of %d patches the model makes the others with an error of %.3f%s; without looking it would be %.3f.%s",
        first.kept.length,
        first.own.length,
        loss,
        made.size() == 1 ? "" : " in the mean of %d masks".formatted(made.size()),
        plain,
        loss < plain
            ? String.format(
                Locale.ROOT,
                " What it saw takes away %.0f %% of the error.",
                100 * (1 - loss / plain))
            : " It does no better than not looking.");
  }
}
