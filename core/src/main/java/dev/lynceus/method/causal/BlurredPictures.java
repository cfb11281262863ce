package dev.lynceus.method.causal;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ProcessedImage;
import dev.lynceus.method.PatchViews;
import dev.lynceus.model.TowerInput;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Values;
import java.util.ArrayList;
import java.util.List;

/// Pictures of which only the coarse is left: what the tower takes in is blurred, every view by
/// itself, and encoded again.
public final class BlurredPictures {
  /// Means of three squares in a row are near a Gaussian.
  private static final int ROUNDS = 3;

  private BlurredPictures() {}

  /// A run of the same prompt about the blurred pictures.
  ///
  /// @param share reach of the blur as a share of a view's side, above 0 and up to 1
  /// @throws LynceusException BAD_REQUEST without a picture, or for another share
  public static Run run(Run clean, double share) {
    List<ProcessedImage> views =
        clean.batch().pictures().stream().flatMap(picture -> picture.views().stream()).toList();
    if (views.isEmpty()) {
      throw PatchViews.noPicture(clean.model().model(), "to blur");
    }
    if (!(share > 0 && share <= 1)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a blur of " + share + " of the picture's side",
          "Use a number above 0 and up to 1.");
    }
    List<float[]> all = new ArrayList<>();
    for (ProcessedImage view : views) {
      int radius = (int) Math.max(1, Math.round(share * Math.max(view.width(), view.height())));
      all.add(blurred(view, radius));
    }
    TowerInput input =
        ((VisionLanguageModel) clean.model().model()).input(clean.batch().pictures());
    Values pixels = new Values.Inline(input.numbers(all), input.pixels());
    return clean.replay(
        List.of(Intervention.at(Point.vision(Site.PIXELS), 0, new Op.Patch(pixels))),
        Sweep.read(clean.model().model()));
  }

  /// The pixels of a view, blurred, in its own layout.
  static float[] blurred(ProcessedImage view, int radius) {
    float[] now = view.pixels().clone();
    int width = view.width();
    int height = view.height();
    for (int round = 0; round < ROUNDS; round++) {
      for (int c = 0; c < view.channels(); c++) {
        int plane = c * height * width;
        for (int y = 0; y < height; y++) {
          line(now, plane + y * width, 1, width, radius);
        }
        for (int x = 0; x < width; x++) {
          line(now, plane + x, width, height, radius);
        }
      }
    }
    return now;
  }

  /// Replaces each number of a line by the mean of those within a radius, cut at the ends.
  private static void line(float[] numbers, int start, int step, int count, int radius) {
    double[] sums = new double[count + 1];
    for (int i = 0; i < count; i++) {
      sums[i + 1] = sums[i] + numbers[start + i * step];
    }
    for (int i = 0; i < count; i++) {
      int from = Math.max(0, i - radius);
      int to = Math.min(count, i + radius + 1);
      numbers[start + i * step] = (float) ((sums[to] - sums[from]) / (to - from));
    }
  }
}
