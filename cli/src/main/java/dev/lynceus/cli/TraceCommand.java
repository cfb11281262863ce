package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.causal.ActivationPatching;
import dev.lynceus.method.causal.CausalMap;
import dev.lynceus.method.causal.CausalTracing;
import dev.lynceus.method.causal.Job;
import dev.lynceus.method.causal.Measures.Metric;
import dev.lynceus.method.causal.Readout;
import dev.lynceus.report.CausalFigure;
import dev.lynceus.run.Cost;
import dev.lynceus.run.LedgerKey;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Stack;
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

  @Option(
      names = "--stack",
      paramLabel = "NAME",
      description = {
        "encoder or decoder: whose states are restored. Default: both, one map for each, where an",
        "encoder reads the question (BLIP); else the decoder."
      })
  @Nullable String stack;

  @Override
  Capture capture(LoadedModel model) {
    Capture all = Capture.NONE;
    for (ActivationPatching one : patchings(model)) {
      all = all.and(one.capture(model));
    }
    return all;
  }

  private List<ActivationPatching> patchings(LoadedModel model) {
    boolean encodes = model.model().textEncoder().isPresent();
    String which = stack == null ? encodes ? "both" : "decoder" : stack;
    if (which.equals("encoder") && !encodes) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "no encoder reads the question in " + model.name(),
          "Leave out --stack.");
    }
    ActivationPatching decoder = sites.patching();
    ActivationPatching encoder = decoder.in(Stack.ENCODER);
    return switch (which) {
      case "both" -> List.of(encoder, decoder);
      case "encoder" -> List.of(encoder);
      case "decoder" -> List.of(decoder);
      default ->
          throw new LynceusException(
              ErrorCode.BAD_REQUEST,
              "--stack " + which + " is not known",
              "Use encoder or decoder.");
    };
  }

  @Override
  List<CausalMap> explain(Run clean, Readout readout, Job job) {
    return corruption.with(
        this,
        clean,
        (corrupt, where) ->
            CausalTracing.all(
                patchings(clean.model()).stream()
                    .map(patching ->
                        new CausalTracing(
                            corrupt,
                            where,
                            patching,
                            corruption.direction(),
                            repeats,
                            corruption.seed))
                    .toList(),
                clean,
                readout,
                job));
  }

  /// Each stack has its own.
  @Override
  Cost cost(List<Cost> told) {
    return told.stream().reduce(Cost::plus).orElseThrow();
  }

  /// One figure for all stacks.
  @Override
  String figure(List<CausalMap> maps, List<String> conclusions, Metric metric) {
    return CausalFigure.svg(maps, metric, conclusions, sources(), said());
  }

  @Override
  String settings() {
    return String.join(
        " ", "trace", corruption.settings(), sites.settings(), repeats + "", stack + "");
  }

  @Override
  LedgerKey entered(LedgerKey key, LoadedModel model) {
    return corruption.entered(key, this);
  }
}
