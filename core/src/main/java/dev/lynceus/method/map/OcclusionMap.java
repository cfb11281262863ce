package dev.lynceus.method.map;

import dev.lynceus.method.Inputs;
import dev.lynceus.method.Target;
import dev.lynceus.method.causal.Job;
import dev.lynceus.method.causal.Measures;
import dev.lynceus.method.causal.Occlusion;
import dev.lynceus.method.causal.Readout;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.TokenMap;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/// Occlusion: how far the log probability falls when one visual token is replaced by the mean of
/// the picture's. One pass for each patch.
public record OcclusionMap() implements PatchMethod {
  private static final Occlusion METHOD =
      new Occlusion(Occlusion.Space.EMBEDDING, Occlusion.Fill.MEAN, 1);

  @Override
  public String name() {
    return "occlusion";
  }

  @Override
  public String what() {
    return "how far the log probability falls when the patch's token is replaced by the mean token";
  }

  @Override
  public String source() {
    return "Zeiler and Fergus, arXiv 1311.2901";
  }

  @Override
  public Passes passes(int patches) {
    return new Passes(patches, 0);
  }

  @Override
  public Capture capture(LoadedModel model, int firstRow) {
    return METHOD.capture(model);
  }

  @Override
  public boolean readsFeatures() {
    return true;
  }

  @Override
  public PatchMap map(Run run, Target target, TokenMap.View view, SplittableRandom random) {
    int word = target.aims().getFirst().id();
    Readout readout = Readout.of(run, OptionalInt.of(word), OptionalInt.empty());
    double[][] changes =
        METHOD
            .explain(run, readout, Job.QUIET)
            .get(Inputs.seen(run).index(view))
            .changes(Measures.Metric.LOG_PROBABILITY);
    return PatchMap.of(
        Arrays.stream(changes).flatMapToDouble(Arrays::stream).map(v -> -v).toArray());
  }
}
