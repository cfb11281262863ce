package dev.lynceus.verify;

import dev.lynceus.method.AverageAttention;
import dev.lynceus.method.FrozenLens;
import dev.lynceus.method.LogIncrease;
import dev.lynceus.method.LogitLens;
import dev.lynceus.method.Target;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.Safetensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// Compares the methods with `methods.safetensors`: increases of layers, heads and positions, the
/// four word views of the best head, average attention, the logit lens. The target is the most
/// probable next token.
record MethodValues(LoadedModel model, Prompt prompt, Judge judge, Safetensors reference) {

  /// Values of methods that this version does not have.
  private static final List<String> LATER =
      List.of(
          "activation_patching.",
          "attribution_patching.",
          "grad_",
          "ig",
          "knockout.",
          "noise",
          "occlusion.",
          "relevancy.",
          "trace.");

  /// Values about the positions of a picture.
  private static final List<String> OF_IMAGES =
      List.of("avg_attention_map", "best.", "logit_lens.image.", "upper.");

  /// Runs and compares.
  List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    int last = prompt.length() - 1;
    LogIncrease increase = new LogIncrease();
    boolean additive = model.model().decoder().isLinearReadout();
    Capture plan =
        additive
            ? increase.capture(new Run.Shape(model.model().decoder().config()), last)
            : Capture.NONE;
    try (Scope scope = Scope.open();
        Run run = model.run(prompt, plan)) {
      int id = run.logits().argmax(-1).toInts()[0];
      Target target = Target.token("", last, id);
      Found found =
          new Found(
              run,
              target,
              additive
                  ? Optional.of(increase.explain(run, target, Progress.NONE))
                  : Optional.empty(),
              new HashMap<>());
      TreeSet<String> names = new TreeSet<>(NaturalOrder.INSTANCE);
      names.addAll(reference.names());
      for (String name : names) {
        try (Scope inner = Scope.open()) {
          checks.add(check(name, reference.tensor(name), found));
        }
      }
    }
    return checks;
  }

  /// What every comparison reads.
  ///
  /// @param heads the best head of all layers from some layer on, as they are asked for
  private record Found(
      Run run, Target target, Optional<LogIncrease.Result> shares, Map<Integer, HeadValues> heads) {
    int id() {
      return target.aims().getFirst().id();
    }

    /// What each part adds, where there are shares of a logit.
    LogIncrease.Result increases() {
      return shares.orElseThrow();
    }

    double probability() {
      return shares
          .map(result -> Math.exp(result.total()))
          .orElseGet(() -> Torch.softmax(run.logits().reshape(-1), -1).select(0, id()).item());
    }
  }

  private Check check(String name, Tensor expected, Found found) {
    if (prompt.pictures().isEmpty() && OF_IMAGES.stream().anyMatch(name::startsWith)) {
      return skipped(name, expected, "the prompt has no picture");
    }
    return switch (name) {
      case "target" -> ids(name, expected, found.id());
      case "clean_prob" -> judge.tensor(name, vector(found.probability()), expected);
      case "clean_logits_last" -> judge.tensor(name, found.run.logits(), expected);
      case "final_var" -> judge.tensor(name, vector(variance(found.run)), expected);
      case "head_increase" -> heads(name, expected, found.increases());
      case "attn_increase" -> judge.tensor(name, vector(found.increases().attention()), expected);
      case "ffn_increase" -> judge.tensor(name, vector(found.increases().feedForward()), expected);
      case "head_increase_config_eps" -> heads(name, expected, ownEps(found));
      case "attn_increase_config_eps" ->
          judge.tensor(name, vector(ownEps(found).attention()), expected);
      case "ffn_increase_config_eps" ->
          judge.tensor(name, vector(ownEps(found).feedForward()), expected);
      case "head_pos_increase" -> judge.tensor(name, positions(found), expected);
      case "avg_attention_map" -> judge.tensor(name, averageAttention(found), expected);
      default -> {
        if (SpokenValues.answers(model)) {
          yield new ReadTraceValues(model, prompt, reference, found.id())
              .value(name)
              .map(value -> judge.tensor(name, value, expected))
              .orElseGet(() ->
                  skipped(
                      name,
                      expected,
                      name.startsWith("noise.")
                          ? "drawn by the reference"
                          : "no value of that name"));
        }
        CausalValues causal = new CausalValues(model, prompt, judge, reference);
        if (causal.knows(name)) {
          yield causal.check(name, expected, found.id());
        }
        if (QueryValues.knows(name) && model.model().queries().isPresent()) {
          yield query(name, expected, found);
        }
        if (name.startsWith("best.")) {
          yield head(name, expected, found, 0);
        }
        if (name.startsWith("upper.")) {
          yield head(name, expected, found, 1);
        }
        if (name.startsWith("logit_lens.")) {
          yield lens(name, expected, found);
        }
        boolean later = LATER.stream().anyMatch(name::startsWith);
        yield skipped(name, expected, later ? "no such method yet" : "no value of that name");
      }
    };
  }

  private Check query(String name, Tensor expected, Found found) {
    try (QueryValues values = QueryValues.of(model, prompt, found.id())) {
      return values
          .value(name)
          .map(value -> judge.tensor(name, value, expected))
          .orElseGet(() -> skipped(name, expected, "no value of that name"));
    }
  }

  private LogIncrease.Result ownEps(Found found) {
    return new LogIncrease(model.model().decoder().config().normEps())
        .explain(found.run, found.target, Progress.NONE);
  }

  private Check heads(String name, Tensor expected, LogIncrease.Result result) {
    double[] flat = Arrays.stream(result.heads()).flatMapToDouble(Arrays::stream).toArray();
    return judge.tensor(
        name, Tensor.of(flat, result.heads().length, result.heads()[0].length), expected);
  }

  private double variance(Run run) {
    int layer = model.model().decoder().config().layers() - 1;
    Tensor rows = run.get(Point.RESID_POST, layer);
    return FrozenLens.variance(rows.select(0, 0).select(0, rows.size(1) - 1));
  }

  /// `[layers, heads, positions]`.
  private Tensor positions(Found found) {
    LogIncrease increase = new LogIncrease();
    int layers = found.increases().heads().length;
    int heads = found.increases().heads()[0].length;
    List<Tensor> rows = new ArrayList<>();
    for (int l = 0; l < layers; l++) {
      for (int h = 0; h < heads; h++) {
        rows.add(vector(increase.positions(found.run, found.target, l, h)));
      }
    }
    return Torch.stack(rows, 0).reshape(layers, heads, prompt.length());
  }

  private Tensor averageAttention(Found found) {
    double[] all = new AverageAttention().explain(found.run, found.target, Progress.NONE);
    return vector(pick(all, prompt.tokens().positions(TokenMap.Role.IMAGE)));
  }

  private Check head(String name, Tensor expected, Found found, int lowestLayer) {
    String value = name.substring(name.indexOf('.') + 1);
    HeadValues head =
        found.heads.computeIfAbsent(
            lowestLayer,
            layer ->
                HeadValues.of(model, prompt, found.run, found.target, found.increases(), layer));
    return switch (value) {
      case "head" -> ids(name, expected, head.layer(), head.head());
      case "pos_increase" -> judge.tensor(name, vector(head.increases()), expected);
      case "patch_map" -> judge.tensor(name, vector(head.patchMap()), expected);
      case "top_image_position" -> ids(name, expected, head.topImagePosition());
      case "attention_last" -> judge.tensor(name, vector(head.attention()), expected);
      default -> {
        int dot = value.indexOf('.');
        List<HeadValues.Scored> words = dot < 0 ? List.of() : head.view(value.substring(0, dot));
        yield words.isEmpty()
            ? skipped(name, expected, "no value of that name")
            : switch (value.substring(dot + 1)) {
              case "logits" -> judge.tensor(name, vector(HeadValues.byId(words)), expected);
              case "top10_ids" ->
                  ids(
                      name,
                      expected,
                      words.stream().limit(10).mapToInt(HeadValues.Scored::id).toArray());
              case "top10_logits" ->
                  judge.tensor(
                      name,
                      vector(
                          words.stream().limit(10).mapToDouble(HeadValues.Scored::score).toArray()),
                      expected);
              default -> skipped(name, expected, "no value of that name");
            };
      }
    };
  }

  private Check lens(String name, Tensor expected, Found found) {
    LogitLens lens = new LogitLens(LogitLens.Normalization.OWN);
    int[] last = {prompt.length() - 1};
    int[] image = prompt.tokens().positions(TokenMap.Role.IMAGE);
    int count = expected.dim() == 0 ? 1 : (int) expected.size(-1);
    long layers = model.model().decoder().config().layers() + 1L;
    return switch (name) {
      case "logit_lens.last.ids" -> ids(name, expected, cellIds(lens.grid(found.run, last, count)));
      case "logit_lens.last.probs" ->
          judge.tensor(
              name, scores(lens.grid(found.run, last, count)).reshape(layers, -1), expected);
      case "logit_lens.image.ids" ->
          ids(name, expected, cellIds(byLayer(lens.grid(found.run, image, count))));
      case "logit_lens.image.probs" ->
          judge.tensor(
              name,
              scores(byLayer(lens.grid(found.run, image, count))).reshape(layers, image.length, -1),
              expected);
      case "logit_lens.target_prob" ->
          judge.tensor(name, targetProbabilities(lens, found), expected);
      default -> skipped(name, expected, "no value of that name");
    };
  }

  /// `[layers + 1, positions]`.
  private Tensor targetProbabilities(LogitLens lens, Found found) {
    List<Tensor> columns = new ArrayList<>();
    for (int p = 0; p < prompt.length(); p++) {
      Tensor logits = lens.logits(model.model().decoder(), LogitLens.states(found.run, p));
      columns.add(Torch.softmax(logits, 1).select(1, found.id()).copy());
    }
    return Torch.stack(columns, 1);
  }

  /// The reference counts layers first, the grid positions first.
  private static List<LogitLens.Cell> byLayer(List<LogitLens.Cell> cells) {
    List<LogitLens.Cell> sorted = new ArrayList<>(cells);
    sorted.sort(Comparator.comparingInt(LogitLens.Cell::layer));
    return sorted;
  }

  private static int[] cellIds(List<LogitLens.Cell> cells) {
    return cells.stream()
        .flatMapToInt(cell -> cell.words().stream().mapToInt(word -> word.id()))
        .toArray();
  }

  private static Tensor scores(List<LogitLens.Cell> cells) {
    return vector(
        cells.stream()
            .flatMapToDouble(cell -> cell.words().stream().mapToDouble(word -> word.score()))
            .toArray());
  }

  static double[] pick(double[] all, int[] positions) {
    return Arrays.stream(positions).mapToDouble(p -> all[p]).toArray();
  }

  private Check ids(String name, Tensor expected, int... ours) {
    return judge.ids(name, ours, expected.toInts(), expected.shape());
  }

  private Check skipped(String name, Tensor expected, String reason) {
    return Check.skipped(judge.file(), name, expected.shape(), reason);
  }

  private static Tensor vector(double... values) {
    return Tensor.of(values, values.length);
  }
}
