package dev.lynceus.cli;

import dev.lynceus.method.causal.CausalMap;
import dev.lynceus.method.causal.Job;
import dev.lynceus.method.causal.Readout;
import dev.lynceus.run.LedgerKey;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus patch`: activation patching between two pictures.
@Command(
    name = "patch",
    header = "Put states of a run about another picture into this one, and see what changes.",
    description = {
      "",
      "Both runs have the same question. Measures the next token; --start says what the answer",
      "begins with.",
      ""
    },
    sortOptions = false)
final class PatchCommand extends MapCommand {
  @Option(
      names = "--other",
      required = true,
      paramLabel = "IMAGE",
      description = "The picture that states are taken from, in place of the first one.")
  String other = "";

  @Mixin SiteOptions sites = new SiteOptions();

  PatchCommand(Console console) {
    super(console);
  }

  @Override
  Capture capture(LoadedModel model) {
    return sites.patching().capture(model);
  }

  @Override
  List<CausalMap> explain(Run clean, Readout readout, Job job) {
    try (Run source = other(clean, other)) {
      return List.of(sites.patching().explain(clean, source, readout, job));
    }
  }

  @Override
  String settings() {
    return String.join(" ", "patch", sites.settings());
  }

  @Override
  LedgerKey entered(LedgerKey key, LoadedModel model) {
    return key.with("the other picture (--other)", picture(other));
  }
}
