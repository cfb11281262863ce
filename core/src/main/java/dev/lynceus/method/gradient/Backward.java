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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

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

  /// Told what a point of a layer holds, and its gradient.
  @FunctionalInterface
  public interface PointVisitor {

    /// One layer for one course; layers come from the last to the first.
    ///
    /// @param course its number
    /// @param value the activation, in the shape of the point
    /// @param slope gradient of the course's objective with respect to it
    void at(int layer, int course, Tensor value, Tensor slope);
  }

  /// A way back through the layers.
  ///
  /// @param dropped a layer whose attention and feed-forward network are passed by: the gradient
  ///   goes along the residual stream only; empty = none
  public record Course(Objective objective, OptionalInt dropped) {

    /// The gradient itself.
    public static Course whole(Objective objective) {
      return new Course(objective, OptionalInt.empty());
    }
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
      Top top = top(states.getLast(), objective);
      Tensor slope = top.slope();
      for (int l = layers.count() - 1; l >= 0; l--) {
        try (Scope inner = Scope.open()) {
          Tensor leaf = leaf(states.get(l));
          Tensor out = output(layers.layer(l, leaf, Capture.NONE, List.of()));
          slope.copy_(through(out, slope, leaf));
        }
      }
      return new Slopes(top.values(), scope.keep(slope));
    }
  }

  /// Gradients of objectives with respect to the attention of all layers, from the last to the
  /// first. One pass serves all objectives.
  ///
  /// @return the gradient of each objective with respect to what enters the first layer, `[1, pos,
  ///   width]`, in the scope that is open
  public List<Tensor> attention(List<Objective> objectives, AttentionVisitor visitor) {
    return point(
        Point.PATTERN,
        objectives.stream().map(Course::whole).toList(),
        (layer, course, pattern, slope) ->
            visitor.at(layer, course, pattern.select(0, 0), slope.select(0, 0)));
  }

  /// Gradients with respect to one point of all layers, from the last to the first. One pass serves
  /// all courses; a layer is not told of to a course that passes it by.
  ///
  /// @param point of the decoder, one that exists in every layer and can be changed
  /// @return the gradient of each course with respect to what enters the first layer, `[1, pos,
  ///   width]`, in the scope that is open
  public List<Tensor> point(Point point, List<Course> courses, PointVisitor visitor) {
    try (Scope scope = Scope.open()) {
      List<Tensor> states = states(entering());
      List<Tensor> slopes = tops(states.getLast(), courses);
      for (int l = layers.count() - 1; l >= 0; l--) {
        try (Scope inner = Scope.open()) {
          layer(l, states.get(l), point, courses, slopes, visitor);
        }
      }
      slopes.forEach(scope::keep);
      return slopes;
    }
  }

  /// Adds zeros to a point of a layer, with respect to which it is then differentiated: the
  /// activation stays what it is, and the gradient to earlier layers is not cut.
  ///
  /// @param slopes of what leaves the layer; become those of what enters it
  private void layer(
      int layer,
      Tensor input,
      Point point,
      List<Course> courses,
      List<Tensor> slopes,
      PointVisitor visitor) {
    Tensor leaf = leaf(input);
    Tensor zeros = Torch.zeros(input.dtype(), shape(point, input.size(1))).requiresGrad();
    Intervention added = Intervention.at(point, layer, new Op.Add(Values.of(zeros), 1));
    Layers.Part part =
        layers.layer(layer, leaf, Capture.of(Capture.request(point).layers(layer)), List.of(added));
    try (Captured kept = part.kept()) {
      Tensor value = kept.get(point, layer).detach();
      for (int k = 0; k < slopes.size(); k++) {
        boolean passed = courses.get(k).dropped().equals(OptionalInt.of(layer));
        if (passed && point != Point.RESID_POST) {
          continue;
        }
        try (Scope scope = Scope.open()) {
          var found = Torch.gradients(part.output(), slopes.get(k), List.of(leaf, zeros));
          visitor.at(layer, k, value, found.get(1).orElseGet(() -> nothing(zeros)));
          if (!passed) {
            slopes.get(k).copy_(found.getFirst().orElseGet(() -> nothing(leaf)));
          }
        }
      }
    }
  }

  private long[] shape(Point point, long length) {
    LlamaConfig config = run.model().model().decoder().config();
    return point.axes().stream()
        .mapToLong(axis ->
            switch (axis) {
              case BATCH, ONE -> 1;
              case POSITION, SOURCE -> length;
              case HEAD -> config.heads();
              case KEY_HEAD -> config.keyHeads();
              case HEAD_WIDTH -> config.headWidth();
              case MODEL -> config.width();
              case INNER -> config.inner();
              case VOCABULARY, CHANNEL, HEIGHT, WIDTH ->
                  throw new LynceusException(
                      ErrorCode.INTERNAL,
                      point.template() + " is no place inside a layer",
                      "Please report this.");
            })
        .toArray();
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

  /// An objective at the output of the last layer.
  ///
  /// @param values one for each copy
  /// @param slope with respect to that output
  private record Top(double[] values, Tensor slope) {}

  private Top top(Tensor last, Objective objective) {
    try (Scope scope = Scope.open()) {
      Tensor leaf = leaf(last);
      Tensor values = objective.values(layers.logits(leaf, objective.rows()));
      Tensor ones = Torch.full(values.dtype(), 1, values.size(0));
      return new Top(values.toDoubles(), scope.keep(through(values, ones, leaf)));
    }
  }

  private List<Tensor> tops(Tensor last, List<Course> courses) {
    Map<Objective, Tensor> found = new HashMap<>();
    List<Tensor> slopes = new ArrayList<>();
    for (Course course : courses) {
      slopes.add(
          found
              .computeIfAbsent(course.objective(), objective -> top(last, objective).slope())
              .copy());
    }
    return slopes;
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
