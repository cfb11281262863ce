package dev.lynceus.method.gradient;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.run.Cancellation;
import dev.lynceus.run.Entering;
import dev.lynceus.run.Layers;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Gradients of objectives through the decoder of a run, one layer after the other from the last to
/// the first: the gradient of what enters a layer is that of what leaves the layer before. The way
/// back through a layer is written out ([dev.lynceus.model.stack.Reverse]); through layers that the
/// run changed, and to points inside a layer, it is found by automatic differentiation.
///
/// What the last layers need on the way back is kept from the pass that computes them, as much as
/// fits into a gibibyte; layers before those leave their input alone and are computed once more. So
/// the memory is a gibibyte, or that of one layer where it is larger, and one input for each layer,
/// however deep the model is. Of a run that kept what [GradientPlan] asks for no layer is computed
/// again.
///
/// Changes that the run was made with are part of what is differentiated.
public final class Backward {
  /// Bytes that are kept for the way back, of all copies together.
  private static final long GRAPHS = 1L << 30;

  private static final int MOST_COPIES = 32;

  private final Run run;
  private final Layers layers;
  private final Work work;

  /// Told the attention of a layer and its gradient.
  @FunctionalInterface
  public interface AttentionVisitor {

    /// Some heads of one layer for one objective; layers come from the last to the first, heads
    /// from the first to the last.
    void at(Attended attended);
  }

  /// Attention of some heads and its gradient.
  ///
  /// @param objective its number
  /// @param head the first of the heads
  /// @param row the first of the rows; those before it are not read by any objective
  /// @param pattern attention probabilities, `[some heads, rows, source]`
  /// @param slope gradient of the objective with respect to them: what would change if the
  ///   probabilities of this layer did, all else before them staying as it is
  public record Attended(
      int layer, int objective, int head, int row, Tensor pattern, Tensor slope) {

    Attended after(int objectives) {
      return new Attended(layer, objective + objectives, head, row, pattern, slope);
    }

    /// Whether these are the last of the layer's heads.
    public boolean last(int heads) {
      return head + pattern.size(0) == heads;
    }
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
  /// @param later the same with respect to what is added after each of the first layers, where the
  ///   family adds something
  public record Slopes(double[] values, Tensor slopes, List<Tensor> later) {

    /// All of them in the order of [Entering#joined()].
    public Tensor joined() {
      return new Entering(slopes, later).joined();
    }
  }

  /// What was computed so far, in layers of one copy: how a test sees that nothing is done twice.
  static final class Work {
    private long forward;
    private long back;

    void forward(Tensor x) {
      forward += x.size(0);
    }

    void back(Tensor slopes) {
      back += slopes.size(0);
    }

    /// Layers that were computed up to what leaves them.
    long forward() {
      return forward;
    }

    /// Layers that were gone back through.
    long back() {
      return back;
    }
  }

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
    this.work = new Work();
  }

  private Backward(Backward one, Layers layers) {
    this.run = one.run;
    this.layers = layers;
    this.work = one.work;
  }

