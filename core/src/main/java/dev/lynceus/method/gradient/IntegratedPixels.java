package dev.lynceus.method.gradient;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ProcessedImage;
import dev.lynceus.method.Target;
import dev.lynceus.model.TowerInput;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.run.Run;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;

/// Integrated gradients over the pixels, through tower, projector and decoder, along the straight
/// line from a baseline picture; all views of all pictures move together. The values of all pixels
/// add up to log p with the pictures minus log p with the baselines. Source: Sundararajan, Taly and
/// Yan, arXiv 1703.01365.
///
/// @param baseline the picture that the line begins at
/// @param steps points of the midpoint rule
/// @param most points up to which they are refined until the values add up; `steps` = as given
public record IntegratedPixels(Baseline baseline, int steps, int most) {

  /// What the pictures come from.
  public enum Baseline {
    /// Zeros after normalising: the mean colour of the pictures that the tower was trained on.
    BLANK,
    /// The mean colour of each view.
    MEAN_COLOUR,
    /// Each view, every pixel the mean of the square around it that reaches a quarter of the side
    /// to each direction.
    BLURRED
  }

  /// What was found.
  ///
  /// @param values one for each pixel, `[channels, height, width]` of one view after the other, row
  ///   by row
  /// @param channels colours
  /// @param clean log probability with the pictures
  /// @param base log probability with the baselines
  /// @param gap how far the sum of the values is from `clean - base`, relative to it
  /// @param steps points that were used
  // Plain numbers of a result; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  public record Result(
      double[] values, int channels, double clean, double base, double gap, int steps) {}

  /// @throws LynceusException BAD_REQUEST for no steps
  public IntegratedPixels {
    if (steps < 1 || most < steps) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "integrated gradients of %d steps, at most %d".formatted(steps, most),
          "Use 1 step or more, and no smaller limit.");
    }
  }

  /// Integrates.
  ///
  /// @throws LynceusException BAD_REQUEST if the run has no pictures
  public Result explain(Run run, Target target) {
    Backward backward = new Backward(run);
    Objective objective = Objective.logProbability(target);
    List<ProcessedImage> views =
        run.batch().pictures().stream().flatMap(picture -> picture.views().stream()).toList();
    try (Scope scope = Scope.open()) {
      if (views.isEmpty()) {
        throw Backward.blind();
      }
      Tensor end = tensor(run, views.stream().map(ProcessedImage::pixels).toList());
      Tensor start = tensor(run, views.stream().map(this::from).toList());
      Tensor line = end.sub(start);
      double clean = backward.value(objective);
      double base = value(backward, start, objective);
      PathIntegral integral =
          PathIntegral.of(
              line,
              clean - base,
              PathIntegral.Spacing.EVEN,
              steps,
              most,
              (shares, weights) -> slopes(backward, start, line, shares, weights, objective));
      return new Result(
          input(run).pictures(integral.shares()),
          views.getFirst().channels(),
          clean,
          base,
          integral.gap(),
          integral.steps());
    }
  }

  private static double value(Backward backward, Tensor pixels, Objective objective) {
    try (Scope scope = Scope.open()) {
      return backward.values(TowerGraph.pixels(backward, pixels).entering(), objective)[0];
    }
  }

  /// Weighted sum of the gradients at some points of the line.
  private static Tensor slopes(
      Backward backward,
      Tensor start,
      Tensor line,
      double[] shares,
      double[] weights,
      Objective objective) {
    try (Scope scope = Scope.open()) {
      Tensor sum = Torch.zeros(DType.FLOAT64, start.shape());
      int most = TowerGraph.copies(backward);
      for (int from = 0; from < shares.length; from += most) {
        try (Scope inner = Scope.open()) {
          int end = Math.min(shares.length, from + most);
          List<Tensor> points = new ArrayList<>();
          for (int i = from; i < end; i++) {
            points.add(start.add(line.mul(shares[i])));
          }
          TowerGraph graph = TowerGraph.pixels(backward, Torch.cat(points, 0));
          Tensor slope = backward.inputs(graph.entering(), objective).joined();
          Tensor found = graph.back(slope).getFirst().orElseThrow();
          for (int i = from; i < end; i++) {
            long views = start.size(0);
            sum.add_(found.narrow(0, (i - from) * views, views).to(DType.FLOAT64), weights[i]);
          }
        }
      }
      return scope.keep(sum);
    }
  }

  private static TowerInput input(Run run) {
    return ((VisionLanguageModel) run.model().model()).input(run.batch().pictures());
  }

  private static Tensor tensor(Run run, List<float[]> pixels) {
    TowerInput input = input(run);
    return Tensor.of(input.numbers(pixels), input.pixels()).to(run.model().computeType());
  }

  private float[] from(ProcessedImage view) {
    float[] from = new float[view.pixels().length];
    int plane = view.height() * view.width();
    for (int c = 0; c < view.channels(); c++) {
      int radius =
          switch (baseline) {
            case BLANK -> 0;
            case MEAN_COLOUR -> Math.max(view.height(), view.width());
            case BLURRED -> Math.max(view.height(), view.width()) / 4;
          };
      if (radius > 0) {
        blur(view, c * plane, radius, from);
      }
    }
    return from;
  }

  /// Means of the squares around all pixels of a channel, cut at the edges, by sums over the
  /// rectangles that begin at the corner.
  private static void blur(ProcessedImage view, int start, int radius, float[] into) {
    int height = view.height();
    int width = view.width();
    double[][] sums = new double[height + 1][width + 1];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        sums[y + 1][x + 1] =
            view.pixels()[start + y * width + x] + sums[y][x + 1] + sums[y + 1][x] - sums[y][x];
      }
    }
    for (int y = 0; y < height; y++) {
      int top = Math.max(0, y - radius);
      int bottom = Math.min(height, y + radius + 1);
      for (int x = 0; x < width; x++) {
        int left = Math.max(0, x - radius);
        int right = Math.min(width, x + radius + 1);
        double sum = sums[bottom][right] - sums[top][right] - sums[bottom][left] + sums[top][left];
        into[start + y * width + x] = (float) (sum / ((bottom - top) * (right - left)));
      }
    }
  }
}
