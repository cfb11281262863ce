package dev.lynceus.verify;

import dev.lynceus.run.Batch;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Indices;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.Safetensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Compares changes of the model with `methods.safetensors`, where it says which positions are
/// visual tokens (`image_slots`): the probability of the most probable next token where these enter
/// the first layer as zeros (`trace.corrupt_prob`), with one state set back to what it was
/// (`trace.restore_prob`, `trace.restore_embed_prob`), and where the last position may not attend
/// to them in some layers (`knockout.prob`).
record CausalValues(LoadedModel model, Prompt prompt, Judge judge, Safetensors reference) {

  /// Whether a value is one of these.
  boolean knows(String name) {
    return reference.names().contains("image_slots")
        && switch (name) {
          case "image_slots",
              "trace.positions",
              "trace.corrupt_prob",
              "trace.restore_prob",
              "trace.restore_embed_prob",
              "knockout.window",
              "knockout.prob",
              "knockout.prob_change",
              "knockout.all_layers_prob" ->
              true;
          default -> false;
        };
  }

  /// Compares one.
  ///
  /// @param target id of the most probable next token
  Check check(String name, Tensor expected, int target) {
    int[] slots = prompt.tokens().positions(TokenMap.Role.IMAGE);
    int layers = model.model().decoder().config().layers();
    return switch (name) {
      case "image_slots" -> judge.ids(name, slots, expected.toInts(), expected.shape());
      // Which positions were chosen is the reference's own affair.
      case "trace.positions" ->
          Check.skipped(judge.file(), name, expected.shape(), "chosen by the reference");
      case "knockout.window" ->
          judge.ids(name, windows(layers), expected.toInts(), expected.shape());
      case "trace.corrupt_prob" ->
          judge.tensor(name, vector(probability(target, List.of(zero(slots)))), expected);
      case "trace.restore_embed_prob" ->
          judge.tensor(
              name,
              vector(
                  IntStream.of(positions())
                      .mapToDouble(p ->
                          probability(
                              target,
                              List.of(zero(IntStream.of(slots).filter(s -> s != p).toArray()))))
                      .toArray()),
              expected);
      case "trace.restore_prob" -> judge.tensor(name, restored(target, slots, layers), expected);
      case "knockout.prob" -> judge.tensor(name, vector(blocked(target, slots)), expected);
      case "knockout.prob_change" -> {
        double clean = probability(target, List.of());
        double[] blocked = blocked(target, slots);
        yield judge.tensor(
            name, vector(Arrays.stream(blocked).map(p -> p - clean).toArray()), expected);
      }
      default ->
          judge.tensor(
              name, vector(probability(target, List.of(blocking(slots, 0, layers)))), expected);
    };
  }

  private int[] positions() {
    return reference.tensor("trace.positions").toInts();
  }

  private Tensor restored(int target, int[] slots, int layers) {
    int[] positions = positions();
    double[] found = new double[layers * positions.length];
    try (Run clean = model.run(prompt, Capture.of(Capture.request(Point.RESID_POST)))) {
      for (int l = 0; l < layers; l++) {
        Op back = new Op.Patch(Values.of(clean.get(Point.RESID_POST, l)));
        for (int p = 0; p < positions.length; p++) {
          Intervention restore =
              Intervention.at(Point.RESID_POST, l, back).at(Positions.of(positions[p]));
          found[l * positions.length + p] = probability(target, List.of(zero(slots), restore));
        }
      }
    }
    return Tensor.of(found, layers, positions.length);
  }

  /// Around each layer the one before it and itself, `[layers, 2]`: the first, and the one after
  /// the last.
  private static int[] windows(int layers) {
    return IntStream.range(0, layers)
        .flatMap(l -> IntStream.of(Math.max(0, l - 1), Math.min(layers, l + 1)))
        .toArray();
  }

  private double[] blocked(int target, int[] slots) {
    int[] window = windows(model.model().decoder().config().layers());
    double[] found = new double[window.length / 2];
    for (int l = 0; l < found.length; l++) {
      found[l] = probability(target, List.of(blocking(slots, window[2 * l], window[2 * l + 1])));
    }
    return found;
  }

  private static Intervention zero(int[] slots) {
    return Intervention.at(Point.EMBED_MERGED, 0, new Op.Zero()).at(Positions.of(slots));
  }

  private Intervention blocking(int[] slots, int first, int end) {
    return new Intervention(
        Point.ATTN_SCORES,
        Indices.of(IntStream.range(first, end).toArray()),
        Indices.ALL,
        Positions.of(prompt.length() - 1),
        new Op.Mask(Positions.of(slots)));
  }

  private double probability(int target, List<Intervention> changes) {
    try (Scope scope = Scope.open();
        Run run = model.run(Batch.of(prompt), Capture.NONE, new ArrayList<>(changes))) {
      return Torch.softmax(run.logits().reshape(-1), -1).select(0, target).item();
    }
  }

  private static Tensor vector(double... values) {
    return Tensor.of(values, values.length);
  }
}
