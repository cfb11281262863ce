package dev.lynceus.lab.measure;

import dev.lynceus.lab.measure.TraceReport.Damage;
import dev.lynceus.lab.measure.TraceReport.Where;
import dev.lynceus.method.causal.ActivationPatching;
import dev.lynceus.method.causal.CausalMap;
import dev.lynceus.method.causal.CausalTracing;
import dev.lynceus.method.causal.Component;
import dev.lynceus.method.causal.Corruption;
import dev.lynceus.method.causal.Job;
import dev.lynceus.method.causal.Measures;
import dev.lynceus.method.causal.Readout;
import dev.lynceus.method.score.Pointing;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Everything that is measured of one question.
final class TraceCell {
  private static final double NOISE = 3;
  private static final Point FEATURES = Point.vision(Site.FEATURES);

  /// A loss below this is no damage, as in [CausalTracing].
  private static final double GATE = .1;

  /// What holds for any input is tried on the first questions only.
  private static final int TRIED = 5;

  private final TraceCases.Case one;
  private final TraceTally tally;
  private final Readout readout;
  private final List<Where> positions;

  TraceCell(TraceCases.Case one, TraceTally tally) {
    this.one = one;
    this.tally = tally;
    this.readout = one.readout();
    this.positions = one.positions();
  }

  /// Measures.
  ///
  /// @param seed of noises and of what is chosen at random
  void measure(long seed) {
    for (Damage damage : Damage.values()) {
      damage(damage, seed);
    }
    if (tally.size() < TRIED) {
      same();
    }
    patches(one.tile(), seed);
  }

  private Corruption corruption(Damage damage) {
    return switch (damage) {
      case IMAGE_NOISE, WORD_NOISE -> new Corruption.Noise(NOISE);
      case IMAGE_SWAP -> new Corruption.Other(one.swapped(), damage.words());
      case WORD_SWAP -> new Corruption.Other(one.otherAsked(), damage.words());
    };
  }

  private String where(Damage damage) {
    return switch (damage) {
      case IMAGE_NOISE, IMAGE_SWAP -> "image";
      case WORD_NOISE, WORD_SWAP -> Integer.toString(one.word());
    };
  }

  private void damage(Damage damage, long seed) {
    Corruption corruption = corruption(damage);
    String where = where(damage);
    Run clean = one.clean();
    double high = readout.of(clean).probability();
    try (Run broken =
        clean
            .model()
            .run(
                clean.batch(),
                TraceCases.capture(clean.model()),
                corruption.changes(clean, where, seed))) {
      double low = readout.of(broken).probability();
      boolean lost = TraceCases.Case.best(broken) != one.colour();
      boolean gated = lost && high - low >= GATE;
      tally.loss(damage, new TraceTally.Loss(high - low, lost, gated));
      if (!gated) {
        return;
      }
      for (ActivationPatching patching : TraceCases.patchings()) {
        CausalMap map =
            new CausalTracing(
                    corruption, where, patching, CausalTracing.Direction.DENOISING, 1, seed)
                .explain(clean, readout, Job.QUIET);
        restored(damage, patching, map, high - low);
      }
      together(damage, broken, high, low);
      if (tally.size() < TRIED) {
        CausalMap own =
            new ActivationPatching(Component.LAYER, "all", 1)
                .in(Stack.ENCODER)
                .explain(broken, broken, readout, Job.QUIET);
        tally.check("D2", furthest(own, low), count(own));
      }
    }
  }

  private void restored(Damage damage, ActivationPatching patching, CausalMap map, double lost) {
    double[][] changes = map.changes(Measures.Metric.PROBABILITY);
    boolean encoder = patching.stack() == Stack.ENCODER;
    for (int row = 0; row < changes.length; row++) {
      for (Where kind : encoder ? Where.values() : new Where[] {Where.ANSWER}) {
        double[] cells = changes[row];
        double[] own =
            IntStream.range(0, cells.length)
                .filter(column -> !encoder || positions.get(column) == kind)
                .mapToDouble(column -> cells[column])
                .toArray();
        if (own.length > 0) {
          tally.restored(
              new TraceTally.State(
                  damage, patching.stack(), patching.site(), map.rows().get(row), kind),
              Arrays.stream(own).average().orElseThrow(),
              lost);
        }
      }
    }
    if (!encoder && patching.site() == Component.LAYER) {
      // What leaves the last layer at the only position is all that words are read off.
      double last = map.cells().getLast().getLast().probability();
      tally.check("D4", Math.abs(last - map.other().orElseThrow().probability()), 1);
    }
  }

  /// All positions of a layer of the encoder at once.
  private void together(Damage damage, Run broken, double high, double low) {
    int layers = one.model().model().textEncoder().orElseThrow().config().shape().layers();
    Point left = Point.of(Stack.ENCODER, Site.RESID_POST);
    List<List<Intervention>> replays = new ArrayList<>();
    for (int l = 0; l < layers; l++) {
      Values clean = Values.of(one.clean().get(left, l));
      replays.add(List.of(Intervention.at(left, l, new Op.Patch(clean))));
    }
    List<Measures> cells = Job.QUIET.run("tracing", broken, replays, readout);
    for (int l = 0; l < layers; l++) {
      tally.restored(
          new TraceTally.State(
              damage, Stack.ENCODER, Component.LAYER, Integer.toString(l), Where.ALL),
          cells.get(l).probability() - low,
          high - low);
    }
    tally.check("D1", Math.abs(cells.getLast().probability() - high), 1);
  }

