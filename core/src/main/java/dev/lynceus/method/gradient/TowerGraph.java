package dev.lynceus.method.gradient;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.TowerInput;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.model.stack.StackShape;
import dev.lynceus.run.Entering;
import dev.lynceus.run.Layers;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Captured;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The tower and the projector of a run, recorded once, so that gradients of what enters the
/// decoder go back to pixels, features or attention. Everything belongs to the scope that was open
/// when it was made; the whole tower's graph is kept.
public final class TowerGraph {
  /// Bytes of the graph of several copies.
  private static final long GRAPH = 1L << 30;

  private final Tensor recorded;
  private final Entering entering;
  private final Point point;
  private final List<Tensor> values;
  private final List<Tensor> leaves;

  private TowerGraph(Entering entering, Point point, List<Tensor> values, List<Tensor> leaves) {
    this.recorded = entering.joined();
    // What is computed from it must not be recorded too: its graphs would hold all they came from.
    this.entering =
        new Entering(
            entering.stream().detach(), entering.later().stream().map(Tensor::detach).toList());
    this.point = point;
    this.values = values;
    this.leaves = leaves;
  }

  /// Recorded from the pixels on.
  ///
  /// @param pixels of all views, `[views, channels, height, width]`; those of several copies of the
  ///   run one after the other, up to [#copies(Backward)]
  /// @throws LynceusException BAD_REQUEST if the run has no pictures
  public static TowerGraph pixels(Backward backward, Tensor pixels) {
    eyes(backward);
    int copies = (int) (pixels.size(0) / input(backward).pixels()[0]);
    Tensor leaf = pixels.detach().copy().requiresGrad();
    Intervention given = Intervention.at(Point.vision(Site.PIXELS), 0, new Op.Set(Values.of(leaf)));
    Layers.Embedded part = backward.layers().embedded(Capture.NONE, List.of(given), copies);
    part.kept().close();
    return new TowerGraph(part.output(), Point.vision(Site.PIXELS), List.of(leaf), List.of(leaf));
  }

  /// Copies of the run with pictures of their own that are computed side by side; 1 of a run that
  /// was changed.
  static int copies(Backward backward) {
    if (!backward.layers().run().interventions().isEmpty()) {
      return 1;
    }
    StackShape c = eyes(backward).vision().orElseThrow().shape();
    TowerInput input = input(backward);
    long positions = input.positions();
    long numbers =
        (long) input.inputs()
            * c.layers()
            * positions
            * (8L * c.width() + 3L * c.inner() + c.heads().count() * positions);
    // Patches of several copies cannot be told apart where all of them are one sequence.
    if (eyes(backward).viewTokens() == 0) {
      return 1;
    }
    return (int) Math.clamp(GRAPH / (4 * numbers), 1, backward.copies());
  }

  /// Recorded from the features that the projector reads.
  ///
  /// @throws LynceusException BAD_REQUEST if the run has no pictures
  public static TowerGraph features(Backward backward) {
    VisionLanguageModel eyes = eyes(backward);
    TowerInput input = input(backward);
    Tensor zeros = zeros(backward, input.inputs(), input.features(), eyes.featureWidth());
    return added(backward, Point.vision(Site.FEATURES), List.of(zeros));
  }

  /// Recorded from the attention of each layer of the tower on. Zeros are added to it, so that the
  /// gradient to earlier layers is not cut.
  ///
  /// @throws LynceusException BAD_REQUEST if the run has no pictures
  public static TowerGraph attention(Backward backward) {
    StackShape tower = eyes(backward).vision().orElseThrow().shape();
    TowerInput input = input(backward);
    long positions = input.positions();
    List<Tensor> zeros = new ArrayList<>();
    for (int l = 0; l < tower.layers(); l++) {
      zeros.add(zeros(backward, input.inputs(), tower.heads().count(), positions, positions));
    }
    return added(backward, Point.vision(Site.PATTERN), zeros);
  }

  private static TowerGraph added(Backward backward, Point point, List<Tensor> zeros) {
    List<Intervention> changes = new ArrayList<>();
    for (int l = 0; l < zeros.size(); l++) {
      changes.add(Intervention.at(point, l, new Op.Add(Values.of(zeros.get(l)), 1)));
    }
    Layers.Embedded part = backward.layers().embedded(Capture.of(Capture.request(point)), changes);
    try (Captured kept = part.kept()) {
      List<Tensor> values = new ArrayList<>();
      for (int l = 0; l < zeros.size(); l++) {
        values.add(kept.get(point, l).detach());
      }
      return new TowerGraph(part.output(), point, values, zeros);
    }
  }

  /// What enters the decoder, `[copies, pos, width]`.
  public Entering entering() {
    return entering;
  }

  /// The values that it was recorded from: pixels, features, or the attention of each layer.
  public List<Tensor> values() {
    return values;
  }

  /// Gradients with respect to [#values()], in the scope that is open; empty for layers of the
  /// tower that nothing reads.
  ///
  /// @param slope gradient with respect to all that enters the decoder, [Entering#joined()]
  /// @throws LynceusException BAD_REQUEST if a change of the run cuts the way from the pictures to
  ///   the decoder
  public List<Optional<Tensor>> back(Tensor slope) {
    List<Optional<Tensor>> found = Torch.gradients(recorded, slope, leaves);
    if (found.stream().allMatch(Optional::isEmpty)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "no gradient reaches " + point.template() + ": a change of this run cuts the way to it",
          "Run the prompt without that change.");
    }
    return found;
  }

  private static Tensor zeros(Backward backward, long... shape) {
    return Torch.zeros(backward.layers().run().model().computeType(), shape).requiresGrad();
  }

  private static TowerInput input(Backward backward) {
    return eyes(backward).input(backward.layers().run().batch().pictures());
  }

  private static VisionLanguageModel eyes(Backward backward) {
    Run run = backward.layers().run();
    if (run.batch().pictures().isEmpty()
        || !(run.model().model() instanceof VisionLanguageModel eyes)) {
      throw Backward.blind();
    }
    return eyes;
  }
}