  /// The same where other numbers are added after the first layers.
  Backward adding(List<Tensor> later) {
    return new Backward(this, layers.adding(later));
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

  TextConfig config() {
    return run.model().model().decoder().config();
  }

  /// What was computed so far.
  Work work() {
    return work;
  }

  /// Layers of the decoder.
  public int depth() {
    return layers.count();
  }

  /// Heads of a layer.
  public int heads() {
    return config().heads();
  }

  /// What enters the first layer of the run, `[1, pos, width]`.
  public Tensor entering() {
    return layers.entering();
  }

  /// The same with what is added after the first layers.
  public Entering whole() {
    return new Entering(layers.entering(), layers.later());
  }

  /// Copies of the run that are computed side by side: as many as keep all that the way back needs.
  public int copies() {
    return (int) Math.clamp(GRAPHS / (layers.count() * bytes(0)), 1, MOST_COPIES);
  }

  /// Bytes that one layer and copy keeps for the way back.
  ///
  /// @param attentions numbers that a recorded layer keeps for each attention probability; 0 where
  ///   layers are recorded only if they were changed
  private long bytes(int attentions) {
    TextConfig c = config();
    long length = run.batch().length();
    int size = run.model().computeType().bytes();
    if (attentions == 0 && !changed()) {
      long vectors = 2L * c.width() + 2L * c.inner();
      return size * length * (vectors + 2L * (c.heads() + c.keyHeads()) * c.headWidth());
    }
    long probabilities = (long) Math.max(1, attentions) * c.heads() * length;
    long numbers = length * (8L * c.width() + 4L * c.inner() + probabilities);
    long weights = 2L * c.width() * c.headWidth() * (c.heads() + c.keyHeads());
    // Weights of another type are widened for the graph, and stay as long as it does.
    boolean widened = run.model().weightsType() != run.model().computeType();
    return size * (numbers + (widened ? weights + 3L * c.width() * c.inner() : 0));
  }

  /// The first layer that is kept for the way back.
  private int firstKept(long copies, int attentions) {
    long kept = GRAPHS / (copies * bytes(attentions));
    return (int) Math.max(0, layers.count() - Math.max(1, kept));
  }

  /// Values of an objective without gradients, one for each copy.
  ///
  /// @param x inputs of the first layer, `[copies, pos, width]`
  public double[] values(Tensor x, Objective objective) {
    try (Scope scope = Scope.open()) {
      Tensor hidden = x.detach();
      int last = layers.count() - 1;
      for (int l = 0; l < last; l++) {
        hidden = next(l, hidden);
      }
      int row = run.batch().length() - 1;
      boolean alone = Arrays.equals(objective.rows(), new int[] {row});
      work.forward(x);
      hidden = alone ? layers.last(last, hidden) : plain(last, hidden);
      return read(hidden, hidden.size(1) == 1 ? row : 0, objective).toDoubles();
    }
  }

  /// The same where other numbers are added later.
  public double[] values(Entering x, Objective objective) {
    return adding(x.later()).values(x.stream(), objective);
  }

  /// The value of an objective in the run itself.
  public double value(Objective objective) {
    int answering = run.batch().answering(0);
    if (Arrays.equals(objective.rows(), new int[] {answering})) {
      return objective.values(run.logits().unsqueeze(1)).item();
    }
    return values(entering(), objective)[0];
  }

  /// Gradient of an objective with respect to what enters the first layer; in the scope that is
  /// open.
  ///
  /// @param x inputs of the first layer, `[copies, pos, width]`
  public Slopes inputs(Tensor x, Objective objective) {
    return way(x, List.of(objective), null).from(0, x);
  }

  /// Gradient of an objective with respect to what enters a later layer; in the scope that is open.
  /// Nothing before that layer is computed.
  ///
  /// @param layer at most the last
  /// @param x what enters it, `[copies, pos, width]`
  public Slopes from(int layer, Tensor x, Objective objective) {
    return way(x, List.of(objective), null).from(layer, x);
  }

  /// The same where other numbers are added later.
  public Slopes inputs(Entering x, Objective objective) {
    return adding(x.later()).inputs(x.stream(), objective);
  }

  /// Gradients of objectives with respect to the attention of all layers, from the last to the
  /// first. What does not depend on the objective is computed once.
  ///
  /// @return the gradient of each objective with respect to what enters the first layer, `[1, pos,
  ///   width]`, and to what is added after the first layers ([Entering#joined()]), in the scope
  ///   that is open
  public List<Tensor> attention(List<Objective> objectives, AttentionVisitor visitor) {
    Tensor x = entering();
    Slopes slopes = way(x, objectives, visitor).from(0, x);
    return IntStream.range(0, objectives.size())
        .mapToObj(k ->
            new Entering(
                    slopes.slopes.narrow(0, k, 1),
                    slopes.later.stream().map(one -> one.narrow(0, k, 1)).toList())
                .joined())
        .toList();
  }

  /// Gradients with respect to one point of all layers, from the last to the first. One pass serves
  /// all courses; a layer is not told of to a course that passes it by.
  ///
  /// @param point of the decoder, one that exists in every layer and can be changed
  /// @return the gradient of each course with respect to what enters the first layer, `[1, pos,
  ///   width]`, and to what is added after the first layers ([Entering#joined()]), in the scope
  ///   that is open
  public List<Tensor> point(Point point, List<Course> courses, PointVisitor visitor) {
    return new PointGradients(this, firstKept(1, 4), point, courses, visitor).all(entering());
  }

  /// The way of some objectives: of one for several copies, or of several for one.
  private Way way(Tensor x, List<Objective> objectives, @Nullable AttentionVisitor visitor) {
    int last = layers.count() - 1;
    // Streams that the run kept need no pass before the way back.
    boolean known =
        IntStream.rangeClosed(0, last).allMatch(l -> layers.stream(l).isPresent())
            && layers.stream(0).orElseThrow() == x;
    int first =
        layers.untouched(last)
            ? objectives.stream().mapToInt(one -> one.rows()[0]).min().orElseThrow()
            : 0;
    int attentions = visitor == null ? 0 : changed() ? 4 : 0;
    return new Way(
        this, known ? last : firstKept(x.size(0), attentions), first, objectives, visitor);
  }

  private boolean changed() {
    return !IntStream.range(0, layers.count()).allMatch(layers::untouched);
  }

  /// What leaves a layer.
  Tensor next(int layer, Tensor x) {
    Optional<Tensor> known =
        layers.stream(layer).filter(own -> own == x).flatMap(own -> layers.stream(layer + 1));
    if (known.isPresent()) {
      return known.get();
    }
    work.forward(x);
    return plain(layer, x);
  }

  private Tensor plain(int layer, Tensor x) {
    try (Scope scope = Scope.open()) {
      Layers.Part part = layers.layer(layer, x, Capture.NONE, List.of());
      part.kept().close();
      return scope.keep(part.output());
    }
  }

  /// An objective of what leaves the last layer.
  ///
  /// @param last rows of it from the first on
  /// @return slopes with respect to these rows
  Slopes top(Tensor last, int first, Objective objective) {
    try (Scope scope = Scope.open()) {
      Tensor leaf = last.detach().copy().requiresGrad();
      Tensor values = read(leaf, first, objective);
      Tensor ones = Torch.full(values.dtype(), 1, values.size(0));
      return new Slopes(values.toDoubles(), scope.keep(through(values, ones, leaf)), List.of());
    }
  }

  private Tensor read(Tensor last, int first, Objective objective) {
    int[] rows = IntStream.of(objective.rows()).map(row -> row - first).toArray();
    return objective.values(layers.logits(last, rows));
  }

  static Tensor through(Tensor output, Tensor slope, Tensor leaf) {
    Cancellation.check();
    return Torch.gradients(output, slope, List.of(leaf)).getFirst().orElseGet(() -> nothing(leaf));
  }

  /// The gradient with respect to what is not used.
  static Tensor nothing(Tensor leaf) {
    return Torch.zeros(leaf.dtype(), leaf.shape());
  }
}
