package dev.lynceus.cli;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.attention.StackLooks;
import dev.lynceus.request.LooksRequest;
import dev.lynceus.request.Pile;
import dev.lynceus.request.Running;
import dev.lynceus.request.Task;
import dev.lynceus.run.LoadedModel;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus looks`: how the heads of all stacks look, in numbers.
@Command(
    name = "looks",
    header = "Measure how the heads of every stack look: tower, Q-Former, encoder and decoder.",
    description = {
      "",
      "Entropy, reach in patches, and what heads pay to themselves, to the first position, to their",
      "resting place and to a region, each a mean over all positions that look while the question is",
      "read. `lynceus ablate --stack` tells what the answer loses without a head.",
      ""
    },
    sortOptions = false)
final class LooksCommand implements Callable<Integer> {
  private final Console console;

  @Mixin QuestionArguments arguments = new QuestionArguments();

  @Option(
      names = "--stack",
      paramLabel = "WHICH",
      description = "Only decoder, vision (the tower), qformer or encoder. Default: all there are.")
  @Nullable String stack;

  @Option(
      names = "--box",
      split = ",",
      paramLabel = "L,T,R,B",
      description = "Also tell the share of this region, in pixels of the first picture.")
  int @Nullable [] box;

  @Option(
      names = "--top",
      defaultValue = "3",
      paramLabel = "N",
      description = "Heads of each measure on the screen; JSON has all. Default: ${DEFAULT-VALUE}.")
  int top;

  @Mixin ModelOptions models = new ModelOptions();
  @Mixin ResultOptions result = new ResultOptions();
  @Mixin RequestOptions written = new RequestOptions();
  @Mixin CommonOptions common = new CommonOptions();

  LooksCommand(Console console) {
    this.console = console;
  }

  /// What becomes JSON.
  record Told(String model, String revision, String dtype, String command, StackLooks found) {}

  @Override
  public Integer call() {
    QuestionArguments.Asked asked = arguments.read();
    LooksRequest request =
        new LooksRequest(
            models.spec(),
            arguments.question(asked),
            Optional.ofNullable(stack).map(one -> CausalOptions.choice("--stack", one, Pile.class)),
            box == null ? List.of() : Arrays.stream(box).boxed().toList());
    if (written.wrote(request, result.force, console)) {
      return 0;
    }
    Told told;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      Task<StackLooks> task = Task.of(model, request, asked.from());
      task.prompt().outside().forEach(progress::note);
      told =
          new Told(
              model.name(),
              model.checkpoint().version(),
              model.computeType().toString(),
              console.commandLine(),
              task.run(Running.QUIET.watched(progress).command(console.commandLine())).value());
    }
    result.give(
        console,
        () -> told.found.looks().stream().map(this::text).collect(Collectors.joining("\n")),
        () -> told);
    return 0;
  }

  private String text(StackLooks.Look look) {
    TextTable table = new TextTable().row("  measure", "in", "mean", "most");
    for (StackLooks.Grid grid : look.grids()) {
      table.row(
          "  " + grid.measure().word(),
          grid.unit(),
          Spoken.number(grid.average()),
          most(grid.values()));
    }
    return "%s, %s: %d positions look at %d; an even look has %s nats\n%s"
        .formatted(
            look.stack(),
            look.kind(),
            look.rows(),
            look.columns(),
            Spoken.number(look.even()),
            table);
  }

  private String most(double[][] values) {
    record Head(int layer, int head, double value) {}
    return IntStream.range(0, values.length)
        .boxed()
        .flatMap(
            l -> IntStream.range(0, values[l].length).mapToObj(h -> new Head(l, h, values[l][h])))
        .filter(head -> !Double.isNaN(head.value))
        .sorted(Comparator.comparingDouble((Head head) -> -head.value))
        .limit(top)
        .map(head -> head.layer + "." + head.head + " " + Spoken.number(head.value))
        .collect(Collectors.joining(", "));
  }
}
