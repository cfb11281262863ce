package dev.lynceus.tap;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// What a model passes its activations through: `x = tap.at(RESID_PRE, layer, x)`. It keeps what
/// the capture asks for and applies the interventions; where nothing is asked for it returns the
/// value at once.
///
/// A tap serves one run, which may consist of several passes (the prompt, then one token at a
/// time); [#begin(int)] tells where in the sequence a pass starts. It is used by one thread.
public sealed class Tap permits StackedTap {
  static final Capture.Request[] NO_REQUESTS = new Capture.Request[Point.all().size()];

  private final Capture.Request[] requests;
  private final List<Intervention> interventions;
  private final boolean[] changed = new boolean[Point.all().size()];
  private final Labels labels;
  private final Map<Captured.Key, List<Captured.Piece>> pieces = new LinkedHashMap<>();
  private final BitSet[] applied;
  private int start;

  Tap(Capture.Request[] requests, List<Intervention> interventions, Labels labels) {
    this.requests = requests;
    this.interventions = interventions;
    this.labels = labels;
    this.applied = new BitSet[interventions.size()];
    for (int i = 0; i < applied.length; i++) {
      changed[interventions.get(i).point().index()] = true;
      applied[i] = new BitSet();
    }
  }

  /// A tap for a run.
  ///
  /// @param labels what each position is, for labels and image columns
  public static Tap of(Capture capture, List<Intervention> interventions, Labels labels) {
    Capture.Request[] byPoint = NO_REQUESTS.clone();
    for (Capture.Request request : capture.requests()) {
      byPoint[request.point().index()] = request;
    }
    return new Tap(byPoint, List.copyOf(interventions), labels);
  }

  /// A tap that keeps nothing and changes nothing.
  public static Tap idle() {
    return new Tap(NO_REQUESTS, List.of(), Labels.NONE);
  }

  /// A tap for several replays that run side by side: each member sees and changes its own rows of
  /// the batch. The members keep what they see, and are finished one by one; the stack itself keeps
  /// nothing.
  ///
  /// @param rows rows of the batch that belong to each member
  public static Tap stacked(List<Tap> members, int rows) {
    return members.size() == 1 ? members.getFirst() : new StackedTap(members, rows);
  }

  /// Begins a pass whose first row is that position of the sequence.
  public void begin(int position) {
    start = position;
  }

  /// Passes an activation that exists once.
  public Tensor at(Point point, Tensor value) {
    return at(point, 0, value);
  }

  /// Passes an activation of a layer: applies the interventions, keeps what was asked for, returns
  /// what the model goes on with.
  public Tensor at(Point point, int layer, Tensor value) {
    int index = point.index();
    Tensor result = value;
    if (changed[index]) {
      result = change(point, layer, value);
    }
    Capture.Request request = requests[index];
    if (request != null && (!point.perLayer() || request.layers().has(layer))) {
      keep(request, layer, result);
    }
    return result;
  }

  /// Whether this activation is kept or changed: asked before computing what the model itself does
  /// not need.
  public boolean wants(Point point, int layer) {
    return keeps(point, layer) || changes(point, layer);
  }

  /// Whether this activation is kept.
  public boolean keeps(Point point, int layer) {
    Capture.Request request = requests[point.index()];
    return request != null && (!point.perLayer() || request.layers().has(layer));
  }

  /// Whether this activation is changed.
  public boolean changes(Point point, int layer) {
    if (!changed[point.index()]) {
      return false;
    }
    for (Intervention intervention : interventions) {
      if (intervention.touches(point, layer)) {
        return true;
      }
    }
    return false;
  }

  /// Whether anything in that layer of the decoder, or after its last layer, is kept or changed.
  public boolean watches(int layer) {
    for (Point point : Point.all()) {
      boolean after = point.afterLayers() || point.perLayer() && point.stack() == Stack.DECODER;
      if (after && wants(point, layer)) {
        return true;
      }
    }
    return false;
  }

  /// Whether anything before the last layer's end of a stack is kept or changed, so that the stack
  /// has to be passed.
  public boolean enters(Stack stack) {
    for (Point point : Point.all()) {
      boolean before =
          switch (point.site().phase()) {
            case BEFORE, LAYER -> true;
            case AFTER, BETWEEN -> false;
          };
      if (before
          && point.stack() == stack
          && (requests[point.index()] != null || changed[point.index()])) {
        return true;
      }
    }
    return false;
  }

  /// Whether anything that comes after the last layer of a stack is changed, so that what follows
  /// has to be passed.
  public boolean leaves(Stack stack) {
    for (Point point : Point.all()) {
      boolean after =
          switch (point.site().phase()) {
            case BEFORE, LAYER -> false;
            case AFTER, BETWEEN -> true;
          };
      if (after && point.stack() == stack && changed[point.index()]) {
        return true;
      }
    }
    return false;
  }

  /// The deepest layer at which any point of that stack is asked for, -1 if none is; for models
  /// that would otherwise stop earlier.
  public int deepest(Stack stack, int layers) {
    int deepest = -1;
    for (int layer = 0; layer < layers; layer++) {
      for (Point point : Point.all()) {
        if (point.stack() == stack && point.perLayer() && wants(point, layer)) {
          deepest = layer;
        }
      }
    }
    return deepest;
  }

