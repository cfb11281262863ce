package dev.lynceus.cli;

import dev.lynceus.method.causal.Component;
import dev.lynceus.request.Site;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which states are put in, and where: for the commands that patch.
final class SiteOptions {
  @Option(
      names = "--site",
      defaultValue = "layer",
      paramLabel = "STATE",
      description = {
        "What is put in: layer, attention, feed-forward, head, query, key or value; of an attention",
        "over an earlier stack cross-attention; after-attention or after-cross, the stream behind",
        "either. Default: ${DEFAULT-VALUE}."
      })
  String site = "layer";

  @Option(
      names = "--positions",
      defaultValue = "all",
      paramLabel = "WHICH",
      description = {
        "Where: all, last, a number, 5:21, 3,5,8 or a label such as image or question; each is a",
        "column. Heads are changed at all of them together. Default: ${DEFAULT-VALUE}."
      })
  String positions = "all";

  @Option(
      names = "--window",
      defaultValue = "1",
      paramLabel = "N",
      description = "Layers that are changed together. Default: ${DEFAULT-VALUE}.")
  int window;

  @Option(
      names = "--sever",
      paramLabel = "PATH",
      description = {
        "attention or feed-forward: what it writes at that position in later layers stays that of",
        "the changed run, so the effect that is lost came along it. With --site layer."
      })
  @Nullable String sever;

  /// The states, as a request has them.
  Site site() {
    return new Site(
        CausalOptions.choice("--site", site, Component.class),
        positions,
        window,
        Optional.ofNullable(sever)
            .map(path -> CausalOptions.choice("--sever", path, Component.class)));
  }
}
