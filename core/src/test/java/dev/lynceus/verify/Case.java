package dev.lynceus.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Indices;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.Safetensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// A reference prompt with its method values, a clean run of it, and the target.
final class Case implements AutoCloseable {
  final LoadedModel model;
  final Prompt prompt;
  final Safetensors reference;
  final Run clean;
  final int target;
  final int layers;
  final int heads;
  final int[] image;

  Case(String family) {
    model = LoadedModel.load(Goldens.checkpoint(family), LoadOptions.DEFAULT);
    Path json = Goldens.reference(family).resolve("expected.json");
    prompt =
        ReferenceFolder.open(Goldens.reference(family), Optional.empty())
            .prompt(model, json, ReferenceFolder.json(json));
    reference = Safetensors.open(Goldens.reference(family).resolve("methods.safetensors"));
    Capture kept = Capture.NONE;
    for (Point point :
        List.of(
            Point.RESID_PRE,
            Point.RESID_POST,
            Point.Z,
            Point.PATTERN,
            Point.vision(Site.PATTERN),
            Point.PROJECTOR_OUT)) {
      kept = kept.and(Capture.request(point));
    }
    clean = model.run(prompt, kept);
    target = clean.logits().argmax(-1).toInts()[0];
    layers = model.model().decoder().config().layers();
    heads = model.model().decoder().config().heads();
    image = prompt.tokens().positions(TokenMap.Role.IMAGE);
  }

  int last() {
    return prompt.length() - 1;
  }

  /// Log probability of the target.
  Tensor logProbability(Run run) {
    return Torch.logSoftmax(run.logits().reshape(-1), 0).narrow(0, target, 1);
  }

  double probability(Run run) {
    return Math.exp(logProbability(run).item());
  }

  double logit(Run run) {
    return run.logits().reshape(-1).narrow(0, target, 1).item();
  }

  /// The noise of the corrupted run.
  Intervention noise() {
    return everywhere(Point.PROJECTOR_OUT, new Op.Add(Values.of(reference.tensor("noise")), 1));
  }

  static Intervention everywhere(Point point, Op op) {
    return new Intervention(point, Indices.ALL, Indices.ALL, Positions.all(), op);
  }

  /// Gradient of the target's log probability with respect to an activation of the clean run.
  Tensor gradient(Point point, int layer, Tensor value) {
    Tensor leaf = value.detach().copy().requiresGrad();
    Op.Set recorded = new Op.Set(Values.of(leaf));
    Intervention change =
        point.perLayer() ? Intervention.at(point, layer, recorded) : everywhere(point, recorded);
    try (Run again = clean.replay(change)) {
      logProbability(again).sum().backward();
    }
    return leaf.grad();
  }

  /// The same for the logit.
  Tensor logitGradient(Point point, int layer, Tensor value) {
    Tensor leaf = value.detach().copy().requiresGrad();
    try (Run again = clean.replay(Intervention.at(point, layer, new Op.Set(Values.of(leaf))))) {
      again.logits().reshape(-1).narrow(0, target, 1).sum().backward();
    }
    return leaf.grad();
  }

  /// Compares with a reference tensor.
  void compare(String name, Tensor ours, double tolerance) {
    Check check =
        new Judge.Within("methods.safetensors", new Tolerance(tolerance, 0))
            .tensor(name, ours, reference.tensor(name));
    assertThat(check.verdict()).as(check.toString()).isEqualTo(Verdict.PASS);
  }

  void compare(String name, double[] ours, double tolerance) {
    Tensor expected = reference.tensor(name);
    compare(name, Tensor.of(ours, expected.shape()), tolerance);
  }

  /// One number for each layer and second index.
  static double[] grid(int rows, int columns, Cell cell) {
    List<Double> values = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        values.add(cell.at(row, column));
      }
    }
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /// A number at a place of a grid.
  interface Cell {
    double at(int row, int column);
  }

  int[] layers(int from, int to) {
    return IntStream.range(from, to).toArray();
  }

  @Override
  public void close() {
    clean.close();
    reference.close();
    model.close();
  }
}
