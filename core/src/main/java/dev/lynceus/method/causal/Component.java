package dev.lynceus.method.causal;

import dev.lynceus.method.Inputs;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
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

  /// The point of the state.
  public Point point() {
    return point;
  }

  /// Whether a layer has one of these at each position. Otherwise it has several parts, such as
  /// heads, each of which is changed at all positions together.
  public boolean whole() {
    return switch (this) {
      case LAYER, ATTENTION, FEED_FORWARD -> true;
      case HEAD, NEURON, QUERY, KEY, VALUE -> false;
    };
  }

  /// How many a layer has at a position.
  public int parts(TextConfig config) {
    return switch (this) {
      case LAYER, ATTENTION, FEED_FORWARD -> 1;
      case HEAD, QUERY -> config.heads();
      case KEY, VALUE -> config.keyHeads();
      case NEURON -> config.inner();
    };
  }

  /// What a reader calls one of several in a layer, or a place of a whole one.
  public String column() {
    return switch (this) {
      case LAYER, ATTENTION, FEED_FORWARD -> "position";
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
      case HEAD -> "each head";
      case NEURON -> "each neuron";
      case QUERY -> "the query of each head";
      case KEY -> "the key of each key head";
      case VALUE -> "the value of each key head";
    };
  }

  /// What a run keeps whose states are carried elsewhere, and that may itself be swept.
  public Capture capture(LoadedModel model) {
    Capture base = Sweep.base(model);
    // What leaves a layer is what enters the next: it is kept already.
    if (this != LAYER) {
      return base.and(Capture.request(point));
    }
    Capture all = base;
    for (Capture.Request input : Inputs.capture(model.model()).requests()) {
      all = all.and(input);
    }
    return all;
  }

  /// The state of a run, all positions.
  ///
  /// @param run kept what [#capture] says, and was not changed at the input of a layer
  Tensor state(Run run, int layer) {
    int layers = run.model().model().decoder().config().layers();
    return this == LAYER && layer < layers - 1
        ? run.get(Point.RESID_PRE, layer + 1)
        : run.get(point, layer);
  }
}
