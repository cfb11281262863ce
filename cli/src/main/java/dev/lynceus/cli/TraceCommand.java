package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.causal.CausalMap;
import dev.lynceus.method.causal.CausalTracing;
import dev.lynceus.method.causal.Corruption;
import dev.lynceus.method.causal.Job;
import dev.lynceus.method.causal.Readout;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
final class TraceCommand extends CausalCommand {
  @Option(
      names = "--corrupt",
      defaultValue = "noise",
      paramLabel = "HOW",
      description = "noise, mean, zero, or other (see --other). Default: ${DEFAULT-VALUE}.")
  String corrupt = "noise";

  @Option(
      names = "--noise",
      defaultValue = "3",
      paramLabel = "K",
      description = "Noise of K standard deviations. Default: ${DEFAULT-VALUE}.")
  double noise;

  @Option(
      names = "--other",
      paramLabel = "IMAGE",
      description = "With --corrupt other: the picture whose visual tokens take the place.")
  @Nullable String other;

  @Option(
      names = "--where",
      defaultValue = "image",
      paramLabel = "WHICH",
      description = "Positions that are corrupted. Default: ${DEFAULT-VALUE}.")
  String where = "image";

  @Mixin SiteOptions sites = new SiteOptions();

  @Option(
      names = "--noising",
      description = "The other way round: put corrupted states into the clean run.")
  boolean noising;

  @Option(
      names = "--repeats",
      defaultValue = "1",
      paramLabel = "N",
      description =
          "Noises that are averaged over, with 95 %% intervals. Default: ${DEFAULT-VALUE}.")
  int repeats;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "N",
      description = "Seed of the first noise. Default: ${DEFAULT-VALUE}.")
  long seed;

  TraceCommand(Console console) {
    super(console);
  }

  @Override
  Capture capture(LoadedModel model) {
    return sites.patching().capture(model);
  }

  @Override
  List<CausalMap> explain(Run clean, Readout readout, Job job) {
    return switch (corrupt) {
      case "noise" -> List.of(tracing(new Corruption.Noise(noise)).explain(clean, readout, job));
      case "mean" -> List.of(tracing(new Corruption.Mean()).explain(clean, readout, job));
      case "zero" -> List.of(tracing(new Corruption.Zero()).explain(clean, readout, job));
      case "other" -> {
        if (other == null) {
          throw new LynceusException(
              ErrorCode.BAD_REQUEST,
              "--corrupt other needs another picture",
              "Name one with --other.");
        }
        try (Run swapped = other(clean, other)) {
          yield List.of(tracing(new Corruption.Other(swapped)).explain(clean, readout, job));
        }
      }
      default ->
          throw new LynceusException(
              ErrorCode.BAD_REQUEST,
              "--corrupt " + corrupt + " is not known",
              "Use noise, mean, zero or other.");
    };
  }

  private CausalTracing tracing(Corruption corruption) {
    return new CausalTracing(
        corruption,
        where,
        sites.patching(),
        noising ? CausalTracing.Direction.NOISING : CausalTracing.Direction.DENOISING,
        repeats,
        seed);
  }

  @Override
  String settings() {
    return String.join(
        " ",
        "trace",
        corrupt,
        noise + "",
        other + "",
        where,
        sites.site,
        sites.positions,
        sites.window + "",
        noising + "",
        repeats + "",
        seed + "");
  }
}
