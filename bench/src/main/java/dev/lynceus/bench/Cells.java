package dev.lynceus.bench;

import dev.lynceus.method.ExplainOptions;
import dev.lynceus.method.Explainer;
import dev.lynceus.method.Explanation;
import dev.lynceus.method.LogIncrease;
import dev.lynceus.method.Target;
import dev.lynceus.method.TargetSpec;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What is measured, one method a question. A checkpoint is mapped once per process unless loading
/// is the question.
///
/// @param folder the checkpoint
/// @param options how it is loaded: the type of the arithmetic
record Cells(Shape shape, Path folder, LoadOptions options, Measure measure) {
  private static final double MIB = 1L << 20;

  /// Explaining one token against the plain forward pass: increases of all layers and heads, of all
  /// positions of the best head, and the patch map.
  List<Measure.Row> explain() {
    try (Subject subject = Subject.open(shape, folder, options)) {
      List<Measure.Row> rows =
          new ArrayList<>(
              measure.pair("forward", () -> plain(subject), "explain", () -> explainOnce(subject)));
      LogIncrease method = new LogIncrease();
      int row = subject.prompt().length() - 1;
      Capture capture =
          method.capture(new Run.Shape(subject.model().model().decoder().config()), row);
      rows.addAll(
          measure.time(
              "  of it: pass with captures",
              () -> subject.model().run(subject.prompt(), capture).close()));
      try (Run run = subject.model().run(subject.prompt(), capture)) {
        Target target = target(run, row);
        rows.addAll(
            measure.time(
                "  of it: layers and heads", () -> method.explain(run, target, Progress.NONE)));
        rows.addAll(
            measure.time(
                "  of it: positions of one head", () -> method.positions(run, target, 1, 0)));
      }
      return rows;
    }
  }

  /// Everything that the command `explain` finds about the word that the picture decides most, its
  /// answer included, against the answer alone.
  List<Measure.Row> whole(int tokens) {
    try (Subject subject = Subject.open(shape, folder, options)) {
      ExplainOptions options = ExplainOptions.DEFAULT.maxTokens(tokens).words(1);
      Explainer explainer = new Explainer(subject.model(), options, Progress.NONE);
      List<Measure.Row> rows =
          new ArrayList<>(
              measure.pair(
                  "answer of " + tokens,
                  () -> generate(subject, tokens),
                  "explain",
                  () -> explainer.explain(subject.prompt())));
      explainer
          .explain(subject.prompt())
          .provenance()
          .seconds()
          .forEach((stage, seconds) -> rows.add(single("  of it: " + stage, "ms", seconds * 1e3)));
      return rows;
    }
  }

  /// Opening a checkpoint: mapping, names, tokenizer.
  List<Measure.Row> load() {
    return measure.time("load", () -> Subject.open(shape, folder, options).close());
  }

  /// The plain pass over the prompt.
  List<Measure.Row> forward() {
    try (Subject subject = Subject.open(shape, folder, options)) {
      return measure.time("forward", () -> plain(subject));
    }
  }

  /// Tokens per second after the prompt.
  List<Measure.Row> decode() {
    int tokens = 33;
    try (Subject subject = Subject.open(shape, folder, options)) {
      List<Measure.Row> pair =
          measure.pair(
              "forward",
              () -> generate(subject, 1),
              "answer of " + tokens,
              () -> generate(subject, tokens));
      double[] first = pair.get(0).values();
      double[] longer = pair.get(2).values();
      double[] rate = new double[first.length];
      for (int i = 0; i < rate.length; i++) {
        rate[i] = (tokens - 1) * 1e3 / (longer[i] - first[i]);
      }
      return List.of(pair.get(0), pair.get(2), new Measure.Row("tokens decoded", "1/s", rate));
    }
  }

  /// What captures cost.
  List<Measure.Row> capture() {
    try (Subject subject = Subject.open(shape, folder, options)) {
      Map<String, Capture> plans =
          Map.of(
              "all resid_post", Capture.of(Capture.request(Point.RESID_POST)),
              "all patterns, last row",
                  Capture.of(Capture.request(Point.PATTERN).at(Positions.last())));
      List<Measure.Row> rows = new ArrayList<>();
      plans.forEach((name, plan) ->
          rows.addAll(
              measure.pair(
                  "forward",
                  () -> plain(subject),
                  name,
                  () -> subject.model().run(subject.prompt(), plan).close())));
      return rows;
    }
  }

