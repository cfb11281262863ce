package dev.lynceus.method.map;

import dev.lynceus.method.LogIncrease;
import dev.lynceus.method.Target;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.TokenMap;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Log increase of each patch alone (arXiv 2411.10950), summed over the [#HEADS] heads with the
/// largest increases.
public record TopHeadsMap() implements PatchMethod {
  static final int HEADS = 6;

  @Override
  public String name() {
    return "top-heads";
  }

  @Override
  public String what() {
    return "how much the patch raises the log probability through the best heads together";
  }

  @Override
  public String source() {
    return "Yu and Ananiadou, arXiv 2411.10950";
  }

  @Override
  public Passes passes(int patches) {
    return Passes.NONE;
  }

  @Override
  public Capture capture(LoadedModel model, int firstRow) {
    return new LogIncrease().capture(new Run.Shape(model.model().decoder().config()), firstRow);
  }

  @Override
  public PatchMap map(Run run, Target target, TokenMap.View view, SplittableRandom random) {
    List<double[]> maps = SeeingHeadMap.maps(run, target, view, HEADS);
    return PatchMap.of(
        IntStream.range(0, view.positions().length)
            .mapToDouble(patch -> maps.stream().mapToDouble(map -> map[patch]).sum())
            .toArray());
  }
}
