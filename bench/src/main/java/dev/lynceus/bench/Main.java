package dev.lynceus.bench;

import dev.lynceus.bench.fuzz.FuzzCommand;
import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Runs one measurement and prints a table; `bench/run` calls it.
public final class Main {
  private static final String USAGE =
      """
      usage: bench/run fuzz [--kind NAME|all] [--cases 1000] [--seed 1] [--first 0] [--report FILE]
             bench/run studio [--clients 50] [--slow 6] [--minutes 10] [--threads 2]
             bench/run WHAT [--shape pupil|medium|llava-1.5-7b|qwen2-vl-2b|qwen2.5-vl-7b|smolvlm-256m|blip-vqa-base]
                            [--weights float32|float16|bfloat16]
                            [--compute float32|float16|bfloat16|fast] [--repeats 7] [--warm-up 2] [--threads 2]
                            [--checkpoints FOLDER] [--folder CHECKPOINT] [--json FILE] [--to FILE]
                            [--tokens 8: of an answer] [--steps 16: of integrated gradients]
                            [--stride 1: every how many positions, patches or heads]

      WHAT  make      write the random checkpoint (others do so where it is absent)
            explain   explaining one token against the plain forward pass
            whole     everything that `lynceus explain` finds of one word, against the answer of --tokens alone
            forward   the plain forward pass
            decode    tokens per second
            capture   what captures cost
            replay    a replay from the middle layer against a whole run
            trace     a layer by position causal trace by replays against batched full runs
            occlusion all patches hidden in turn, the same
            heads     all heads silent in turn, the same
            last-heads  the same at the last row alone
            knockout  attention between picture, text and last row blocked in windows of layers, the same
            gradients saliency and relevancy, of runs that kept what they need and of runs that did not
            integrated  integrated gradients of --steps points, of tokens and of pixels
            load      opening a checkpoint
            memory    a whole explanation in a fresh process: time to map, peak memory beside the weights
            inputs    write ids, pixels and logits to --to, for comparing with other software
      """;

  private Main() {}

  /// Runs a measurement.
  public static void main(String[] arguments) throws IOException {
    try {
      if (arguments.length > 0 && arguments[0].equals("fuzz")) {
        System.exit(FuzzCommand.run(Arrays.copyOfRange(arguments, 1, arguments.length)));
      }
      if (arguments.length > 0 && arguments[0].equals("studio")) {
        System.exit(studio(arguments) ? 0 : 1);
      }
      run(arguments);
    } catch (LynceusException e) {
      System.err.println("bench: " + e.getMessage());
      System.err.print(USAGE);
      System.exit(2);
    }
  }

  private static boolean studio(String[] arguments) throws IOException {
    Map<String, String> options = options(arguments);
    Torch.setThreads(Integer.parseInt(take(options, "--threads", "2")));
    StudioLoad load =
        new StudioLoad(
            Integer.parseInt(take(options, "--clients", "50")),
            Integer.parseInt(take(options, "--slow", "6")),
            Double.parseDouble(take(options, "--minutes", "10")),
            Files.createTempDirectory("studio-load"));
    if (!options.isEmpty()) {
      throw bad("unknown option " + options.keySet().iterator().next());
    }
    try {
      return load.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static Map<String, String> options(String[] arguments) {
    if (arguments.length == 0 || arguments.length % 2 == 0) {
      throw bad("say what to measure, then options with values");
    }
    Map<String, String> options = new HashMap<>();
    for (int i = 1; i < arguments.length; i += 2) {
      options.put(arguments[i], arguments[i + 1]);
    }
    return options;
  }

  private static void run(String[] arguments) throws IOException {
    Map<String, String> options = options(arguments);
    Shape shape = Shape.parse(take(options, "--shape", "medium"));
    DType weights =
        DType.parse(take(options, "--weights", shape.usual().name().toLowerCase(Locale.ROOT)));
    String compute = take(options, "--compute", "float32");
    LoadOptions load =
        compute.equals("fast")
            ? LoadOptions.DEFAULT.fastest()
            : LoadOptions.DEFAULT.compute(DType.parse(compute));
    Measure measure =
        new Measure(
            Integer.parseInt(take(options, "--warm-up", "2")),
            Integer.parseInt(take(options, "--repeats", "7")));
    Path folder =
        Path.of(take(options, "--checkpoints", "bench/target/checkpoints"))
            .resolve(shape.label() + "-" + weights.name().toLowerCase(Locale.ROOT));
    String given = options.remove("--folder");
    if (given == null) {
      new RandomCheckpoint(shape, weights).write(folder);
    }
    Torch.setThreads(
        Integer.parseInt(
            take(
                options, "--threads", String.valueOf(Runtime.getRuntime().availableProcessors()))));
    Cells cells = new Cells(shape, given == null ? folder : Path.of(given), load, measure);
    SweepCells sweeps =
        new SweepCells(
            shape,
            given == null ? folder : Path.of(given),
            load,
            Integer.parseInt(take(options, "--stride", "1")));
    GradientCells gradients =
        new GradientCells(
            shape,
            given == null ? folder : Path.of(given),
            load,
            Integer.parseInt(take(options, "--steps", "16")),
            measure);
    int tokens = Integer.parseInt(take(options, "--tokens", "8"));
    Path json = Path.of(take(options, "--json", ""));
    Path to = Path.of(take(options, "--to", "inputs.safetensors"));
    if (!options.isEmpty()) {
      throw bad("unknown option " + options.keySet().iterator().next());
    }
    List<Measure.Row> rows =
        switch (arguments[0]) {
          case "make" -> List.of();
          case "explain" -> cells.explain();
          case "whole" -> cells.whole(tokens);
          case "forward" -> cells.forward();
          case "decode" -> cells.decode();
          case "capture" -> cells.capture();
          case "replay" -> cells.replay();
          case "trace" -> sweeps.trace();
          case "occlusion" -> sweeps.occlusion();
          case "heads" -> sweeps.heads();
          case "last-heads" -> sweeps.lastHeads();
          case "knockout" -> sweeps.knockout();
          case "gradients" -> gradients.gradients();
          case "integrated" -> gradients.integrated();
          case "load" -> cells.load();
          case "memory" -> cells.memory();
          case "inputs" -> cells.inputs(to);
          default -> throw bad("there is no measurement '" + arguments[0] + "'");
        };
    String title =
        "%s · %s · weights %s · compute %s · %d threads · %s"
            .formatted(
                arguments[0], shape.label(), weights, compute, Torch.threads(), Torch.products());
    System.out.println(title);
    System.out.println(Measure.head());
    rows.forEach(row -> System.out.println(row.line()));
    if (!json.toString().isEmpty()) {
      Files.writeString(
          json,
          "{\"title\": \"%s\", \"rows\": [%n%s]}%n"
              .formatted(
                  title, rows.stream().map(Measure.Row::json).collect(Collectors.joining(",\n"))));
    }
  }

  private static String take(Map<String, String> options, String name, String fallback) {
    String value = options.remove(name);
    return value == null ? fallback : value;
  }

  private static LynceusException bad(String what) {
    return new LynceusException(ErrorCode.BAD_REQUEST, what, "See the usage below.");
  }
}