  /// Clean states in the clean run.
  private void same() {
    double high = readout.of(one.clean()).probability();
    for (ActivationPatching patching : TraceCases.patchings()) {
      CausalMap map = patching.explain(one.clean(), one.clean(), readout, Job.QUIET);
      tally.check("D3", furthest(map, high), count(map));
    }
  }

  private static double furthest(CausalMap map, double from) {
    return map.cells().stream()
        .flatMap(List::stream)
        .mapToDouble(cell -> Math.abs(cell.probability() - from))
        .max()
        .orElseThrow();
  }

  private static int count(CausalMap map) {
    return map.rows().size() * map.columns().size();
  }

  private void patches(TokenMap.Tile tile, long seed) {
    int[] asked = PatchStudy.own(one.asked(), tile);
    int[] other = PatchStudy.own(one.other(), tile);
    int[] ground = PatchStudy.ground(one.scene(), tile);
    if (asked.length == 0 || other.length == 0 || ground.length == 0) {
      return;
    }
    looked(tile, asked, other, ground);
    int[] some = drawn(ground, asked.length, new SplittableRandom(seed));
    Set<Integer> own = IntStream.of(asked).boxed().collect(Collectors.toSet());
    // The class token is read like a patch.
    int[] rest =
        IntStream.rangeClosed(0, tile.patches())
            .filter(p -> p == 0 || !own.contains(p - 1))
            .toArray();
    Tensor features = one.clean().get(FEATURES, 0);
    Tensor wide = features.to(DType.FLOAT64).reshape(-1);
    double deviation = Math.sqrt(wide.sub(wide.mean()).square().mean().item());
    Op noise = new Op.Noise(seed, NOISE * deviation);
    Op swap = new Op.Patch(Values.of(one.swapped().get(FEATURES, 0)));
    for (TraceReport.Region set : TraceReport.Region.values()) {
      int[] at =
          switch (set) {
            case ASKED -> after(asked);
            case OTHER -> after(other);
            case GROUND -> after(some);
            case REST -> rest;
          };
      changed(Damage.IMAGE_NOISE, set, noise, at);
      changed(Damage.IMAGE_SWAP, set, swap, at);
    }
  }

  /// Positions of the tower's features that patches have: the class token comes first.
  private static int[] after(int[] patches) {
    return IntStream.of(patches).map(p -> p + 1).toArray();
  }

  private static int[] drawn(int[] from, int count, SplittableRandom random) {
    int[] all = from.clone();
    for (int i = 0; i < Math.min(count, all.length); i++) {
      int j = i + random.nextInt(all.length - i);
      int kept = all[i];
      all[i] = all[j];
      all[j] = kept;
    }
    return Arrays.copyOf(all, Math.min(count, all.length));
  }

  private void changed(Damage damage, TraceReport.Region set, Op op, int[] at) {
    try (Run run =
        one.clean()
            .replay(List.of(Intervention.at(FEATURES, 0, op).at(Positions.of(at))), Capture.NONE)) {
      int best = TraceCases.Case.best(run);
      tally.patches(damage, set, best != one.colour(), best == one.otherColour());
    }
  }

  private void looked(TokenMap.Tile tile, int[] asked, int[] other, int[] ground) {
    Point pattern = Point.of(Stack.ENCODER, Site.CROSS_PATTERN);
    int layers = one.model().model().textEncoder().orElseThrow().config().shape().layers();
    boolean[] box = new boolean[tile.patches()];
    for (int p = 0; p < tile.patches(); p++) {
      box[p] = Pointing.shared(tile, p, one.asked().box().region()) > 0;
    }
    tally.area(asked.length / (tile.patches() + 1.0));
    for (int l = 0; l < layers; l++) {
      Tensor own = one.clean().get(pattern, l).select(0, 0);
      Tensor away = one.otherAsked().get(pattern, l).select(0, 0);
      int heads = (int) own.size(0);
      int width = (int) own.size(2);
      float[] numbers = own.to(DType.FLOAT32).contiguous().toFloats();
      float[] others = away.to(DType.FLOAT32).contiguous().toFloats();
      int rows = positions.size();
      for (int h = 0; h < heads; h++) {
        for (int row = 0; row < rows; row++) {
          int at = (h * rows + row) * width;
          tally.looked(
              l,
              h,
              positions.get(row),
              sum(numbers, at, asked),
              sum(numbers, at, other),
              sum(numbers, at, ground) * asked.length / ground.length,
              sum(others, at, asked),
              row == one.word() ? hit(numbers, at, tile.patches(), box) : 0);
        }
      }
    }
    tally.next();
  }

  private static double sum(float[] numbers, int at, int[] patches) {
    return IntStream.of(patches).mapToDouble(p -> numbers[at + 1 + p]).sum();
  }

  private static double hit(float[] numbers, int at, int patches, boolean[] box) {
    int best = 0;
    for (int p = 1; p < patches; p++) {
      if (numbers[at + 1 + p] > numbers[at + 1 + best]) {
        best = p;
      }
    }
    return box[best] ? 1 : 0;
  }
}
