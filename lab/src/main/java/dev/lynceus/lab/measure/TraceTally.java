package dev.lynceus.lab.measure;

import dev.lynceus.lab.measure.TraceReport.Damage;
import dev.lynceus.lab.measure.TraceReport.Region;
import dev.lynceus.lab.measure.TraceReport.Where;
import dev.lynceus.method.causal.Component;
import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.score.Share;
import dev.lynceus.tap.Stack;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// Collects what is measured of each question.
final class TraceTally {
  /// Differences of probabilities that rounding in float32 explains.
  private static final double ROUNDING = 1e-6;

  /// What a damage did to one answer.
  ///
  /// @param effect probability of the right answer that was lost
  /// @param lost whether the answer became another
  /// @param gated whether it is traced
  record Loss(double effect, boolean lost, boolean gated) {}

  /// A state that is restored.
  record State(Damage damage, Stack stack, Component site, String row, Where where) {}

  /// What came back, and what was lost.
  private record Back(double change, double lost) {}

  private record Changed(boolean lost, boolean follows) {}

  private record Patched(Damage damage, Region region) {}

  private record Place(int layer, int head, Where where) {}

  /// Attention of one place in one scene: sums over its rows, and how many these are.
  private static final class Paid {
    double own;
    double other;
    double ground;
    double away;
    double hit;
    int rows;
  }

  private record Failing(double error, int of) {}

  private final Map<Damage, List<Loss>> losses = new EnumMap<>(Damage.class);
  private final Map<State, List<Back>> states = new LinkedHashMap<>();
  private final Map<Patched, List<Changed>> changes = new LinkedHashMap<>();
  private final List<Map<Place, Paid>> scenes = new ArrayList<>();
  private final List<Double> areas = new ArrayList<>();
  private final Map<String, Failing> checks = new LinkedHashMap<>();
  private Map<Place, Paid> scene = new LinkedHashMap<>();

  /// Questions that are complete.
  int size() {
    return scenes.size();
  }

  void loss(Damage damage, Loss loss) {
    losses.computeIfAbsent(damage, key -> new ArrayList<>()).add(loss);
  }

  List<Loss> losses(Damage damage) {
    return losses.getOrDefault(damage, List.of());
  }

  void restored(State state, double change, double lost) {
    states.computeIfAbsent(state, key -> new ArrayList<>()).add(new Back(change, lost));
  }

  void patches(Damage damage, Region region, boolean lost, boolean follows) {
    changes
        .computeIfAbsent(new Patched(damage, region), key -> new ArrayList<>())
        .add(new Changed(lost, follows));
  }

  void area(double part) {
    areas.add(part);
  }

  /// A row of the attention of a head.
  void looked(
      int layer,
      int head,
      Where where,
      double own,
      double other,
      double ground,
      double away,
      double hit) {
    Paid paid = scene.computeIfAbsent(new Place(layer, head, where), key -> new Paid());
    paid.own += own;
    paid.other += other;
    paid.ground += ground;
    paid.away += away;
    paid.hit += hit;
    paid.rows++;
  }

  /// The scene's attention is complete.
  void next() {
    scenes.add(scene);
    scene = new LinkedHashMap<>();
  }

  void check(String name, double error, int of) {
    checks.merge(
        name,
        new Failing(error, of),
        (a, b) -> new Failing(Math.max(a.error, b.error), a.of + b.of));
  }

  List<TraceReport.Restored> restored() {
    List<TraceReport.Restored> all = new ArrayList<>();
    states.forEach((state, backs) ->
        all.add(
            new TraceReport.Restored(
                state.damage,
                state.stack,
                state.site,
                state.row,
                state.where,
                Estimate.of(
                    backs.size(),
                    picked ->
                        Arrays.stream(picked).mapToDouble(i -> backs.get(i).change).sum()
                            / Arrays.stream(picked).mapToDouble(i -> backs.get(i).lost).sum()))));
    return all;
  }