  /// A replay that resumes at the middle layer against the whole run with the same change.
  List<Measure.Row> replay() {
    try (Subject subject = Subject.open(shape, folder, options)) {
      int half = subject.model().model().decoder().config().layers() / 2;
      Intervention change = Intervention.at(Point.ATTN_OUT, half, new Op.Zero());
      try (Run run =
          subject.model().run(subject.prompt(), Capture.of(Capture.request(Point.RESID_PRE)))) {
        return measure.pair(
            "changed run",
            () -> subject.model().run(subject.prompt(), Capture.NONE, change).close(),
            "replay from layer " + half,
            () -> run.replay(change).close());
      }
    }
  }

  /// Time to map, time to explain, and the most memory the process ever held, beside the size of
  /// the weights.
  List<Measure.Row> memory() {
    long start = System.nanoTime();
    try (Subject subject = Subject.open(shape, folder, options)) {
      double mapped = (System.nanoTime() - start) / 1e6;
      ExplainOptions options = ExplainOptions.DEFAULT.target(new TargetSpec.NextToken());
      Progress progress =
          (stage, done, total) ->
              System.err.printf(
                  "%8.1f s  %7.0f MiB  %s%n",
                  (System.nanoTime() - start) / 1e9, status("VmHWM"), stage);
      Explanation explanation =
          new Explainer(subject.model(), options, progress).explain(subject.prompt());
      double whole = (System.nanoTime() - start) / 1e6;
      double weights = weights() / MIB;
      List<Measure.Row> rows = new ArrayList<>();
      rows.add(single("mapped and ready", "ms", mapped));
      rows.add(single("explained", "ms", whole));
      explanation
          .provenance()
          .seconds()
          .forEach((stage, seconds) -> rows.add(single("  of it: " + stage, "ms", seconds * 1e3)));
      rows.add(single("weights", "MiB", weights));
      rows.add(single("peak resident memory", "MiB", status("VmHWM")));
      rows.add(single("peak minus weights", "MiB", status("VmHWM") - weights));
      return rows;
    }
  }

  /// Writes ids, pixels and our logits, for comparing with other software.
  List<Measure.Row> inputs(Path file) {
    try (Subject subject = Subject.open(shape, folder, options);
        Run run = subject.model().run(subject.prompt(), Capture.NONE);
        Scope scope = Scope.open()) {
      var view = subject.prompt().pictures().getFirst().views().getFirst();
      long[] ids = Arrays.stream(subject.prompt().ids()).asLongStream().toArray();
      new SafetensorsWriter()
          .add("input_ids", Tensor.of(ids, 1, ids.length))
          .add(
              "pixel_values",
              Tensor.of(view.pixels(), 1, view.channels(), view.height(), view.width()))
          .add("logits", run.logits().to(DType.FLOAT32))
          .write(file);
      return List.of(single("positions", "1", ids.length));
    }
  }

  static void plain(Subject subject) {
    try (Run run = subject.model().run(subject.prompt(), Capture.NONE)) {
      best(run);
    }
  }

  private static void explainOnce(Subject subject) {
    LogIncrease method = new LogIncrease();
    int row = subject.prompt().length() - 1;
    Capture capture =
        method.capture(new Run.Shape(subject.model().model().decoder().config()), row);
    try (Run run = subject.model().run(subject.prompt(), capture)) {
      Target target = target(run, row);
      int[] head = method.explain(run, target, Progress.NONE).ranking().getFirst();
      double[] positions = method.positions(run, target, head[0], head[1]);
      double[] map = Arrays.stream(run.tokens().image(0)).mapToDouble(p -> positions[p]).toArray();
      if (!Double.isFinite(Arrays.stream(map).sum())) {
        throw new IllegalStateException("the patch map is not finite");
      }
    }
  }

  static Target target(Run run, int row) {
    return Target.token("best", row, best(run));
  }

  private static int best(Run run) {
    try (Scope scope = Scope.open()) {
      return run.logits().argmax(1).toInts()[0];
    }
  }

  private static void generate(Subject subject, int tokens) {
    try (Generation generation =
        subject
            .model()
            .generate(subject.prompt(), GenerationOptions.greedy(tokens), Capture.NONE)) {
      if (generation.answer().ids().length < tokens - 1) {
        System.err.println(
            "the answer ended after " + generation.answer().ids().length + " tokens");
      }
    }
  }

  private static Measure.Row single(String name, String unit, double value) {
    return new Measure.Row(name, unit, new double[] {value});
  }

  private long weights() {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".safetensors"))
          .mapToLong(file -> file.toFile().length())
          .sum();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /// A line of this process's status in MiB; NaN where the system has none.
  private static double status(String key) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith(key + ":"))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(Double.NaN);
    } catch (IOException e) {
      return Double.NaN;
    }
  }
}
