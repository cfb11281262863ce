package dev.lynceus.run;

import dev.lynceus.tap.Captured;
import dev.lynceus.tap.Point;
import dev.lynceus.tensor.Tensor;

/// One pass of a text beside a picture.
///
/// @param captured what was asked for; closed with this
/// @param verdicts what each speaker says, `[speakers][2]`: scores of “does not match” and
///   “matches”
public record MatchRun(Captured captured, double[][] verdicts) implements AutoCloseable {

  /// The model's verdict: the mean over the speakers, scores of “does not match” and “matches”.
  public double[] logits() {
    double[] mean = new double[2];
    for (double[] verdict : verdicts) {
      mean[0] += verdict[0] / verdicts.length;
      mean[1] += verdict[1] / verdicts.length;
    }
    return mean;
  }

  /// Score of “matches”.
  public double logit() {
    return logits()[1];
  }

  /// Probability that text and picture belong together.
  public double probability() {
    double[] logits = logits();
    return 1 / (1 + Math.exp(logits[0] - logits[1]));
  }

  /// What was captured at a place.
  public Tensor get(Point point, int layer) {
    return captured.get(point, layer);
  }

  @Override
  public void close() {
    captured.close();
  }
}