  /// The rows of a pass of that length which are kept, relative to the pass.
  public int[] rows(Point point, int length) {
    Capture.Request request = requests[point.index()];
    return request == null
        ? new int[0]
        : request.positions().within(offset(point), length, labels.rows(point));
  }

  /// Keeps an activation of which only the rows of [#rows(Point, int)] were computed.
  public void see(Point point, int layer, Tensor rowsOnly, int[] rows) {
    Capture.Request request = requests[point.index()];
    if (request != null && request.layers().has(layer)) {
      add(request, layer, reduce(request, heads(request, rowsOnly)), rows);
    }
  }

  /// Ends the run: what was kept.
  ///
  /// @throws LynceusException if a point that was asked for, or an intervention, never came by
  public Captured finish() {
    for (Capture.Request request : requests) {
      if (request == null) {
        continue;
      }
      for (int layer : request.layers().numbers()) {
        requireFired(request.point(), layer);
      }
      if (request.layers().isAll()
          && pieces.keySet().stream().noneMatch(key -> key.point() == request.point())) {
        requireFired(request.point(), -1);
      }
    }
    for (int i = 0; i < applied.length; i++) {
      requireApplied(interventions.get(i), applied[i]);
    }
    return new Captured(pieces);
  }

  /// Frees what was kept by a run that failed.
  public void abandon() {
    new Captured(pieces).close();
  }

  private void requireFired(Point point, int layer) {
    if (!pieces.containsKey(new Captured.Key(point, Math.max(layer, 0)))) {
      throw new LynceusException(
          ErrorCode.BAD_POINT,
          (layer < 0 ? point.template() : point.name(layer))
              + " was asked for but did not occur in this run",
          "Check the layer, and whether the run has an image; `lynceus models taps` lists the points of a model.");
    }
  }

  private static void requireApplied(Intervention change, BitSet layers) {
    Point point = change.point();
    boolean everywhere =
        point.perLayer() ? IntStream.of(change.layers().numbers()).allMatch(layers::get) : true;
    if (layers.isEmpty() || !everywhere) {
      int absent =
          IntStream.of(change.layers().numbers()).filter(l -> !layers.get(l)).findFirst().orElse(0);
      throw new LynceusException(
          ErrorCode.BAD_POINT,
          "the intervention at "
              + (change.layers().isAll() ? point.template() : point.name(absent))
              + " never applied: that activation did not occur in this run",
          "Check the layer, and whether the run has an image.");
    }
  }

  private int offset(Point point) {
    return point.stack() == Stack.DECODER ? start : 0;
  }

  private Tensor change(Point point, int layer, Tensor value) {
    Tensor result = value;
    for (int i = 0; i < applied.length; i++) {
      Intervention intervention = interventions.get(i);
      if (intervention.touches(point, layer)) {
        result = Changes.apply(intervention, layer, result, offset(point), labels);
        applied[i].set(layer);
      }
    }
    return result;
  }

  private void keep(Capture.Request request, int layer, Tensor value) {
    Point point = request.point();
    int axis = point.axis(Axis.POSITION);
    if (axis < 0) {
      add(request, layer, reduce(request, value), new int[0]);
      return;
    }
    int length = (int) value.size(axis);
    if (request.positions() instanceof Positions.All) {
      add(
          request,
          layer,
          reduce(request, heads(request, value)),
          IntStream.range(0, length).toArray());
      return;
    }
    int[] rows = request.positions().within(offset(point), length, labels.rows(point));
    if (rows.length > 0) {
      Tensor some =
          rows.length == 1
              ? value.narrow(axis, rows[0], 1).copy()
              : value.indexSelect(axis, Tensor.indices(rows));
      add(request, layer, reduce(request, heads(request, some)), rows);
    }
  }

  private static Tensor heads(Capture.Request request, Tensor value) {
    int axis = request.point().headAxis();
    return axis < 0 || request.heads().isAll()
        ? value
        : value.indexSelect(axis, Tensor.indices(request.heads().numbers()));
  }

  private Tensor reduce(Capture.Request request, Tensor value) {
    Tensor result = value;
    for (Capture.Reducer reducer : request.reducers()) {
      result =
          switch (reducer) {
            case MEAN_OVER_HEADS -> result.mean(request.point().headAxis());
            case IMAGE_COLUMNS ->
                result.indexSelect(
                    -1, Tensor.indices(labels.columns(request.point()).find("image")));
            case NORM -> result.square().sum(-1).sqrt();
          };
    }
    return result;
  }

  private void add(Capture.Request request, int layer, Tensor value, int[] rows) {
    Point point = request.point();
    int offset = offset(point);
    int[] positions = Arrays.stream(rows).map(r -> r + offset).toArray();
    pieces
        .computeIfAbsent(new Captured.Key(point, layer), key -> new ArrayList<>())
        .add(
            new Captured.Piece(
                value.own(), positions, request.positionAxis(), request.sourceAxis()));
  }
}
