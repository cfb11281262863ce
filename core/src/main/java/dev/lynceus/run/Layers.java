package dev.lynceus.run;

import dev.lynceus.model.Flow;
import dev.lynceus.model.stack.Past;
import dev.lynceus.model.stack.Reverse;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Captured;
import dev.lynceus.tap.Indices;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The parts of a run one by one, on inputs that the caller gives: what lies before the decoder,
/// each of its layers, and what follows the last. The changes that the run was made with are made
/// again. For methods that take a pass apart, such as those that differentiate it layer by layer.
///
/// An input may hold several copies of the run's batch one after the other, `[copies * batch, pos,
/// width]`. Tensors belong to the scope that is open.
public final class Layers {
  private final Run run;
  private final Passes passes;
  private final List<Intervention> changes;
  private final List<Tensor> later;
  private final Entering read;

  /// What a part gave.
  ///
  /// @param output what the next part goes on with
  /// @param kept what was asked for; the caller closes it
  public record Part(Tensor output, Captured kept) {}

  /// What the embedding gave.
  ///
  /// @param output what enters the decoder
  /// @param kept what was asked for; the caller closes it
  public record Embedded(Entering output, Captured kept) {}

  /// The parts of a run, which must stay open.
  ///
  /// @throws dev.lynceus.error.LynceusException BAD_REQUEST if a change of a generation cannot be
  ///   made in one pass
  public Layers(Run run) {
    this(run, new Inherited(run).all(), run.entering().later(), run.entering());
  }

  private Layers(Run run, List<Intervention> changes, List<Tensor> later, Entering read) {
    this.run = run;
    this.passes = run.model().passes();
    this.changes = changes;
    this.later = later;
    this.read = read;
  }

  /// The same layers, after the first of which something else is added.
  ///
  /// @param other for each of the first layers, `[copies * batch, pos, width]`
  public Layers adding(List<Tensor> other) {
    return new Layers(run, changes, other, read);
  }

  /// The same layers where something else entered: what is added after the first of them, and what
  /// they read by cross-attention.
  ///
  /// @param other of one copy
  public Layers given(Entering other) {
    return new Layers(run, changes, other.later(), other);
  }

  /// The run.
  public Run run() {
    return run;
  }

  /// Number of layers.
  public int count() {
    return run.model().model().decoder().config().layers();
  }

  /// Heads of a layer.
  public int heads() {
    return run.model().model().decoder().config().heads();
  }

  /// The way back through layers.
  public Reverse reverse() {
    return run.model().model().decoder().reverse();
  }

  /// What is added to the residual stream after the first layers, `[copies * batch, pos, width]`
  /// each, before any change of the run there.
  public List<Tensor> later() {
    return later;
  }

  /// What enters the first layer, `[batch, pos, width]`, with the run's change at
  /// `embed.hook_merged` if there is one.
  public Tensor entering() {
    List<Intervention> some = some(change -> change.point() == Point.EMBED_MERGED);
    return tap(Capture.NONE, some).at(Point.EMBED_MERGED, run.merged());
  }

  /// What enters the first layer, with words and pictures embedded again.
  ///
  /// @param capture points of the tower, the projector and the embeddings
  /// @param more changes there, made after those of the run
  public Embedded embedded(Capture capture, List<Intervention> more) {
    return embedded(capture, more, 1);
  }

  /// The same for several copies of the batch, each with its own pictures.
  ///
  /// @param copies 1 if the run was changed: what a change draws at random is drawn for one
  public Embedded embedded(Capture capture, List<Intervention> more, int copies) {
    List<Intervention> all =
        some(change -> change.point().embeds() || change.point() == Point.EMBED_MERGED);
    all.addAll(more);
    Tap tap = tap(capture, all);
    try {
      Entering made = passes.merge(run.batch().repeated(copies), flow(copies), tap);
      Tensor merged = tap.at(Point.EMBED_MERGED, made.stream());
      return new Embedded(new Entering(merged, made.later(), made.memory()), tap.finish());
    } catch (RuntimeException failure) {
      tap.abandon();
      throw failure;
    }
  }

  private Passes.Span span(int layer, int copies, TextStack.Rows rows) {
    Batch batch = run.batch();
    return new Passes.Span(
        batch.valid(),
        Standing.of(batch, run.model().model()),
        batch.blocks(run.model().model().attends()),
        copies,
        0,
        layer,
        layer + 1,
        rows);
  }

  /// What left the tower is known for one copy.
  private Flow flow(int copies) {
    return copies == 1 ? run.flow().again() : Flow.fresh();
  }

  /// One layer of the decoder.
  ///
  /// @param x the residual stream that leaves the layer before, `[copies * batch, pos, width]`
  /// @param capture points of this layer
  /// @param more changes in this layer, made after those of the run
  public Part layer(int layer, Tensor x, Capture capture, List<Intervention> more) {
    return layer(layer, x, capture, more, TextStack.Rows.ALL);
  }

  /// The last position of one layer, `[copies * batch, 1, width]`; all of them if the layer is not
  /// the last, or the run was changed.
  public Tensor last(int layer, Tensor x) {
    TextStack.Rows rows = changes.isEmpty() ? TextStack.Rows.LAST_IF_UNSEEN : TextStack.Rows.ALL;
    Part part = layer(layer, x, Capture.NONE, List.of(), rows);
    part.kept().close();
    return part.output();
  }

