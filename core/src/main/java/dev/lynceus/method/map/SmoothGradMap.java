package dev.lynceus.method.map;

import dev.lynceus.method.Target;
import dev.lynceus.method.gradient.Backward;
import dev.lynceus.method.gradient.Objective;
import dev.lynceus.run.Entering;
import dev.lynceus.run.Run;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Saliency of the mean gradient over several runs with noise on all visual tokens.
///
/// @param samples how many noises
/// @param level standard deviation of the noise, as a share of the range of the visual tokens'
///   numbers
public record SmoothGradMap(int samples, double level) implements PatchMethod {

  /// As in the paper: a tenth of the range, which keeps the words of most answers, 32 times.
  public SmoothGradMap() {
    this(32, .1);
  }

  @Override
  public String name() {
    return "smooth-grad";
  }

  @Override
  public String what() {
    return "length of the mean gradient with respect to the patch's token over noisy tokens";
  }

  @Override
  public String source() {
    return "Smilkov et al., arXiv 1706.03825";
  }

  @Override
  public Passes passes(int patches) {
    return new Passes(samples, samples);
  }

  @Override
  public PatchMap map(Run run, Target target, TokenMap.View view, SplittableRandom random) {
    Backward backward = new Backward(run);
    Objective objective = Objective.logProbability(target);
    int[] image = run.tokens().positions(TokenMap.Role.IMAGE);
    try (Scope scope = Scope.open()) {
      Entering whole = backward.whole();
      Tensor index = Tensor.indices(image);
      Tensor sum = Torch.zeros(DType.FLOAT64, whole.joined().shape());
      for (int from = 0; from < samples; from += backward.copies()) {
        try (Scope inner = Scope.open()) {
          List<Entering> noisy = new ArrayList<>();
          for (int i = from; i < Math.min(samples, from + backward.copies()); i++) {
            noisy.add(
                new Entering(
                    noisy(whole.stream(), index, random),
                    whole.later().stream().map(one -> noisy(one, index, random)).toList()));
          }
          Tensor slopes = backward.inputs(Entering.cat(noisy), objective).joined();
          int inputs = 1 + whole.later().size();
          sum.add_(
              slopes
                  .to(DType.FLOAT64)
                  .reshape(inputs, noisy.size(), sum.size(1), sum.size(2))
                  .sum(1));
        }
      }
      double[] norms = sum.div((double) samples).square().sum(2).sum(0).sqrt().toDoubles();
      return PatchMap.of(IntStream.of(view.positions()).mapToDouble(p -> norms[p]).toArray());
    }
  }

  /// Vectors with noise in proportion to their range at some positions.
  private Tensor noisy(Tensor whole, Tensor index, SplittableRandom random) {
    Tensor seen = whole.indexSelect(1, index);
    double range = seen.max().item() + seen.neg().max().item();
    Tensor noise = Torch.randn(random.nextLong(), seen.shape()).to(seen.dtype());
    return whole.copy().indexCopy_(1, index, seen.add(noise.mul(level * range)));
  }
}
