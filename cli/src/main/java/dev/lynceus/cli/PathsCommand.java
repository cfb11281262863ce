package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.causal.CausalMap;
import dev.lynceus.method.causal.CausalTracing.Direction;
import dev.lynceus.method.causal.Job;
import dev.lynceus.method.causal.PathPatching;
import dev.lynceus.method.causal.Readout;
import dev.lynceus.run.LedgerKey;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
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

  private PathPatching method() {
    return new PathPatching(
        positions,
        receivers.stream().map(PathsCommand::receiver).toList(),
        CausalOptions.choice("--input", input, PathPatching.Input.class),
        free ? PathPatching.Networks.FREE : PathPatching.Networks.HELD);
  }

  /// A head as people write it.
  ///
  /// @throws LynceusException BAD_REQUEST
  static PathPatching.Receiver receiver(String text) {
    String[] parts = text.split("\\.", -1);
    try {
      if (parts.length == 2) {
        return new PathPatching.Receiver(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new LynceusException(
        ErrorCode.BAD_REQUEST,
        "'" + text + "' names no head",
        "Write the layer, a dot and the head, for example 3.5; both count from 0.");
  }

  @Override
  Capture capture(LoadedModel model) {
    return method().capture(model);
  }

  @Override
  List<CausalMap> explain(Run clean, Readout readout, Job job) {
    PathPatching method = method();
    return corruption.with(
        this,
        clean,
        (corrupt, where) -> {
          try (Run broken =
              clean
                  .model()
                  .run(
                      clean.batch(),
                      method.capture(clean.model()),
                      corrupt.changes(clean, where, corruption.seed))) {
            boolean restoring = corruption.direction() == Direction.DENOISING;
            return List.of(
                method.explain(
                    restoring ? broken : clean, restoring ? clean : broken, readout, job));
          }
        });
  }

  @Override
  String settings() {
    return String.join(
        " ", "paths", corruption.settings(), receivers.toString(), input, positions, free + "");
  }

  @Override
  LedgerKey entered(LedgerKey key, LoadedModel model) {
    return corruption.entered(key, this);
  }
}
