package dev.lynceus.cli;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.attention.HeadRef;
import dev.lynceus.method.causal.Conclusion;
import dev.lynceus.method.causal.Measures;
import dev.lynceus.method.causal.Measures.Metric;
import dev.lynceus.method.causal.Silencing;
import dev.lynceus.report.SilencingFigure;
import dev.lynceus.request.Measure;
import dev.lynceus.request.ModelSpec;
import dev.lynceus.request.Pile;
import dev.lynceus.request.Question;
import dev.lynceus.request.SilenceRequest;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `lynceus silence`: some heads are silent together.
@Command(
    name = "silence",
    header = "Silence some heads together, and see what the answer becomes.",
    description = {
      "",
      "What they write is zero at all positions, while the answer is written too. Random heads of the",
      "same layers, as many, are silenced beside them, for control. `lynceus ablate` tries each head.",
      ""
    },
    sortOptions = false)
final class SilenceCommand extends CausalCommand<Silencing.Result> {
  @Option(
      names = "--head",
      split = ",",
      required = true,
      paramLabel = "L.H",
      description = {
        "The heads: layer, dot, head, with commas between, or several times. `lynceus explain` and",
        "`lynceus attention` rank heads."
      })
  List<String> heads = List.of();

  @Option(
      names = "--draws",
      defaultValue = "5",
      paramLabel = "N",
      description = "Sets of random heads beside them. Default: ${DEFAULT-VALUE}.")
  int draws;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "N",
      description = "Of the random heads. Default: ${DEFAULT-VALUE}.")
  long seed;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description =
          "Most tokens of each answer. Default: 16, or less where the checkpoint says so.")
  @Nullable Integer maxTokens;

  @Option(
      names = "--stack",
      defaultValue = "decoder",
      paramLabel = "WHICH",
      description = {
        "Whose heads: decoder, vision (the tower), qformer or encoder, where the model has them.",
        "Default: ${DEFAULT-VALUE}."
      })
  String stack = "decoder";

  SilenceCommand(Console console) {
    super(console);
  }

  @Override
  SilenceRequest request(ModelSpec model, Question question, Measure measure) {
    return new SilenceRequest(
        model,
        question,
        measure,
        CausalOptions.choice("--stack", stack, Pile.class),
        heads.stream().map(HeadRef::parse).toList(),
        draws,
        seed,
        maxTokens == null ? OptionalInt.empty() : OptionalInt.of(maxTokens));
  }

  @Override
  String told(Silencing.Result found, CausalResult<Silencing.Result> all, Metric metric) {
    StringBuilder text = new StringBuilder(Conclusion.of(found, all.target())).append("\n\n");
    TextTable table = new TextTable().row("without", metric.label(), "answer");
    table.row("nothing", told(found.clean(), metric), found.answer());
    row(table, "", found.without(), metric);
    found.randoms().forEach(random -> row(table, "random: ", random, metric));
    return text.append(table).toString();
  }

  private static void row(TextTable table, String what, Silencing.Without without, Metric metric) {
    table.row(
        what + without.heads().stream().map(HeadRef::text).collect(Collectors.joining(", ")),
        told(without.measured(), metric),
        without.answer());
  }

  private static String told(Measures measures, Metric metric) {
    return metric == Metric.PROBABILITY
        ? Spoken.percent(measures.of(metric))
        : Spoken.number(measures.of(metric));
  }

  @Override
  String drawn(Silencing.Result found, String conclusion, Metric metric) {
    return SilencingFigure.svg(found, metric, conclusion);
  }
}
