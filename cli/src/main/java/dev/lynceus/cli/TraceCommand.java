package dev.lynceus.cli;

import dev.lynceus.method.causal.CausalMap;
import dev.lynceus.method.causal.CausalTracing;
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

/// `lynceus trace`: causal tracing.
@Command(
    name = "trace",
    header = "Corrupt the picture, restore states one by one, and see what brings the answer back.",
    description = {
      "",
      "Measures the next token after the prompt; --start says what the answer begins with.",
      ""
    },
    sortOptions = false)
final class TraceCommand extends MapCommand {
  @Mixin CorruptOptions corruption = new CorruptOptions();
  @Mixin SiteOptions sites = new SiteOptions();

  @Option(
      names = "--repeats",
      defaultValue = "1",
      paramLabel = "N",
      description =
          "Noises that are averaged over, with 95 %% intervals. Default: ${DEFAULT-VALUE}.")
  int repeats;

  TraceCommand(Console console) {
    super(console);
  }

  @Override
  Capture capture(LoadedModel model) {
    return sites.patching().capture(model);
  }

  @Override
  List<CausalMap> explain(Run clean, Readout readout, Job job) {
    return corruption.with(
        this,
        clean,
        (corrupt, where) ->
            List.of(
                new CausalTracing(
                        corrupt,
                        where,
                        sites.patching(),
                        corruption.direction(),
                        repeats,
                        corruption.seed)
                    .explain(clean, readout, job)));
  }

  @Override
  String settings() {
    return String.join(" ", "trace", corruption.settings(), sites.settings(), repeats + "");
  }

  @Override
  LedgerKey entered(LedgerKey key, LoadedModel model) {
    return corruption.entered(key, this);
  }
}
