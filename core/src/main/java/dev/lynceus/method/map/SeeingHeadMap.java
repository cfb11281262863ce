package dev.lynceus.method.map;

import dev.lynceus.method.LogIncrease;
import dev.lynceus.method.Target;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.TokenMap;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Log increase of each patch alone through one head (arXiv 2411.10950): of the [TopHeadsMap#HEADS]
/// heads with the largest increases that one to which the patches bring most, because the best head
/// of all may read what an earlier layer has already moved into the text.
public record SeeingHeadMap() implements PatchMethod {
  @Override
  public String name() {
    return "seeing-head";
  }

  @Override
  public String what() {
    return "how much the patch raises the log probability through that one of the best heads to which"
        + " patches bring most";
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
    return PatchMap.of(
        maps(run, target, view, TopHeadsMap.HEADS).stream()
            .max(Comparator.comparingDouble(map -> Arrays.stream(map).sum()))
            .orElseThrow());
  }

  /// Maps of the heads with the largest increases, best first.
  static List<double[]> maps(Run run, Target target, TokenMap.View view, int count) {
    LogIncrease method = new LogIncrease();
    List<int[]> ranking = method.explain(run, target, Progress.NONE).ranking();
    return ranking.stream()
        .limit(count)
        .map(head -> method.positions(run, target, head[0], head[1]))
        .map(all -> IntStream.of(view.positions()).mapToDouble(p -> all[p]).toArray())
        .toList();
  }
}
