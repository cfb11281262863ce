package dev.lynceus.method.causal;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.stack.StackShape;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Stack;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Ablation: a head, the attention, the feed-forward network or a whole layer is silenced, and the
/// answer is measured without it. What others do as well is not missed.
///
/// A whole layer is left out by silencing what its attention and its feed-forward network write, so
/// the residual stream passes unchanged.
///
/// @param site what is silenced
/// @param fill what stands in its place
/// @param positions where, for example `all` or `last`; in another stack than the decoder `all`
/// @param stack whose layers they are
public record Ablation(Component site, Fill fill, String positions, Stack stack) {

  /// In the decoder.
  public Ablation(Component site, Fill fill, String positions) {
    this(site, fill, positions, Stack.DECODER);
  }

  /// What stands in the place of a silenced part.
  public enum Fill {
    ZERO,
    /// The mean of the same part over all positions of this prompt.
    MEAN
  }

  /// What the run must keep.
  public Capture capture(LoadedModel model) {
    return Sweep.base(model);
  }

  /// Silences each in turn.
  ///
  /// @return rows are layers; columns heads, or one column
  public CausalMap explain(Run run, Readout readout, Job job) {
    if (site == Component.LAYER && fill == Fill.MEAN) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a whole layer has no mean to be replaced by",
          "Use zero, which leaves the layer out, or ablate attention or feed-forward network.");
    }
    StackShape shape = run.model().model().requireShape(stack);
    int layers = shape.layers();
    int heads = shape.heads().count();
    Positions where = where(run);
    Op op =
        switch (fill) {
          case ZERO -> new Op.Zero();
          case MEAN -> new Op.Mean(Positions.all());
        };
    List<List<Intervention>> replays = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      switch (site) {
        case HEAD -> {
          for (int head = 0; head < heads; head++) {
            replays.add(List.of(Intervention.at(site.in(stack), layer, op).heads(head).at(where)));
          }
        }
        case LAYER ->
            replays.add(
                List.of(
                    Intervention.at(Component.ATTENTION.in(stack), layer, op).at(where),
                    Intervention.at(Component.FEED_FORWARD.in(stack), layer, op).at(where)));
        case ATTENTION, FEED_FORWARD, CROSS_ATTENTION ->
            replays.add(List.of(Intervention.at(site.in(stack), layer, op).at(where)));
        case NEURON, QUERY, KEY, VALUE, AFTER_ATTENTION, AFTER_CROSS -> throw refused();
      }
    }
    List<String> columns =
        switch (site) {
          case HEAD -> Places.numbers(heads);
          case LAYER -> List.of("layer");
          case ATTENTION -> List.of("attention");
          case FEED_FORWARD -> List.of("feed-forward");
          case CROSS_ATTENTION -> List.of("cross-attention");
          case NEURON, QUERY, KEY, VALUE, AFTER_ATTENTION, AFTER_CROSS -> throw refused();
        };
    List<Measures> cells = job.run("ablation", run, replays, readout);
    return new CausalMap(
        "ablate",
        "%seach replaced by %s at %s"
            .formatted(
                stack == Stack.DECODER ? "" : "in the " + stack.spoken() + ", ",
                switch (fill) {
                  case ZERO -> "zero";
                  case MEAN -> stack == Stack.DECODER ? "its mean over the prompt" : "its mean";
                },
                Places.told(positions)),
        readout.of(run),
        Optional.empty(),
        "layer",
        Places.numbers(layers),
        site == Component.HEAD ? "head" : "part",
        columns,
        CausalMap.grid(cells, columns.size()),
        Optional.empty(),
        1,
        Optional.empty(),
        List.of());
  }

  private Positions where(Run run) {
    if (stack == Stack.DECODER) {
      Places places = Places.of(run, positions);
      return places.positions().length == run.batch().length() ? Positions.all() : places.at();
    }
    if (!positions.equals("all")) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "'%s' are positions of the decoder, not of the %s".formatted(positions, stack.spoken()),
          "Leave the positions out: all are silenced there.");
    }
    return Positions.all();
  }

  private LynceusException refused() {
    return new LynceusException(
        ErrorCode.BAD_REQUEST,
        site.text() + " is not silenced here",
        "Use head, attention, feed-forward or layer.");
  }
}
