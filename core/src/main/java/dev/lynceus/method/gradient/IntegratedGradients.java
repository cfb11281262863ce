package dev.lynceus.method.gradient;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Target;
import dev.lynceus.run.Entering;
import dev.lynceus.run.Run;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Integrated gradients over the visual tokens: for each of them `sum over width of (e - e') * mean
/// over the line from e' to e of d log p / d e`, all visual tokens moving together, the words
/// staying as they are. The values of all visual tokens add up to log p with the picture minus log
/// p with the baseline. Source: Sundararajan, Taly and Yan, arXiv 1703.01365.
///
/// @param baseline e'
/// @param spacing how the points lie on the line
/// @param steps points of the midpoint rule
/// @param most points up to which they are refined until the values add up; `steps` = as given
public record IntegratedGradients(
    Baseline baseline, PathIntegral.Spacing spacing, int steps, int most) {

  /// What the visual tokens come from.
  public enum Baseline {
    /// The mean of the visual tokens of the run: a picture that says the same everywhere.
    MEAN,
    /// Zeros.
    ZERO
  }

  /// What was found.
  ///
  /// @param values one for each position, 0 for words
  /// @param clean log probability with the picture
  /// @param base log probability with the baseline
  /// @param gap how far the sum of the values is from `clean - base`, relative to it
  /// @param steps points that were used
  // Plain numbers of a result; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  public record Result(double[] values, double clean, double base, double gap, int steps) {}

  /// @throws LynceusException BAD_REQUEST for no steps
  public IntegratedGradients {
    if (steps < 1 || most < steps) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "integrated gradients of %d steps, at most %d".formatted(steps, most),
          "Use 1 step or more, and no smaller limit.");
    }
  }

  /// Integrates.
  ///
  /// @throws LynceusException BAD_REQUEST if the run has no visual tokens
  public Result explain(Run run, Target target) {
    return explain(new Backward(run), target);
  }

  /// The same by gradients that the caller looks at.
  Result explain(Backward backward, Target target) {
    Run run = backward.layers().run();
    Objective objective = Objective.logProbability(target);
    int[] image = run.tokens().positions(TokenMap.Role.IMAGE);
    if (image.length == 0) {
      throw Backward.blind();
    }
    try (Scope scope = Scope.open()) {
      // All that enters, one after the other along the batch: with DeepStack all of it moves.
      int deep = backward.whole().later().size();
      Tensor whole = backward.whole().joined();
      Tensor index = Tensor.indices(image);
      Tensor seen = whole.indexSelect(1, index);
      Tensor direction =
          switch (baseline) {
            case MEAN -> seen.sub(seen.meanKeep(1));
            case ZERO -> seen;
          };
      Tensor start = whole.copy().indexCopy_(1, index, seen.sub(direction));
      Tensor line = whole.sub(start);
      double[] ends = {
        backward.value(objective), backward.values(Entering.split(start, deep), objective)[0]
      };
      PathIntegral integral =
          PathIntegral.of(
              direction,
              ends[0] - ends[1],
              spacing,
              steps,
              most,
              (shares, weights) ->
                  slopes(backward, start, line, shares, weights, objective).indexSelect(1, index));
      double[] values = new double[run.batch().length()];
      int width = integral.shares().length / image.length / (1 + deep);
      for (int i = 0; i < image.length * (1 + deep); i++) {
        values[image[i % image.length]] +=
            Arrays.stream(integral.shares(), i * width, (i + 1) * width).sum();
      }
      return new Result(values, ends[0], ends[1], integral.gap(), integral.steps());
    }
  }

  /// Weighted sum of the gradients at some points of the line, `[inputs, pos, width]`.
  private static Tensor slopes(
      Backward backward,
      Tensor start,
      Tensor line,
      double[] shares,
      double[] weights,
      Objective objective) {
    try (Scope scope = Scope.open()) {
      Tensor sum = Torch.zeros(DType.FLOAT64, start.shape());
      int most = backward.copies();
      for (int from = 0; from < shares.length; from += most) {
        try (Scope inner = Scope.open()) {
          int inputs = (int) start.size(0);
          List<Entering> points = new ArrayList<>();
          int end = Math.min(shares.length, from + most);
          for (int i = from; i < end; i++) {
            points.add(Entering.split(start.add(line.mul(shares[i])), inputs - 1));
          }
          Tensor found =
              backward
                  .inputs(Entering.cat(points), objective)
                  .joined()
                  .reshape(inputs, end - from, start.size(1), start.size(2));
          Tensor weight = Tensor.of(Arrays.copyOfRange(weights, from, end), 1, end - from, 1, 1);
          sum.add_(found.to(DType.FLOAT64).mul(weight).sum(1));
        }
      }
      return scope.keep(sum);
    }
  }
}
