package dev.lynceus.method.gradient;

import dev.lynceus.model.Model;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.run.Entering;
import dev.lynceus.run.Layers;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Captured;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A whole pass with its graph, from tower and encoder to the last layer of the decoder, so that
/// gradients of an objective go back to points of any stack. For models whose stacks read each
/// other by cross-attention, and for readers; both are small beside decoders of visual tokens,
/// which [Backward] goes through one layer after the other.
///
/// Zeros are added at each point, and it is with respect to them that is differentiated:
/// activations stay what they are, and no gradient to an earlier point is cut. Everything belongs
/// to the scope that was open when it was made.
///
/// Changes that the run was made with are part of what is differentiated.
public final class FlowGraph {
  private final Layers layers;
  private final Tensor last;
  private final Map<Captured.Key, Tensor> values;
  private final Map<Captured.Key, Tensor> leaves;

  private FlowGraph(
      Layers layers,
      Tensor last,
      Map<Captured.Key, Tensor> values,
      Map<Captured.Key, Tensor> leaves) {
    this.layers = layers;
    this.last = last;
    this.values = values;
    this.leaves = leaves;
  }

  /// The stacks whose states answer, in the order of the flow, each of which reads the one before
  /// it by cross-attention: tower, encoder of the question and decoder, or some of them.
  public static List<Stack> stacks(Model model) {
    List<Stack> stacks = new ArrayList<>();
    if (model instanceof VisionLanguageModel eyes && eyes.reading().isPresent()) {
      stacks.add(Stack.VISION);
    }
    if (model.textEncoder().isPresent()) {
      stacks.add(Stack.ENCODER);
    }
    stacks.add(Stack.DECODER);
    return stacks;
  }

  /// Records the pass of a run.
  ///
  /// @param run of one prompt; must stay open
  /// @param points with respect to which gradients are wanted, of all layers that have them
  /// @throws dev.lynceus.error.LynceusException BAD_REQUEST for a batch or arithmetic in 16 bits;
  ///   OUT_OF_MEMORY where what the points hold passes the budget
  public static FlowGraph of(Run run, List<Point> points) {
    Map<Captured.Key, Tensor> values = new LinkedHashMap<>();
    Map<Captured.Key, Tensor> zeros = new LinkedHashMap<>();
    Capture capture = Capture.NONE;
    for (Point point : points) {
      capture = capture.and(Capture.request(point));
    }
    try (Run again = run.model().run(run.batch(), capture, run.interventions())) {
      for (Captured.Key key : again.captured().keys()) {
        Tensor value = again.get(key.point(), key.layer()).copy();
        values.put(key, value);
        zeros.put(key, Torch.zeros(value.dtype(), value.shape()));
      }
    }
    return recorded(new Backward(run).layers(), values, zeros);
  }

  /// The same pass with other values at its points.
  ///
  /// @param added what is added to each, in its shape
  public FlowGraph moved(Map<Captured.Key, Tensor> added) {
    Map<Captured.Key, Tensor> all = new LinkedHashMap<>();
    leaves.forEach((key, zeros) -> all.put(key, added.getOrDefault(key, zeros.detach())));
    return recorded(new Layers(layers.run()), values, all);
  }

  private static FlowGraph recorded(
      Layers layers, Map<Captured.Key, Tensor> values, Map<Captured.Key, Tensor> added) {
    Map<Captured.Key, Tensor> leaves = new LinkedHashMap<>();
    List<Intervention> before = new ArrayList<>();
    List<List<Intervention>> each = new ArrayList<>();
    for (int l = 0; l < layers.count(); l++) {
      each.add(new ArrayList<>());
    }
    added.forEach((key, addition) -> {
      Tensor leaf = addition.detach().copy().requiresGrad();
      leaves.put(key, leaf);
      Intervention change =
          Intervention.at(key.point(), key.layer(), new Op.Add(Values.of(leaf), 1));
      boolean inside = key.point().stack() == Stack.DECODER && key.point().perLayer();
      (inside ? each.get(key.layer()) : before).add(change);
    });
    Layers.Embedded embedded = layers.embedded(Capture.NONE, before);
    embedded.kept().close();
    Entering entering = embedded.output();
    Layers given = layers.given(entering);
    Tensor x = entering.stream();
    for (int l = 0; l < given.count(); l++) {
      Layers.Part part = given.layer(l, x, Capture.NONE, each.get(l));
      part.kept().close();
      x = part.output();
    }
    return new FlowGraph(given, x, values, leaves);
  }

  /// Whether a layer has a point that was recorded.
  public boolean has(Point point, int layer) {
    return leaves.containsKey(new Captured.Key(point, layer));
  }

  /// What a point holds in the run itself, in its shape.
  public Tensor value(Point point, int layer) {
    return Objects.requireNonNull(values.get(new Captured.Key(point, layer)));
  }

  /// The number that is differentiated.
  public double value(Objective objective) {
    try (Scope scope = Scope.open()) {
      return read(objective).item();
    }
  }

  /// Gradients of an objective with respect to all points, each in the shape of its point; zeros
  /// where nothing depends on one. In the scope that is open.
  public Map<Captured.Key, Tensor> back(Objective objective) {
    List<Captured.Key> keys = List.copyOf(leaves.keySet());
    List<Tensor> wanted = keys.stream().map(leaves::get).toList();
    Map<Captured.Key, Tensor> slopes = new LinkedHashMap<>();
    try (Scope scope = Scope.open()) {
      Tensor value = read(objective);
      Tensor one = Torch.full(value.dtype(), 1, value.shape());
      var found = Torch.gradients(value, one, wanted);
      for (int i = 0; i < keys.size(); i++) {
        int at = i;
        Tensor slope = found.get(i).orElseGet(() -> Backward.nothing(wanted.get(at)));
        slopes.put(keys.get(i), scope.keep(slope));
      }
    }
    return slopes;
  }

  private Tensor read(Objective objective) {
    return objective.values(layers.logits(last, objective.rows()));
  }
}
