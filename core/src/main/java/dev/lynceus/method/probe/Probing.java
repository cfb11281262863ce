package dev.lynceus.method.probe;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Shuffled;
import dev.lynceus.method.causal.Job;
import dev.lynceus.method.causal.Readout;
import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.score.Share;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Positions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// Probes the states of a model at every depth, and takes what the probes read by out of the
/// running model.
public final class Probing {
  private final LoadedModel model;
  private final ProbeSettings settings;
  private final Progress progress;

  public Probing(LoadedModel model, ProbeSettings settings, Progress progress) {
    this.model = model;
    this.settings = settings;
    this.progress = progress;
  }

  /// What is told apart, and by whom.
  private record Labelled(List<String> names, int[] labels, int[] folds) {
    int[] in(int fold, boolean inside) {
      return IntStream.range(0, folds.length).filter(i -> (folds[i] == fold) == inside).toArray();
    }

    int[] of(int[] cases) {
      return IntStream.of(cases).map(i -> labels[i]).toArray();
    }
  }

  /// A probe of a depth, and what it reads by.
  private record Fitted(LinearProbe probe, Subspace space) {}

  /// Fits, tries, takes out.
  ///
  /// @throws LynceusException BAD_REQUEST for fewer than two labels, or fewer pictures than folds;
  ///   CANCELLED
  public ProbeReport measure(List<ProbeCase> cases) {
    Labelled labelled = labelled(cases);
    double[][][] states = states(cases);
    int depths = states[0].length;
    List<List<Fitted>> fitted = new ArrayList<>();
    List<Tally> tallies = new ArrayList<>();
    for (int depth = 0; depth < depths; depth++) {
      progress.step("probes", depth, depths);
      Tally tally = new Tally(settings, labelled.names.size());
      List<Fitted> folds = new ArrayList<>();
      for (int fold = 0; fold < settings.folds(); fold++) {
        folds.add(tally.tried(at(states, depth), labelled, fold));
      }
      tallies.add(tally);
      fitted.add(folds);
    }
    double[][][] changes = changes(cases, labelled, fitted, states[0][0].length);
    int[] times = new int[labelled.names.size()];
    IntStream.of(labelled.labels).forEach(one -> times[one]++);
    return new ProbeReport(
        labelled.names,
        cases.size(),
        (int) cases.stream().map(ProbeCase::picture).distinct().count(),
        settings.positions(),
        IntStream.of(times).max().orElseThrow() / (double) cases.size(),
        IntStream.range(0, depths)
            .mapToObj(d -> tallies.get(d).depth(d, cases.size(), changes[d]))
            .toList());
  }

  /// A probe of all cases at one depth.
  public StoredProbe fitted(List<ProbeCase> cases, int depth) {
    Labelled labelled = labelled(cases);
    LinearProbe probe =
        LinearProbe.fit(
            at(states(cases), depth), labelled.labels, labelled.names.size(), settings.penalty());
    return new StoredProbe(
        probe, labelled.names, depth, settings.positions(), model.checkpoint().version());
  }