  List<TraceReport.Patches> patches() {
    List<TraceReport.Patches> all = new ArrayList<>();
    changes.forEach((patched, some) ->
        all.add(
            new TraceReport.Patches(
                patched.damage,
                patched.region,
                Share.of((int) some.stream().filter(Changed::lost).count(), some.size()),
                Share.of((int) some.stream().filter(Changed::follows).count(), some.size()))));
    return all.stream().sorted(Comparator.comparing(TraceReport.Patches::damage)).toList();
  }

  List<TraceReport.Looked> looked() {
    List<TraceReport.Looked> all = new ArrayList<>();
    if (scenes.isEmpty()) {
      return all;
    }
    double area = areas.stream().mapToDouble(part -> part).average().orElseThrow();
    for (int layer = 0; layer < layers(); layer++) {
      for (Where where : List.of(Where.START, Where.WORD, Where.OTHER, Where.END)) {
        all.add(
            new TraceReport.Looked(
                layer,
                where,
                overHeads(layer, where, paid -> paid.own),
                overHeads(layer, where, paid -> paid.other),
                overHeads(layer, where, paid -> paid.ground),
                overHeads(layer, where, paid -> paid.away),
                area));
      }
    }
    return all;
  }

  private int layers() {
    return scenes.getFirst().keySet().stream().mapToInt(Place::layer).max().orElseThrow() + 1;
  }

  private Estimate overHeads(int layer, Where where, ToDoubleFunction<Paid> what) {
    return Estimate.mean(
        scenes.stream()
            .mapToDouble(one ->
                one.entrySet().stream()
                    .filter(entry -> entry.getKey().layer == layer && entry.getKey().where == where)
                    .mapToDouble(
                        entry -> what.applyAsDouble(entry.getValue()) / entry.getValue().rows)
                    .average()
                    .orElseThrow())
            .toArray());
  }

  /// The head that follows the question most, from the thing's word.
  TraceReport.Head head() {
    int[] chosenOn = IntStream.range(0, scenes.size()).filter(i -> i % 2 == 0).toArray();
    int[] measured = IntStream.range(0, scenes.size()).filter(i -> i % 2 == 1).toArray();
    Place best =
        scenes.isEmpty()
            ? new Place(0, 0, Where.WORD)
            : scenes.getFirst().keySet().stream()
                .filter(place -> place.where == Where.WORD)
                .max(
                    Comparator.comparingDouble(
                        place -> mean(chosenOn, place, paid -> paid.own - paid.away).value()))
                .orElseThrow();
    return new TraceReport.Head(
        best.layer,
        best.head,
        mean(measured, best, paid -> paid.own),
        mean(measured, best, paid -> paid.away),
        Share.of(
            (int) IntStream.of(measured).filter(i -> paid(i, best).hit > 0).count(),
            measured.length),
        areas.stream().mapToDouble(part -> part).average().orElse(Double.NaN));
  }

  private Paid paid(int scene, Place place) {
    return scenes.get(scene).getOrDefault(place, new Paid());
  }

  private Estimate mean(int[] some, Place place, ToDoubleFunction<Paid> what) {
    return Estimate.mean(
        IntStream.of(some).mapToDouble(i -> what.applyAsDouble(paid(i, place))).toArray());
  }

  List<TraceReport.Check> checks() {
    List<TraceReport.Check> all = new ArrayList<>();
    for (Rule rule : Rule.values()) {
      Failing found = checks.getOrDefault(rule.name(), new Failing(Double.NaN, 0));
      all.add(new TraceReport.Check(rule.name(), rule.words, found.error, ROUNDING, found.of));
    }
    return all;
  }

  /// What must hold.
  private enum Rule {
    D1("All positions restored after the encoder's last layer give the clean answer."),
    D2("The damaged run's own states, put into it, change nothing."),
    D3("Clean states, put into the clean run, change nothing."),
    D4(
        "The answer's first position restored after the decoder's last layer gives the clean answer.");

    private final String words;

    Rule(String words) {
      this.words = words;
    }
  }
}
