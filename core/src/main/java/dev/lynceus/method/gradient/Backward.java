package dev.lynceus.method.gradient;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.llama.LlamaConfig;
import dev.lynceus.run.Layers;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Captured;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;

/// Gradients of objectives through the decoder of a run, by automatic differentiation of one layer
/// after the other from the last to the first: each layer is computed once more from its input,
/// which a pass without recording has left, and the gradient of what enters it is that of what
/// leaves the layer before. So the memory is that of one layer's graph and of one input for each
/// layer, however deep the model is.
///
/// Changes that the run was made with are part of what is differentiated.
public final class Backward {
  /// Bytes that copies of a run may take side by side.
  private static final long BYTES = 512L << 20;

  private static final int MOST_COPIES = 32;

  private final Run run;
  private final Layers layers;

  /// Told the attention of a layer and its gradient.
  @FunctionalInterface
  public interface AttentionVisitor {

    /// One layer for one objective; layers come from the last to the first.
    ///
    /// @param objective its number
    /// @param pattern attention probabilities, `[heads, pos, source]`
    /// @param slope gradient of the objective with respect to them: what would change if the
    ///   probabilities of this layer did, all else before them staying as it is
    void at(int layer, int objective, Tensor pattern, Tensor slope);
  }

  /// Objectives and their gradients.
  ///
  /// @param values of the objective, one for each copy
  /// @param slopes gradient with respect to the input of the first layer, `[copies, pos, width]`
  public record Slopes(double[] values, Tensor slopes) {}

