package dev.lynceus.cli;

import dev.lynceus.method.causal.CausalMap;
import dev.lynceus.method.causal.Measures.Metric;
import dev.lynceus.report.CausalFigure;
import dev.lynceus.request.Measure;
import dev.lynceus.request.ModelSpec;
import dev.lynceus.request.Question;
import dev.lynceus.request.TraceRequest;
import dev.lynceus.run.Cost;
import java.util.List;
import java.util.Optional;
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
  TraceRequest request(ModelSpec model, Question question, Measure measure) {
    return new TraceRequest(
        model, question, measure, corruption.corrupted(), sites.site(), where(), repeats);
  }

  private Optional<TraceRequest.Where> where() {
    return Optional.ofNullable(stack)
        .map(name -> CausalOptions.choice("--stack", name, TraceRequest.Where.class));
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
}
