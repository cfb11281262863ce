package dev.lynceus.method.map;

import dev.lynceus.method.LogIncrease;
import dev.lynceus.method.SeeingHeadStore;
import dev.lynceus.method.SeeingHeads;
import dev.lynceus.method.SeeingReading;
import dev.lynceus.method.Target;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.TokenMap;
import java.util.List;
import java.util.SplittableRandom;

/// Log increase of each patch alone (arXiv 2411.10950) through the seeing heads of the model at the
/// word's own row, summed and gathered. Tells words of one row apart, but sees nothing of what was
/// read at earlier rows. The [TopHeadsMap#HEADS] best heads take the place of seeing heads that
/// were not found yet.
public record SeeingIncreaseMap() implements PatchMethod {
  @Override
  public String name() {
    return "seeing-heads-increase";
  }

  @Override
  public String what() {
    return "how much the patch raises the log probability through the seeing heads, gathered";
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
    List<double[]> maps =
        SeeingHeadStore.kept(run.model())
            .map(found -> maps(run, target, view, found))
            .orElseGet(() -> SeeingHeadMap.maps(run, target, view, TopHeadsMap.HEADS));
    return PatchMap.of(
        SeeingReading.gathered(
            SeeingReading.sum(maps, view.positions().length),
            view.tile().rows(),
            view.tile().columns()));
  }

  private static List<double[]> maps(
      Run run, Target target, TokenMap.View view, SeeingHeads found) {
    LogIncrease method = new LogIncrease();
    return found.heads().stream()
        .map(head -> method.positions(run, target, head.layer(), head.head()))
        .map(all ->
            java.util.stream.IntStream.of(view.positions()).mapToDouble(p -> all[p]).toArray())
        .toList();
  }
}
