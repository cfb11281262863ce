package dev.lynceus.method.map;

import dev.lynceus.method.Target;
import dev.lynceus.method.gradient.Backward;
import dev.lynceus.method.gradient.Objective;
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
      Tensor whole = backward.entering();
      Tensor index = Tensor.indices(image);
      Tensor seen = whole.indexSelect(1, index);
      double range = seen.max().item() + seen.neg().max().item();
      Tensor sum = Torch.zeros(DType.FLOAT64, whole.shape());
      for (int from = 0; from < samples; from += backward.copies()) {
        try (Scope inner = Scope.open()) {
          List<Tensor> noisy = new ArrayList<>();
          for (int i = from; i < Math.min(samples, from + backward.copies()); i++) {
            Tensor noise = Torch.randn(random.nextLong(), seen.shape()).to(seen.dtype());
            noisy.add(whole.copy().indexCopy_(1, index, seen.add(noise.mul(level * range))));
          }
          Tensor slopes = backward.inputs(Torch.cat(noisy, 0), objective).slopes();
          sum.add_(slopes.to(DType.FLOAT64).sum(0).unsqueeze(0));
        }
      }
      double[] norms = sum.div((double) samples).square().sum(2).sqrt().toDoubles();
      return PatchMap.of(IntStream.of(view.positions()).mapToDouble(p -> norms[p]).toArray());
    }
  }
}
