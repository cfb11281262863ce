package dev.lynceus.method.causal;

import dev.lynceus.method.Inputs;
import dev.lynceus.model.stack.StackShape;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tensor.Tensor;
import java.util.Locale;

/// Which state of a layer is carried from one run to another, or silenced: a [Point] as causal
/// methods speak of it.
public enum Component {
  /// What leaves the layer.
  LAYER(Point.RESID_POST),
  /// What its attention writes.
  ATTENTION(Point.ATTN_OUT),
  /// What its feed-forward network writes.
  FEED_FORWARD(Point.MLP_OUT),
  /// What its attention over an earlier stack writes.
  CROSS_ATTENTION(Point.CROSS_OUT),
  /// The stream after its attention: with norms after, what that wrote, on the sum and through the
  /// norm.
  AFTER_ATTENTION(Point.RESID_MID),
  /// The stream after its attention over an earlier stack.
  AFTER_CROSS(Point.RESID_CROSS),
  /// What one head gives, before the output projection.
  HEAD(Point.Z),
  /// One neuron of the feed-forward network.
  NEURON(Point.MLP_POST),
  /// What one head asks for, rotated.
  QUERY(Point.ROT_Q),
  /// What one key head offers to be found by, rotated.
  KEY(Point.ROT_K),
  /// What one key head hands on.
  VALUE(Point.V);

  private final Point point;

  Component(Point point) {
    this.point = point;
  }

  /// The point of the state in the decoder.
  public Point point() {
    return point;
  }

  /// The point of the state in a stack.
  Point in(Stack stack) {
    return Point.of(stack, point.site());
  }

  /// Whether a layer has one of these at each position. Otherwise it has several parts, such as
  /// heads, each of which is changed at all positions together.
  public boolean whole() {
    return switch (this) {
      case LAYER, ATTENTION, FEED_FORWARD, CROSS_ATTENTION, AFTER_ATTENTION, AFTER_CROSS -> true;
      case HEAD, NEURON, QUERY, KEY, VALUE -> false;
    };
  }

  /// How many a layer has at a position.
  public int parts(StackShape shape) {
    return switch (this) {
      case LAYER, ATTENTION, FEED_FORWARD, CROSS_ATTENTION, AFTER_ATTENTION, AFTER_CROSS -> 1;
      case HEAD, QUERY -> shape.heads().count();
      case KEY, VALUE -> shape.heads().shared();
      case NEURON -> shape.inner();
    };
  }

  /// What a reader calls one of several in a layer, or a place of a whole one.
  public String column() {
    return switch (this) {
      case LAYER, ATTENTION, FEED_FORWARD, CROSS_ATTENTION, AFTER_ATTENTION, AFTER_CROSS ->
          "position";
      case HEAD -> "head";
      case NEURON -> "neuron";
      case QUERY -> "query head";
      case KEY, VALUE -> "key head";
    };
  }

  /// Its name in a sentence.
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// What a reader calls it.
  public String text() {
    return switch (this) {
      case LAYER -> "output of the layer";
      case ATTENTION -> "output of the attention";
      case FEED_FORWARD -> "output of the feed-forward network";
      case CROSS_ATTENTION -> "output of the cross-attention";
      case AFTER_ATTENTION -> "stream after the attention";
      case AFTER_CROSS -> "stream after the cross-attention";
      case HEAD -> "each head";
      case NEURON -> "each neuron";
      case QUERY -> "the query of each head";
      case KEY -> "the key of each key head";
      case VALUE -> "the value of each key head";
    };
  }

  /// What a run keeps whose states are carried elsewhere, and that may itself be swept.
  public Capture capture(LoadedModel model) {
    return capture(model, Stack.DECODER);
  }

  /// The same of the states of a stack.
  Capture capture(LoadedModel model, Stack stack) {
    Capture base = Sweep.base(model);
    if (stack != Stack.DECODER) {
      Capture own = base.and(Capture.request(in(stack)));
      return this == LAYER ? own.and(Capture.request(Point.of(stack, Site.LN_PRE))) : own;
    }
    // What leaves a layer is what enters the next: it is kept already.
    if (this != LAYER) {
      return base.and(Capture.request(point));
    }
    return base.and(Inputs.capture(model.model()));
  }

  /// The state of a run, all positions.
  ///
  /// @param run kept what [#capture] says, and was not changed at the input of a layer
  Tensor state(Run run, int layer) {
    return state(run, Stack.DECODER, layer);
  }

  /// The same of a stack.
  Tensor state(Run run, Stack stack, int layer) {
    if (stack != Stack.DECODER) {
      return run.get(in(stack), layer);
    }
    int layers = run.model().model().decoder().config().layers();
    return this == LAYER && layer < layers - 1
        ? run.get(Point.RESID_PRE, layer + 1)
        : run.get(point, layer);
  }
}
