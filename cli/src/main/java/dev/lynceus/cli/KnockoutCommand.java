package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.causal.AttentionKnockout;
import dev.lynceus.method.causal.CausalMap;
import dev.lynceus.method.causal.Job;
import dev.lynceus.method.causal.Readout;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Capture;
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

  KnockoutCommand(Console console) {
    super(console);
  }

  @Override
  Capture capture(LoadedModel model) {
    return Sweep.base(model);
  }

  @Override
  List<CausalMap> explain(Run clean, Readout readout, Job job) {
    List<AttentionKnockout.Edge> blocked =
        edges.isEmpty()
            ? AttentionKnockout.ways(clean)
            : edges.stream().map(KnockoutCommand::edge).toList();
    return List.of(new AttentionKnockout(blocked, window, heads).explain(clean, readout, job));
  }

  private static AttentionKnockout.Edge edge(String text) {
    int colon = text.indexOf(':');
    if (colon < 1 || colon == text.length() - 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--edge " + text + " does not name two places",
          "Write who, a colon, and what, for example last:image.");
    }
    return new AttentionKnockout.Edge(text.substring(0, colon), text.substring(colon + 1));
  }

  @Override
  String settings() {
    return String.join(" ", "knockout", edges.toString(), window + "", heads.toString());
  }
}
