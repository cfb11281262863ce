package dev.lynceus.cli;

import dev.lynceus.method.attention.HeadRef;
import dev.lynceus.method.causal.PathPatching;
import dev.lynceus.request.Measure;
import dev.lynceus.request.ModelSpec;
import dev.lynceus.request.PathsRequest;
import dev.lynceus.request.Question;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus paths`: path patching.
@Command(
    name = "paths",
    header = "Put each head of another run in, along the direct way to chosen receivers alone.",
    description = {
      "",
      "Without a receiver: the direct effect of each head on the answer. Heads of the clean run go",
      "into the corrupted one, --noising turns that round. Corruptions are those of trace.",
      ""
    },
    sortOptions = false)
final class PathsCommand extends MapCommand {
  @Mixin CorruptOptions corruption = new CorruptOptions();

  @Option(
      names = "--receiver",
      paramLabel = "L.H",
      description = "A head that takes in. May be given several times. Default: the answer.")
  List<String> receivers = List.of();

  @Option(
      names = "--input",
      defaultValue = "query",
      paramLabel = "WHAT",
      description = {
        "What of the receivers is set: query (of the last position), key or value.",
        "Default: ${DEFAULT-VALUE}."
      })
  String input = "query";

  @Option(
      names = "--positions",
      defaultValue = "all",
      paramLabel = "WHICH",
      description = "Where senders are changed. Default: ${DEFAULT-VALUE}.")
  String positions = "all";

  @Option(
      names = "--free-networks",
      description = "Ways through feed-forward networks count as well.")
  boolean free;

  PathsCommand(Console console) {
    super(console);
  }

  @Override
  PathsRequest request(ModelSpec model, Question question, Measure measure) {
    return new PathsRequest(
        model,
        question,
        measure,
        corruption.corrupted(),
        receivers.stream().map(HeadRef::parse).toList(),
        CausalOptions.choice("--input", input, PathPatching.Input.class),
        positions,
        free ? PathPatching.Networks.FREE : PathPatching.Networks.HELD);
  }
}
