package dev.lynceus.cli;

import dev.lynceus.method.causal.Ablation;
import dev.lynceus.method.causal.Component;
import dev.lynceus.request.AblateRequest;
import dev.lynceus.request.Measure;
import dev.lynceus.request.ModelSpec;
import dev.lynceus.request.Pile;
import dev.lynceus.request.Question;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `lynceus ablate`: parts of the model are silenced in turn.
@Command(
    name = "ablate",
    header = "Silence heads, attention, networks or layers in turn, and see what is missed.",
    description = {
      "",
      "Measures the next token after the prompt; --start says what the answer begins with.",
      ""
    },
    sortOptions = false)
final class AblateCommand extends MapCommand {
  @Option(
      names = "--site",
      defaultValue = "head",
      paramLabel = "PART",
      description =
          "What is silenced: head, attention, feed-forward or layer. Default: ${DEFAULT-VALUE}.")
  String site = "head";

  @Option(
      names = "--fill",
      defaultValue = "zero",
      paramLabel = "WITH",
      description = "zero, or mean over the positions of the prompt. Default: ${DEFAULT-VALUE}.")
  String fill = "zero";

  @Option(
      names = "--positions",
      defaultValue = "all",
      paramLabel = "WHICH",
      description = "Where: all, last, numbers or a label. Default: ${DEFAULT-VALUE}.")
  String positions = "all";

  @Option(
      names = "--stack",
      defaultValue = "decoder",
      paramLabel = "WHICH",
      description = {
        "Whose layers: decoder, vision (the tower), qformer or encoder, where the model has them.",
        "Default: ${DEFAULT-VALUE}."
      })
  String stack = "decoder";

  AblateCommand(Console console) {
    super(console);
  }

  @Override
  AblateRequest request(ModelSpec model, Question question, Measure measure) {
    return new AblateRequest(
        model,
        question,
        measure,
        CausalOptions.choice("--site", site, Component.class),
        CausalOptions.choice("--fill", fill, Ablation.Fill.class),
        positions,
        CausalOptions.choice("--stack", stack, Pile.class));
  }
}
