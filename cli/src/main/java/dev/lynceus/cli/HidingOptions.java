package dev.lynceus.cli;

import dev.lynceus.method.causal.Occlusion;
import picocli.CommandLine.Option;

/// What is replaced where a part of the picture is hidden.
final class HidingOptions {
  @Option(
      names = "--space",
      defaultValue = "embedding",
      paramLabel = "WHAT",
      description = {
        "embedding: visual tokens are replaced; pixels: the picture is covered and encoded again.",
        "Default: ${DEFAULT-VALUE}."
      })
  String space = "embedding";

  /// @throws dev.lynceus.error.LynceusException BAD_REQUEST for a word that is none of them
  Occlusion.Space space() {
    return CausalOptions.choice("--space", space, Occlusion.Space.class);
  }
}
