package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.Model;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Captured;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Labels;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Many replays of one run, and a few numbers of each. Every replay is computed from the first
/// layer and position that it can differ at, on the kept residual stream and the keys and values of
/// the run, and stops where nothing more is read; replays that begin at about the same place share
/// a pass.
///
/// ```java
/// try (Run clean = model.run(prompt, Sweep.base(model))) {
///   List<List<Intervention>> heads = ...; // one list of changes for each head
///   double[][] logits = Sweep.of(clean, heads, new Reader.Logits(Tensor::toDoubles)).run(Progress.NONE, Ledger.NONE);
/// }
/// ```
///
/// The numbers equal those of whole runs with the same changes up to rounding; see
/// `docs/reference/interventions.md`.
public final class Sweep {
  private static final String STAGE = "replays";

  /// Seconds of a pass that may be made again to estimate a cost.
  private static final double QUICK = 0.5;

  private final Run run;
  private final List<List<Intervention>> replays;
  private final Reader reader;
  private final Limits limits;
  private final Inherited inherited;
  private final Start.Finder finder;

  private Sweep(Run run, List<List<Intervention>> replays, Reader reader, Limits limits) {
    this.run = run;
    this.replays = replays;
    this.reader = reader;
    this.limits = limits;
    this.inherited = new Inherited(run);
    this.finder = new Start.Finder(run, inherited, reader.kept(), reader instanceof Reader.Logits);
  }

  /// A sweep over a run.
  ///
  /// @param run what is replayed; fastest if it is no replay itself and kept what [#base] says. It
  ///   must stay open
  /// @param replays for each replay its changes, made in addition to those of the run
  /// @throws LynceusException BAD_REQUEST or BAD_POINT if a change has no place in this run
  public static Sweep of(Run run, List<List<Intervention>> replays, Reader reader) {
    LoadedModel model = run.model();
    Plans.check(model, run.batch(), reader.kept(), List.of(), 0);
    List<List<Intervention>> copies = new ArrayList<>(replays.size());
    for (List<Intervention> changes : replays) {
      Plans.check(model, run.batch(), Capture.NONE, changes, 0);
      copies.add(List.copyOf(changes));
    }
    return new Sweep(run, List.copyOf(copies), reader, Limits.DEFAULT);
  }

  /// What a run should keep to be swept: what enters every layer, what leaves the last, and what
  /// the decoder reads.
  public static Capture base(LoadedModel model) {
    int layers = model.model().decoder().config().layers();
    Capture base =
        Capture.of(
            Capture.request(Point.RESID_PRE), Capture.request(Point.RESID_POST).layers(layers - 1));
    return base.and(read(model.model()));
  }

  /// What is not kept otherwise of what a decoder reads by cross-attention: the features of the
  /// tower, and the words that are read beside them. Nothing where visual tokens stand among words.
  public static Capture read(Model model) {
    if (!(model instanceof VisionLanguageModel eyes) || eyes.reading().isEmpty()) {
      return Capture.NONE;
    }
    Capture features = Capture.of(Capture.request(Point.vision(Site.FEATURES)));
    return model.textEncoder().isEmpty()
        ? features
        : features.and(Capture.request(Point.of(Stack.ENCODER, Site.EMBED)));
  }

  /// This sweep in batches of another size.
  public Sweep within(Limits other) {
    return new Sweep(run, replays, reader, other);
  }

  /// Number of replays.
  public int size() {
    return replays.size();
  }

  /// What all of it will cost.
  public Cost cost() {
    return cost(Ledger.NONE);
  }

  /// What is left will cost. Makes two passes of one position, to tell what a pass costs however
  /// short it is, and two whole ones of a quick model.
  public Cost cost(Ledger ledger) {
    Pace pace = pace();
    Batching batching = new Batching(run, finder, limits);
    List<Batching.Group> groups = batching.groups(replays, left(ledger));
    int count = 0;
    int encodings = 0;
    long positions = 0;
    double seconds = 0;
    for (Batching.Group group : groups) {
      int size = group.replays().size();
      count += size;
      encodings += group.start().layer() == Start.EMBEDDING ? size : 0;
      positions += batching.positions(group.start(), size) * Batching.layers(group.start());
      seconds += seconds(batching, group, pace);
    }
    long full =
        (long) count
            * run.batch().size()
            * run.batch().length()
            * run.model().model().decoder().config().layers();
    return new Cost(count, groups.size(), encodings, positions, full, seconds);
  }

