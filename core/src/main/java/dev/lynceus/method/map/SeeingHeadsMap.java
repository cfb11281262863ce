package dev.lynceus.method.map;

import dev.lynceus.method.SeeingMap;
import dev.lynceus.method.Target;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.TokenMap;
import java.util.SplittableRandom;

/// What the seeing heads of the model read of the patch on the way to the word; see [SeeingMap]. A
/// model whose [SeeingHeads] were not found yet is read through all its heads.
public record SeeingHeadsMap() implements PatchMethod {
  @Override
  public String name() {
    return SeeingMap.NAME;
  }

  @Override
  public String what() {
    return "what the few heads through which the model sees read of the patch on the way to the word";
  }

  @Override
  public String source() {
    return "Lynceus; rollout and lengths after arXiv 2005.00928 and 2004.10102";
  }

  @Override
  public Passes passes(int patches) {
    return Passes.NONE;
  }

  @Override
  public Capture capture(LoadedModel model, Prompt prompt) {
    return SeeingMap.patterns(
        model.model().decoder().config(), prompt.tokens(), prompt.length() - 1);
  }

  @Override
  public PatchMap map(Run run, Target target, TokenMap.View view, SplittableRandom random) {
    return PatchMap.of(SeeingMap.of(run.model()).values(run, target, view));
  }
}
