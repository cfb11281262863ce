package dev.lynceus.method.gradient;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.llama.LlamaConfig;
import dev.lynceus.run.Layers;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// Gradients of objectives through the decoder of a run, by automatic differentiation of one layer
/// after the other from the last to the first: the gradient of what enters a layer is that of what
/// leaves the layer before. Graphs of the last layers are kept from the pass that computes them, as
/// many as take a gibibyte; layers before those leave their input alone and are computed once more
/// on the way back. So the memory is a gibibyte, or that of one layer's graph where it is larger,
/// and one input for each layer, however deep the model is.
///
/// Changes that the run was made with are part of what is differentiated.
public final class Backward {
  /// Bytes of graphs that are kept, of all copies together.
  private static final long GRAPHS = 1L << 30;

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

  /// Copies of the run that are computed side by side: as many as keep all their graphs.
  public int copies() {
    return (int) Math.clamp(GRAPHS / (layers.count() * graph(1)), 1, MOST_COPIES);
  }

  /// Bytes of the graph of one layer and copy.
  ///
  /// @param attentions numbers that are kept for each attention probability
  private long graph(int attentions) {
    LlamaConfig c = run.model().model().decoder().config();
    long length = run.batch().length();
    long numbers =
        length * (8L * c.width() + 4L * c.inner() + (long) attentions * c.heads() * length);
    long weights = 2L * c.width() * c.headWidth() * (c.heads() + c.keyHeads());
    // Weights of another type are widened for the graph, and stay as long as it does.
    boolean widened = run.model().weightsType() != run.model().computeType();
    return run.model().computeType().bytes()
        * (numbers + (widened ? weights + 3L * c.width() * c.inner() : 0));
  }

  /// The first layer whose graph is kept.
  private int firstKept(long copies, int attentions) {
    long kept = GRAPHS / (copies * graph(attentions));
    return (int) Math.max(0, layers.count() - Math.max(1, kept));
  }

  /// Values of an objective without gradients, one for each copy.
  ///
  /// @param x inputs of the first layer, `[copies, pos, width]`
  public double[] values(Tensor x, Objective objective) {
    try (Scope scope = Scope.open()) {
      Tensor hidden = x.detach();
      for (int l = 0; l < layers.count(); l++) {
        hidden = plain(l, hidden, objective);
      }
      return read(hidden, objective).toDoubles();
    }
  }

  /// The value of an objective in the run itself.
  public double value(Objective objective) {
    int last = run.batch().length() - 1;
    if (Arrays.equals(objective.rows(), new int[] {last})) {
      return objective.values(run.logits().unsqueeze(1)).item();
    }
    return values(entering(), objective)[0];
  }

  /// Gradient of an objective with respect to what enters the first layer; in the scope that is
  /// open.
  ///
  /// @param x inputs of the first layer, `[copies, pos, width]`
  public Slopes inputs(Tensor x, Objective objective) {
    return inputs(0, firstKept(x.size(0), 1), x.detach(), objective);
  }

