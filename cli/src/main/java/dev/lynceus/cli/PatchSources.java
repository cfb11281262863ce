package dev.lynceus.cli;

import dev.lynceus.model.Picture;
import dev.lynceus.report.PatchSource;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.SeenView;
import dev.lynceus.tap.TokenMap;
import java.util.List;
import java.util.stream.IntStream;

/// What figures about patches are drawn on.
final class PatchSources {
  private PatchSources() {}

  /// The views of a prompt's pictures, in the order of the sequence.
  static List<PatchSource> of(LoadedModel model, Prompt prompt, List<Picture> pictures) {
    List<TokenMap.View> views = prompt.tokens().views();
    List<SeenView> seen = model.views(pictures);
    return IntStream.range(0, Math.min(views.size(), seen.size()))
        .mapToObj(v ->
            new PatchSource(
                views.get(v).image(),
                views.get(v).tile().rows(),
                views.get(v).tile().columns(),
                seen.get(v).seen().toBufferedImage()))
        .toList();
  }
}
