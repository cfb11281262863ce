package dev.lynceus.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.run.Batch;
import dev.lynceus.run.Cost;
import dev.lynceus.run.Ledger;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Reader;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Indices;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.Tensor;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Sweeps against full runs of the same changes: batched ones that run all layers at all positions
/// for every replay, several at once, and encode no picture; and single ones of the whole model,
/// tower and all, as one would write them down. Some of them are timed and the time is scaled.
///
/// @param stride every how many positions is swept; 1 = all
record SweepCells(Shape shape, Path folder, LoadOptions options, int stride) {
  private static final Reader BEST =
      new Reader.Logits(logits -> new double[] {logits.max().item()});

  /// Layers that a knockout blocks together.
  private static final int WINDOW = 5;

  /// Replays of the baseline that are timed.
  private static final int SAMPLE = 6;

  /// Seconds; a shorter sweep is run once before it is timed.
  private static final double WARM_UP = 30;

  /// The replays of a sweep.
  @FunctionalInterface
  private interface Plan {
    /// One list of changes for each replay.
    List<List<Intervention>> of(Run clean, TextConfig decoder);
  }

  /// A causal trace: what leaves each layer at each position is restored in a corrupted run.
  List<Measure.Row> trace() {
    return measured(
        "trace",
        true,
        (clean, decoder) -> {
          List<List<Intervention>> replays = new ArrayList<>();
          for (int layer = 0; layer < decoder.layers(); layer++) {
            for (int position = 0; position < clean.batch().length(); position += stride) {
              Point point = layer == decoder.layers() - 1 ? Point.RESID_POST : Point.RESID_PRE;
              Tensor state = clean.get(point, point == Point.RESID_PRE ? layer + 1 : layer);
              replays.add(
                  List.of(
                      Intervention.at(Point.RESID_POST, layer, new Op.Patch(Values.of(state)))
                          .at(Positions.of(position))));
            }
          }
          return replays;
        });
  }

  /// Every patch is hidden in turn, in the space of the embeddings.
  List<Measure.Row> occlusion() {
    return measured(
        "occlusion",
        false,
        (clean, decoder) -> {
          Op hidden = new Op.Mean(Positions.parse("image"));
          int[] image = clean.tokens().image(0);
          return IntStream.range(0, image.length)
              .filter(i -> i % stride == 0)
              .mapToObj(i ->
                  List.of(
                      Intervention.at(Point.EMBED_MERGED, 0, hidden).at(Positions.of(image[i]))))
              .toList();
        });
  }

  /// Every head is silent in turn, at all positions.
  List<Measure.Row> heads() {
    return measured("heads", false, (clean, decoder) -> heads(decoder, Positions.all()));
  }

  /// Every head is silent in turn, at the last position.
  List<Measure.Row> lastHeads() {
    return measured("heads, last row", false, (clean, decoder) -> heads(decoder, Positions.last()));
  }

  /// Attention is blocked in sliding windows of layers: the text from the picture, the last row
  /// from the picture, the last row from the text after the picture.
  List<Measure.Row> knockout() {
    return measured(
        "knockout",
        false,
        (clean, decoder) -> {
          int[] image = clean.tokens().image(0);
          int layers = decoder.layers();
          Positions text = Positions.from(image[image.length - 1] + 1);
          List<List<Intervention>> replays = new ArrayList<>();
          for (int layer = 0; layer < layers; layer++) {
            int[] window =
                IntStream.range(
                        Math.max(0, layer - WINDOW / 2), Math.min(layers, layer + WINDOW / 2 + 1))
                    .toArray();
            int[] after =
                IntStream.range(image[image.length - 1] + 1, clean.batch().length() - 1).toArray();
            replays.add(blocked(window, text, image));
            replays.add(blocked(window, Positions.last(), image));
            replays.add(blocked(window, Positions.last(), after));
          }
          return replays;
        });
  }

  private static List<Intervention> blocked(int[] layers, Positions targets, int[] sources) {
    return List.of(
        new Intervention(
            Point.ATTN_SCORES,
            Indices.of(layers),
            Indices.ALL,
            targets,
            new Op.Mask(Positions.of(sources))));
  }