  /// The same with respect to what enters a layer.
  ///
  /// @param kept the first layer whose graph is kept while those after it are computed
  private Slopes inputs(int layer, int kept, Tensor x, Objective objective) {
    try (Scope scope = Scope.open()) {
      if (layer == layers.count()) {
        Top top = top(x, objective);
        return new Slopes(top.values(), scope.keep(top.slope()));
      }
      Tensor leaf = layer < kept ? x : leaf(x);
      Tensor out = plain(layer, leaf, objective);
      Slopes above = inputs(layer + 1, kept, out.detach(), objective);
      if (layer < kept) {
        leaf = leaf(x);
        out = plain(layer, leaf, objective);
      }
      return new Slopes(above.values(), scope.keep(through(out, above.slopes(), leaf)));
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
    return point(0, firstKept(1, 4), entering().detach(), point, courses, visitor);
  }

  private List<Tensor> point(
      int layer, int kept, Tensor x, Point point, List<Course> courses, PointVisitor visitor) {
    try (Scope scope = Scope.open()) {
      List<Tensor> slopes;
      if (layer == layers.count()) {
        slopes = tops(x, courses);
      } else if (layer < kept) {
        slopes = point(layer + 1, kept, plain(layer, x), point, courses, visitor);
        try (Recorded recorded = record(layer, x, point)) {
          back(recorded, courses, slopes, visitor);
        }
      } else {
        try (Recorded recorded = record(layer, x, point)) {
          Tensor out = recorded.part.output().detach();
          slopes = point(layer + 1, kept, out, point, courses, visitor);
          back(recorded, courses, slopes, visitor);
        }
      }
      slopes.forEach(scope::keep);
      return slopes;
    }
  }

  /// A layer with its graph.
  ///
  /// @param leaf what enters it
  /// @param zeros were added to the point
  private record Recorded(int layer, Point point, Tensor leaf, Tensor zeros, Layers.Part part)
      implements AutoCloseable {
    @Override
    public void close() {
      part.kept().close();
    }
  }

  /// Adds zeros to a point of a layer, with respect to which it is then differentiated: the
  /// activation stays what it is, and the gradient to earlier layers is not cut.
  private Recorded record(int layer, Tensor input, Point point) {
    Tensor leaf = leaf(input);
    Tensor zeros = Torch.zeros(input.dtype(), shape(point, input.size(1))).requiresGrad();
    Intervention added = Intervention.at(point, layer, new Op.Add(Values.of(zeros), 1));
    Capture capture = Capture.of(Capture.request(point).layers(layer));
    return new Recorded(
        layer, point, leaf, zeros, layers.layer(layer, leaf, capture, List.of(added)));
  }

  /// Takes the gradients of a layer.
  ///
  /// @param slopes of what leaves the layer; become those of what enters it
  private static void back(
      Recorded at, List<Course> courses, List<Tensor> slopes, PointVisitor visitor) {
    Tensor value = at.part.kept().get(at.point, at.layer).detach();
    for (int k = 0; k < slopes.size(); k++) {
      boolean passed = courses.get(k).dropped().equals(OptionalInt.of(at.layer));
      if (passed && at.point != Point.RESID_POST) {
        continue;
      }
      try (Scope scope = Scope.open()) {
        var found = Torch.gradients(at.part.output(), slopes.get(k), List.of(at.leaf, at.zeros));
        visitor.at(at.layer, k, value, found.get(1).orElseGet(() -> nothing(at.zeros)));
        if (!passed) {
          slopes.get(k).copy_(found.getFirst().orElseGet(() -> nothing(at.leaf)));
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

  private Tensor plain(int layer, Tensor x) {
    try (Scope scope = Scope.open()) {
      return scope.keep(output(layers.layer(layer, x, Capture.NONE, List.of())));
    }
  }

  /// A layer for an objective: the last one for its row alone where that is the last.
  private Tensor plain(int layer, Tensor x, Objective objective) {
    boolean alone =
        layer == layers.count() - 1
            && Arrays.equals(objective.rows(), new int[] {run.batch().length() - 1});
    try (Scope scope = Scope.open()) {
      return scope.keep(
          alone ? layers.last(layer, x) : output(layers.layer(layer, x, Capture.NONE, List.of())));
    }
  }

  private Tensor read(Tensor last, Objective objective) {
    boolean one = last.size(1) == 1;
    return objective.values(layers.logits(last, one ? new int[] {0} : objective.rows()));
  }

  /// An objective at the output of the last layer.
  ///
  /// @param values one for each copy
  /// @param slope with respect to that output
  private record Top(double[] values, Tensor slope) {}

  private Top top(Tensor last, Objective objective) {
    try (Scope scope = Scope.open()) {
      Tensor leaf = leaf(last);
      Tensor values = read(leaf, objective);
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
