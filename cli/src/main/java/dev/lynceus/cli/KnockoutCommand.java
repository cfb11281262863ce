package dev.lynceus.cli;

import dev.lynceus.method.causal.AttentionKnockout;
import dev.lynceus.request.KnockoutRequest;
import dev.lynceus.request.Measure;
import dev.lynceus.request.ModelSpec;
import dev.lynceus.request.Question;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `lynceus knockout`: attention knockout in sliding windows.
@Command(
    name = "knockout",
    header = "Forbid positions to attend to others, layer by layer; see where it costs the answer.",
    description = {
      "",
      "Measures the next token after the prompt; --start says what the answer begins with.",
      ""
    },
    sortOptions = false)
final class KnockoutCommand extends MapCommand {
  @Option(
      names = "--edge",
      paramLabel = "WHO:WHAT",
      description = {
        "Who may not look at what, as zones or positions with a colon between them, for example",
        "last:image. May be given several times. Default: question:image, last:image,",
        "last:question; of a model that reads question:passage, passage:question, mask:question; as",
        "far as there are such."
      })
  List<String> edges = List.of();

  @Option(
      names = "--window",
      defaultValue = "1",
      paramLabel = "N",
      description = "Layers that are blocked together. Default: ${DEFAULT-VALUE}.")
  int window;

  @Option(
      names = "--head",
      paramLabel = "N",
      description = "Block this head only. May be given several times. Default: all.")
  List<Integer> heads = List.of();

  @Option(
      names = "--draws",
      defaultValue = "0",
      paramLabel = "N",
      description = {
        "Beside each edge take as many random looks away, N times: of any position at any before it.",
        "Default: ${DEFAULT-VALUE}."
      })
  int draws;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "N",
      description = "Of the random looks. Default: ${DEFAULT-VALUE}.")
  long seed;

  KnockoutCommand(Console console) {
    super(console);
  }

  @Override
  KnockoutRequest request(ModelSpec model, Question question, Measure measure) {
    return new KnockoutRequest(
        model,
        question,
        measure,
        edges.stream().map(AttentionKnockout.Edge::parse).toList(),
        window,
        heads,
        draws,
        seed);
  }
}