  private static double seconds(Batching batching, Batching.Group group, Pace pace) {
    int size = group.replays().size();
    double encoding = group.start().layer() == Start.EMBEDDING ? size * pace.encodeSeconds() : 0;
    return encoding + batching.seconds(group.start(), size, pace);
  }

  /// The pace of the run, with the true cost of a short pass; a quick model's whole pass is timed
  /// again, because its first one tells more of the start of the program.
  private Pace pace() {
    Pace pace = run.pace();
    int length = run.batch().length();
    if (!run.remembers() || length < 2) {
      return pace;
    }
    if (pace.passSeconds() < QUICK) {
      pace = pace.lasting(Math.min(pace.passSeconds(), timed(0)));
    }
    return pace.measured(timed(length - 1), run.batch().size());
  }

  /// Seconds of the quicker of two passes through all layers.
  private double timed(int position) {
    Start whole = new Start(0, position, run.model().model().decoder().config().layers());
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < 2; i++) {
      long start = System.nanoTime();
      try (Scope scope = Scope.open()) {
        run.model().resume(run, whole, List.of(Tap.idle()), false);
      }
      least = Math.min(least, (System.nanoTime() - start) / 1e9);
    }
    return least;
  }

  private List<Integer> left(Ledger ledger) {
    return Batching.all(replays.size()).stream()
        .filter(replay -> ledger.result(replay).isEmpty())
        .toList();
  }

  /// Runs what is not done yet.
  ///
  /// @param progress told how many replays are done, those of earlier attempts included, and asked
  ///   whether to go on, before each batch
  /// @param ledger what is done; told every result
  /// @return for each replay what the reader gave, in the order of the list
  /// @throws LynceusException CANCELLED where that was asked for; what was done is in the ledger
  public double[][] run(Progress progress, Ledger ledger) {
    double[][] results = new double[replays.size()][];
    int done = 0;
    for (int replay = 0; replay < results.length; replay++) {
      double[] earlier = ledger.result(replay).orElse(null);
      if (earlier != null) {
        results[replay] = earlier;
        done++;
      }
    }
    Batching batching = new Batching(run, finder, limits);
    List<Batching.Group> groups = batching.groups(replays, left(ledger));
    progress.at(STAGE, done, results.length);
    for (Batching.Group group : groups) {
      if (progress.cancelled()) {
        throw new LynceusException(
            ErrorCode.CANCELLED,
            "stopped after %d of %d replays".formatted(done, results.length),
            "Run it again with the same ledger to go on from there.");
      }
      compute(group, results);
      for (int replay : group.replays()) {
        ledger.done(replay, results[replay]);
      }
      ledger.flush();
      done += group.replays().size();
      progress.at(STAGE, done, results.length);
    }
    return results;
  }

  private void compute(Batching.Group group, double[][] results) {
    List<Intervention> earlier = inherited.in(group.start());
    Labels labels = run.batch().labels(run.model().model());
    List<Tap> taps = new ArrayList<>();
    try (Scope scope = Scope.open()) {
      for (int replay : group.replays()) {
        List<Intervention> changes = new ArrayList<>(earlier);
        changes.addAll(replays.get(replay));
        taps.add(Tap.of(reader.kept(), changes, labels));
      }
      boolean logits = group.start().end() == run.model().model().decoder().config().layers();
      Resumption.Result result = run.model().resume(run, group.start(), taps, logits);
      for (int i = 0; i < taps.size(); i++) {
        results[group.replays().get(i)] = read(taps.get(i), result.logits(), i);
      }
    } catch (RuntimeException failure) {
      taps.forEach(Tap::abandon);
      throw failure;
    }
  }

  private double[] read(Tap tap, @org.jspecify.annotations.Nullable Tensor logits, int member) {
    int rows = run.batch().size();
    try (Scope scope = Scope.open();
        Captured captured = tap.finish()) {
      return switch (reader) {
        case Reader.Logits all ->
            all.read().apply(Objects.requireNonNull(logits).narrow(0, (long) member * rows, rows));
        case Reader.Activations some -> some.read().apply(captured);
      };
    }
  }
}