  /// Gradients through a run, which must stay open.
  ///
  /// @throws LynceusException BAD_REQUEST for several prompts at once, or a run in 16 bits, whose
  ///   gradients would be lost in rounding
  public Backward(Run run) {
    if (run.batch().size() != 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "gradients of a batch of %d prompts are not taken at once".formatted(run.batch().size()),
          "Give one prompt.");
    }
    if (run.model().computeType().isHalf()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "gradients are not computed in " + run.model().computeType(),
          "Use --dtype float32; weights stay in 16 bits.");
    }
    this.run = run;
    this.layers = new Layers(run);
  }

  /// The refusal of a method that needs a picture.
  static LynceusException blind() {
    return new LynceusException(
        ErrorCode.BAD_REQUEST,
        "there is no picture that a gradient could go back to",
        "Ask about a picture.");
  }

  /// The parts of the run.
  Layers layers() {
    return layers;
  }

  /// Layers of the decoder.
  public int depth() {
    return layers.count();
  }

  /// What enters the first layer of the run, `[1, pos, width]`.
  public Tensor entering() {
    return layers.entering();
  }

  /// Copies of the run that are computed side by side.
  public int copies() {
    LlamaConfig config = run.model().model().decoder().config();
    long numbers =
        (long) config.layers() * config.width()
            + 16L * config.width()
            + 8L * config.inner()
            + 4L * config.heads() * run.batch().length();
    return (int) Math.clamp(BYTES / (4 * numbers * run.batch().length()), 1, MOST_COPIES);
  }

  /// Values of an objective without gradients, one for each copy.
  ///
  /// @param x inputs of the first layer, `[copies, pos, width]`
  public double[] values(Tensor x, Objective objective) {
    try (Scope scope = Scope.open()) {
      Tensor hidden = x.detach();
      for (int l = 0; l < layers.count(); l++) {
        hidden = plain(l, hidden);
      }
      return objective.values(layers.logits(hidden, objective.rows())).toDoubles();
    }
  }

  /// Gradient of an objective with respect to what enters the first layer; in the scope that is
  /// open.
  ///
  /// @param x inputs of the first layer, `[copies, pos, width]`
  public Slopes inputs(Tensor x, Objective objective) {
    try (Scope scope = Scope.open()) {
      List<Tensor> states = states(x);
      Tops tops = tops(states.getLast(), List.of(objective));
      Tensor slope = tops.slopes().getFirst();
      for (int l = layers.count() - 1; l >= 0; l--) {
        try (Scope inner = Scope.open()) {
          Tensor leaf = leaf(states.get(l));
          Tensor out = output(layers.layer(l, leaf, Capture.NONE, List.of()));
          slope.copy_(through(out, slope, leaf));
        }
      }
      return new Slopes(tops.values().getFirst(), scope.keep(slope));
    }
  }

  /// Gradients of objectives with respect to the attention of all layers, from the last to the
  /// first. One pass serves all objectives.
  ///
  /// @return the gradient of each objective with respect to what enters the first layer, `[1, pos,
  ///   width]`, in the scope that is open
  public List<Tensor> attention(List<Objective> objectives, AttentionVisitor visitor) {
    try (Scope scope = Scope.open()) {
      List<Tensor> states = states(entering());
      List<Tensor> slopes = tops(states.getLast(), objectives).slopes();
      for (int l = layers.count() - 1; l >= 0; l--) {
        try (Scope inner = Scope.open()) {
          layer(l, states.get(l), slopes, visitor);
        }
      }
      slopes.forEach(scope::keep);
      return slopes;
    }
  }

  /// Adds zeros to the attention of a layer, with respect to which it is then differentiated: the
  /// probabilities stay what they are, and the gradient to earlier layers is not cut.
  ///
  /// @param slopes of what leaves the layer; become those of what enters it
  private void layer(int layer, Tensor input, List<Tensor> slopes, AttentionVisitor visitor) {
    int heads = run.model().model().decoder().config().heads();
    long length = input.size(1);
    Tensor leaf = leaf(input);
    Tensor zeros = Torch.zeros(input.dtype(), 1, heads, length, length).requiresGrad();
    Intervention added = Intervention.at(Point.PATTERN, layer, new Op.Add(Values.of(zeros), 1));
    Layers.Part part =
        layers.layer(
            layer, leaf, Capture.of(Capture.request(Point.PATTERN).layers(layer)), List.of(added));
    try (Captured kept = part.kept()) {
      Tensor pattern = kept.get(Point.PATTERN, layer).detach().select(0, 0);
      for (int k = 0; k < slopes.size(); k++) {
        try (Scope scope = Scope.open()) {
          var found = Torch.gradients(part.output(), slopes.get(k), List.of(leaf, zeros));
          Tensor slope = found.get(1).orElseGet(() -> nothing(zeros));
          visitor.at(layer, k, pattern, slope.select(0, 0));
          slopes.get(k).copy_(found.getFirst().orElseGet(() -> nothing(leaf)));
        }
      }
    }
  }

  /// The input of each layer and the output of the last.
  private List<Tensor> states(Tensor x) {
    List<Tensor> states = new ArrayList<>(List.of(x.detach()));
    for (int l = 0; l < layers.count(); l++) {
      states.add(plain(l, states.getLast()));
    }
    return states;
  }

  private Tensor plain(int layer, Tensor x) {
    try (Scope scope = Scope.open()) {
      return scope.keep(output(layers.layer(layer, x, Capture.NONE, List.of())));
    }
  }

  /// Objectives at the output of the last layer.
  ///
  /// @param values of each objective, one for each copy
  /// @param slopes of each objective with respect to that output
  private record Tops(List<double[]> values, List<Tensor> slopes) {}

  private Tops tops(Tensor last, List<Objective> objectives) {
    Tops tops = new Tops(new ArrayList<>(), new ArrayList<>());
    for (Objective objective : objectives) {
      try (Scope scope = Scope.open()) {
        Tensor leaf = leaf(last);
        Tensor values = objective.values(layers.logits(leaf, objective.rows()));
        tops.values().add(values.toDoubles());
        tops.slopes()
            .add(scope.keep(through(values, Torch.full(values.dtype(), 1, values.size(0)), leaf)));
      }
    }
    return tops;
  }

  private static Tensor leaf(Tensor x) {
    return x.detach().copy().requiresGrad();
  }

  private static Tensor through(Tensor output, Tensor slope, Tensor leaf) {
    return Torch.gradients(output, slope, List.of(leaf)).getFirst().orElseGet(() -> nothing(leaf));
  }

  /// The gradient with respect to what is not used.
  private static Tensor nothing(Tensor leaf) {
    return Torch.zeros(leaf.dtype(), leaf.shape());
  }

  private static Tensor output(Layers.Part part) {
    part.kept().close();
    return part.output();
  }
}
