package dev.lynceus.verify;

import dev.lynceus.method.reader.SpanScores;
import dev.lynceus.method.zone.Knockout;
import dev.lynceus.method.zone.Zones;
import dev.lynceus.run.Ledger;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Reader;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Indices;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Stack;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Safetensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// Compares what a reader of a passage answers where looks between question and passage are taken
/// away, layer by layer, and how much attention goes each way.
///
/// @param described says which head is knocked out alone
record ZoneValues(
    LoadedModel model, Prompt prompt, Judge judge, Safetensors reference, JsonNode described) {

  /// Runs and compares.
  List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    Capture capture =
        Sweep.base(model).and(Capture.request(Point.PATTERN)).and(Capture.request(Point.LOGITS));
    TreeSet<String> names = new TreeSet<>(NaturalOrder.INSTANCE);
    names.addAll(reference.names());
    try (Run run = model.run(prompt, capture)) {
      for (String name : names) {
        try (Scope scope = Scope.open()) {
          checks.add(check(run, name, reference.tensor(name)));
        }
      }
    }
    return checks;
  }

  private Check check(Run run, String name, Tensor expected) {
    boolean start = name.endsWith(".start_logits");
    String what = name.replaceFirst("[.](start|end)_logits$", "");
    int layers = model.model().layers(Stack.DECODER);
    return switch (what) {
      case "positions.question" -> ids(name, Zones.question(prompt.tokens()).positions(), expected);
      case "positions.passage" -> ids(name, Zones.passage(prompt.tokens()).positions(), expected);
      case "empty_row.position" ->
          ids(name, reference.tensor("empty_row.position").toInts(), expected);
      case "clean" -> {
        SpanScores scores = SpanScores.of(run.get(Point.LOGITS, 0));
        double[] own = start ? scores.starts() : scores.ends();
        yield judge.tensor(name, Tensor.of(own, own.length), expected);
      }
      case "zone_mass" -> judge.tensor(name, mass(run, layers), expected);
      case "zones", "zones_one_head", "zones_open_rows" -> {
        boolean one = what.equals("zones_one_head");
        boolean open = what.equals("zones_open_rows");
        Indices heads = one ? Indices.of(described.path("head").asInt(0)) : Indices.ALL;
        List<List<Intervention>> replays = new ArrayList<>();
        for (int l = 0; l < layers; l++) {
          Knockout knockout =
              new Knockout(
                  Knockout.Kind.MASK,
                  open ? Knockout.Rows.OPEN : Knockout.Rows.ZONE,
                  Indices.of(l),
                  heads);
          Zones.pairs(prompt.tokens()).stream()
              .filter(pair -> !open || !pair.rows().name().equals(pair.columns().name()))
              .forEach(pair -> replays.add(knockout.changes(run, pair)));
        }
        yield judge.tensor(name, swept(run, replays, layers, start), expected);
      }
      case "all_context_zero", "all_output_zero" -> {
        Knockout.Whole whole =
            what.equals("all_output_zero") ? Knockout.Whole.OUTPUT : Knockout.Whole.CONTEXT;
        yield judge.tensor(
            name,
            swept(
                run,
                IntStream.range(0, layers)
                    .mapToObj(l -> List.of(whole.change(Indices.of(l))))
                    .toList(),
                layers,
                start),
            expected);
      }
      case "empty_row" -> {
        int[] row = reference.tensor("empty_row.position").toInts();
        int[] all = IntStream.range(0, prompt.length()).toArray();
        yield judge.tensor(
            name,
            swept(
                run,
                IntStream.range(0, layers)
                    .mapToObj(l ->
                        Knockout.of(Knockout.Kind.MASK, Knockout.Rows.ZONE, l)
                            .changes(run, row, all))
                    .toList(),
                layers,
                start),
            expected);
      }
      default -> Check.skipped(judge.file(), name, expected.shape(), "no value of that name");
    };
  }

  /// `[layers, changes of a layer, pos]`.
  private Tensor swept(Run run, List<List<Intervention>> replays, int layers, boolean start) {
    double[][] logits =
        Sweep.of(
                run,
                replays,
                new Reader.Activations(
                    Capture.of(Capture.request(Point.LOGITS)),
                    kept -> {
                      SpanScores scores = SpanScores.of(kept.get(Point.LOGITS, 0));
                      return start ? scores.starts() : scores.ends();
                    }))
            .run(Progress.NONE, Ledger.NONE);
    double[] flat = Arrays.stream(logits).flatMapToDouble(Arrays::stream).toArray();
    return Tensor.of(flat, layers, replays.size() / layers, prompt.length());
  }

  /// `[layers, heads, zones]`.
  private Tensor mass(Run run, int layers) {
    List<Zones.Pair> pairs = Zones.pairs(prompt.tokens());
    int heads = model.model().decoder().config().heads();
    double[] flat = new double[layers * heads * pairs.size()];
    for (int l = 0; l < layers; l++) {
      for (int z = 0; z < pairs.size(); z++) {
        double[] own = Zones.mass(run, l, pairs.get(z));
        for (int h = 0; h < heads; h++) {
          flat[(l * heads + h) * pairs.size() + z] = own[h];
        }
      }
    }
    return Tensor.of(flat, layers, heads, pairs.size());
  }

  private Check ids(String name, int[] ours, Tensor expected) {
    return judge.ids(name, ours, expected.toInts(), expected.shape());
  }
}