  /// Whether the run changed nothing in a layer, so that the way back through it is written out
  /// ([Reverse]).
  public boolean untouched(int layer) {
    return run.model().model().decoder().isReversible()
        && changes.stream()
            .noneMatch(change ->
                change.point().rotates()
                    || change.point().stack() == Stack.DECODER
                        && change.point().perLayer()
                        && change.touches(change.point(), layer));
  }

  /// What enters a layer in the run itself, `[1, pos, width]`, if it was kept; the number of layers
  /// stands for what leaves the last.
  public Optional<Tensor> stream(int layer) {
    int width = run.model().model().decoder().config().width();
    return !run.interventions().isEmpty()
        ? Optional.empty()
        : layer == 0
            ? Optional.of(run.merged())
            : kept(Point.RESID_PRE, layer, width)
                .or(() -> kept(Point.RESID_POST, layer - 1, width));
  }

  /// What the way back through an untouched layer needs. What the run kept is not computed again.
  ///
  /// @param x the stream that enters it, `[copies * batch, pos, width]`
  /// @param first the first row that is wanted of what leaves it
  public Reverse.Kept reversible(int layer, Tensor x, int first) {
    Cancellation.check();
    int copies = (int) x.size(0) / run.batch().size();
    Passes.Span span = span(layer, copies, TextStack.Rows.ALL);
    boolean own = stream(layer).filter(stream -> stream == x).isPresent();
    return reverse()
        .keep(
            layer,
            x,
            run.model()
                .model()
                .decoder()
                .around(layer, passes.pass(span, null, input(x, copies)), x.dtype()),
            first,
            own ? known(layer, first) : Reverse.Known.NOTHING);
  }

  private Reverse.Known known(int layer, int first) {
    TextConfig c = run.model().model().decoder().config();
    Past.Pair past = run.remembers() ? run.cache().get(layer) : null;
    if (past != null && past.keys().size(2) != run.batch().length()) {
      past = null;
    }
    return first > 0
        ? new Reverse.Known(past, null, null, null, null)
        : new Reverse.Known(
            past,
            kept(run.model().model().decoder().lastQueries(), layer, c.heads(), c.headWidth())
                .orElse(null),
            kept(Point.RESID_MID, layer, c.width()).orElse(null),
            kept(Point.MLP_PRE, layer, c.inner()).orElse(null),
            kept(Point.MLP_PRE_LINEAR, layer, c.inner()).orElse(null));
  }

  /// An activation of all positions, whole.
  ///
  /// @param sizes after the positions
  private Optional<Tensor> kept(Point point, int layer, long... sizes) {
    if (!run.captured().has(point, layer)) {
      return Optional.empty();
    }
    long[] shape = new long[sizes.length + 2];
    shape[0] = run.batch().size();
    shape[1] = run.batch().length();
    System.arraycopy(sizes, 0, shape, 2, sizes.length);
    return Optional.of(run.get(point, layer)).filter(one -> Arrays.equals(one.shape(), shape));
  }

  private Part layer(
      int layer, Tensor x, Capture capture, List<Intervention> more, TextStack.Rows rows) {
    List<Intervention> all = new ArrayList<>();
    for (Intervention change : changes) {
      Point point = change.point();
      if (point.rotates()) {
        all.add(change);
      } else if (point.stack() == Stack.DECODER
          && point.perLayer()
          && change.touches(point, layer)) {
        all.add(
            new Intervention(
                point, Indices.of(layer), change.heads(), change.positions(), change.op()));
      }
    }
    all.addAll(more);
    Tap tap = tap(capture, all);
    int copies = (int) x.size(0) / run.batch().size();
    Passes.Span span = span(layer, copies, rows);
    try {
      return new Part(passes.forward(input(x, copies), span, null, tap), tap.finish());
    } catch (RuntimeException failure) {
      tap.abandon();
      throw failure;
    }
  }

  /// What enters a layer, with what is added later and read, as often as the input has copies.
  private Entering input(Tensor x, int copies) {
    return new Entering(x, added(copies), read.memory(copies));
  }

  /// What is added later, as often as the input has copies.
  private List<Tensor> added(int copies) {
    return later.stream()
        .map(one -> Passes.copied(one, copies * run.batch().size() / (int) one.size(0)))
        .toList();
  }

  /// Logits of some rows, `[copies * batch, rows, vocabulary]`.
  ///
  /// @param x what leaves the last layer
  /// @param rows of `x`
  public Tensor logits(Tensor x, int[] rows) {
    TextStack decoder = run.model().model().decoder();
    List<Intervention> last = some(change -> change.point().afterLayers());
    if (decoder.config().answers() == TextConfig.Answers.SPANS) {
      Tensor pieces = Piece.joint(decoder.logits(x, tap(Capture.NONE, last)), run.batch());
      return pieces.unsqueeze(1).expand(pieces.size(0), rows.length, pieces.size(1));
    }
    if (!last.isEmpty()) {
      Tensor all = decoder.logits(x, tap(Capture.NONE, last));
      return all.indexSelect(1, Tensor.indices(rows));
    }
    TextConfig config = decoder.config();
    Tensor some =
        x.indexSelect(1, Tensor.indices(rows)).reshape(x.size(0) * rows.length, 1, config.width());
    return decoder.logits(some, Tap.idle()).reshape(x.size(0), rows.length, config.vocabulary());
  }

  private List<Intervention> some(Predicate<Intervention> which) {
    return new ArrayList<>(changes.stream().filter(which).toList());
  }

  private Tap tap(Capture capture, List<Intervention> some) {
    Tap tap = Tap.of(capture, some, run.batch().labels(run.model().model()));
    tap.begin(0);
    return tap;
  }
}
