package dev.lynceus.cli;

import dev.lynceus.method.causal.CausalMap;
import dev.lynceus.method.causal.Job;
import dev.lynceus.method.causal.Occlusion;
import dev.lynceus.method.causal.Readout;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Capture;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `lynceus occlude`: parts of the picture are hidden in turn.
@Command(
    name = "occlude",
    header = "Hide parts of the picture in turn, and see which of them the answer needs.",
    description = {
      "",
      "Measures the next token after the prompt; --start says what the answer begins with.",
      ""
    },
    sortOptions = false)
final class OccludeCommand extends MapCommand {
  @Option(
      names = "--space",
      defaultValue = "embedding",
      paramLabel = "WHAT",
      description = {
        "embedding: visual tokens are replaced; pixels: the picture is covered and encoded again.",
        "Default: ${DEFAULT-VALUE}."
      })
  String space = "embedding";

  @Option(
      names = "--fill",
      defaultValue = "mean",
      paramLabel = "WITH",
      description = "mean, zero, or blur (pixels only). Default: ${DEFAULT-VALUE}.")
  String fill = "mean";

  @Option(
      names = "--group",
      defaultValue = "1",
      paramLabel = "N",
      description = "Hide squares of N x N patches. Default: ${DEFAULT-VALUE}.")
  int group;

  OccludeCommand(Console console) {
    super(console);
  }

  @Override
  Capture capture(LoadedModel model) {
    return Sweep.base(model);
  }

  @Override
  List<CausalMap> explain(Run clean, Readout readout, Job job) {
    return new Occlusion(
            CausalOptions.choice("--space", space, Occlusion.Space.class),
            CausalOptions.choice("--fill", fill, Occlusion.Fill.class),
            group)
        .explain(clean, readout, job);
  }

  @Override
  String settings() {
    return String.join(" ", "occlude", space, fill, group + "");
  }
}