  private Labelled labelled(List<ProbeCase> cases) {
    List<String> names =
        new ArrayList<>(new TreeSet<>(cases.stream().map(ProbeCase::label).toList()));
    List<String> pictures =
        new ArrayList<>(new TreeSet<>(cases.stream().map(ProbeCase::picture).toList()));
    if (names.size() < 2 || pictures.size() < settings.folds()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          names.size() < 2
              ? "all %d cases have one label, so there is nothing to tell apart"
                  .formatted(cases.size())
              : "%d pictures are too few for %d folds".formatted(pictures.size(), settings.folds()),
          names.size() < 2
              ? "Give cases with two labels or more."
              : "Give more pictures, or fewer folds.");
    }
    int[] order = mixed(pictures.size(), settings.seed());
    Map<String, Integer> fold = new TreeMap<>();
    for (int i = 0; i < order.length; i++) {
      fold.put(pictures.get(order[i]), i % settings.folds());
    }
    return new Labelled(
        names,
        cases.stream().mapToInt(one -> names.indexOf(one.label())).toArray(),
        cases.stream().mapToInt(one -> fold.getOrDefault(one.picture(), 0)).toArray());
  }

  private static int[] mixed(int count, long seed) {
    return Shuffled.order(count, new SplittableRandom(seed));
  }

  private static double[][] at(double[][][] states, int depth) {
    return Arrays.stream(states).map(one -> one[depth]).toArray(double[][]::new);
  }

  /// `[cases][depths][width]`.
  private double[][][] states(List<ProbeCase> cases) {
    double[][][] states = new double[cases.size()][][];
    for (int i = 0; i < states.length; i++) {
      progress.step("states", i, states.length);
      try (Run run = model.run(cases.get(i).word().prompt(), ProbedStates.capture(model))) {
        states[i] = ProbedStates.of(run, settings.positions());
      }
    }
    return states;
  }

  /// What each case loses without the directions of the probe that was not fitted on its picture,
  /// `[depths][ways][cases]`, nats; the first way is the probe's, the others are random.
  private double[][][] changes(
      List<ProbeCase> cases, Labelled labelled, List<List<Fitted>> fitted, int width) {
    int ways = 1 + settings.draws();
    double[][][] changes = new double[fitted.size()][ways][cases.size()];
    Positions positions = Positions.parse(settings.positions());
    for (int i = 0; i < cases.size(); i++) {
      progress.step("taking out", i, cases.size());
      try (Run run = model.run(cases.get(i).word().prompt(), Sweep.base(model))) {
        int id = cases.get(i).word().target().aims().getFirst().id();
        Readout readout = Readout.of(run, OptionalInt.of(id), OptionalInt.empty());
        List<List<Intervention>> replays = new ArrayList<>();
        for (int depth = 0; depth < fitted.size(); depth++) {
          Subspace space = fitted.get(depth).get(labelled.folds[i]).space;
          replays.add(ProbedStates.changes(model, space, depth, positions));
          for (int draw = 0; draw < settings.draws(); draw++) {
            replays.add(
                ProbedStates.changes(
                    model,
                    Subspace.random(width, space.rank(), settings.seed() + draw),
                    depth,
                    positions));
          }
        }
        double clean = readout.of(run).logProbability();
        var measured =
            Job.told(progress.as("taking out", i, cases.size())).run("", run, replays, readout);
        for (int r = 0; r < replays.size(); r++) {
          changes[r / ways][r % ways][i] = measured.get(r).logProbability() - clean;
        }
      }
    }
    return changes;
  }

  /// What is right at one depth, over all folds.
  private static final class Tally {
    private final ProbeSettings settings;
    private final int count;
    private int right;
    private int shuffled;
    private int erased;
    private int otherwise;
    private int rank;

    Tally(ProbeSettings settings, int count) {
      this.settings = settings;
      this.count = count;
    }

    Fitted tried(double[][] states, Labelled labelled, int fold) {
      int[] some = labelled.in(fold, false);
      int[] others = labelled.in(fold, true);
      double[][] train = pick(states, some);
      double[][] test = pick(states, others);
      int[] labels = labelled.of(some);
      int[] truth = labelled.of(others);
      int width = train[0].length;
      LinearProbe probe = LinearProbe.fit(train, labels, count, settings.penalty());
      right += probe.right(test, truth);
      int[] order = mixed(labels.length, settings.seed() + 1 + fold);
      int[] control = IntStream.of(order).map(i -> labels[i]).toArray();
      shuffled += LinearProbe.fit(train, control, count, settings.penalty()).right(test, truth);
      Subspace space = space(probe, train, labels);
      rank = Math.max(rank, space.rank());
      erased += fresh(space, train, labels, test, truth);
      for (int draw = 0; draw < settings.draws(); draw++) {
        Subspace random = Subspace.random(width, space.rank(), settings.seed() + draw);
        otherwise += fresh(random, train, labels, test, truth);
      }
      return new Fitted(probe, space);
    }

    private Subspace space(LinearProbe probe, double[][] train, int[] labels) {
      if (settings.directions() == ProbeSettings.Directions.MEANS) {
        return Subspace.ofMeans(train, labels, count);
      }
      int width = train[0].length;
      Subspace space = Subspace.of(probe, width);
      for (int round = 1; round < settings.rounds(); round++) {
        space.add(
            Subspace.of(
                LinearProbe.fit(space.without(train), labels, count, settings.penalty()), width));
      }
      return space;
    }

    private int fresh(
        Subspace space, double[][] train, int[] labels, double[][] test, int[] truth) {
      return LinearProbe.fit(space.without(train), labels, count, settings.penalty())
          .right(space.without(test), truth);
    }

    private static double[][] pick(double[][] states, int[] cases) {
      return IntStream.of(cases).mapToObj(i -> states[i]).toArray(double[][]::new);
    }

    /// @param changes `[ways][cases]`
    ProbeReport.Depth depth(int depth, int cases, double[][] changes) {
      int draws = settings.draws();
      Share read = Share.of(right, cases);
      Share control = Share.of(shuffled, cases);
      double[] random =
          IntStream.range(0, cases)
              .mapToDouble(i ->
                  IntStream.rangeClosed(1, draws)
                      .mapToDouble(d -> changes[d][i])
                      .average()
                      .orElse(0))
              .toArray();
      return new ProbeReport.Depth(
          depth,
          read,
          control,
          read.share() - control.share(),
          rank,
          Share.of(erased, cases),
          draws == 0
              ? Optional.empty()
              : Optional.of(Share.of(Math.round((float) otherwise / draws), cases)),
          Estimate.mean(changes[0]),
          draws == 0 ? Optional.empty() : Optional.of(Estimate.mean(random)));
    }
  }
}