  private List<List<Intervention>> heads(TextConfig decoder, Positions where) {
    List<List<Intervention>> replays = new ArrayList<>();
    for (int layer = 0; layer < decoder.layers(); layer++) {
      for (int head = 0; head < decoder.heads(); head += stride) {
        replays.add(List.of(Intervention.at(Point.Z, layer, new Op.Zero()).heads(head).at(where)));
      }
    }
    return replays;
  }

  private List<Measure.Row> measured(String name, boolean corrupted, Plan plan) {
    try (Subject subject = Subject.open(shape, folder, options)) {
      Batch batch = Batch.of(subject.prompt());
      Capture base = Sweep.base(subject.model());
      List<Intervention> noise =
          corrupted
              ? List.of(
                  Intervention.at(Point.EMBED_MERGED, 0, new Op.Noise(1, 0.5))
                      .at(Positions.parse("image")))
              : List.of();
      // The first runs pay for opening and compiling; the last tells how long one takes.
      for (int i = 0; i < 3; i++) {
        subject.model().run(batch, base, List.of()).close();
      }
      try (Run clean = subject.model().run(batch, base, List.of());
          Run run = subject.model().run(batch, base, noise)) {
        List<List<Intervention>> replays =
            plan.of(clean, subject.model().model().decoder().config());
        Sweep sweep = Sweep.of(run, replays, BEST);
        Cost cost = sweep.cost();
        if (cost.seconds() < WARM_UP) {
          sweep.run(Progress.NONE, Ledger.NONE);
        }
        double processor = processor();
        double seconds = seconds(sweep);
        processor = processor() - processor;
        double before = processor();
        double each = baseline(run, replays) / Math.min(SAMPLE, replays.size());
        // The baseline was run twice.
        double fullProcessor =
            (processor() - before) / 2 / Math.min(SAMPLE, replays.size()) * replays.size();
        double full = each * replays.size();
        double seen = fromPicture(subject.model(), batch, noise, replays) * replays.size();
        return List.of(
            row(name + ": replays", "1", cost.replays()),
            row("  passes", "1", cost.passes()),
            row(
                "  share of the work of full runs",
                "ratio",
                (double) cost.layerPositions() / cost.fullLayerPositions()),
            row("  estimated before", "ms", cost.seconds() * 1e3),
            row("  by replays", "ms", seconds * 1e3),
            row("  estimate / true", "ratio", cost.seconds() / seconds),
            row("  by batched full runs, scaled", "ms", full * 1e3),
            row("  full runs / replays", "ratio", full / seconds),
            row("  the same in processor time", "ratio", fullProcessor / processor),
            row("  by single runs from the picture, scaled", "ms", seen * 1e3),
            row("  single runs from the picture / replays", "ratio", seen / seconds));
      }
    }
  }

  /// Seconds of full runs of some replays, spread over the list: a replay of a replay has neither
  /// keys nor kept states to go on from.
  private static double baseline(Run run, List<List<Intervention>> replays) {
    int step = Math.max(1, replays.size() / SAMPLE);
    List<List<Intervention>> some =
        IntStream.range(0, Math.min(SAMPLE, replays.size()))
            .mapToObj(i -> replays.get(i * step))
            .toList();
    try (Run bare = run.replay(List.of(), Capture.NONE)) {
      Sweep full = Sweep.of(bare, some, BEST);
      full.run(Progress.NONE, Ledger.NONE);
      return seconds(full);
    }
  }

  /// Seconds of one change made the plain way: the whole model runs, tower and all.
  private static double fromPicture(
      LoadedModel model, Batch batch, List<Intervention> noise, List<List<Intervention>> replays) {
    int step = Math.max(1, replays.size() / SAMPLE);
    int count = Math.min(SAMPLE, replays.size());
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      List<Intervention> changes = new ArrayList<>(noise);
      changes.addAll(replays.get(i * step));
      model.run(batch, Capture.NONE, changes).close();
    }
    return (System.nanoTime() - start) / 1e9 / count;
  }

  /// Seconds that all threads of this process have computed, which other work does not lengthen as
  /// much.
  private static double processor() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1e9;
  }

  private static double seconds(Sweep sweep) {
    long start = System.nanoTime();
    sweep.run(Progress.NONE, Ledger.NONE);
    return (System.nanoTime() - start) / 1e9;
  }

  private static Measure.Row row(String name, String unit, double value) {
    return new Measure.Row(name, unit, new double[] {value});
  }
}
